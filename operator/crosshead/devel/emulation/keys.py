"""KMS: keys that say what they are used for and how often they are renewed, which moto leaves out."""

import json
from typing import Any

import moto.kms.responses as moto_responses
import moto.kms.urls as moto_urls
from moto.core.exceptions import JsonRESTError

from crosshead.devel.emulation.timeline import Timeline

# How often a key is renewed when nobody says.
_PERIOD = 365


class KmsResponse(moto_responses.KmsResponse):  # type: ignore[misc]  # moto ships no types
    """One request; moto finds the method by the name of the operation."""

    def create_key(self) -> str:  # noqa: D102
        answer: dict[str, Any] = json.loads(super().create_key())
        key = self.kms_backend.keys[answer["KeyMetadata"]["KeyId"]]
        key.key_usage, key.multi_region = key.key_usage or "ENCRYPT_DECRYPT", bool(key.multi_region)
        return json.dumps(key.to_dict())

    def enable_key_rotation(self) -> str:  # noqa: D102
        key = self._rotating()
        if not key.enabled:
            raise JsonRESTError("DisabledException", f"{key.arn} is disabled.")
        key.rotation_period = int(self._get_param("RotationPeriodInDays") or _PERIOD)
        answer: str = super().enable_key_rotation()
        return answer

    def get_key_rotation_status(self) -> str:  # noqa: D102
        key = self._rotating()
        period = {"RotationPeriodInDays": key.rotation_period} if key.key_rotation_status else {}
        return json.dumps({"KeyRotationEnabled": key.key_rotation_status, **period})

    def schedule_key_deletion(self) -> str:  # noqa: D102
        if self._key().key_state == "PendingDeletion":
            raise JsonRESTError("KMSInvalidStateException", f"{self._key().arn} is pending deletion.")
        answer: str = super().schedule_key_deletion()
        return answer

    def _key(self) -> Any:  # noqa: ANN401  # moto's
        id_ = self._get_param("KeyId")
        self._validate_cmk_id(id_)
        return self.kms_backend.keys[self.kms_backend.get_key_id(id_)]

    def _rotating(self) -> Any:  # noqa: ANN401  # moto's
        key = self._key()
        if key.key_spec != "SYMMETRIC_DEFAULT":
            raise JsonRESTError("UnsupportedOperationException", "Asymmetric keys have no rotation.")
        return key


def install(_: Timeline) -> None:
    """Put this KMS in the place of moto's."""
    moto_urls.url_paths["{0}/$"] = KmsResponse.dispatch
