"""Transforms as a Composition writes them down. What they do is the composition engine's business."""

from typing import Literal

from pydantic import Field

from crosshead.api.model import ApiModel, FreeJson, FreeMap, Int64


class MathTransform(ApiModel):
    """Calculate with a number."""

    type: Literal["Multiply", "ClampMin", "ClampMax"] = "Multiply"
    """What to calculate."""
    multiply: Int64 | None = None
    """The factor."""
    clamp_min: Int64 | None = None
    """The least that may result."""
    clamp_max: Int64 | None = None
    """The most that may result."""


class MatchPattern(ApiModel):
    """A pattern, and what results when it matches."""

    type: Literal["literal", "regexp"] = Field("literal", json_schema_extra={"default": "literal"})
    """How the pattern matches: as written, or as a regular expression."""
    literal: str | None = None
    """The text that the input must equal."""
    regexp: str | None = None
    """The regular expression that the input must match."""
    result: FreeJson
    """The value that results."""


class MatchTransform(ApiModel):
    """Swap a string for the value of the first pattern that matches."""

    patterns: tuple[MatchPattern, ...] = ()
    """The patterns, tried in order."""
    fallback_value: FreeJson = None
    """What results when no pattern matches."""
    fallback_to: Literal["Value", "Input"] = "Value"
    """Whether fallbackValue or the input itself results when no pattern matches."""


class RegexpExtract(ApiModel):
    """Take what a regular expression finds."""

    match: str
    """The regular expression, in RE2's syntax."""
    group: int | None = None
    """The group to take; 0, the default, is the whole match."""


class Join(ApiModel):
    """Put a list of values together."""

    separator: str
    """What stands between two values."""


class StringTransform(ApiModel):
    """Make a string of a value."""

    type: Literal["Format", "Convert", "TrimPrefix", "TrimSuffix", "Regexp", "Join"] = "Format"
    """How the string is made."""
    fmt: str | None = None
    """The format, as Go's fmt understands it."""
    convert: (
        Literal["ToUpper", "ToLower", "ToBase64", "FromBase64", "ToJson", "ToSha1", "ToSha256", "ToSha512", "ToAdler32"]
        | None
    ) = None
    """The conversion."""
    trim: str | None = None
    """The prefix or suffix to take away."""
    regexp: RegexpExtract | None = None
    """What to take out of the string."""
    join: Join | None = None
    """How to join the values of a list."""


class ConvertTransform(ApiModel):
    """Turn a value into one of another type."""

    to_type: Literal["string", "int", "int64", "bool", "float64", "object", "array"]
    """The type that results."""
    format: Literal["none", "quantity", "json"] | None = None
    """How the input is to be read; none is the default."""


class Transform(ApiModel):
    """One step on the way from the value read to the value written."""

    type: Literal["map", "match", "math", "string", "convert"]
    """Which of the steps this is."""
    math: MathTransform | None = None
    """How to calculate with the value."""
    map: FreeMap | None = None
    """Which value stands for which string."""
    match: MatchTransform | None = None
    """Which value stands for strings of which pattern."""
    string: StringTransform | None = None
    """How to make a string of the value."""
    convert: ConvertTransform | None = None
    """Which type to turn the value into."""
