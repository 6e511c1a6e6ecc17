"""
Which types transforms take and make, before there is a value.

Types are those that `convert` knows (`int64`, `float64`, …), empty where nobody can tell. The words of the errors are
those of Crossplane 1.20.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

from crosshead.compose import conversions, transform_faults
from crosshead.compose.conversions import ConversionError
from crosshead.compose.dialects import Dialect
from crosshead.compose.faults import Fault, invalid

Raw: TypeAlias = Mapping[str, Any]

_OF_JSON: Final = {
    "string": "string",
    "boolean": "bool",
    "integer": "int64",
    "number": "float64",
    "object": "object",
    "array": "array",
}
_TO_JSON: Final = {go: json for json, go in _OF_JSON.items()} | {"int": "integer"}
_NUMBERS: Final = frozenset({"int", "int64", "float64"})
# What takes any value, of the conversions of texts.
_OF_ANYTHING: Final = frozenset({"ToJson", "ToAdler32", "ToSha1", "ToSha256", "ToSha512"})


class TypesFaultError(ValueError):
    """A transform that cannot take what comes to it. *fault* is seen from the patch."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def after(transforms: Sequence[Raw], json_type: str) -> str:
    """Return the JSON type that *transforms* make of *json_type*."""
    here = _OF_JSON.get(json_type, "")
    for index, transform in enumerate(transforms):
        if all(transform_faults.find(transform, dialect) for dialect in Dialect):
            return ""  # it will fail for a reason of its own
        complaint = _complaint(transform, here) if here else ""
        if complaint:
            raise TypesFaultError(invalid(f"transforms[{index}]", str(transform["type"]), complaint))
        here = _made(transform, here)
    return _TO_JSON.get(here, "")


def fits(json_type: str, place: str) -> bool:
    """Whether a value of *json_type* can be at a *place* of that type: an integer is a number, too."""
    return not json_type or not place or json_type == place or (json_type, place) == ("integer", "number")


def _made(transform: Raw, before: str) -> str:
    match transform["type"]:
        case "string":
            return "string"
        case "convert":
            return str(transform["convert"]["toType"])
        case "math":
            # Crossplane 1.20 expects float64 of all of them, and refuses whole numbers for whole numbers.
            return before
        case _:
            return ""


def _complaint(transform: Raw, source: str) -> str:
    kind = transform["type"]
    match kind:
        case "string":
            return _of_string(transform["string"], source)
        case "convert":
            return _of_convert(transform["convert"], source)
        case "math" if source not in _NUMBERS:
            return f"math transform can only be used with numeric types, got {source}"
        case "map" if source != "string":
            return f"map transform can only be used with string types, got {source}"
        case "match" if source != "string":
            return f"match transform can only be used with string input types, got {source}"
        case _:
            return ""


def _of_string(config: Raw, source: str) -> str:
    kind = config.get("type") or "Format"
    if kind == "Join" and source != "array":
        return f"string transform join type can only be used with arrays as input, got {source}"
    takes_anything = kind in {"Format", "Join"} or (kind == "Convert" and config["convert"] in _OF_ANYTHING)
    if takes_anything or source == "string":
        return ""
    return f"string transform can only be used with string input types, got {source}"


def _of_convert(config: Raw, source: str) -> str:
    try:
        conversions.find(source, config["toType"], config.get("format") or "none")
    except ConversionError as error:
        return str(error)
    return ""
