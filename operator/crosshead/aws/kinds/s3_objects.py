"""
S3: objects whose content stands in their declaration.

Their external name is the bucket and the key, `bucket/dir/key`. Upstream's older versions had the key alone, which is
understood as long as the bucket is declared.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
"""

from dataclasses import replace
from typing import Final

from crosshead.aws.calls import Call, Create, Delete, Read, Update
from crosshead.aws.descriptor import Descriptor, Shown, Tagging
from crosshead.aws.kinds import s3_writing
from crosshead.aws.kinds.s3_checksums import shown
from crosshead.aws.kinds.s3_grants import canned
from crosshead.aws.kinds.s3_object_fields import CHECKSUM, FIELDS, OVERRIDE
from crosshead.aws.kinds.s3_settings import US
from crosshead.aws.kinds.s3_writing import HELD, is_content
from crosshead.aws.pointing import BUCKET, ID, KEY, one
from crosshead.base.values import Draft, Json, Object
from crosshead.managed.facts import Naming


def _named(scene: Object) -> Object:
    """Return bucket and key, and both as one: of what is declared, or of the external name that may be all we know."""
    known, spec = scene["id"] or "", scene["spec"]
    bucket, key = spec.get("bucket"), spec.get("key")
    if known and known not in (key, f"{bucket}/{key}"):
        first, slash, rest = known.partition("/")
        bucket, key = (first, rest) if slash else (bucket, known)
    named = f"{bucket}/{key}" if bucket and key else None
    return {"id": named, "bucket": bucket, "key": key, **s3_writing.summed(spec)}


def _read(found: Json, scene: Object) -> Json:
    """Return what AWS says of an object, with what it is called, and its content if that is the declared one."""
    bare: Draft = {**found, "Bucket": scene["bucket"], "Key": scene["key"]}
    bare["ETag"] = str(found.get("ETag", "")).strip('"')
    bare["ChecksumAlgorithm"] = shown(found) or None
    for name in ("content", "contentBase64"):
        declared = scene["spec"].get(name)
        if declared is not None:
            bare[name] = declared if is_content(scene["spec"], bare) else "(another)"
    return bare


_VERSIONED: Final = "record.VersionId && record.VersionId != 'null'"
_ARN: Final = "join('', ['arn:', partition, ':s3:::', id])"

_BUCKET_OBJECT: Final = Descriptor(
    service="s3",
    kind="BucketObject",
    plural="bucketobjects",
    naming=Naming.BY_PROVIDER,
    identity="id",
    names=_named,
    numbered=True,
    reads=(
        Read(Call("head_object", {**HELD, "ChecksumMode": "'ENABLED'"}), pick=_read),
        Read(Call("get_object_tagging", HELD), "TagSet", "TagSet"),
        Read(Call("get_object_acl", HELD, when="spec.acl"), "@", "Canned", pick=lambda access, _: canned(access)),
    ),
    creates=(
        Create(
            Call(
                "put_object",
                {**HELD, "ServerSideEncryption": "spec.kmsKeyId && 'aws:kms' || null", **s3_writing.SUMS},
            ),
            "id",
        ),
    ),
    after=(Call("put_object_tagging", {**HELD, "Tagging": "{TagSet: tags}"}),),
    updates=(Update(call=Call("put_object", HELD), plan=s3_writing.changes),),
    delete=Delete(
        # A deletion would hide the versions of an object, and keep them.
        empty={
            "bucket": f"({_VERSIONED}) && bucket || null",
            "key": "key",
            "owner": US,
            "force": "spec.forceDestroy || `false`",
        },
        call=Call("delete_object", HELD, when=f"!({_VERSIONED})"),
    ),
    tagging=Tagging(
        create="",
        read="TagSet",
        add=Call("put_object_tagging", HELD),
        add_member="Tagging.TagSet",
        remove=None,
        # It may have ten of them.
        traced=False,
    ),
    absent=frozenset({"NoSuchKey", "NoSuchBucket", "404"}),
    fields=FIELDS,
    required=("key",),
    references=(one("bucket", BUCKET, ID), one("kmsKeyId", KEY)),
    shown=(
        Shown("id", "id"),
        Shown("arn", _ARN),
        Shown("etag", "ETag"),
        Shown("versionId", "VersionId"),
    ),
)

_OBJECT: Final = replace(
    _BUCKET_OBJECT,
    kind="Object",
    plural="objects",
    versions=("v1beta1", "v1beta2"),
    fields=(*FIELDS, CHECKSUM, OVERRIDE),
    shown=(
        *_BUCKET_OBJECT.shown,
        Shown("checksumCrc32", "ChecksumCRC32"),
        Shown("checksumCrc32C", "ChecksumCRC32C"),
        Shown("checksumCrc64Nvme", "ChecksumCRC64NVME"),
        Shown("checksumSha1", "ChecksumSHA1"),
        Shown("checksumSha256", "ChecksumSHA256"),
    ),
)

KINDS: Final = (_OBJECT, _BUCKET_OBJECT)
