"""
Fill in what the CRD of Composition fills in, for compositions that did not pass through an API server.

Only defaults that the engine would not assume by itself: the types of string transforms and match patterns, and what
a MatchCondition check asks for.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from crosshead.base.names import READY

Raw: TypeAlias = Mapping[str, Any]


def with_defaults(spec: Raw) -> Raw:
    """Return *spec*, the spec of a composition in the right shape, with the defaults filled in."""
    return _with(spec, patchSets=_each(_patches), resources=_each(_resource))


def _with(raw: Raw, **changes: Callable[[Any], Any]) -> Raw:
    """Return *raw* with those of its fields that are there changed."""
    return {**raw, **{name: change(raw[name]) for name, change in changes.items() if raw.get(name) is not None}}


def _each(change: Callable[[Raw], Raw]) -> Callable[[list[Raw]], list[Raw]]:
    return lambda items: [change(item) for item in items]


def _resource(raw: Raw) -> Raw:
    return _with(_patches(raw), readinessChecks=_each(_check))


def _patches(raw: Raw) -> Raw:
    return _with(raw, patches=_each(_patch))


def _patch(raw: Raw) -> Raw:
    return _with(raw, transforms=_each(_transform))


def _transform(raw: Raw) -> Raw:
    return _with(raw, string=lambda string: {"type": "Format", **string}, match=_match)


def _match(raw: Raw) -> Raw:
    return _with(raw, patterns=_each(lambda pattern: {"type": "literal", **pattern}))


def _check(raw: Raw) -> Raw:
    return _with(raw, matchCondition=lambda condition: {"type": READY, "status": "True", **condition})
