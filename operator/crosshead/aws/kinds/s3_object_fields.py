"""S3: the fields of objects."""

import base64
import binascii
from collections.abc import Mapping
from typing import Final

from crosshead.aws.comparing import key, moment
from crosshead.aws.descriptor import Field, sent
from crosshead.aws.kinds.s3_grants import is_canned
from crosshead.aws.shapes import FLAG, TEXT, Block, Map, Member, Shape
from crosshead.base.errors import StalledError
from crosshead.base.values import Json


def decoded(text: Json) -> bytes:
    """Return what is declared in Base64."""
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise StalledError("InvalidContent", "spec.forProvider.contentBase64 is not Base64") from None


def _refused(_: Json) -> Json:
    told = "spec.forProvider.source names a file of the operator's: give its content as content or contentBase64"
    raise StalledError("InvalidSource", told)


def _same_metadata(declared: Json, found: Json, _: Mapping[str, Json]) -> bool:
    """AWS lower-cases the names of metadata."""
    return bool({name.lower(): value for name, value in declared.items()} == found)


def _put(name: str, aws: str, shape: Shape = TEXT, *, absent: Json = "", late: bool = True) -> Field:
    return Field(name=name, shape=shape, create=aws, modify=aws, read=aws, absent=absent, late=late)


FIELDS: Final = (
    Field(name="bucket", read="Bucket"),
    Field(name="key", read="Key"),
    Field(name="content", create="Body", modify="Body", read="content", late=False),
    Field(name="contentBase64", create="Body", modify="Body", read="contentBase64", late=False, wrap=decoded),
    Field(name="source", create="Body", wrap=_refused, late=False),
    Field(name="acl", create="ACL", modify="ACL", read="Canned", late=False, same=is_canned),
    _put("bucketKeyEnabled", "BucketKeyEnabled", FLAG, absent=False, late=False),
    _put("cacheControl", "CacheControl"),
    _put("contentDisposition", "ContentDisposition"),
    _put("contentEncoding", "ContentEncoding"),
    _put("contentLanguage", "ContentLanguage"),
    _put("contentType", "ContentType"),
    # What these two are for, a look at the content does.
    sent("etag"),
    sent("sourceHash"),
    sent("forceDestroy", FLAG),
    Field(
        name="kmsKeyId",
        create="SSEKMSKeyId",
        modify="SSEKMSKeyId",
        read="SSEKMSKeyId",
        absent="",
        late=False,
        same=key,
    ),
    Field(
        name="metadata",
        shape=Map(),
        create="Metadata",
        modify="Metadata",
        read="Metadata",
        absent={},
        same=_same_metadata,
    ),
    _put("objectLockLegalHoldStatus", "ObjectLockLegalHoldStatus", absent="OFF", late=False),
    _put("objectLockMode", "ObjectLockMode"),
    Field(
        name="objectLockRetainUntilDate",
        create="ObjectLockRetainUntilDate",
        modify="ObjectLockRetainUntilDate",
        read="ObjectLockRetainUntilDate",
        absent="",
        same=moment,
    ),
    _put("serverSideEncryption", "ServerSideEncryption"),
    _put("storageClass", "StorageClass", absent="STANDARD"),
    _put("websiteRedirect", "WebsiteRedirectLocation"),
)

# The checksums that we make: they are sent instead of their name.
OURS: Final = ("CRC32C", "CRC64NVME")


def _if_made(algorithm: Json) -> Json:
    return None if algorithm in OURS else algorithm


CHECKSUM: Final = Field(
    name="checksumAlgorithm",
    create="ChecksumAlgorithm",
    modify="ChecksumAlgorithm",
    read="ChecksumAlgorithm",
    late=False,
    wrap=_if_made,
)
# `tagging.py` counts these tags as the object's own.
OVERRIDE: Final = sent(
    "overrideProvider",
    Block(
        (
            Member(
                "defaultTags",
                "DefaultTags",
                Block((Member("tags", "Tags", Map()),), single=True),
            ),
        ),
        single=True,
    ),
)
