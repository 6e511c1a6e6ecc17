"""SQS and SNS with all attributes of queues and topics, where moto forgets those that it does not understand."""

from typing import Any

import moto.sns.responses as moto_topics
import moto.sns.urls as topic_urls
import moto.sqs.models as moto_sqs
from moto.core.responses import ActionResult

from crosshead.devel.emulation.timeline import Timeline


class Queue(moto_sqs.Queue):  # type: ignore[misc]  # moto ships no types
    """A queue that keeps its policy when something else is set."""

    BASE_ATTRIBUTES = [*moto_sqs.Queue.BASE_ATTRIBUTES, "RedriveAllowPolicy"]  # noqa: RUF012  # moto adds lists to it
    redrive_allow_policy: str | None = None

    def _set_attributes(self, attributes: dict[str, Any], now: float | None = None) -> None:
        before = getattr(self, "policy", None)
        super()._set_attributes(attributes, now)
        self.policy = attributes.get("Policy", before) or None
        self.redrive_allow_policy = self.redrive_allow_policy or None
        if attributes.get("KmsMasterKeyId"):
            self.sqs_managed_sse_enabled = "false"


class SNSResponse(moto_topics.SNSResponse):  # type: ignore[misc]  # moto ships no types
    """The answer to one request."""

    def create_topic(self) -> ActionResult:  # noqa: D102
        answer = super().create_topic()
        arn = answer.result["TopicArn"]
        for name, value in (self._get_param("Attributes") or {}).items():
            self._said(arn).setdefault(name, value)
        return answer

    def set_topic_attributes(self) -> ActionResult:  # noqa: D102
        answer = super().set_topic_attributes()
        self._said(self._get_param("TopicArn"))[self._get_param("AttributeName")] = self._get_param("AttributeValue")
        return answer

    def get_topic_attributes(self) -> ActionResult:  # noqa: D102
        answer = super().get_topic_attributes()
        said = {name: value for name, value in self._said(self._get_param("TopicArn")).items() if value != ""}
        return ActionResult({"Attributes": {**answer.result["Attributes"], **said}})

    def _said(self, arn: str) -> dict[str, str]:
        said: dict[str, str] = self.backend.get_topic(arn).__dict__.setdefault("said", {})
        return said


def install(_: Timeline) -> None:
    """Put these in the place of moto's."""
    moto_sqs.Queue = Queue
    topic_urls.url_paths["{0}/$"] = SNSResponse.dispatch
