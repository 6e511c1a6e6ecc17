"""
Whether a CRD in the cluster already says what we would write, so that nothing is written when nothing would change.

The API server fills in what was left out, and an old one drops schema keywords that it does not know. Neither is
a difference. What was dropped cannot be told from one CRD alone (it looks like an author's first rule, not yet
written), so whoever asks says what this server drops, and finds that out from another CRD: our own of
CompositeResourceDefinition, which is installed with rules and always there (`dropped_by_server`), or any that was
just sent and answered (`dropped_keywords`). Nothing is remembered on the CRD itself: Crossplane's carry no annotation.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final

from crosshead.base import objects
from crosshead.base.values import Draft, Json, Object

_RULES: Final = "x-kubernetes-validations"

# Keywords younger than the oldest API server supported: Kubernetes 1.23 and later know the first, and so on.
YOUNG_KEYWORDS: Final = frozenset({_RULES, "messageExpression", "reason", "fieldPath", "optionalOldSelf"})

# Where a schema holds schemas: one, several in a list, or several by name.
_NESTED: Final = frozenset({"items", "additionalProperties", "not", "additionalItems"})
_LISTED: Final = frozenset({"allOf", "anyOf", "oneOf", "items"})
_NAMED: Final = frozenset({"properties", "patternProperties", "definitions", "dependencies"})


def is_current(desired: Object, observed: Object, *, dropped: AbstractSet[str] = frozenset()) -> bool:
    """
    Whether the CRD *observed* says all that *desired* says, and nothing else of what we are in charge of.

    :param dropped: the schema keywords that this API server drops (see `dropped_keywords`).
    """
    return not differences(desired, observed, dropped=dropped)


def differences(desired: Object, observed: Object, *, dropped: AbstractSet[str] = frozenset()) -> Sequence[str]:
    """Return the parts of *observed* that are not as *desired*: paths such as `spec.versions` or `metadata.labels`."""
    wanted, found = _normalised(desired["spec"], dropped), _normalised(objects.spec(observed), dropped)
    # A CA that somebody injects into the webhook's configuration is theirs to renew.
    if not _ca_bundle(desired):
        found = {**found, "conversion": _without_ca(found["conversion"])}
    spec = [f"spec.{field}" for field in sorted(wanted.keys() | found.keys()) if wanted.get(field) != found.get(field)]
    return [*_metadata_differences(desired, observed), *spec]


def dropped_by_server(witness: Object | None) -> frozenset[str]:
    """
    Return the schema keywords that the API server drops, going by *witness*.

    :param witness: the CRD of CompositeResourceDefinition as the API server holds it; None when it has not been seen,
        and nothing is assumed then. It was installed with rules, as Crossplane's has been since 1.17.
    """
    return frozenset() if witness is None or _RULES in _used(witness) else frozenset({_RULES})


def dropped_keywords(sent: Object, kept: Object) -> frozenset[str]:
    """
    Return the young schema keywords that the CRD *sent* has and *kept*, what the API server made of it, has not.

    Only a CRD that uses all of them can tell, such as one that was just written and answered.
    """
    return _used(sent) - _used(kept)


def replacement(desired: Object, observed: Object) -> Draft:
    """Return the CRD to put in the place of *observed*: *desired*, with what is the API server's and others' to say."""
    kept = {
        field: objects.metadata(observed)[field]
        for field in ("resourceVersion", "finalizers")
        if objects.metadata(observed).get(field)
    }
    spec = dict(desired["spec"])
    if (ca := _ca_bundle(observed)) and not _ca_bundle(desired) and _client_config(desired):
        webhook = spec["conversion"]["webhook"]
        client = {**webhook["clientConfig"], "caBundle": ca}
        spec["conversion"] = {**spec["conversion"], "webhook": {**webhook, "clientConfig": client}}
    return {**desired, "metadata": {**desired["metadata"], **kept}, "spec": spec}


def _metadata_differences(desired: Object, observed: Object) -> list[str]:
    """Compare what we put there; others may add labels, annotations and owners without us taking them away again."""
    wanted, found = objects.metadata(desired), objects.metadata(observed)
    maps = [
        f"metadata.{field}"
        for field in ("annotations", "labels")
        if not (wanted.get(field) or {}).items() <= (found.get(field) or {}).items()
    ]
    owners = found.get("ownerReferences") or ()
    disowned = any(owner not in owners for owner in wanted.get("ownerReferences") or ())
    return [*maps, "metadata.ownerReferences"] if disowned else maps


def _normalised(spec: Object, dropped: AbstractSet[str]) -> Draft:
    """Return *spec* as an API server completes it, without the keywords in *dropped*."""
    told = {field: value for field, value in spec.items() if value or field == "versions"}
    return {
        **told,
        "names": _names(spec.get("names") or {}),
        "conversion": _conversion(spec.get("conversion") or {}),
        "versions": [_version(version, dropped) for version in spec.get("versions") or ()],
    }


def _names(names: Mapping[str, Any]) -> Draft:
    kind = str(names.get("kind", ""))
    given = {field: value for field, value in names.items() if value}
    return {"listKind": f"{kind}List", "singular": kind.lower(), **given}


def _conversion(conversion: Mapping[str, Any]) -> Draft:
    told = {"strategy": "None", **conversion}
    if not (service := _client_config({"spec": {"conversion": told}}).get("service")):
        return told
    client = {**told["webhook"]["clientConfig"], "service": {"port": 443, **service}}
    return {**told, "webhook": {**told["webhook"], "clientConfig": client}}


def _client_config(crd: Object) -> Mapping[str, Any]:
    webhook = (objects.spec(crd).get("conversion") or {}).get("webhook") or {}
    return webhook.get("clientConfig") or {}


def _ca_bundle(crd: Object) -> str:
    return str(_client_config(crd).get("caBundle") or "")


def _without_ca(conversion: Mapping[str, Any]) -> Draft:
    client = _client_config({"spec": {"conversion": conversion}})
    if "caBundle" not in client:
        return dict(conversion)
    kept = {field: value for field, value in client.items() if field != "caBundle"}
    return {**conversion, "webhook": {**conversion["webhook"], "clientConfig": kept}}


def _version(version: Mapping[str, Any], dropped: AbstractSet[str]) -> Draft:
    told = {field: value for field, value in version.items() if value or field in ("served", "storage")}
    schema = (version.get("schema") or {}).get("openAPIV3Schema") or {}
    return {**told, "schema": {"openAPIV3Schema": _schema(schema, dropped)}}


def _schema(schema: Json, dropped: AbstractSet[str]) -> Json:
    """Return *schema* without the keywords in *dropped*; a property that is merely called like one stays."""
    if not isinstance(schema, Mapping):
        return schema
    return {key: _keyword(key, value, dropped) for key, value in schema.items() if key not in dropped}


def _keyword(key: str, value: Json, dropped: AbstractSet[str]) -> Json:
    if key == _RULES:
        return [{field: part for field, part in rule.items() if field not in dropped} for rule in value]
    if key in _NAMED:
        return {name: _schema(part, dropped) for name, part in value.items()}
    if key in _LISTED and isinstance(value, list):
        return [_schema(part, dropped) for part in value]
    return _schema(value, dropped) if key in _NESTED else value


def _used(crd: Object) -> frozenset[str]:
    """Return the young keywords that the schemas of *crd* use."""
    schemas = [version["schema"]["openAPIV3Schema"] for version in objects.spec(crd).get("versions") or ()]
    return frozenset(keyword for keyword in YOUNG_KEYWORDS if any(_schema(s, {keyword}) != s for s in schemas))
