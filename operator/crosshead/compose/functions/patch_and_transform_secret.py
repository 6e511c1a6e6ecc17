"""
The connection secret of a modern composite, which Crossplane does not write itself.

A composite counts as modern by its field `spec.crossplane`.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from crosshead.base import encoding, fieldpaths, gostructs
from crosshead.base.fieldpaths import FieldPath, FieldPathError
from crosshead.base.gostructs import DecodeError, Struct, Text
from crosshead.base.names import CONNECTION_SECRET_TYPE
from crosshead.base.values import Draft, Json, Object
from crosshead.compose.functions.patch_and_transform_reading import SecretPatch, SecretReference
from crosshead.compose.functions.patch_and_transform_sinks import Sink, reader, set_metadata, text_at
from crosshead.compose.patches import PatchError
from crosshead.compose.protocol import Ready, Resource
from crosshead.compose.transforms import TransformError

_MACHINERY: Final = FieldPath(("spec", "crossplane"))
_OWN_REFERENCE: Final = FieldPath(("spec", "writeConnectionSecretToRef"))
_REFERENCE_TYPE: Final = Struct("v1.SecretReference", {"name": Text(), "namespace": Text()}, is_strict=False)
_PROBLEM: Final = "cannot generate connection secret reference: cannot apply connection secret patches"


class SecretError(ValueError):
    """A secret that cannot be composed."""


@dataclass(frozen=True, slots=True)
class _Place:
    name: str
    namespace: str


def name_of(composite: Object) -> str:
    """Return the name of the secret among the composed resources."""
    return f"{text_at(composite, ('metadata', 'name'))}-connection-secret"


def compose(composite: Object, details: Mapping[str, bytes], wanted: SecretReference) -> Resource | None:
    """
    Return the secret with the connection *details* of *composite*; None when there is no need of one.

    Raises `SecretError`.
    """
    if not details or not _is_modern(composite):
        return None
    place = _patched(_place(composite, wanted), composite, wanted.patches)
    data = {key: base64.b64encode(value).decode() for key, value in details.items()}
    secret: Draft = {"apiVersion": "v1", "kind": "Secret", "data": data, "type": CONNECTION_SECRET_TYPE}
    set_metadata(secret, name=place.name, namespace=place.namespace)
    return Resource(secret, ready=Ready.TRUE)


def _is_modern(composite: Object) -> bool:
    try:
        fieldpaths.get(composite, _MACHINERY)
    except FieldPathError:
        return False
    return True


def _place(composite: Object, wanted: SecretReference) -> _Place:
    """Return where the secret goes: where the composite says, or else the input, or else beside the composite."""
    own = _own_reference(composite)
    if own is not None:
        return _Place(own.get("name", ""), own.get("namespace", ""))
    if wanted.name or wanted.namespace:
        return _Place(wanted.name, wanted.namespace)
    name, namespace = (text_at(composite, ("metadata", key)) for key in ("name", "namespace"))
    return _Place(f"{name}-connection", namespace)


def _own_reference(composite: Object) -> Mapping[str, Any] | None:
    try:
        found = fieldpaths.get(composite, _OWN_REFERENCE)
        decoded: Mapping[str, Any] = gostructs.decode(_REFERENCE_TYPE, {} if found is None else found)
    except (FieldPathError, DecodeError):
        return None
    return decoded


def _patched(place: _Place, composite: Object, patches: tuple[SecretPatch, ...]) -> _Place:
    draft: Draft = {"apiVersion": "v1", "kind": "SecretReference", "name": place.name, "namespace": place.namespace}
    for index, patch in enumerate(patches):
        try:
            draft = _applied(patch, index, composite, draft)
        except SecretError:
            if not patch.forgives:
                raise
    return _Place(_text(draft, "name", place.name), _text(draft, "namespace", place.namespace))


def _applied(patch: SecretPatch, index: int, composite: Object, draft: Draft) -> Draft:
    """Return *draft* with *patch* applied; *draft* itself stays as it is, whatever happens."""
    where = f"patch type {patch.patch.type} at index {index}"
    if not patch.is_known:
        raise SecretError(f"{_PROBLEM}: unsupported {where}")
    sink = Sink(encoding.normalized(draft))
    try:
        sink.apply(patch.patch, reader(composite))
    except (FieldPathError, TransformError, PatchError) as error:
        raise SecretError(f"{_PROBLEM}: cannot apply {where}: {error}") from error
    return sink.result()


def _text(draft: Mapping[str, Json], key: str, otherwise: str) -> str:
    value = draft.get(key)
    return value if isinstance(value, str) else otherwise
