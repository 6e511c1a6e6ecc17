"""
Empty a bucket before it is deleted, as `forceDestroy` asks for: objects, versions, markers, unfinished uploads.

The same for one object, whose versions a deletion would hide and keep.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import ClientError

# What one attempt deletes at most; the next goes on where it stopped, and other resources get their turn meanwhile.
_PAGES: Final = 10
_PAGE: Final = 1000


@dataclass(frozen=True, slots=True)
class Doomed:
    """
    What is deleted: everything in *bucket*, or one *key* of it.

    AWS refuses when *owner*, unless empty, does not own the bucket. With *force*, legal holds and governance locks do
    not protect; a compliance lock always does.
    """

    bucket: str
    key: str = ""
    owner: str = ""
    force: bool = True

    @property
    def where(self) -> dict[str, str]:
        """What every call says."""
        owned = {"ExpectedBucketOwner": self.owner} if self.owner else {}
        return {"Bucket": self.bucket, **owned}


def empty(client: Any, doomed: Doomed) -> bool:  # noqa: ANN401 (botocore has no types)
    """Delete what is *doomed*, up to ten thousand versions; return whether that was all."""
    for _ in range(_PAGES):
        versions = _versions(client, doomed)
        if not versions:
            return bool(doomed.key) or _abort_uploads(client, doomed)
        _delete(client, doomed, versions)
    return False


def _versions(client: Any, doomed: Doomed) -> list[dict[str, str]]:  # noqa: ANN401
    prefix = {"Prefix": doomed.key} if doomed.key else {}
    page = client.list_object_versions(**doomed.where, **prefix, MaxKeys=_PAGE)
    found = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
    # A key sorts before those that it begins.
    return [{name: item[name] for name in ("Key", "VersionId")} for item in found if doomed.key in ("", item["Key"])]


def _delete(client: Any, doomed: Doomed, versions: list[dict[str, str]]) -> None:  # noqa: ANN401
    answer = client.delete_objects(**doomed.where, Delete={"Objects": versions, "Quiet": True})
    refused = {error["Key"] for error in answer.get("Errors", ())}
    for version in versions:
        if version["Key"] in refused:
            _unlock(client, doomed, version)


def _unlock(client: Any, doomed: Doomed, version: Mapping[str, str]) -> None:  # noqa: ANN401
    """Delete a version that something protects; what protects it for good is the error."""
    if doomed.force:
        # Most have no legal hold, and most buckets cannot have any.
        with suppress(ClientError):
            client.put_object_legal_hold(**doomed.where, **version, LegalHold={"Status": "OFF"})
    bypass = {"BypassGovernanceRetention": True} if doomed.force else {}
    client.delete_object(**doomed.where, **version, **bypass)


def _abort_uploads(client: Any, doomed: Doomed) -> bool:  # noqa: ANN401
    for _ in range(_PAGES):
        uploads = client.list_multipart_uploads(**doomed.where, MaxUploads=_PAGE).get("Uploads", ())
        if not uploads:
            return True
        for upload in uploads:
            client.abort_multipart_upload(**doomed.where, Key=upload["Key"], UploadId=upload["UploadId"])
    return False
