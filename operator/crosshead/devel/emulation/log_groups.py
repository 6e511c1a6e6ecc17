"""CloudWatch Logs: groups whose key and protection can be changed, which moto leaves out."""

import json
from typing import Any

import moto.logs.responses as moto_responses
import moto.logs.urls as moto_urls
from moto.core.exceptions import JsonRESTError

from crosshead.devel.emulation.timeline import Timeline


class LogsResponse(moto_responses.LogsResponse):  # type: ignore[misc]  # moto ships no types
    """One request; moto finds the method by the name of the operation."""

    def create_log_group(self) -> str:  # noqa: D102
        super().create_log_group()
        group = self._group(self._get_param("logGroupName"))
        group.kind = self._get_param("logGroupClass") or "STANDARD"
        group.is_protected = bool(self._get_param("deletionProtectionEnabled"))
        return ""

    def describe_log_groups(self) -> str:  # noqa: D102
        answer: dict[str, Any] = json.loads(super().describe_log_groups())
        for shown in answer["logGroups"]:
            group = self._group(shown["logGroupName"])
            shown["logGroupClass"] = getattr(group, "kind", "STANDARD")
            shown["deletionProtectionEnabled"] = getattr(group, "is_protected", False)
        return json.dumps(answer)

    def associate_kms_key(self) -> str:  # noqa: D102
        self._group(self._get_param("logGroupName")).kms_key_id = self._get_param("kmsKeyId")
        return ""

    def disassociate_kms_key(self) -> str:  # noqa: D102
        self._group(self._get_param("logGroupName")).kms_key_id = None
        return ""

    def put_log_group_deletion_protection(self) -> str:  # noqa: D102
        name = str(self._get_param("logGroupIdentifier")).rpartition(":log-group:")[2]
        self._group(name).is_protected = bool(self._get_param("deletionProtectionEnabled"))
        return ""

    def delete_log_group(self) -> str:  # noqa: D102
        group = self._group(self._get_param("logGroupName"))
        if getattr(group, "is_protected", False):
            raise JsonRESTError("ValidationException", "The log group has deletion protection enabled.")
        answer: str = super().delete_log_group()
        self.logs_backend.tagger.delete_all_tags_for_resource(group.arn)
        return answer

    def _group(self, name: str) -> Any:  # noqa: ANN401  # moto's
        if name not in self.logs_backend.groups:
            raise JsonRESTError("ResourceNotFoundException", "The specified log group does not exist.")
        return self.logs_backend.groups[name]


def install(_: Timeline) -> None:
    """Put these logs in the place of moto's."""
    moto_urls.url_paths["{0}/$"] = LogsResponse.dispatch
