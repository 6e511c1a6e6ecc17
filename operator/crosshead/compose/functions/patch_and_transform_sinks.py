"""
What patches of function-patch-and-transform write to, with the numbers as the function has them.

An object of a request has doubles only. The first patch that writes to it sends the whole object through JSON, and from
then on its numbers are integers where they can be; merging and formatting tell the two apart.
"""

from collections.abc import Sequence

from crosshead.base import encoding, fieldpaths, gojson
from crosshead.base.values import Draft, Json, Object
from crosshead.compose import numbers, patches
from crosshead.compose.patches import FieldPatch, Patch, PatchError, Path, Source


class Sink:
    """An object that patches write to, and may read from."""

    def __init__(self, draft: Draft, *, has_doubles: bool = False) -> None:
        self._draft = draft
        self._has_doubles = has_doubles

    @classmethod
    def of_request(cls, obj: Object) -> "Sink":
        """Return a sink that begins as *obj*, part of a request; *obj* itself stays as it is."""
        return cls(numbers.doubled(obj), has_doubles=True)

    def apply(self, patch: Patch, source: Source) -> None:
        """
        Apply *patch* from *source*.

        Raises `FieldPathError`, `TransformError` or `PatchError`; after that the object is good for nothing.
        """
        patches.apply(patch, source, self._draft)
        fault = kind_fault(self._draft)
        if fault:
            is_wide = isinstance(patch, FieldPatch) and patch.is_wide
            raise PatchError(fault if is_wide else f"cannot patch to object: {fault}")
        self._settle()

    def _settle(self) -> None:
        if self._has_doubles:
            self._draft = encoding.normalized(self._draft)
            self._has_doubles = False

    def get(self, path: Path) -> Json:
        """Return what is at *path*; raises `FieldPathError`."""
        return fieldpaths.get(self._draft, path)

    def name_as(self, observed: Object) -> None:
        """Give it the name and namespace of *observed*, or none if that has none."""
        name, namespace = (text_at(observed, ("metadata", key)) for key in ("name", "namespace"))
        set_metadata(self._draft, name=name, namespace=namespace)

    def result(self) -> Draft:
        """Return the object, which nobody may write to any more."""
        self._settle()
        return self._draft


def kind_fault(obj: Object) -> str:
    """Return what is wrong with an object that does not say its kind, empty when it does."""
    kind = obj.get("kind")
    return "" if isinstance(kind, str) and kind else f"Object 'Kind' is missing in '{gojson.encode(obj)}'"


def set_metadata(draft: Draft, **values: str) -> None:
    """Set fields of *draft*'s metadata, or remove those that are to be empty; if it is no object, nothing happens."""
    metadata = draft.get("metadata", {})
    if not isinstance(metadata, dict):
        return
    for key, value in values.items():
        metadata.pop(key, None)
        if value:
            draft["metadata"] = metadata
            metadata[key] = value


def reader(obj: Object) -> Source:
    """Return how to read *obj*, part of a request: every number is a double."""
    return lambda path: numbers.doubled(fieldpaths.get(obj, path))


def text_at(obj: Object, keys: Sequence[str]) -> str:
    """Return the string in *obj* under *keys*, empty when there is none."""
    here: Json = obj
    for key in keys:
        here = here.get(key) if isinstance(here, dict) else None
    return here if isinstance(here, str) else ""
