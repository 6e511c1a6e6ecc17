"""
From a pipeline's outcome to the resources that should exist, and to what they mean for the composite.

As Crossplane ≥ 2.0: resources that exist keep their names, others get the same name each time; of the composite a
function decides the status only; what is not said to be ready is not.
"""

from collections.abc import Mapping
from typing import Any, Final

from crosshead.base import names, naming, objects
from crosshead.base.conditions import Condition
from crosshead.base.encoding import normalized
from crosshead.base.values import Draft, Object, SecretValue
from crosshead.compose import metadata, protocol
from crosshead.compose.metadata import MetadataError
from crosshead.compose.pipelines import Outcome
from crosshead.compose.protocol import Ready, Status, Target
from crosshead.compose.rendering import Conclusion, Desired, Rendered

# Conditions of the system: functions may not set them; that they try is ignored silently, as upstream.
SYSTEM_CONDITIONS: Final = frozenset({names.READY, names.SYNCED, "Healthy", "UpToDate", "Responsive"})
_STATUSES: Final = {Status.TRUE: "True", Status.FALSE: "False"}


def rendered(outcome: Outcome, composite: Object, observed: Mapping[str, Object]) -> Rendered:
    """
    Return what should exist, sorted by name in the composition.

    *observed* are the composed resources that exist by name. A resource that cannot exist is told with its error.
    """
    desired = sorted(outcome.desired.resources.items())
    return Rendered(tuple(_desired(name, one.resource, composite, observed.get(name)) for name, one in desired))


def _desired(name: str, wanted: Object, composite: Object, observed: Object | None) -> Desired:
    draft: Draft = normalized(wanted)
    try:
        complete(draft, name, composite, observed)
        metadata.give_name(draft, composite, name)
    except MetadataError as error:
        return Desired(name, error=str(error))
    fault = naming.name_fault(objects.name(draft), objects.kind_of(draft))
    if fault:
        text = (
            f'cannot apply composed resource "{name}" because it has an invalid name "{objects.name(draft)}": {fault}'
        )
        return Desired(name, error=text)
    return Desired(name, draft)


def complete(draft: Draft, name: str, composite: Object, observed: Object | None) -> None:
    """Give *draft*, the resource *name* of *composite*, its metadata; raises `MetadataError`."""
    for key in ("apiVersion", "kind"):
        if not isinstance(draft.get(key), str) or not draft[key]:
            raise MetadataError(f"{key}: Required value: a composed resource needs one")
    if not isinstance(draft.setdefault("metadata", {}), dict):
        raise MetadataError("metadata: not an object")
    if observed is not None:
        _keep_identity(draft["metadata"], objects.metadata(observed))
    metadata.complete(draft, composite, name)


def _keep_identity(draft: Draft, observed: Mapping[str, Any]) -> None:
    for key in ("name", "namespace", "generateName"):
        draft.pop(key, None)
        if observed.get(key):
            draft[key] = observed[key]


def conclusion(outcome: Outcome, composite: Object) -> Conclusion:
    """Return what *outcome* means for *composite*: its status, its readiness, its connection details."""
    desired = outcome.desired.composite or protocol.Resource()
    status = normalized(objects.status(desired.resource))
    status.pop("conditions", None)
    details = {key: SecretValue(value) for key, value in desired.connection_details.items()}
    return Conclusion(
        composite={**composite, "status": status},
        written={"status": status},
        ready={name: one.ready is Ready.TRUE for name, one in sorted(outcome.desired.resources.items())},
        connection=details,
    )


def conditions(outcome: Outcome) -> tuple[Condition, ...]:
    """Return the conditions that the functions want on the composite; of one type the last counts."""
    wanted = {c.type: c for c in outcome.conditions if c.type not in SYSTEM_CONDITIONS}
    return tuple(
        Condition(c.type, _STATUSES.get(c.status, "Unknown"), c.reason, c.message or "") for c in wanted.values()
    )


def claim_condition_types(outcome: Outcome) -> tuple[str, ...]:
    """Return the types of those conditions that the claim is to show, too."""
    both = [c.type for c in outcome.conditions if c.target is Target.COMPOSITE_AND_CLAIM]
    return tuple(sorted(set(both) - SYSTEM_CONDITIONS))
