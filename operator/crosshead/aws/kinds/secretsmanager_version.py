"""
Versions of secrets: the values. AWS lets us choose what a version is called, so none is made twice.

Whoever changes the value gets another version, called after the one before it: of all that follow one another this way,
the last is the one that is meant.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
"""

import base64
import uuid
from collections.abc import Mapping
from typing import Final

from crosshead.aws.calls import Call, Create, Delete, Read, Request, Update
from crosshead.aws.descriptor import Descriptor, Field, Secret, Shown, sent
from crosshead.aws.pointing import ID, kind, one
from crosshead.aws.shapes import FLAG, NUMBER, Texts
from crosshead.base.values import Draft, Json, Object
from crosshead.managed.facts import Naming, SecretInput

_SPACE: Final = uuid.UUID("0b5c94b7-42c5-4b0a-9c44-0d1f7a5a2e61")
_SEPARATOR: Final = "|"


def _after(version: str) -> str:
    """Return the name of the version that follows *version*, or of the first version of an object."""
    return str(uuid.uuid5(_SPACE, version))


def _named(scene: Object) -> Object:
    secret, _, version = (scene["id"] or "").partition(_SEPARATOR)
    first = _after(scene["uid"])
    return {
        "secret": secret or scene["spec"].get("secretId"),
        "version": version or first,
        "next": _after(scene.get("at", {}).get("versionId") or scene["uid"]),
    }


def _last(answer: Json, scene: Object) -> Json:
    """Return the version that is meant, if the secret has it."""
    known = {one["VersionId"]: one for one in answer.get("Versions", ())}
    version = scene["version"]
    while _after(version) in known:
        version = _after(version)
    found = known.get(version)
    return found and {**found, "Name": answer.get("Name"), "SecretArn": answer.get("ARN") or scene["secret"]}


# AWS keeps the one until another version gets it, and moves the other along.
_MOVED_BY_AWS: Final = frozenset({"AWSCURRENT", "AWSPREVIOUS"})


def _same_labels(declared: Json, found: Json, _: Mapping[str, Json]) -> bool:
    return set(declared) <= set(found) and set(found) - set(declared) <= _MOVED_BY_AWS


def _staged(changed: Object, scene: Object) -> tuple[Request, ...]:
    """A label is at one version only: from another it must be taken at the same time."""
    at, stages = scene["at"], set(changed["versionStages"])
    had = set(at.get("versionStages") or ())
    target = {"SecretId": at["secretArn"]}
    moved = [
        {"VersionStage": stage, "MoveToVersionId": at["versionId"], **_holder(stage, scene)}
        for stage in sorted(stages - had)
    ]
    removed = [
        {"VersionStage": stage, "RemoveFromVersionId": at["versionId"]}
        for stage in sorted(had - stages - _MOVED_BY_AWS)
    ]
    return tuple(Request("update_secret_version_stage", {**target, **told}) for told in (*moved, *removed))


def _holder(stage: str, scene: Object) -> Draft:
    versions = scene["record"].get("Versions") or ()
    holder = next((one["VersionId"] for one in versions if stage in one.get("VersionStages", ())), None)
    return {"RemoveFromVersionId": holder} if holder else {}


_LIST: Final = Call(
    "list_secret_version_ids",
    {"SecretId": "secret", "IncludeDeprecated": "`true`", "MaxResults": "`100`"},
    when="secret",
    # What a secret that waits for its deletion answers.
    codes=frozenset({"InvalidRequestException"}),
)
_LOOK: Final = Read(_LIST, pick=_last)
_IDENTITY: Final = f"SecretArn && join('{_SEPARATOR}', [SecretArn, VersionId])"


def _decoded(text: str) -> bytes:
    """Return what the text stands for: bytes are given in base64."""
    return base64.b64decode(text, validate=True)


SECRET_VERSION: Final = Descriptor(
    service="secretsmanager",
    kind="SecretVersion",
    plural="secretversions",
    naming=Naming.BY_PROVIDER,
    identity=_IDENTITY,
    names=_named,
    reads=(_LOOK,),
    find=_LOOK,
    creates=(
        Create(
            Call("put_secret_value", {"SecretId": "spec.secretId", "ClientRequestToken": "next"}),
            f"join('{_SEPARATOR}', [ARN, VersionId])",
        ),
    ),
    updates=(
        Update(
            call=Call("put_secret_value", {"SecretId": "at.secretArn", "ClientRequestToken": "next"}),
            always=("versionStages",),
        ),
        Update(call=Call("update_secret_version_stage"), plan=_staged, reads=(Read(_LIST, "Versions", "Versions"),)),
    ),
    # A value cannot be taken away, only the labels that it is found by: the last goes with the secret.
    delete=Delete(
        call=Call(
            "update_secret_version_stage",
            {"SecretId": "record.SecretArn", "VersionStage": "item", "RemoveFromVersionId": "record.VersionId"},
            each="record.VersionStages[?@ != 'AWSCURRENT']",
        ),
        resets=True,
    ),
    exists=frozenset({"ResourceExistsException"}),
    fields=(
        Field(name="secretId", read="SecretArn", late=False, same=lambda mine, theirs, _: _same_secret(mine, theirs)),
        Field(
            name="versionStages",
            shape=Texts(),
            create="VersionStages",
            modify="VersionStages",
            read="VersionStages",
            via="update_secret_version_stage",
            late=False,
            same=_same_labels,
        ),
        # Another number is another value: that it is another we see ourselves.
        sent("secretStringWoVersion", NUMBER),
    ),
    references=(one("secretId", kind("secretsmanager", "Secret"), ID),),
    secrets=(
        Secret(SecretInput("secretStringSecretRef", "secret_string"), "SecretString", ("attribute.secret_string",)),
        Secret(
            SecretInput("secretBinarySecretRef", "secret_binary"),
            "SecretBinary",
            ("attribute.secret_binary",),
            wrap=_decoded,
        ),
        Secret(
            SecretInput("secretStringWoSecretRef", "secret_string_wo"),
            "SecretString",
            ("attribute.secret_string_wo",),
        ),
    ),
    shown=(
        Shown("id", _IDENTITY),
        Shown("arn", "SecretArn"),
        Shown("secretArn", "SecretArn"),
        Shown("versionId", "VersionId"),
        Shown("hasSecretStringWo", "`false`", FLAG),
    ),
)


def _same_secret(declared: Json, found: Json) -> bool:
    """A secret is called by its ARN or by its name, to which AWS adds six characters in the ARN."""
    name = str(found).rpartition(":secret:")[2].rpartition("-")[0]
    return str(declared) in {str(found), name}
