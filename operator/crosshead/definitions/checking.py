"""
What is wrong with a CompositeResourceDefinition although its CRDs can be rendered.

The API server would refuse the CRDs, or should have refused the XRD: one older than 1.25 knows no rules. Said here,
it is said of the XRD's fields, before anything is written.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from crosshead.base import objects
from crosshead.base.errors import StalledError
from crosshead.base.values import Object
from crosshead.definitions import reading


def check(xrd: Object) -> None:
    """Raise a `StalledError` that names everything that keeps *xrd* from being used."""
    if found := problems(xrd):
        message = f"cannot use CompositeResourceDefinition {objects.name(xrd)!r}: {'; '.join(found)}"
        raise StalledError(reading.RENDER_CRD, message)


def check_move(xrd: Object, crd: Object) -> None:
    """
    Raise a `StalledError` when *xrd* moves the machinery of the composites of *crd*, its CRD as it is.

    The references of those that exist would be lost, and what they are composed of would be made a second time.
    """
    if reading.machinery(xrd) == reading.machinery_of(crd):
        return
    was = f"not be {reading.LEGACY_CLUSTER}" if reading.machinery(xrd).is_legacy else f"be {reading.LEGACY_CLUSTER}"
    why = f"spec.scope must still {was}, as when its CRD was made; delete the XRD first to change it"
    raise StalledError(reading.RENDER_CRD, f"cannot use CompositeResourceDefinition {objects.name(xrd)!r}: {why}")


def problems(xrd: Object) -> Sequence[str]:
    """Return what keeps *xrd* from being used, a phrase each; nothing when it can be."""
    return [problem for find in _CHECKS for problem in find(xrd)]


def _missing(xrd: Object) -> Iterator[str]:
    needed = {
        "spec.group": reading.group(xrd),
        "spec.names.kind": reading.names(xrd).get("kind"),
        "spec.names.plural": reading.names(xrd).get("plural"),
        "spec.versions": reading.versions(xrd),
    }
    claim = reading.claim_names(xrd)
    if claim is not None:
        needed |= {f"spec.claimNames.{field}": claim.get(field) for field in ("kind", "plural")}
    yield from (f"{field} must be given" for field, value in needed.items() if not value)


def _misnamed(xrd: Object) -> Iterator[str]:
    plural, group = reading.names(xrd).get("plural"), reading.group(xrd)
    wanted = f"{plural}.{group}"
    if plural and group and objects.name(xrd) != wanted:
        yield f"metadata.name must be spec.names.plural and spec.group: {wanted!r}"


def _references(xrd: Object) -> Iterator[str]:
    marked = reading.referenceable_versions(xrd)
    if reading.versions(xrd) and len(marked) != 1:
        found = f"{' and '.join(map(repr, marked))} are" if marked else "none is"
        yield f"exactly one of spec.versions must be referenceable, but {found}"


def _unserved(xrd: Object) -> Iterator[str]:
    for version in reading.versions(xrd):
        if version.get("referenceable") and not version.get("served"):
            yield f"version {version.get('name')!r} is referenceable, so it must be served"


def _repeated(xrd: Object) -> Iterator[str]:
    counts = Counter(str(version.get("name")) for version in reading.versions(xrd))
    yield from (f"spec.versions has {name!r} {count} times" for name, count in counts.items() if count > 1)


def _conversion(xrd: Object) -> Iterator[str]:
    conversion = objects.spec(xrd).get("conversion") or {}
    webhook = conversion.get("webhook") or {}
    if conversion.get("strategy") == "Webhook" and not webhook.get("clientConfig"):
        yield "spec.conversion.webhook.clientConfig must be given for the strategy Webhook"


def _scope(xrd: Object) -> Iterator[str]:
    scope = reading.scope(xrd)
    if scope not in _SCOPES:
        yield f"spec.scope must be {', '.join(_SCOPES[:-1])} or {_SCOPES[-1]}, not {scope!r}"
    elif scope != reading.LEGACY_CLUSTER:
        if reading.claim_names(xrd) is not None:
            yield f"spec.claimNames must not be given for the scope {scope}: only LegacyCluster composites have claims"
        if reading.connection_secret_keys(xrd):
            why = "only LegacyCluster composites have connection secrets"
            yield f"spec.connectionSecretKeys must not be given for the scope {scope}: {why}"


def _upper_case(xrd: Object) -> Iterator[str]:
    for path, names in (("spec.names", reading.names(xrd)), ("spec.claimNames", reading.claim_names(xrd) or {})):
        for field in ("plural", "singular"):
            name = names.get(field) or ""
            if name != name.lower():
                yield f"{path}.{field} must be in lower case: {name.lower()!r}"


_SCOPES: Final = (reading.LEGACY_CLUSTER, reading.NAMESPACED, reading.CLUSTER)
_CHECKS: Sequence[Callable[[Object], Iterator[str]]] = (
    _missing,
    _misnamed,
    _references,
    _unserved,
    _repeated,
    _conversion,
    _scope,
    _upper_case,
)
