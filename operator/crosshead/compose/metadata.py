"""The metadata that a composed resource gets from its composite, as Crossplane ≥ 2.0 sets it."""

from typing import Final

from crosshead.base import drafts, names, naming, objects
from crosshead.base.fieldpaths import FieldPath, FieldPathError
from crosshead.base.values import Draft, Object


class MetadataError(ValueError):
    """Metadata that cannot be set."""


_NAME: Final = FieldPath(("metadata", "name"))
_NAMESPACE: Final = FieldPath(("metadata", "namespace"))
_GENERATE_NAME: Final = FieldPath(("metadata", "generateName"))
_OWNERS: Final = FieldPath(("metadata", "ownerReferences"))
_RESOURCE_NAME: Final = FieldPath(("metadata", "annotations", names.COMPOSITION_RESOURCE_NAME))
_CLAIM_LABELS: Final = (names.CLAIM_NAME_LABEL, names.CLAIM_NAMESPACE_LABEL)


def complete(draft: Draft, composite: Object, resource_name: str) -> None:
    """
    Set namespace, generateName, labels, annotation and owner of *draft*, a resource composed by *composite*.

    *resource_name* is its name in the composition, empty when it has none.
    """
    prefix = objects.labels(composite).get(names.COMPOSITE_LABEL)
    if not prefix:
        wanted = f'label "{names.COMPOSITE_LABEL}" in composite resource metadata'
        raise MetadataError(f"cannot find top-level composite resource name {wanted}")
    try:
        _complete(draft, composite, prefix)
        if resource_name:
            drafts.assign(draft, _RESOURCE_NAME, resource_name)
    except FieldPathError as error:
        raise MetadataError(str(error)) from error


def _complete(draft: Draft, composite: Object, prefix: str) -> None:
    if objects.namespace(composite):
        drafts.assign(draft, _NAMESPACE, objects.namespace(composite))
    if not _text(draft, "name") and not _text(draft, "generateName"):
        drafts.assign(draft, _GENERATE_NAME, f"{prefix}-")
    for label, value in _labels(composite, prefix).items():
        drafts.assign(draft, FieldPath(("metadata", "labels", label)), value)
    drafts.assign(draft, _OWNERS, _owners(draft, composite))


def _labels(composite: Object, prefix: str) -> dict[str, str]:
    """Return the labels of composed resources; who has a claim has both of its labels."""
    known = objects.labels(composite)
    claim = {label: known[label] for label in _CLAIM_LABELS if known.get(label)}
    return {names.COMPOSITE_LABEL: prefix} | (claim if len(claim) == len(_CLAIM_LABELS) else {})


def _owners(draft: Draft, composite: Object) -> list[Draft]:
    owner = objects.controller_reference(composite)
    present = objects.metadata(draft).get("ownerReferences") or []
    if not isinstance(present, list) or not all(isinstance(other, dict) for other in present):
        raise MetadataError("metadata.ownerReferences: not an array of objects")
    other = objects.controller(draft)
    if other is not None and other.get("uid") != owner["uid"]:
        who = f"{other.get('kind')} {other.get('name')} (UID {other.get('uid')})"
        raise MetadataError(f"{objects.name(draft)} is already controlled by {who}")
    return [*(other for other in present if other.get("uid") != owner["uid"]), owner]


def _text(draft: Draft, key: str) -> str:
    """Return a metadata field; a number that a template has put there is no name, as upstream."""
    value = objects.metadata(draft).get(key)
    return value if isinstance(value, str) else ""


def give_name(draft: Draft, composite: Object, resource_name: str) -> None:
    """
    Name *draft* if it has no name yet: always the same name for the same composite and *resource_name*.

    Crossplane gives resources that have no name in the composition a random suffix; ours are told apart by their
    place, so that a second attempt names the same resource.
    """
    if _text(draft, "name"):
        return
    prefix = _text(draft, "generateName")
    drafts.assign(draft, _NAME, naming.child_name(prefix, objects.uid(composite), resource_name))
