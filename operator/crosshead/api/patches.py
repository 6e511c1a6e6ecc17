"""Patches as a Composition writes them down. What they do is the composition engine's business."""

from typing import Literal

from pydantic import Field

from crosshead.api.model import ApiModel
from crosshead.api.transforms import Transform


class MergeOptions(ApiModel):
    """How a value is put where there is one already."""

    keep_map_values: bool | None = None
    """Whether values that exist in both stay as they are."""
    append_slice: bool | None = None
    """Whether lists are appended to instead of replaced."""


class PatchPolicy(ApiModel):
    """What happens in the cases that are not the usual one."""

    from_field_path: Literal["Optional", "Required"] | None = None
    """Whether a source that does not exist leaves the patch out (the default) or is an error."""
    merge_options: MergeOptions | None = None
    """How the value is merged with the one that is there; it replaces it by default."""


class CombineVariable(ApiModel):
    """One of the values to combine."""

    from_field_path: str
    """The path of the value."""


class StringCombine(ApiModel):
    """Combine values to a string."""

    fmt: str
    """The format, as Go's fmt understands it."""


class Combine(ApiModel):
    """Several values that become one."""

    variables: tuple[CombineVariable, ...] = Field(min_length=1)
    """The values to combine."""
    strategy: Literal["string"]
    """How they are combined."""
    string: StringCombine | None = None
    """How they are combined to a string."""


class Patch(ApiModel):
    """A value that travels between a composite and one of the resources it is composed of."""

    type: Literal[
        "FromCompositeFieldPath",
        "PatchSet",
        "ToCompositeFieldPath",
        "CombineFromComposite",
        "CombineToComposite",
    ] = "FromCompositeFieldPath"
    """From where to where the value travels."""
    from_field_path: str | None = None
    """The path of the value."""
    combine: Combine | None = None
    """The values to combine, for the types that combine."""
    to_field_path: str | None = None
    """The path that the value is written to; fromFieldPath by default."""
    patch_set_name: str | None = None
    """The set of patches that this one stands for, for the type PatchSet."""
    transforms: tuple[Transform, ...] = ()
    """What is done to the value on its way, in order."""
    policy: PatchPolicy | None = None
    """What happens in the cases that are not the usual one."""


class PatchSet(ApiModel):
    """Patches that several resources share."""

    name: str
    """The name by which patches of type PatchSet refer to the set."""
    patches: tuple[Patch, ...]
    """The patches, none of them of type PatchSet."""
