"""
IAM: managed policies, of which AWS keeps five versions, and identity providers.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicyVersion.html
"""

from collections.abc import Mapping
from typing import Final

from crosshead.aws.calls import Call, Create, Delete, Read, Request, Update
from crosshead.aws.descriptor import Descriptor, Field, Shown, fixed, unheeded
from crosshead.aws.kinds.iam_idiom import GONE, difference, document, tagged
from crosshead.aws.shapes import NUMBER, TEXT, Texts
from crosshead.base.values import Json, Object
from crosshead.managed.facts import Naming

_VERSIONS_LIMIT: Final = 5
_POLICY: Final = {"PolicyArn": "arn"}
_VERSIONS: Final = Read(Call("list_policy_versions", _POLICY), "Versions", "Versions")


def _policy_names(scene: Object) -> Object:
    """The annotation holds the name, as upstream has it; AWS wants the ARN, and who imports a policy may give that."""
    known = scene["id"]
    if known.startswith("arn:"):
        return {"id": known.rpartition("/")[2], "arn": known}
    path = scene["spec"].get("path") or "/"
    return {"arn": f"arn:{scene['partition']}:iam::{scene['account']}:policy{path}{known}"}


def _new_version(changed: Object, scene: Object) -> tuple[Request, ...]:
    """Make a version and let it count; when there are as many as AWS keeps, the oldest goes first."""
    whose = {"PolicyArn": scene["arn"]}
    make = Request("create_policy_version", {**whose, "PolicyDocument": changed["policy"], "SetAsDefault": True})
    versions = scene["record"].get("Versions") or ()
    spare = sorted((v["VersionId"] for v in versions if not v["IsDefaultVersion"]), key=_number)
    if len(versions) < _VERSIONS_LIMIT:
        return (make,)
    return (Request("delete_policy_version", {**whose, "VersionId": spare[0]}, GONE), make)


def _number(version: str) -> int:
    return int(version.removeprefix("v"))


_MANAGED_POLICY: Final = Descriptor(
    service="iam",
    kind="Policy",
    plural="policies",
    regional=False,
    numbered=True,
    naming=Naming.BY_US,
    identity="PolicyName",
    names=_policy_names,
    reads=(
        Read(Call("get_policy", _POLICY), "Policy"),
        Read(
            Call("get_policy_version", {"PolicyArn": "record.Arn", "VersionId": "record.DefaultVersionId"}),
            "PolicyVersion.Document",
            "Document",
        ),
    ),
    creates=(Create(Call("create_policy", {"PolicyName": "id"}), "Policy.PolicyName"),),
    updates=(Update(call=Call("create_policy_version"), reads=(_VERSIONS,), plan=_new_version),),
    delete=Delete(
        reads=(_VERSIONS,),
        before=(
            Call(
                "delete_policy_version",
                {**_POLICY, "VersionId": "item"},
                each="record.Versions[?!IsDefaultVersion].VersionId",
                codes=GONE,
            ),
        ),
        call=Call("delete_policy", _POLICY),
    ),
    tagging=tagged("policy", "PolicyArn", "arn"),
    fields=(
        document("policy", "PolicyDocument", "PolicyDocument", "Document"),
        fixed("description", TEXT, "Description"),
        fixed("path", TEXT, "Path"),
        # How long to wait before the policy is used: who uses it too early tries again.
        unheeded("delayAfterPolicyCreationInMs", NUMBER),
    ),
    required=("policy",),
    shown=(
        Shown("arn", "Arn"),
        Shown("attachmentCount", "AttachmentCount", NUMBER),
        Shown("id", "Arn"),
        Shown("policyId", "PolicyId"),
    ),
)

_PROVIDER: Final = {"OpenIDConnectProviderArn": "id"}


def _provider_names(scene: Object) -> Object:
    """The ARN that AWS assigns is made of the account and the URL."""
    url = _bare(scene["spec"].get("url") or "")
    made = f"arn:{scene['partition']}:iam::{scene['account']}:oidc-provider/{url}" if url else None
    return {"id": scene["id"] or made}


def _bare(url: str) -> str:
    return url.removeprefix("https://").rstrip("/")


def _same_url(declared: Json, found: Json, _: Mapping[str, Json]) -> bool:
    """AWS shows the URL without `https://`."""
    return _bare(str(declared)) == _bare(str(found))


def _same_prints(declared: Json, found: Json, _: Mapping[str, Json]) -> bool:
    """AWS keeps no order of thumbprints, and shows them in small letters."""
    return {str(one).lower() for one in declared} == {str(one).lower() for one in found}


def _audience(changed: Object, scene: Object) -> tuple[Request, ...]:
    whose = {"OpenIDConnectProviderArn": scene["id"]}
    add = Request("add_client_id_to_open_id_connect_provider", whose)
    remove = Request("remove_client_id_from_open_id_connect_provider", whose, GONE)
    return tuple(difference(changed["clientIdList"], scene["at"].get("clientIdList"), add, remove, "ClientID"))


_OPEN_ID_CONNECT_PROVIDER: Final = Descriptor(
    service="iam",
    kind="OpenIDConnectProvider",
    plural="openidconnectproviders",
    regional=False,
    numbered=True,
    naming=Naming.BY_PROVIDER,
    identity="id",
    names=_provider_names,
    reads=(Read(Call("get_open_id_connect_provider", _PROVIDER)),),
    creates=(Create(Call("create_open_id_connect_provider"), "OpenIDConnectProviderArn"),),
    updates=(
        Update(call=Call("update_open_id_connect_provider_thumbprint", _PROVIDER)),
        Update(call=Call("add_client_id_to_open_id_connect_provider"), plan=_audience),
    ),
    delete=Delete(call=Call("delete_open_id_connect_provider", _PROVIDER)),
    tagging=tagged("open_id_connect_provider", "OpenIDConnectProviderArn"),
    fields=(
        Field(name="url", create="Url", read="Url", same=_same_url),
        Field(
            name="clientIdList",
            shape=Texts(),
            create="ClientIDList",
            modify="ClientID",
            read="ClientIDList",
            via="add_client_id_to_open_id_connect_provider",
        ),
        Field(
            name="thumbprintList",
            shape=Texts(ordered=True),
            create="ThumbprintList",
            modify="ThumbprintList",
            read="ThumbprintList",
            same=_same_prints,
        ),
    ),
    required=("clientIdList", "url"),
    shown=(Shown("arn", "id"), Shown("id", "id")),
)

KINDS: Final = (_MANAGED_POLICY, _OPEN_ID_CONNECT_PROVIDER)
