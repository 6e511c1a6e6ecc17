"""
The two tongues that Patch & Transform is spoken in.

They differ in corners only; a corner asks the dialect, and nothing else does. (Functions see every number as a double,
but that happens before a value gets here.)
"""

from enum import Enum, auto


class Dialect(Enum):
    """Whose behaviour to reproduce."""

    # Resources mode of Crossplane 1.20, the last to have it.
    NATIVE = auto()
    # function-patch-and-transform.
    FUNCTION = auto()
