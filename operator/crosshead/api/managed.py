"""What the schemas of all managed resources have in common, around what each asks for and shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from crosshead.api.crds import AGE, READY, SYNCED, Column, Names, Version, custom_resource_definition
from crosshead.api.model import ApiModel, Int64
from crosshead.api.references import (
    LocalSecretKeyRef,
    LocalSecretRef,
    NamespacedReference,
    NamespacedSelector,
    ProviderConfigReference,
    Reference,
    SecretKeyRef,
    SecretRef,
    Selector,
)
from crosshead.api.schemas import structural
from crosshead.api.status import ConditionedStatus
from crosshead.base.values import Draft, Object

Verb = Literal["Observe", "Create", "Update", "Delete", "LateInitialize", "*"]


class ManagedSpec(ApiModel):
    """What is asked of every managed resource that belongs to no namespace, whatever its kind."""

    deletion_policy: Literal["Orphan", "Delete"] = "Delete"
    """What happens to the external resource when this object is deleted."""
    management_policies: tuple[Verb, ...] = ("*",)
    """What may be done to the external resource; everything by default."""
    provider_config_ref: Reference = Reference(name="default")
    """The ProviderConfig that says how to reach the external resource."""
    write_connection_secret_to_ref: SecretRef | None = None
    """The Secret that receives what is needed to connect to the external resource."""


class NamespacedManagedSpec(ApiModel):
    """What is asked of every managed resource that belongs to a namespace (as of Crossplane 2.0)."""

    management_policies: tuple[Verb, ...] = ("*",)
    """What may be done to the external resource; everything by default."""
    provider_config_ref: ProviderConfigReference = ProviderConfigReference(kind="ClusterProviderConfig", name="default")
    """The configuration that says how to reach the external resource."""
    write_connection_secret_to_ref: LocalSecretRef | None = None
    """The Secret, in the same namespace, that receives what is needed to connect to the external resource."""


class ManagedStatus(ConditionedStatus):
    """What is shown of every managed resource, whatever its kind."""

    observed_generation: Int64 | None = None
    """The metadata.generation that was last reconciled."""
    last_handled_reconcile_at: str = ""
    """The value of the annotation crossplane.io/reconcile-requested-at that was last honoured."""


@dataclass(frozen=True, slots=True)
class Pointers:
    """
    The schemas of what managed resources point with.

    *reference* is that of `fooRef` and of the items of `fooRefs`, *selector* of `fooSelector`, *secret_key* of
    `fooSecretRef`.
    """

    reference: Object
    selector: Object
    secret_key: Object


CLUSTER_POINTERS = Pointers(structural(Reference), structural(Selector), structural(SecretKeyRef))
NAMESPACED_POINTERS = Pointers(
    structural(NamespacedReference), structural(NamespacedSelector), structural(LocalSecretKeyRef)
)

_COLUMNS = (
    SYNCED,
    READY,
    Column("EXTERNAL-NAME", r".metadata.annotations.crossplane\.io/external-name"),
    AGE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedVersion:
    """
    One version of a kind of managed resource.

    *for_provider* is the schema of `spec.forProvider`, whose `required` holds for observe-only resources too;
    *at_provider* that of `status.atProvider`. *required* are the fields of forProvider that must be given, there or in
    initProvider, unless all that the management policies allow is to observe or to delete.
    """

    for_provider: Object
    at_provider: Object
    name: str = "v1beta1"
    required: Sequence[str] = ()
    description: str = ""


def managed_crd(  # noqa: PLR0913 (what a kind consists of; all but its names are given by keyword)
    group: str,
    kind: str,
    plural: str,
    versions: Sequence[ManagedVersion],
    *,
    namespaced: bool = False,
    singular: str = "",
    provider: str = "aws",
) -> Draft:
    """
    Return the CRD of a kind of managed resource.

    :param versions: all that are served; the first is stored.
    :param provider: the word that follows `crossplane` and `managed` among the categories.
    """
    names = Names(kind, plural, singular, categories=("crossplane", "managed", provider))
    served = [_version(version, namespaced=namespaced, storage=version is versions[0]) for version in versions]
    scope = "Namespaced" if namespaced else "Cluster"
    return custom_resource_definition(group, names, served, scope=scope)


def _version(version: ManagedVersion, *, namespaced: bool, storage: bool) -> Version:
    schema = {
        "required": ["spec"],
        "properties": {
            "spec": _spec(version, NamespacedManagedSpec if namespaced else ManagedSpec),
            "status": _status(version.at_provider),
        },
        **({"description": version.description} if version.description else {}),
    }
    return Version(version.name, schema, _COLUMNS, storage=storage)


def _spec(version: ManagedVersion, model: type[ApiModel]) -> dict[str, Any]:
    common = structural(model)
    rules = [_given(field) for field in version.required]
    return {
        **common,
        "required": ["forProvider"],
        "properties": {
            **common["properties"],
            "forProvider": dict(version.for_provider),
            "initProvider": _initial(version.for_provider),
        },
        **({"x-kubernetes-validations": rules} if rules else {}),
    }


def _status(at_provider: Object) -> dict[str, Any]:
    common = structural(ManagedStatus)
    return {**common, "properties": {**common["properties"], "atProvider": dict(at_provider)}}


def _initial(for_provider: Object) -> dict[str, Any]:
    """Return the schema of `initProvider`: all of it optional, and without what cannot differ at creation only."""
    fields = {
        name: part
        for name, part in for_provider.get("properties", {}).items()
        if name != "region" and not name.startswith("autoGenerate")
    }
    whole = {key: value for key, value in for_provider.items() if key not in ("required", "x-kubernetes-validations")}
    return {**whole, "properties": fields} if "properties" in whole else whole


def _given(field: str) -> dict[str, str]:
    """Return the rule that *field* is given, as upjet words it."""
    acting = " || ".join(f"'{verb}' in self.managementPolicies" for verb in ("*", "Create", "Update"))
    initial = f"(has(self.initProvider) && has(self.initProvider.{field}))"
    return {
        "rule": f"!({acting}) || has(self.forProvider.{field}) || {initial}",
        "message": f"spec.forProvider.{field} is a required parameter",
    }
