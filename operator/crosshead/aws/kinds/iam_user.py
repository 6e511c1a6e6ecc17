"""
IAM: users, their keys, and what is attached to them.

https://docs.aws.amazon.com/IAM/latest/APIReference/
"""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from functools import partial
from typing import Final

from crosshead.aws.calls import Call, Create, Delete, Read, Update
from crosshead.aws.descriptor import Descriptor, Field, Shown, sent, unheeded
from crosshead.aws.kinds.iam_idiom import GONE, attached, namesakes, pair, tagged
from crosshead.aws.kinds.iam_role import POLICY
from crosshead.aws.pointing import ARN, kind, one
from crosshead.aws.shapes import FLAG
from crosshead.base.values import Json, Object
from crosshead.managed.facts import Naming

_USER: Final = {"UserName": "id"}
_USER_KIND: Final = kind("iam", "User")
_FORCED: Final = "spec.forceDestroy"

# What makes AWS refuse to delete a user, and how each of it is taken away.
_BELONGINGS: Final = (
    ("list_access_keys", "AccessKeyMetadata[].AccessKeyId", "delete_access_key", "AccessKeyId"),
    ("list_mfa_devices", "MFADevices[].SerialNumber", "deactivate_mfa_device", "SerialNumber"),
    ("list_signing_certificates", "Certificates[].CertificateId", "delete_signing_certificate", "CertificateId"),
    ("list_ssh_public_keys", "SSHPublicKeys[].SSHPublicKeyId", "delete_ssh_public_key", "SSHPublicKeyId"),
    (
        "list_service_specific_credentials",
        "ServiceSpecificCredentials[].ServiceSpecificCredentialId",
        "delete_service_specific_credential",
        "ServiceSpecificCredentialId",
    ),
)


def _looked_through() -> Iterator[Read]:
    yield Read(Call("list_groups_for_user", _USER), "Groups[].GroupName", "Groups")
    for look, path, _, member in _BELONGINGS:
        yield Read(Call(look, _USER, when=_FORCED), path, member)


def _taken_away() -> Iterator[Call]:
    yield Call("remove_user_from_group", {**_USER, "GroupName": "item"}, each="record.Groups", codes=GONE)
    yield Call("delete_login_profile", _USER, when=_FORCED, codes=GONE)
    for _, _, take, member in _BELONGINGS:
        yield Call(take, {**_USER, member: "item"}, each=f"record.{member}", codes=GONE)


_IAM_USER: Final = Descriptor(
    service="iam",
    kind="User",
    plural="users",
    regional=False,
    naming=Naming.BY_US,
    identity="UserName",
    reads=(Read(Call("get_user", _USER), "User"),),
    creates=(Create(Call("create_user", _USER), "User.UserName"),),
    updates=(Update(call=Call("update_user", _USER)), Update(call=Call("put_user_permissions_boundary", _USER))),
    delete=Delete(
        reads=tuple(_looked_through()),
        before=tuple(_taken_away()),
        call=Call("delete_user", _USER),
    ),
    tagging=tagged("user", "UserName"),
    remains=namesakes("list_users", "Users[].UserName"),
    fields=(
        Field(name="path", create="Path", modify="NewPath", read="Path"),
        Field(
            name="permissionsBoundary",
            create="PermissionsBoundary",
            modify="PermissionsBoundary",
            read="PermissionsBoundary.PermissionsBoundaryArn",
            absent="",
            via="put_user_permissions_boundary",
        ),
        sent("forceDestroy", FLAG),
    ),
    shown=(Shown("arn", "Arn"), Shown("id", "UserName"), Shown("uniqueId", "UserId")),
)

_ATTACHMENT: Final = {"UserName": "holder", "PolicyArn": "policy"}

_USER_POLICY_ATTACHMENT: Final = Descriptor(
    service="iam",
    kind="UserPolicyAttachment",
    plural="userpolicyattachments",
    regional=False,
    naming=Naming.BY_PROVIDER,
    identity="id",
    names=partial(pair, "user"),
    reads=(Read(Call("list_attached_user_policies", {"UserName": "holder"}), "AttachedPolicies", pick=attached),),
    creates=(Create(Call("attach_user_policy", _ATTACHMENT), "id"),),
    delete=Delete(call=Call("detach_user_policy", _ATTACHMENT)),
    fields=(Field(name="user", read="Holder"), Field(name="policyArn", read="PolicyArn")),
    references=(one("user", _USER_KIND), one("policyArn", POLICY, ARN)),
    shown=(Shown("id", "id"),),
)

_KEY: Final = {"UserName": "spec.user", "AccessKeyId": "id"}


def _the_key(keys: Json, scene: Object) -> Json:
    return next((key for key in keys or () if key["AccessKeyId"] == scene["id"]), None)


def _mail_password(answer: Object, scene: Object) -> Object:
    """
    Return the password for SES' mail server that goes with a key.

    https://docs.aws.amazon.com/ses/latest/dg/smtp-credentials.html
    """
    signature = f"AWS4{answer['AccessKey']['SecretAccessKey']}".encode()
    for word in ("11111111", scene["region"], "ses", "aws4_request", "SendRawEmail"):
        signature = hmac.new(signature, word.encode(), hashlib.sha256).digest()
    return {"MailPassword": base64.b64encode(b"\x04" + signature).decode()}


_ACCESS_KEY: Final = Descriptor(
    service="iam",
    kind="AccessKey",
    plural="accesskeys",
    regional=False,
    # Keys of a user are alike, and the secret of one is told once: a key that nobody has heard of is of no use.
    traceable=False,
    naming=Naming.BY_PROVIDER,
    identity="AccessKeyId",
    reads=(Read(Call("list_access_keys", {"UserName": "spec.user"}), "AccessKeyMetadata", pick=_the_key),),
    creates=(
        Create(Call("create_access_key", {"UserName": "spec.user"}), "AccessKey.AccessKeyId", derive=_mail_password),
    ),
    updates=(Update(call=Call("update_access_key", _KEY)),),
    delete=Delete(call=Call("delete_access_key", _KEY)),
    fields=(
        Field(name="user", read="UserName"),
        Field(name="status", modify="Status", read="Status"),
        # The secret would have to be encrypted for somebody's PGP key.
        unheeded("pgpKey"),
    ),
    references=(one("user", _USER_KIND),),
    connection={"username": "AccessKeyId"},
    once={
        "username": "AccessKey.AccessKeyId",
        "password": "AccessKey.SecretAccessKey",
        "attribute.secret": "AccessKey.SecretAccessKey",
        "attribute.ses_smtp_password_v4": "MailPassword",
    },
    shown=(Shown("createDate", "CreateDate"), Shown("id", "AccessKeyId")),
)

KINDS: Final = (_IAM_USER, _USER_POLICY_ATTACHMENT, _ACCESS_KEY)
