"""
What Crossplane 1.20 refuses when a CompositeResourceDefinition is written, in its words.

Crossplane 2 leaves that to rules in the CRD, which say more or less the same, and we follow it; an API server that is
too old to evaluate rules needs somebody else to say it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crosshead.base import goquotes, objects
from crosshead.base.values import Object
from crosshead.definitions import reading

_NO_WEBHOOK = 'webhook configuration is required when conversion strategy is "Webhook"'


def faults(xrd: Object, old: Object | None = None) -> Sequence[str]:
    """Return what is wrong with *xrd*, which takes the place of *old*: a path and a reason each."""
    changed = _changed(xrd, old) if old is not None else ()
    return [*changed, *_conversion(objects.spec(xrd).get("conversion") or {})]


def _conversion(conversion: Mapping[str, Any]) -> Iterator[str]:
    webhook = conversion.get("webhook") or {}
    if conversion.get("strategy") == "Webhook" and webhook.get("clientConfig") is None:
        yield f"spec.conversion.webhook: Required value: {_NO_WEBHOOK}"


def _changed(xrd: Object, old: Object) -> Iterator[str]:
    now, before = _lasting(xrd), _lasting(old)
    # Claims may begin and end to be offered; only other ones may not take their place.
    for path, value in now.items():
        if before.get(path, value) != value:
            yield f"{path}: Invalid value: {goquotes.quote(value)}: field is immutable"


def _lasting(xrd: Object) -> dict[str, str]:
    """Return what must stay as it is, by path."""
    named = {"spec.names": reading.names(xrd), "spec.claimNames": reading.claim_names(xrd)}
    fields = {
        f"{path}.{field}": str(names.get(field) or "")
        for path, names in named.items()
        if names is not None
        for field in ("plural", "kind")
    }
    return {"spec.group": reading.group(xrd), **fields}
