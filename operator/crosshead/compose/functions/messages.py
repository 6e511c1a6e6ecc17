"""
Messages with the named groups of a regular expression in them.

They are Go templates. Nearly all of them are text and fields (`{{ .Code }}`), and those are rendered here; whoever runs
the function hands it a `Renderer` for the rest, and for what is wrong with a template: the words are Go's.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

Groups: TypeAlias = Mapping[str, str]
# Makes a message of a template and the groups; raises `MessageError`.
Renderer: TypeAlias = Callable[[str, Groups], str]

# Of three braces Go takes the first two for the opening, and refuses what follows.
_FIELD: Final = re.compile(r"(?<!\{)\{\{[ \t]*\.([A-Za-z_][A-Za-z0-9_]*)[ \t]*\}\}")


class MessageError(ValueError):
    """A template that cannot be parsed or executed."""


def refuse(template: str, groups: Groups) -> str:
    """Render nothing: the renderer of those who have none."""
    del template, groups
    raise MessageError("cannot execute template: only text and fields can be rendered here")


def render(template: str, groups: Groups, beyond: Renderer = refuse) -> str:
    """Return *template* with the values of *groups* in it; *beyond* renders what is more than text and fields."""
    if "{{" in _FIELD.sub("", template):
        return beyond(template, groups)
    return _FIELD.sub(lambda field: groups.get(field[1], "<no value>"), template)
