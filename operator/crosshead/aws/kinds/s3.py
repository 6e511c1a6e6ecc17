"""
S3: buckets and their settings. A setting is a resource of its own, named after its bucket; a Put replaces it whole.

https://docs.aws.amazon.com/AmazonS3/latest/API/
"""

from typing import Final

from crosshead.aws.comparing import key
from crosshead.aws.descriptor import Call, Create, Delete, Descriptor, Field, Read, Shown, Tagging, Update, sent
from crosshead.aws.pointing import BUCKET, ID, KEY, one
from crosshead.aws.shapes import FLAG, TEXT, Block, Member, Shape, Texts
from crosshead.base.values import Object
from crosshead.managed.facts import Naming, Reference

_NO_BUCKET: Final = frozenset({"NoSuchBucket", "404"})
_ARN: Final = "join('', ['arn:', partition, ':s3:::', id])"

_BUCKET: Final = Descriptor(
    service="s3",
    kind="Bucket",
    plural="buckets",
    naming=Naming.BY_US,
    identity="id",
    reads=(
        Read(Call("head_bucket", {"Bucket": "id"})),
        Read(
            Call("get_bucket_tagging", {"Bucket": "id"}, codes=frozenset({"NoSuchTagSet"})), "TagSet || `[]`", "TagSet"
        ),
        # Asked only when it matters: every look at every bucket would cost a request more.
        Read(
            Call(
                "get_object_lock_configuration",
                {"Bucket": "id"},
                when="spec.objectLockEnabled",
                codes=frozenset({"ObjectLockConfigurationNotFoundError"}),
            ),
            "ObjectLockConfiguration.ObjectLockEnabled == 'Enabled'",
            "ObjectLockEnabled",
        ),
    ),
    creates=(
        Create(
            Call(
                "create_bucket",
                {
                    "Bucket": "id",
                    # us-east-1 is the only region that must not be named.
                    "CreateBucketConfiguration": "(region != 'us-east-1' && {LocationConstraint: region}) || null",
                },
            ),
            "id",
        ),
    ),
    delete=Delete(
        call=Call("delete_bucket", {"Bucket": "id"}),
        empty="spec.forceDestroy && id || null",
    ),
    # CreateBucket takes no tags everywhere. When this is not reached, they are drift.
    after=(Call("put_bucket_tagging", {"Bucket": "id", "Tagging": "{TagSet: tags}"}, codes=_NO_BUCKET),),
    tagging=Tagging(
        create="",
        read="TagSet",
        add=Call("put_bucket_tagging", {"Bucket": "id"}),
        add_member="Tagging.TagSet",
        remove=None,
    ),
    absent=_NO_BUCKET,
    exists=frozenset({"BucketAlreadyOwnedByYou"}),
    fields=(
        sent("forceDestroy", FLAG),
        Field(
            name="objectLockEnabled",
            shape=FLAG,
            create="ObjectLockEnabledForBucket",
            read="ObjectLockEnabled",
            late=False,
        ),
        sent("bucketNamespace"),
    ),
    connection={"id": "id", "arn": _ARN, "region": "region"},
    shown=(
        Shown("id", "id"),
        Shown("arn", _ARN),
        Shown("bucketRegion", "BucketRegion || region"),
        Shown("bucketDomainName", "join('', [id, '.s3.amazonaws.com'])"),
        Shown("bucketRegionalDomainName", "join('', [id, '.s3.', region, '.amazonaws.com'])"),
    ),
)


def _of_bucket(scene: Object) -> Object:
    """A setting is called as its bucket is, before and after we have made it."""
    return {"id": scene["id"] or scene["spec"].get("bucket")}


def _setting(  # noqa: PLR0913 (what a setting consists of)
    kind: str,
    plural: str,
    *,
    read: Read,
    put: str,
    delete: Delete,
    fields: tuple[Field, ...],
    required: tuple[str, ...] = (),
    references: tuple[Reference, ...] = (),
) -> Descriptor:
    return Descriptor(
        service="s3",
        kind=kind,
        plural=plural,
        naming=Naming.BY_PROVIDER,
        identity="id",
        names=_of_bucket,
        reads=(read,),
        creates=(Create(Call(put, {"Bucket": "id"}), "id"),),
        updates=(Update(call=Call(put, {"Bucket": "id"}), whole=True),),
        delete=delete,
        absent=_NO_BUCKET,
        fields=(Field(name="bucket", read="id"), *fields),
        required=required,
        references=(one("bucket", BUCKET, ID), *references),
        shown=(Shown("id", "id"),),
    )


def _whole(name: str, shape: Shape, aws: str, read: str = "") -> Field:
    return Field(name=name, shape=shape, create=aws, modify=aws, read=read or aws)


_VERSIONING: Final = Block((Member("status", "Status", TEXT), Member("mfaDelete", "MFADelete", TEXT)), single=True)

_BUCKET_VERSIONING: Final = _setting(
    "BucketVersioning",
    "bucketversionings",
    # A bucket that never had versions says nothing at all.
    read=Read(Call("get_bucket_versioning", {"Bucket": "id"}), "Status && {VersioningConfiguration: @}"),
    put="put_bucket_versioning",
    # Versions can be suspended, never taken away.
    delete=Delete(
        call=Call("put_bucket_versioning", {"Bucket": "id", "VersioningConfiguration": "{Status: 'Suspended'}"}),
        resets=True,
    ),
    fields=(
        _whole("versioningConfiguration", _VERSIONING, "VersioningConfiguration"),
        Field(name="mfa", create="MFA", modify="MFA"),
        Field(name="expectedBucketOwner", create="ExpectedBucketOwner", modify="ExpectedBucketOwner"),
    ),
    required=("versioningConfiguration",),
)

_ENCRYPTION: Final = Block(
    (
        Member(
            "applyServerSideEncryptionByDefault",
            "ApplyServerSideEncryptionByDefault",
            Block(
                (
                    Member("sseAlgorithm", "SSEAlgorithm", TEXT),
                    Member("kmsMasterKeyId", "KMSMasterKeyID", TEXT, same=key),
                ),
                single=True,
            ),
        ),
        Member("bucketKeyEnabled", "BucketKeyEnabled", FLAG),
        Member("blockedEncryptionTypes", "BlockedEncryptionTypes", Texts(within="EncryptionType")),
    )
)

_BUCKET_ENCRYPTION: Final = _setting(
    "BucketServerSideEncryptionConfiguration",
    "bucketserversideencryptionconfigurations",
    read=Read(Call("get_bucket_encryption", {"Bucket": "id"}), "ServerSideEncryptionConfiguration"),
    put="put_bucket_encryption",
    # Since 2023 no bucket is without: what is deleted falls back to SSE-S3.
    delete=Delete(call=Call("delete_bucket_encryption", {"Bucket": "id"}), resets=True),
    fields=(
        _whole("rule", _ENCRYPTION, "ServerSideEncryptionConfiguration.Rules", "Rules"),
        Field(name="expectedBucketOwner", create="ExpectedBucketOwner", modify="ExpectedBucketOwner"),
    ),
    required=("rule",),
    references=(one("rule[0].applyServerSideEncryptionByDefault[0].kmsMasterKeyId", KEY),),
)


def _blocking(name: str, aws: str) -> Field:
    return _whole(name, FLAG, f"PublicAccessBlockConfiguration.{aws}", aws)


_BUCKET_PUBLIC_ACCESS_BLOCK: Final = _setting(
    "BucketPublicAccessBlock",
    "bucketpublicaccessblocks",
    read=Read(Call("get_public_access_block", {"Bucket": "id"}), "PublicAccessBlockConfiguration"),
    put="put_public_access_block",
    delete=Delete(call=Call("delete_public_access_block", {"Bucket": "id"}), keep="spec.skipDestroy"),
    fields=(
        _blocking("blockPublicAcls", "BlockPublicAcls"),
        _blocking("blockPublicPolicy", "BlockPublicPolicy"),
        _blocking("ignorePublicAcls", "IgnorePublicAcls"),
        _blocking("restrictPublicBuckets", "RestrictPublicBuckets"),
        sent("skipDestroy", FLAG),
    ),
)

KINDS: Final = (_BUCKET, _BUCKET_VERSIONING, _BUCKET_ENCRYPTION, _BUCKET_PUBLIC_ACCESS_BLOCK)
