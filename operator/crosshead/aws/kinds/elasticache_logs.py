"""
Where caches deliver their logs. AWS names a destination by its type, in a structure of structures.

https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_LogDeliveryConfigurationRequest.html
"""

from typing import Final

from crosshead.aws.descriptor import Field
from crosshead.aws.shapes import Block, Member, encode
from crosshead.base.values import Json, Object

_LOGS: Final = Block(
    (
        Member("destination", "Destination"),
        Member("destinationType", "DestinationType"),
        Member("logFormat", "LogFormat"),
        Member("logType", "LogType"),
    )
)
_DETAILS: Final = {
    "cloudwatch-logs": ("CloudWatchLogsDetails", "LogGroup"),
    "kinesis-firehose": ("KinesisFirehoseDetails", "DeliveryStream"),
}
_DELIVERIES: Final = """
LogDeliveryConfigurations[?Status != 'disabling'].{
  Destination: DestinationDetails.CloudWatchLogsDetails.LogGroup
    || DestinationDetails.KinesisFirehoseDetails.DeliveryStream,
  DestinationType: DestinationType, LogFormat: LogFormat, LogType: LogType
}
"""


def _delivered(encoded: Json) -> Json:
    return [_delivery(log) for log in encoded]


def _delivery(log: Object) -> Object:
    where, what = _DETAILS.get(log.get("DestinationType", ""), _DETAILS["cloudwatch-logs"])
    rest = {name: part for name, part in log.items() if name != "Destination"}
    return {**rest, "DestinationDetails": {where: {what: log.get("Destination")}}}


def _redelivered(declared: Json, found: Json) -> Json:
    """A kind of log that is left out goes on being delivered: it must be switched off."""
    kept = {log.get("logType") for log in declared}
    dropped = [{"LogType": log["logType"], "Enabled": False} for log in found if log.get("logType") not in kept]
    return {"LogDeliveryConfigurations": [*_delivered(encode(_LOGS, declared)), *dropped]}


DELIVERIES: Final = Field(
    name="logDeliveryConfiguration",
    shape=_LOGS,
    create="LogDeliveryConfigurations",
    modify="LogDeliveryConfigurations",
    read=_DELIVERIES,
    late=False,
    wrap=_delivered,
    change=_redelivered,
)
