"""What the schemas of all managed resources have in common, around what each asks for and shows."""

from collections.abc import Sequence
from typing import Any, Literal

from crosshead.api.crds import AGE, READY, SYNCED, Column, Names, Version, custom_resource_definition
from crosshead.api.model import ApiModel, Int64
from crosshead.api.references import Reference, SecretKeyRef, SecretRef, Selector
from crosshead.api.schemas import structural
from crosshead.api.status import ConditionedStatus
from crosshead.base.values import Draft, Object

Verb = Literal["Observe", "Create", "Update", "Delete", "LateInitialize", "*"]


class ManagedSpec(ApiModel):
    """What is asked of every managed resource, whatever its kind."""

    deletion_policy: Literal["Orphan", "Delete"] = "Delete"
    """What happens to the external resource when this object is deleted."""
    management_policies: tuple[Verb, ...] = ("*",)
    """What may be done to the external resource; everything by default."""
    provider_config_ref: Reference = Reference(name="default")
    """The ProviderConfig that says how to reach the external resource."""
    write_connection_secret_to_ref: SecretRef | None = None
    """The Secret that receives what is needed to connect to the external resource."""


class ManagedStatus(ConditionedStatus):
    """What is shown of every managed resource, whatever its kind."""

    observed_generation: Int64 | None = None
    """The metadata.generation that was last reconciled."""
    last_handled_reconcile_at: str = ""
    """The value of the annotation crossplane.io/reconcile-requested-at that was last honoured."""


REFERENCE: Object = structural(Reference)
"""The schema of `fooRef`, and of the items of `fooRefs`."""

SELECTOR: Object = structural(Selector)
"""The schema of `fooSelector`."""

SECRET_KEY_REF: Object = structural(SecretKeyRef)
"""The schema of `fooSecretRef`."""

_COLUMNS = (
    SYNCED,
    READY,
    Column("EXTERNAL-NAME", r".metadata.annotations.crossplane\.io/external-name"),
    AGE,
)


def managed_crd(  # noqa: PLR0913 (what a kind consists of; all but its names are given by keyword)
    group: str,
    kind: str,
    plural: str,
    *,
    version: str = "v1beta1",
    for_provider: Object,
    at_provider: Object,
    required: Sequence[str] = (),
    singular: str = "",
    provider: str = "aws",
    description: str = "",
) -> Draft:
    """
    Return the CRD of a kind of managed resource.

    :param for_provider: the schema of `spec.forProvider`; its `required` holds for observe-only resources too.
    :param at_provider: the schema of `status.atProvider`.
    :param required: the fields of forProvider that must be given, there or in initProvider, unless all that the
        management policies allow is to observe or to delete.
    :param provider: the word that follows `crossplane` and `managed` among the categories.
    """
    names = Names(kind, plural, singular, categories=("crossplane", "managed", provider))
    schema = managed_schema(for_provider, at_provider, required)
    told = {**schema, "description": description} if description else schema
    return custom_resource_definition(group, names, (Version(version, told, _COLUMNS),))


def managed_schema(for_provider: Object, at_provider: Object, required: Sequence[str] = ()) -> Draft:
    """Return the schema of a managed resource, without apiVersion, kind and metadata."""
    return {
        "required": ["spec"],
        "properties": {"spec": _spec(for_provider, required), "status": _status(at_provider)},
    }


def _spec(for_provider: Object, required: Sequence[str]) -> dict[str, Any]:
    common = structural(ManagedSpec)
    rules = [_given(field) for field in required]
    return {
        **common,
        "required": ["forProvider"],
        "properties": {
            **common["properties"],
            "forProvider": dict(for_provider),
            "initProvider": _initial(for_provider),
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
