"""Drift in words: field, declared, found."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from crosshead.base.values import Json, Object
from crosshead.managed.external import Drift

_LONGEST_VALUE: Final = 100
_MOST: Final = 3


def changes(drift: Sequence[Drift]) -> str:
    """Return what correcting *drift* changes."""
    return _listed([f"{_path(d)} from {_text(d.found)} to {_text(d.declared)}" for d in drift])


def differences(drift: Sequence[Drift]) -> str:
    """Return what *drift* is, when nobody corrects it."""
    return _listed([f"{_path(d)} is {_text(d.found)}, declared is {_text(d.declared)}" for d in drift])


def of_user(drift: Sequence[Drift], parameters: Object) -> Iterator[Drift]:
    """
    Yield the *drift* of what the user has declared in *parameters* (`forProvider`).

    We declare more than that: the tags that say whose a resource is. What is only looked at need not have them.
    """
    for one in drift:
        given = parameters.get(one.field) or {}
        if not (isinstance(one.declared, Mapping) and isinstance(one.found, Mapping) and isinstance(given, Mapping)):
            yield one
            continue
        added = set(one.declared) - set(given)
        if not added:
            yield one
            continue
        found = {key: one.found.get(key) for key in given}
        if found != given:
            yield replace(one, declared=given, found=found)


def _path(drift: Drift) -> str:
    return f"spec.forProvider.{drift.field}"


def _listed(told: Sequence[str]) -> str:
    more = f" and {len(told) - _MOST} more" if len(told) > _MOST else ""
    return ", ".join(told[:_MOST]) + more


def _text(value: Json) -> str:
    text = json.dumps(value, sort_keys=True, default=str, ensure_ascii=False)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"
