"""S3 with the defaults that AWS has given new buckets since 2023: encrypted, private, owned by their account."""

from typing import Any

import moto.s3.models as moto_s3
import moto.s3.urls as moto_urls

from crosshead.devel.emulation.bucket_responses import S3Response
from crosshead.devel.emulation.timeline import Timeline


class S3Backend(moto_s3.S3Backend):  # type: ignore[misc]  # moto ships no types
    """The buckets of one account."""

    # moto looks for it beside the module of the class, which ours is not.
    _url_module = moto_urls

    def create_bucket(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  # moto's
        """Create a bucket as AWS does."""
        bucket = super().create_bucket(*args, **kwargs)
        bucket.encryption = _sse_s3()
        bucket.ownership_rule = "BucketOwnerEnforced"
        bucket.public_access_block = moto_s3.PublicAccessBlock("true", "true", "true", "true")
        return bucket

    def delete_bucket_encryption(self, bucket_name: str) -> None:
        """Go back to the default: no bucket is ever unencrypted."""
        self.get_bucket(bucket_name).encryption = _sse_s3()


def install(_: Timeline) -> None:
    """Put this S3 in the place of moto's."""
    moto_s3.s3_backends.backend = S3Backend
    moto_urls.url_paths.update({path: getattr(S3Response, door.__name__) for path, door in moto_urls.url_paths.items()})


def _sse_s3() -> dict[str, Any]:
    return {"Rule": {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}}
