"""
The two forms of a block that may occur only once.

It is a list of one in `v1beta1`, the object itself in later versions and in the namespaced family. Everything inside
this room speaks of lists; what others see is turned at the edge, here.
"""

import re
from collections.abc import Mapping
from enum import Enum
from typing import Final

from crosshead.aws.shapes import Block, Shape
from crosshead.base.values import Draft, Json, Object

Shapes = Mapping[str, Shape]

# One step of a path: a name, and which item of it.
_STEP: Final = re.compile(r"(?P<name>[^.\[]+)(?P<item>\[[^]]*])?")


class Form(Enum):
    """How blocks are written of which there is one."""

    LISTS = "lists of one"
    OBJECTS = "objects"

    def embeds(self, block: Block) -> bool:
        """Whether *block* is written as the object itself."""
        return block.nested or (self is Form.OBJECTS and block.is_lone)


def written(shapes: Shapes, values: Object, form: Form) -> Draft:
    """Return *values*, parameters by name in either form, in *form*. What *shapes* do not know stays as it is."""
    return {name: _written(shapes.get(name), value, form) for name, value in values.items()}


def _written(shape: Shape | None, value: Json, form: Form) -> Json:
    if not isinstance(shape, Block) or value is None:
        return value
    members = {member.name: member.shape for member in shape.members}
    given = value if isinstance(value, list | tuple) else [value]
    items = [written(members, item, form) if isinstance(item, Mapping) else item for item in given]
    if not form.embeds(shape):
        return items
    return items[0] if items else None


def path(shapes: Shapes, of_lists: str, form: Form) -> str:
    """Return where, in *form*, that stands which stands at the path *of_lists* where there are lists only."""
    steps: list[str] = []
    for step in of_lists.split("."):
        found = _STEP.fullmatch(step)
        name = found["name"] if found else step
        shape = shapes.get(name)
        is_embedded = isinstance(shape, Block) and form.embeds(shape)
        steps.append(name if is_embedded else step)
        shapes = {member.name: member.shape for member in shape.members} if isinstance(shape, Block) else {}
    return ".".join(steps)
