"""CustomResourceDefinitions of our own kinds, put together from names, columns and schemas."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crosshead.base.values import Draft, Object


@dataclass(frozen=True, slots=True)
class Column:
    """One column of `kubectl get`."""

    name: str
    path: str
    type: str = "string"
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Names:
    """What a kind is called. *singular* is the kind in lower case unless it is given."""

    kind: str
    plural: str
    singular: str = ""
    short: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a kind. *schema* is that of the whole object; apiVersion, kind and metadata in it do not count."""

    name: str
    schema: Object
    columns: tuple[Column, ...] = ()
    storage: bool = True
    has_status: bool = True
    deprecation: str = ""


AGE = Column("AGE", ".metadata.creationTimestamp", "date")
SYNCED = Column("SYNCED", ".status.conditions[?(@.type=='Synced')].status")
READY = Column("READY", ".status.conditions[?(@.type=='Ready')].status")

_TYPE_META = {
    "apiVersion": {"type": "string", "description": "The group and version of this object's schema."},
    "kind": {"type": "string", "description": "The kind of this object."},
    "metadata": {"type": "object"},
}


def custom_resource_definition(
    group: str, names: Names, versions: Sequence[Version], *, scope: str = "Cluster"
) -> Draft:
    """Return the CRD of the kind *names* in *group*."""
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{names.plural}.{group}"},
        "spec": {
            "group": group,
            "names": _names(names),
            "scope": scope,
            "versions": [_version(version) for version in versions],
        },
    }


def _names(names: Names) -> dict[str, Any]:
    told = {
        "kind": names.kind,
        "listKind": f"{names.kind}List",
        "plural": names.plural,
        "singular": names.singular or names.kind.lower(),
        "shortNames": list(names.short),
        "categories": list(names.categories),
    }
    return {key: value for key, value in told.items() if value}


def _version(version: Version) -> dict[str, Any]:
    told = {
        "name": version.name,
        "served": True,
        "storage": version.storage,
        "additionalPrinterColumns": [_column(column) for column in version.columns],
        "schema": {"openAPIV3Schema": _root(version.schema)},
        "subresources": {"status": {}} if version.has_status else None,
        "deprecated": bool(version.deprecation) or None,
        "deprecationWarning": version.deprecation or None,
    }
    return {key: value for key, value in told.items() if value is not None}


def _root(schema: Object) -> dict[str, Any]:
    """Return the schema of a whole object: what all objects have is the API server's to check, and to describe."""
    properties = {name: part for name, part in schema.get("properties", {}).items() if name not in _TYPE_META}
    required = [name for name in schema.get("required", ()) if name not in _TYPE_META]
    told = {**schema, "type": "object", "properties": {**_TYPE_META, **properties}, "required": required}
    return told if required else {key: value for key, value in told.items() if key != "required"}


def _column(column: Column) -> dict[str, Any]:
    told: dict[str, Any] = {"name": column.name, "type": column.type, "jsonPath": column.path}
    return {**told, "priority": column.priority} if column.priority else told
