"""
S3: how objects are kept: versions, encryption, locks.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/data-protection.html
"""

from typing import Final

from crosshead.aws.calls import Call, Delete
from crosshead.aws.comparing import key
from crosshead.aws.descriptor import Field, Secret
from crosshead.aws.kinds.s3_settings import BOTH, HELD, OWNER, SLOW, look, setting, whole
from crosshead.aws.pointing import KEY, one
from crosshead.aws.shapes import FLAG, NUMBER, TEXT, Block, Member, Texts
from crosshead.base.errors import StalledError
from crosshead.base.values import Json
from crosshead.managed.facts import SecretInput

_NEVER: Final = "Disabled"


def _versioned(configuration: Json) -> Json:
    if configuration.get("Status") == _NEVER:
        told = "spec.forProvider.versioningConfiguration: a bucket that has versions can suspend them, never lose them"
        raise StalledError("InvalidVersioning", told)
    return configuration


_VERSIONING: Final = setting(
    "BucketVersioning",
    "bucketversionings",
    versions=BOTH,
    # A bucket that never had versions says nothing at all; upstream calls that disabled.
    read=look(
        "get_bucket_versioning", f"{{VersioningConfiguration: {{Status: Status || '{_NEVER}', MFADelete: MFADelete}}}}"
    ),
    put="put_bucket_versioning",
    # Versions can be suspended, never taken away.
    delete=Delete(
        call=Call(
            "put_bucket_versioning",
            {**HELD, "VersioningConfiguration": "{Status: 'Suspended'}", "MFA": "spec.mfa"},
            when="record.VersioningConfiguration.Status == 'Enabled'",
        ),
        resets=True,
    ),
    fields=(
        whole(
            "versioningConfiguration",
            Block((Member("status", "Status", TEXT), Member("mfaDelete", "MFADelete", TEXT)), single=True),
            "VersioningConfiguration",
            wrap=_versioned,
        ),
        Field(name="mfa", create="MFA", modify="MFA"),
        OWNER,
    ),
    required=("versioningConfiguration",),
    steady=SLOW,
)

_BY_DEFAULT: Final = Block(
    (
        Member("sseAlgorithm", "SSEAlgorithm", TEXT),
        Member("kmsMasterKeyId", "KMSMasterKeyID", TEXT, same=key),
    ),
    single=True,
)
_ENCRYPTING: Final = Block(
    (
        Member("applyServerSideEncryptionByDefault", "ApplyServerSideEncryptionByDefault", _BY_DEFAULT),
        Member("bucketKeyEnabled", "BucketKeyEnabled", FLAG),
        Member("blockedEncryptionTypes", "BlockedEncryptionTypes", Texts(within="EncryptionType")),
    )
)

_ENCRYPTION: Final = setting(
    "BucketServerSideEncryptionConfiguration",
    "bucketserversideencryptionconfigurations",
    versions=BOTH,
    read=look("get_bucket_encryption", "ServerSideEncryptionConfiguration"),
    put="put_bucket_encryption",
    # Since 2023 no bucket is without: what is deleted falls back to SSE-S3.
    delete=Delete(call=Call("delete_bucket_encryption", HELD), resets=True),
    fields=(whole("rule", _ENCRYPTING, "ServerSideEncryptionConfiguration.Rules", "Rules"), OWNER),
    required=("rule",),
    references=(one("rule[*].applyServerSideEncryptionByDefault[0].kmsMasterKeyId", KEY),),
)

_RETENTION: Final = Block(
    (Member("days", "Days", NUMBER), Member("mode", "Mode"), Member("years", "Years", NUMBER)), single=True
)
_LOCKING: Final = Block((Member("defaultRetention", "DefaultRetention", _RETENTION),), single=True)
# A lock can be taken from new objects, never from a bucket.
_LOCKED: Final = "{ObjectLockEnabled: 'Enabled'}"

_OBJECT_LOCK: Final = setting(
    "BucketObjectLockConfiguration",
    "bucketobjectlockconfigurations",
    versions=BOTH,
    read=look("get_object_lock_configuration", "ObjectLockConfiguration.ObjectLockEnabled && ObjectLockConfiguration"),
    put="put_object_lock_configuration",
    says={"ObjectLockConfiguration": _LOCKED},
    delete=Delete(
        call=Call("put_object_lock_configuration", {**HELD, "ObjectLockConfiguration": _LOCKED}), resets=True
    ),
    fields=(
        whole("objectLockEnabled", TEXT, "ObjectLockConfiguration.ObjectLockEnabled", "ObjectLockEnabled"),
        whole("rule", _LOCKING, "ObjectLockConfiguration.Rule", "Rule", absent=[]),
        OWNER,
    ),
    secrets=(Secret(SecretInput("tokenSecretRef", "token"), "Token", ("attribute.token",)),),
)

KINDS: Final = (_VERSIONING, _ENCRYPTION, _OBJECT_LOCK)
