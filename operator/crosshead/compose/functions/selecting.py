"""What function-environment-configs and -extra-resources have in common: selecting objects by labels, sorting."""

from collections.abc import Mapping, Sequence
from typing import Final

from crosshead.base import fieldpaths, goquotes, gotypes
from crosshead.base.fieldpaths import FieldPathError, NotFoundError
from crosshead.base.values import Json, Object
from crosshead.compose.functions import inputs
from crosshead.compose.functions.inputs import Shape
from crosshead.compose.protocol import Resource

_ZEROS: Final[Mapping[str, Json]] = {"float64": 0.0, "string": ""}


class SelectingError(ValueError):
    """Objects that cannot be selected or sorted as wanted."""


def source_of(prefix: str, **more: Shape) -> Shape:
    """Return the shape of one place where objects come from; *prefix* is how the function names such types."""
    matcher = inputs.struct(
        f"v1beta1.{prefix}SourceSelectorLabelMatcher",
        type=inputs.TEXT,
        key=inputs.TEXT,
        valueFromFieldPath=inputs.TEXT,
        fromFieldPathPolicy=inputs.TEXT,
        value=inputs.TEXT,
    )
    selector = inputs.struct(
        f"v1beta1.{prefix}SourceSelector",
        mode=inputs.TEXT,
        maxMatch=inputs.COUNT,
        minMatch=inputs.COUNT,
        sortByFieldPath=inputs.TEXT,
        matchLabels=inputs.items(matcher),
    )
    ref = inputs.struct(f"v1beta1.{prefix}SourceReference", name=inputs.TEXT)
    return inputs.struct(f"v1beta1.{prefix}Source", type=inputs.TEXT, ref=ref, selector=selector, **more)


POLICY: Final = inputs.struct("v1beta1.Policy", resolution=inputs.TEXT)


def is_optional(spec: Object) -> bool:
    """Whether a reference of the input's *spec* may lead nowhere."""
    return (spec.get("policy") or {}).get("resolution") == "Optional"


def kind(source: Object) -> str:
    """Return the type of *source*: Reference, when it says nothing, Selector, or what nobody knows."""
    return source.get("type") or "Reference"


def reference(source: Object) -> str:
    """Return the name that *source* refers to."""
    if source.get("ref") is None:
        raise SelectingError("ref cannot be nil for type 'Reference'")
    return source["ref"].get("name") or ""


def labels(source: Object, composite: Object) -> dict[str, str]:
    """Return the labels that *source* selects by; one whose value is optional and missing is left out."""
    wanted: dict[str, str] = {}
    for matcher in selector(source).get("matchLabels") or ():
        value = _label(matcher or {}, composite)
        if value is not None:
            wanted[(matcher or {}).get("key") or ""] = value
    return wanted


def selector(source: Object) -> Object:
    """Return how *source* selects."""
    if source.get("selector") is None:
        raise SelectingError("selector cannot be nil for type 'Selector'")
    told: Object = source["selector"]
    return told


def _label(matcher: Object, composite: Object) -> str | None:
    match matcher.get("type") or "FromCompositeFieldPath":
        case "Value":
            return str(_told(matcher, "value", "Value", "Value"))
        case "FromCompositeFieldPath":
            path = _told(matcher, "valueFromFieldPath", "ValueFromFieldPath", "FromCompositeFieldPath")
            return _from_composite(path, composite, is_optional=matcher.get("fromFieldPathPolicy") == "Optional")
        case _:
            return None


def _told(matcher: Object, field: str, name: str, type: str) -> str:
    if matcher.get(field) is None:
        raise SelectingError(f"{name} cannot be nil for type '{type}'")
    return str(matcher[field])


def _from_composite(path: str, composite: Object, *, is_optional: bool) -> str | None:
    try:
        return str(fieldpaths.get_as(composite, path, "string"))
    except FieldPathError as error:
        if is_optional:  # not only when it is missing: whatever is wrong is forgiven, as upstream
            return None
        raise SelectingError(f"cannot get value from field path {goquotes.quote(path)}: {error}") from error


def sort(found: Sequence[Resource], source: Object) -> list[Resource]:
    """Return *found*, sorted and cut as *source* says. A missing value counts as the zero of the others' type."""
    chosen = selector(source)
    path = chosen.get("sortByFieldPath") or "metadata.name"
    values = [_value(one.resource, path) for one in found]
    ordered = _sorted(found, values, _common_type(values))
    return ordered if chosen.get("maxMatch") is None else ordered[: int(chosen["maxMatch"])]


def _value(obj: Object, path: str) -> Json:
    try:
        value = fieldpaths.get(obj, path)
    except NotFoundError:
        return None
    except FieldPathError as error:
        raise SelectingError(str(error)) from error
    # A function is told doubles only.
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _common_type(values: Sequence[Json]) -> str:
    types = [gotypes.name(value) for value in values if value is not None]
    for other in types:
        if other != types[0]:
            raise SelectingError(
                f"cannot sort values of different types {goquotes.quote(types[0])} and {goquotes.quote(other)}"
            )
    return types[0] if types else ""


def _sorted(found: Sequence[Resource], values: Sequence[Json], type: str) -> list[Resource]:
    if type and type not in _ZEROS and len(found) > 1:
        raise SelectingError(f"unsupported type {goquotes.quote(type)} for sorting")
    if type not in _ZEROS:
        return list(found)
    keys = [_ZEROS[type] if value is None else value for value in values]
    order = sorted(range(len(found)), key=keys.__getitem__)
    return [found[index] for index in order]
