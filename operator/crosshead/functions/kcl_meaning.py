"""What the objects that a KCL program makes say about the composite, its resources and the pipeline."""

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from crosshead.base import merging
from crosshead.base.merging import MergeOptions
from crosshead.base.values import Draft, Json, Object
from crosshead.compose.functions import replies
from crosshead.compose.protocol import (
    Condition,
    Ready,
    Request,
    Requirements,
    Resource,
    Response,
    Result,
    Selector,
    Severity,
    Status,
    Target,
    respond,
)
from crosshead.compose.shapes import OBJECT, TEXT, Shape, fields, items, values

NAME: Final = "krm.kcl.dev/composition-resource-name"
READY: Final = "krm.kcl.dev/ready"
META: Final = ("meta.krm.kcl.dev/v1alpha1", "krm.kcl.dev/v1alpha1")

_READY: Final = {"True": Ready.TRUE, "False": Ready.FALSE, "Unspecified": Ready.UNSPECIFIED}
_STATUS: Final = {"True": Status.TRUE, "False": Status.FALSE, "Unknown": Status.UNKNOWN}
_SEVERITY: Final = {"Normal": Severity.NORMAL, "Warning": Severity.WARNING}
_TARGET: Final = {"Composite": Target.COMPOSITE, "CompositeAndClaim": Target.COMPOSITE_AND_CLAIM}
_OVER: Final = MergeOptions(keep_map_values=False, append_slice=False)


# What a program may make anything of, and an author may write anything into.
SPEC: Final = fields(target=TEXT, params=OBJECT, resources=items(fields(name=TEXT, base=OBJECT)))
_ANY: Final = fields(apiVersion=TEXT, kind=TEXT, metadata=fields(name=TEXT, annotations=values(TEXT)))
_CONDITION: Final = fields(type=TEXT, status=TEXT, reason=TEXT, message=TEXT)
_SELECTOR: Final = fields(apiVersion=TEXT, kind=TEXT, matchName=TEXT, matchLabels=values(TEXT), namespace=TEXT)
_META_SHAPES: Final[Mapping[str, Shape]] = {
    "CompositeConnectionDetails": fields(data=values(TEXT)),
    "Conditions": fields(conditions=items(fields(target=TEXT, condition=_CONDITION))),
    "Context": fields(data=OBJECT),
    "Events": fields(events=items(fields(target=TEXT, event=fields(type=TEXT, reason=TEXT, message=TEXT)))),
    "ExtraResources": fields(requirements=values(_SELECTOR)),
}


class KclError(ValueError):
    """A program, or what it made, that cannot be taken: what is wrong with it, for its author."""


def check(value: Json, shape: Shape, what: str, path: str = "") -> None:
    """Raise `KclError` that begins with *what* unless *value*, at *path*, is of *shape*."""
    fault = next(iter(shape(value, path)), None)
    if fault is not None:
        raise KclError(f"{what}: {fault}")


def response(request: Request, spec: Object, documents: Sequence[Json]) -> Response:
    """Return the response to *request* that *documents* say, in the way of the target in *spec*."""
    take = _TARGETS.get(spec.get("target") or "Default")
    if take is None:
        raise KclError(f"invalid function input: spec.target: {spec['target']!r} is not one of {', '.join(_TARGETS)}")
    said = _Said(request, spec)
    for made in _objects(documents):
        check(made, _ANY, "failed to run kcl function: the program makes what cannot be taken")
        if made.get("apiVersion") in META:
            said.take_meta(made)
        else:
            take(said, made)
    return said.response()


def _objects(documents: Sequence[Json]) -> Iterator[Object]:
    """Yield the objects: those of the list `items` where there is one, else the documents, without what is empty."""
    for document in documents:
        listed = document.get("items") if isinstance(document, dict) and "kind" not in document else None
        for made in listed if isinstance(listed, list) else [document]:
            if made and not isinstance(made, dict):
                raise KclError(f"failed to run kcl function: the program makes {made!r} where an object must be")
            if made:
                yield made


@dataclass
class _Said:
    """What the objects have said so far."""

    request: Request
    spec: Object
    composite: Resource = field(init=False)
    resources: dict[str, Resource] = field(init=False)
    context: Draft = field(init=False)
    results: list[Result] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    required: dict[str, Selector] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.composite = self.request.desired.composite or Resource()
        self.resources = dict(self.request.desired.resources)
        self.context = dict(self.request.context or {})

    def response(self) -> Response:
        before = respond(self.request)
        desired = replace(before.desired, composite=self.composite, resources=self.resources)
        return replace(
            before,
            desired=desired,
            results=tuple(self.results),
            conditions=tuple(self.conditions),
            context=self.context or before.context,
            requirements=Requirements(self.required, self.required) if self.required else None,
        )

    def take_any(self, made: Object) -> None:
        seen = replies.composite(self.request)
        is_composite = (made.get("apiVersion"), made.get("kind")) == (seen.get("apiVersion"), seen.get("kind"))
        if is_composite and NAME not in _annotations(made):
            self.take_composite(made)
        else:
            self.take_resource(made)

    def take_composite(self, made: Object) -> None:
        resource, ready = _stripped(made)
        merged = merging.merge(self.composite.resource, resource, _OVER)
        self.composite = replace(self.composite, resource=merged, ready=ready)

    def take_resource(self, made: Object) -> None:
        resource, ready = _stripped(made)
        self.resources[_name(made)] = Resource(resource, ready=ready)

    def patch_desired(self, made: Object) -> None:
        name = _name(made)
        if name not in self.resources:
            raise KclError(f"cannot patch desired resource {name!r}: there is none of that name")
        self._patch(name, self.resources[name], made)

    def patch_given(self, made: Object) -> None:
        name = _name(made)
        given = {str(each.get("name")): each.get("base") or {} for each in self.spec.get("resources") or ()}
        if name not in given:
            raise KclError(f"cannot patch resource {name!r}: spec.resources has none of that name")
        self._patch(name, Resource(given[name]), made)

    def _patch(self, name: str, old: Resource, made: Object) -> None:
        resource, ready = _stripped(made)
        merged = merging.merge(old.resource, resource, _OVER)
        self.resources[name] = replace(old, resource=merged, ready=old.ready if ready is Ready.UNSPECIFIED else ready)

    def take_meta(self, made: Object) -> None:
        kinds: Mapping[str, Callable[[Object], None]] = {
            "CompositeConnectionDetails": self._take_details,
            "Conditions": self._take_conditions,
            "Context": self._take_context,
            "Events": self._take_events,
            "ExtraResources": self._take_requirements,
        }
        take = kinds.get(str(made.get("kind")))
        if take is None:
            raise KclError(
                f"invalid kind {made.get('kind')!r} for {made['apiVersion']}: must be one of {', '.join(kinds)}"
            )
        check(made, _META_SHAPES[str(made["kind"])], str(made["kind"]))
        take(made)

    def _take_details(self, made: Object) -> None:
        try:
            told = {key: base64.b64decode(value, validate=True) for key, value in (made.get("data") or {}).items()}
        except (binascii.Error, TypeError, ValueError) as error:
            raise KclError("CompositeConnectionDetails: data must hold base64") from error
        self.composite = replace(self.composite, connection_details={**self.composite.connection_details, **told})

    def _take_context(self, made: Object) -> None:
        merged: Draft = merging.merge(self.context, made.get("data") or {}, _OVER)
        self.context = merged

    def _take_conditions(self, made: Object) -> None:
        for each in made.get("conditions") or ():
            told = each.get("condition") or {}
            status = _STATUS.get(str(told.get("status")), Status.UNKNOWN)
            texts = (str(told.get("type", "")), status, str(told.get("reason", "")), told.get("message"))
            self.conditions.append(Condition(*texts, target=_target(each)))

    def _take_events(self, made: Object) -> None:
        for each in made.get("events") or ():
            told = each.get("event") or {}
            severity = _SEVERITY.get(str(told.get("type")), Severity.NORMAL)
            self.results.append(Result(severity, str(told.get("message", "")), told.get("reason"), _target(each)))

    def _take_requirements(self, made: Object) -> None:
        for key, selector in (made.get("requirements") or {}).items():
            told = selector or {}
            labels = None if told.get("matchName") else told.get("matchLabels") or {}
            self.required[key] = Selector(
                str(told.get("apiVersion", "")),
                str(told.get("kind", "")),
                match_name=told.get("matchName"),
                match_labels=labels,
                namespace=told.get("namespace"),
            )


_TARGETS: Final[Mapping[str, Callable[[_Said, Object], None]]] = {
    "Default": _Said.take_any,
    "Composite": _Said.take_composite,
    "XR": _Said.take_composite,
    "Resources": _Said.take_resource,
    "PatchDesired": _Said.patch_desired,
    "PatchResources": _Said.patch_given,
}


def _target(told: Object) -> Target:
    return _TARGET.get(str(told.get("target")), Target.COMPOSITE)


def _annotations(made: Object) -> Object:
    return (made.get("metadata") or {}).get("annotations") or {}


def _name(made: Object) -> str:
    name = _annotations(made).get(NAME) or (made.get("metadata") or {}).get("name")
    if not name:
        raise KclError(f"{made.get('kind')!r} needs the annotation {NAME}, or a name")
    return str(name)


def _stripped(made: Object) -> tuple[Object, Ready]:
    """Return *made* without the annotations that are for us, and what they say of its readiness."""
    annotations = dict(_annotations(made))
    told = annotations.pop(READY, "Unspecified")
    annotations.pop(NAME, None)
    if told not in _READY:
        raise KclError(f"invalid {READY} annotation value {told!r}: must be True, False, or Unspecified")
    if annotations.keys() == _annotations(made).keys():
        return made, _READY[told]
    metadata = {key: value for key, value in made["metadata"].items() if key != "annotations"}
    return {**made, "metadata": {**metadata, **({"annotations": annotations} if annotations else {})}}, _READY[told]
