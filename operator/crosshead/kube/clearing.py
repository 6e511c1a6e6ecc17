"""
Fields that an apply takes away, and that an API server before 1.21 turns into null instead.

Whoever applies an object without a field that held nothing but what was theirs wants it gone. Where the field is an
object or a list, such a server makes it null, and then finds that its own schema allows no null there
(kubernetes#103011). So it is taken away by a merge patch first, as the server itself should have done.
"""

import re
from typing import Final

from crosshead.base import objects
from crosshead.base.errors import InvalidObjectError
from crosshead.base.values import Draft, Object

_FAULT: Final = re.compile(r'(\S+) in body must be of type (?:object|array): "null"')
_ANY_FAULT: Final = re.compile(r"Invalid value|Required value|Unsupported value|Forbidden|Too long|Duplicate value")


def patch(error: InvalidObjectError, obj: Object) -> Draft | None:
    """Return the merge patch that clears the way for the apply of *obj*; None when *error* is about anything else."""
    paths = sorted(set(_FAULT.findall(error.message)))
    # An index of a list cannot be patched by itself.
    if not paths or any("[" in path for path in paths) or len(_ANY_FAULT.findall(error.message)) > len(paths):
        return None
    changes: Draft = {"metadata": {"uid": objects.uid(obj)}} if objects.uid(obj) else {}
    for path in paths:
        *above, last = path.split(".")
        spot = changes
        for name in above:
            spot = spot.setdefault(name, {})
        spot[last] = None
    return changes
