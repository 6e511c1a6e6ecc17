"""
S3: how objects are written, and how one is changed.

AWS changes nothing but the ACL, the tags and the locks of an object: for everything else it is written again, with its
content, or copied onto itself when somebody else has written the content.
"""

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlencode

from crosshead.aws import scenes, shapes
from crosshead.aws.calls import Paths, Request
from crosshead.aws.descriptor import Field
from crosshead.aws.kinds.s3_checksums import checksum, etag
from crosshead.aws.kinds.s3_object_fields import CHECKSUM, FIELDS, OURS, decoded
from crosshead.aws.kinds.s3_settings import US
from crosshead.base.values import Draft, Json, Object

HELD: Final[Paths] = {"Bucket": "bucket", "Key": "key", "ExpectedBucketOwner": US}
# The checksums that botocore leaves to a library that we do without. It makes the others itself.
SUMS: Final[Paths] = {"ChecksumCRC32C": "crc32c", "ChecksumCRC64NVME": "crc64nvme"}
# What AWS changes without writing the object again: the operation, and the member that says it all.
_ACL: Final = "acl"
_HOLD: Final = "objectLockLegalHoldStatus"
_RETENTION: Final = ("objectLockMode", "objectLockRetainUntilDate")


def content(spec: Object) -> bytes | None:
    """Return the content that is declared; None when it is somebody else's."""
    if spec.get("content") is not None:
        return str(spec["content"]).encode()
    return None if spec.get("contentBase64") is None else decoded(spec["contentBase64"])


def summed(spec: Object) -> Draft:
    """Return what the scene says of the checksum that is declared."""
    algorithm = spec.get("checksumAlgorithm")
    return {algorithm.lower(): checksum(algorithm, content(spec) or b"")} if algorithm in OURS else {}


def is_content(spec: Object, record: Object) -> bool:
    """Whether AWS holds what is declared, as far as it lets us know: by the entity tag, or by a checksum."""
    declared = content(spec) or b""
    encrypted = str(record.get("ServerSideEncryption", "")).startswith("aws:kms")
    if record["ETag"] and "-" not in record["ETag"] and not encrypted:
        return bool(record["ETag"] == etag(declared))
    algorithm = record["ChecksumAlgorithm"]
    # One of many pieces is a sum of sums.
    if not algorithm or record.get("ChecksumType") == "COMPOSITE":
        return record.get("ContentLength") == len(declared)
    return bool(record[f"Checksum{algorithm}"] == checksum(algorithm, declared))


def changes(changed: Object, scene: Object) -> tuple[Request, ...]:
    """Return the requests that change what is *changed*."""
    if set(changed) - {_ACL, _HOLD, *_RETENTION}:
        return (_written(scene) if content(scene["spec"]) is not None else _copied(scene),)
    return tuple(_settled(changed, scene))


def _written(scene: Object) -> Request:
    return Request(
        "put_object", {**_properties(scene, (*FIELDS, CHECKSUM)), **scenes.arguments(SUMS, scene), **_tags(scene)}
    )


def _tags(scene: Object) -> Draft:
    return {"Tagging": urlencode(scene["at"]["tags"])} if scene["at"].get("tags") else {}


def _copied(scene: Object) -> Request:
    """Return the copy onto itself. What is not said again is lost, so it is said as AWS has shown it."""
    known = {**scene["at"], **scene["spec"]}
    fields = tuple(field for field in FIELDS if field.create != "Body")
    source = {"Bucket": scene["bucket"], "Key": scene["key"]}
    how = {"CopySource": source, "MetadataDirective": "REPLACE", "TaggingDirective": "COPY"}
    return Request("copy_object", {**_properties({**scene, "spec": known}, fields), **how})


def _properties(scene: Object, fields: tuple[Field, ...]) -> Draft:
    target = scenes.arguments(HELD, scene)
    for field in fields:
        value = scene["spec"].get(field.name)
        if field.create and value not in (None, ""):
            encoded = shapes.encode(field.shape, value)
            target[field.create] = field.wrap(encoded) if field.wrap else encoded
    return {member: value for member, value in target.items() if value is not None}


def _settled(changed: Object, scene: Object) -> Iterator[Request]:
    held = scenes.arguments(HELD, scene)
    if _ACL in changed:
        yield Request("put_object_acl", {**held, "ACL": changed[_ACL]})
    if _HOLD in changed:
        yield Request("put_object_legal_hold", {**held, "LegalHold": {"Status": changed[_HOLD]}})
    if set(_RETENTION) & set(changed):
        yield Request("put_object_retention", {**held, "Retention": _retention(scene["spec"])})


def _retention(spec: Object) -> Json:
    mode, until = (spec.get(name) for name in _RETENTION)
    return {"Mode": mode, "RetainUntilDate": until}
