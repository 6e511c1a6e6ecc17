"""Revisions of a composition: what one is called, and what it holds."""

import hashlib
from collections.abc import Mapping
from typing import Final

from crosshead.base import goyaml, names, objects
from crosshead.base.encoding import normalized
from crosshead.base.values import Draft, Json, Object

_LONGEST_LABEL: Final = 63
_SUFFIX_LENGTH: Final = 7

# The fields of a composition's spec that Crossplane knows, and so hashes.
_KNOWN: Final = frozenset({
    "compositeTypeRef",
    "mode",
    "patchSets",
    "environment",
    "resources",
    "pipeline",
    "writeConnectionSecretsToNamespace",
    "publishConnectionDetailsWithStoreConfigRef",
})  # fmt: skip


def digest(composition: Object) -> str:
    """
    Return the hash of *composition* as Crossplane 1.20 takes it, of labels, annotations and spec.

    The same object gives the same hash there, so that a cluster that is handed over gets no new revisions. Not the
    name is hashed, and no field that Crossplane does not know.
    """
    metadata = objects.metadata(composition)
    parts = (metadata.get("labels"), metadata.get("annotations"), _known(objects.spec(composition)))
    return hashlib.sha256("".join(map(goyaml.encode, parts)).encode()).hexdigest()


def name(composition: Object, digest: str) -> str:
    """Return the name of the revision of *composition* with this *digest*."""
    return f"{objects.name(composition)}-{digest[:_SUFFIX_LENGTH]}"


def make(composition: Object, number: int) -> Draft:
    """Return revision *number* of *composition*: a copy of its spec, labels and annotations, controlled by it."""
    hashed = digest(composition)
    labels = {
        names.COMPOSITION_NAME_LABEL: objects.name(composition),
        names.COMPOSITION_HASH_LABEL: hashed[:_LONGEST_LABEL],
    }
    metadata: Draft = {
        "name": name(composition, hashed),
        # The composition's own labels win, as upstream.
        "labels": labels | dict(objects.labels(composition)),
        "ownerReferences": [objects.controller_reference(composition)],
    }
    if objects.annotations(composition):
        metadata["annotations"] = dict(objects.annotations(composition))
    return {
        "apiVersion": composition["apiVersion"],
        "kind": "CompositionRevision",
        "metadata": metadata,
        "spec": normalized(_known(objects.spec(composition))) | {"revision": number},
    }


def _known(spec: Mapping[str, Json]) -> dict[str, Json]:
    return {field: value for field, value in spec.items() if field in _KNOWN and value is not None}
