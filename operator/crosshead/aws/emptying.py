"""Empty a bucket before it is deleted, as `forceDestroy` asks for: objects, versions, markers, unfinished uploads."""

from typing import Any, Final

# What one attempt deletes at most; the next goes on where it stopped, and other resources get their turn meanwhile.
_PAGES: Final = 10


def empty(client: Any, bucket: str) -> bool:  # noqa: ANN401 (botocore has no types)
    """Delete what is in *bucket*, up to ten thousand versions; return whether that was all."""
    for _ in range(_PAGES):
        page = client.list_object_versions(Bucket=bucket, MaxKeys=1000)
        found = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
        if not found:
            _abort_uploads(client, bucket)
            return True
        doomed = [{"Key": item["Key"], "VersionId": item["VersionId"]} for item in found]
        client.delete_objects(Bucket=bucket, Delete={"Objects": doomed, "Quiet": True})
    return False


def _abort_uploads(client: Any, bucket: str) -> None:  # noqa: ANN401
    for upload in client.list_multipart_uploads(Bucket=bucket).get("Uploads", ()):
        client.abort_multipart_upload(Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"])
