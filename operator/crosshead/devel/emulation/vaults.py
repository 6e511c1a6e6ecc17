"""Secrets Manager: versions that say whose they are, where moto repeats what it was asked with."""

import json
from typing import Any

import moto.secretsmanager.responses as moto_responses
import moto.secretsmanager.urls as moto_urls

from crosshead.devel.emulation.timeline import Timeline


class SecretsManagerResponse(moto_responses.SecretsManagerResponse):  # type: ignore[misc]  # moto ships no types
    """One request; moto finds the method by the name of the operation."""

    def list_secret_version_ids(self) -> str:  # noqa: D102
        secret = self.backend.describe_secret(self._get_param("SecretId"))
        answer: dict[str, Any] = json.loads(super().list_secret_version_ids())
        return json.dumps({**answer, "ARN": secret.arn, "Name": secret.name})


def install(_: Timeline) -> None:
    """Put this Secrets Manager in the place of moto's."""
    moto_urls.url_paths["{0}/$"] = SecretsManagerResponse.dispatch
