"""
KMS: keys, which AWS names and never deletes at once, and the aliases that people call them by.

https://docs.aws.amazon.com/kms/latest/APIReference/
"""

from dataclasses import replace
from typing import Final

from crosshead.aws.calls import Call, Create, Delete, Read, Request, Update
from crosshead.aws.comparing import key, policy
from crosshead.aws.descriptor import Descriptor, Field, Readiness, Shown, Tagging, fixed, sent, settable
from crosshead.aws.pointing import KEY, one
from crosshead.aws.shapes import FLAG, NUMBER, TEXT, whole
from crosshead.base.values import Object
from crosshead.managed.facts import Naming


def _switched(changed: Object, scene: Object) -> tuple[Request, ...]:
    return (Request("enable_key" if changed["isEnabled"] else "disable_key", {"KeyId": scene["id"]}),)


def _rotated(_: Object, scene: Object) -> tuple[Request, ...]:
    """Whether a key is renewed and how often are one setting to AWS, and two fields to us."""
    spec, at = scene["spec"], scene["at"]
    if not spec.get("enableKeyRotation", at.get("enableKeyRotation")):
        return (Request("disable_key_rotation", {"KeyId": scene["id"]}),)
    period = spec.get("rotationPeriodInDays")
    often = {} if period is None else {"RotationPeriodInDays": whole(period)}
    return (Request("enable_key_rotation", {"KeyId": scene["id"], **often}),)


# Asymmetric keys and those of other origins have no rotation, and of what is not enabled AWS does not tell it.
_NO_ROTATION: Final = frozenset({"UnsupportedOperationException", "KMSInvalidStateException"})
# Who may not search by tags goes without: a key whose create was lost is then made again.
_NOT_ALLOWED: Final = frozenset({"AccessDeniedException", "AccessDenied", "UnauthorizedException"})

_KEY: Final = Descriptor(
    service="kms",
    kind="Key",
    plural="keys",
    naming=Naming.BY_PROVIDER,
    identity="KeyId",
    reads=(
        Read(Call("describe_key", {"KeyId": "id"}), "KeyMetadata"),
        Read(Call("get_key_policy", {"KeyId": "id", "PolicyName": "'default'"}), "Policy", "Policy"),
        Read(Call("get_key_rotation_status", {"KeyId": "id"}, codes=_NO_ROTATION), "@", "Rotation"),
        Read(Call("list_resource_tags", {"KeyId": "id"}), "Tags", "Tags"),
    ),
    find=Read(
        Call(
            "get_resources",
            {"ResourceTypeFilters": "['kms:key']", "TagFilters": "[{Key: 'crossplane-uid', Values: [uid]}]"},
            client="resourcegroupstaggingapi",
            codes=_NOT_ALLOWED,
        ),
        "ResourceTagMappingList[0].ResourceARN",
    ),
    creates=(
        Create(
            Call(
                "create_key",
                {"Origin": "(spec.xksKeyId && 'EXTERNAL_KEY_STORE') || (spec.customKeyStoreId && 'AWS_CLOUDHSM')"},
            ),
            "KeyMetadata.KeyId",
        ),
    ),
    updates=(
        # What is to be changed must be enabled: a key is switched on before anything else, and off after it.
        Update(call=Call("enable_key"), plan=_switched, ahead="spec.isEnabled"),
        Update(call=Call("update_key_description", {"KeyId": "id"})),
        Update(call=Call("put_key_policy", {"KeyId": "id", "PolicyName": "'default'"})),
        Update(call=Call("enable_key_rotation"), plan=_rotated, ahead="!(spec.isEnabled)"),
    ),
    delete=Delete(
        call=Call(
            "schedule_key_deletion",
            {
                "KeyId": "id",
                "PendingWindowInDays": "spec.deletionWindowInDays && floor(spec.deletionWindowInDays) || null",
            },
        )
    ),
    readiness=Readiness(
        path="KeyState",
        ready=frozenset({"Enabled", "Disabled"}),
        settling=frozenset({"Updating"}),
        coming=frozenset({"Creating"}),
        going=frozenset(),
        # It can be brought back for some days; to us it is no more.
        gone=frozenset({"PendingDeletion", "PendingReplicaDeletion"}),
        failed={
            "Unavailable": "its key store is disconnected",
            "PendingImport": "it has no key material yet",
        },
    ),
    tagging=Tagging(
        add=Call("tag_resource", {"KeyId": "id"}),
        remove=Call("untag_resource", {"KeyId": "id"}),
        key="TagKey",
        value="TagValue",
    ),
    fields=(
        replace(settable("description", TEXT, "Description"), via="update_key_description"),
        Field(
            name="policy",
            create="Policy",
            modify="Policy",
            read="Policy",
            via="put_key_policy",
            along=("bypassPolicyLockoutSafetyCheck",),
            same=policy,
        ),
        Field(
            name="bypassPolicyLockoutSafetyCheck",
            shape=FLAG,
            create="BypassPolicyLockoutSafetyCheck",
            modify="BypassPolicyLockoutSafetyCheck",
            via="put_key_policy",
        ),
        Field(name="isEnabled", shape=FLAG, modify="(another call)", read="Enabled", via="enable_key"),
        Field(
            name="enableKeyRotation",
            shape=FLAG,
            modify="(another call)",
            read="Rotation.KeyRotationEnabled",
            via="enable_key_rotation",
        ),
        Field(
            name="rotationPeriodInDays",
            shape=NUMBER,
            modify="RotationPeriodInDays",
            read="Rotation.RotationPeriodInDays",
            via="enable_key_rotation",
        ),
        replace(fixed("customerMasterKeySpec", TEXT, "KeySpec"), read="KeySpec || CustomerMasterKeySpec"),
        fixed("keyUsage", TEXT, "KeyUsage"),
        fixed("multiRegion", FLAG, "MultiRegion"),
        fixed("customKeyStoreId", TEXT, "CustomKeyStoreId"),
        replace(fixed("xksKeyId", TEXT, "XksKeyId"), read="XksKeyConfiguration.Id"),
        sent("deletionWindowInDays", NUMBER),
    ),
    shown=(Shown("arn", "Arn"), Shown("id", "KeyId"), Shown("keyId", "KeyId")),
)

# The annotation holds the name with its prefix or without.
_ALIAS_NAME: Final = "(starts_with(id, 'alias/') && id) || join('', ['alias/', id])"

_ALIAS: Final = Descriptor(
    service="kms",
    kind="Alias",
    plural="aliases",
    naming=Naming.BY_US,
    identity="id",
    reads=(Read(Call("describe_key", {"KeyId": _ALIAS_NAME}), "KeyMetadata"),),
    creates=(Create(Call("create_alias", {"AliasName": _ALIAS_NAME}), "id"),),
    updates=(Update(call=Call("update_alias", {"AliasName": _ALIAS_NAME})),),
    delete=Delete(call=Call("delete_alias", {"AliasName": _ALIAS_NAME})),
    fields=(Field(name="targetKeyId", create="TargetKeyId", modify="TargetKeyId", read="KeyId", same=key),),
    references=(one("targetKeyId", KEY),),
    shown=(
        Shown("id", _ALIAS_NAME),
        Shown(
            "arn",
            f"AWSAccountId && join('', ['arn:', partition, ':kms:', region, ':', AWSAccountId, ':', {_ALIAS_NAME}])",
        ),
        Shown("targetKeyArn", "Arn"),
    ),
)

KINDS: Final = (_KEY, _ALIAS)
