"""When a declared value and a found one mean the same although they are spelt differently. All in our form."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from math import ceil
from typing import Any, Final

from crosshead.base.values import Json

Parameters = Mapping[str, Json]

_ROOT: Final = re.compile(r"arn:aws[\w-]*:iam::(\d{12}):root")


def caseless(declared: Json, found: Json, _: Parameters) -> bool:
    """Whether the two differ in case only: AWS lower-cases identifiers, engines and windows."""
    return str(declared).lower() == str(found).lower()


def version(declared: Json, found: Json, _: Parameters) -> bool:
    """Whether *found* is *declared*, a release of it ("14" and "14.7"), or newer: AWS upgrades, nobody downgrades."""
    mine, theirs = _release(str(declared)), _release(str(found))
    return theirs[: len(mine)] == mine or (_numeric(mine) and _numeric(theirs) and mine < theirs)


def _release(text: str) -> list[Any]:
    # ElastiCache writes "6.x" for whatever release of 6.
    return [int(part) if part.isdigit() else part for part in text.split(".") if part != "x"]


def _numeric(release: list[Any]) -> bool:
    return all(isinstance(part, int) for part in release)


def key(declared: Json, found: Json, _: Parameters) -> bool:
    """Whether two names of a KMS key are of the same key: AWS answers with the ARN, whatever it was asked with."""
    mine, theirs = str(declared), str(found)
    # Which key an alias stands for, an answer with a key does not show.
    if theirs and _is_alias(mine) and not _is_alias(theirs):
        return True
    return mine.rpartition("/")[2] == theirs.rpartition("/")[2]


def _is_alias(text: str) -> bool:
    return ":alias/" in text or text.startswith("alias/")


def moment(declared: Json, found: Json, _: Parameters) -> bool:
    """Whether two texts name the same moment; a day is its midnight, and without a zone it is in UTC."""
    try:
        mine, theirs = (datetime.fromisoformat(str(text)) for text in (declared, found))
    except ValueError:
        return bool(declared == found)
    return _zoned(mine) == _zoned(theirs)


def _zoned(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def storage(declared: Json, found: Json, parameters: Parameters) -> bool:
    """Whether storage of *found* GiB is what was asked for, although AWS has grown it."""
    if parameters.get("maxAllocatedStorage") and found >= declared:
        return True
    # RDS rounds an increase of less than a tenth up to a tenth.
    return bool(declared <= found <= ceil(declared * 1.1))


def document(declared: Json, found: Json, _: Parameters) -> bool:
    """Whether two JSON documents say the same: order and the spelling of single values do not count."""
    try:
        return bool(_canonical(json.loads(declared)) == _canonical(json.loads(found)))
    except (TypeError, ValueError):
        return bool(declared == found)


def _canonical(value: Json) -> Json:
    if isinstance(value, dict):
        return {name: _canonical(item) for name, item in value.items()}
    if isinstance(value, list):
        items = sorted((_canonical(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True))
        return items[0] if len(items) == 1 else items
    return value


def policy(declared: Json, found: Json, _: Parameters) -> bool:
    """Whether two policies of IAM's grammar allow and deny the same, as far as AWS itself respells them."""
    try:
        return bool(_canonical(_spelled(json.loads(declared))) == _canonical(_spelled(json.loads(found))))
    except (TypeError, ValueError):
        return bool(declared == found)


def _spelled(value: Json, member: str = "") -> Json:
    """Return *value* as AWS keeps it: accounts as their ARN, everybody as one principal, flags as texts."""
    if member in {"Principal", "NotPrincipal"} and value == "*":
        return {"AWS": "*"}
    if isinstance(value, dict):
        return {name: _spelled(item, name) for name, item in value.items() if (name, item) != ("Sid", "")}
    if isinstance(value, list):
        return [_spelled(item, member) for item in value]
    if member == "AWS":
        return _ROOT.sub(r"\1", str(value))
    if member in {"Action", "NotAction"}:
        return str(value).lower()
    return str(value).lower() if isinstance(value, bool) else value
