"""When a declared value and a found one mean the same although they are spelt differently. All in our form."""

import json
from collections.abc import Mapping
from math import ceil
from typing import Any

from crosshead.base.values import Json

Parameters = Mapping[str, Json]


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
    if ":alias/" in mine or mine.startswith("alias/"):
        return True  # which key an alias stands for, the answer does not show
    return mine.rpartition("/")[2] == theirs.rpartition("/")[2]


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
