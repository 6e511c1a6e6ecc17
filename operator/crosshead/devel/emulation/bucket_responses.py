"""
S3's answers where moto's leave something out.

Settings of which moto understands a part are given back as they were put, with what AWS adds. Who says which account a
bucket belongs to, and is wrong, is refused.
"""

import uuid
from typing import Any, Final
from xml.etree import ElementTree as ET

import moto.s3.models as moto_models
import moto.s3.responses as moto_s3
from moto.s3.exceptions import BucketAccessDeniedError

_SPACE: Final = "http://s3.amazonaws.com/doc/2006-03-01/"
_TAG: Final = f"{{{_SPACE}}}"
_SIZE: Final = "x-amz-transition-default-minimum-object-size"
_ECHOED: Final = ("lifecycle", "logging", "notification", "replication")
# What AWS gives a name when nobody else does.
_NAMED: Final = {
    "Rule": "ID",
    "TopicConfiguration": "Id",
    "QueueConfiguration": "Id",
    "CloudFunctionConfiguration": "Id",
}

Answer = Any  # moto's: a body, or status, headers and body


class S3Response(moto_s3.S3Response):  # type: ignore[misc]  # moto ships no types
    """The answer to one request."""

    def _bucket_response(self, request: Any, full_url: str) -> Answer:  # noqa: ANN401
        self._refuse_others(request)
        return super()._bucket_response(request, full_url)

    def _key_response(self, request: Any, full_url: str) -> Answer:  # noqa: ANN401
        self._refuse_others(request)
        return super()._key_response(request, full_url)

    def _refuse_others(self, request: Any) -> None:  # noqa: ANN401
        expected = request.headers.get("x-amz-expected-bucket-owner")
        _, owner = moto_models.s3_backends.bucket_accounts.get(self.bucket_name, ("", expected))
        if expected and owner != expected:
            raise BucketAccessDeniedError(bucket=self.bucket_name)

    def _bucket_response_put(self, request: Any, bucket_name: str, querystring: dict[str, Any]) -> Answer:  # noqa: ANN401
        answer = super()._bucket_response_put(request, bucket_name, querystring)
        for part in set(_ECHOED) & set(querystring):
            bucket = self.backend.get_bucket(bucket_name)
            echoes = bucket.__dict__.setdefault("echoes", {})
            size = {_SIZE: request.headers.get(_SIZE, "all_storage_classes_128K")} if part == "lifecycle" else {}
            echoes[part] = (200, size, _completed(self.body))
        return answer

    def _echo(self, part: str, otherwise: Answer) -> Answer:
        return self.backend.get_bucket(self.bucket_name).__dict__.get("echoes", {}).get(part, otherwise)

    def get_bucket_lifecycle(self) -> Answer:  # noqa: D102
        return self._echo("lifecycle", super().get_bucket_lifecycle())

    def get_bucket_logging(self) -> Answer:  # noqa: D102
        return self._echo("logging", super().get_bucket_logging())

    def get_bucket_notification(self) -> Answer:  # noqa: D102
        return self._echo("notification", super().get_bucket_notification())

    def get_bucket_replication(self) -> Answer:  # noqa: D102
        return self._echo("replication", super().get_bucket_replication())

    @staticmethod
    def _acl_to_dict(acl: Any) -> dict[str, Any]:  # noqa: ANN401
        """Show every permission of a grant, not the first alone."""
        each = [
            moto_models.FakeGrant([grantee], [permission])
            for grant in acl.grants
            for grantee in grant.grantees
            for permission in grant.permissions
        ]
        shown: dict[str, Any] = moto_s3.S3Response._acl_to_dict(moto_models.FakeAcl(each))  # noqa: SLF001
        return shown

    def get_object_lock_configuration(self) -> Answer:  # noqa: D102
        status, headers, body = super().get_object_lock_configuration()
        return status, headers, body.replace("<Years>0</Years>", "").replace("<Days>0</Days>", "")


def _completed(body: bytes) -> str:
    """Return *body* as AWS shows it: with names, and the filters of notifications with capitals."""
    ET.register_namespace("", _SPACE)
    root = ET.fromstring(body)  # noqa: S314 (it comes from the tests)
    for part in root:
        name = _NAMED.get(part.tag.removeprefix(_TAG))
        if name and part.find(f"{_TAG}{name}") is None:
            ET.SubElement(part, f"{_TAG}{name}").text = uuid.uuid5(uuid.NAMESPACE_OID, ET.tostring(part, "unicode")).hex
    for rule in root.iter(f"{_TAG}FilterRule"):
        for label in rule.iter(f"{_TAG}Name"):
            label.text = str(label.text).capitalize()
    return ET.tostring(root, "unicode")
