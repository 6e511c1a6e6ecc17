"""
The two forms of a block that may occur only once.

It is a list of one in `v1beta1`, the object itself in later versions and in the namespaced family. Everything inside
this room speaks of lists; what others see is turned at the edge, here.
"""

from collections.abc import Mapping
from enum import Enum

from crosshead.aws.shapes import Block, Shape
from crosshead.base.values import Draft, Json, Object

Shapes = Mapping[str, Shape]


class Form(Enum):
    """How blocks are written of which there is one."""

    LISTS = "lists of one"
    OBJECTS = "objects"

    def embeds(self, block: Block) -> bool:
        """Whether *block* is written as the object itself."""
        return self is Form.OBJECTS and block.is_lone


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
