"""
What a claim and its composite tell each other. Pure.

As Crossplane's server-side claim syncer (≥ 1.19) does: the claim's spec without the claim's own machinery goes to the
composite under one field owner, so that what is removed from the claim is removed there too; what the composite has
chosen (composition, revision) and its status without machinery come back.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from crosshead.base import names, objects
from crosshead.base.objects import Kind
from crosshead.base.values import Draft, Object
from crosshead.reconcilers import summaries

# The claim's own machinery, never the composite's.
_CLAIMS_ONLY: Final = frozenset(
    {"resourceRef", "compositeDeletePolicy", "writeConnectionSecretToRef", "compositionRevisionRef"}
)
# Machinery of composites that a permissive claim schema would let through: a claim must not point its composite at
# resources or Secrets of others (as Crossplane does since its fix for confused deputies).
_COMPOSITES_ONLY: Final = frozenset({"resourceRefs", "claimRef", "environmentConfigRefs"})
# Keys that tell GitOps tools and kubectl whose an object is: copied to the composite they would make Argo CD prune it
# (crossplane#7291). Crossplane excludes only the first two domains.
_RESERVED_DOMAINS: Final = ("kubernetes.io", "k8s.io", "argoproj.io", "toolkit.fluxcd.io", "helm.sh")
_STATUS_MACHINERY: Final = frozenset({"conditions", "connectionDetails", "claimConditionTypes"})


def propagated(pairs: Mapping[str, str]) -> dict[str, str]:
    """Return those of a claim's labels or annotations that its composite gets."""
    return {k: v for k, v in pairs.items() if not _is_reserved(k)}


def _is_reserved(key: str) -> bool:
    domain = key.partition("/")[0] if "/" in key else ""
    return any(domain == d or domain.endswith(f".{d}") for d in _RESERVED_DOMAINS)


def composite(claim: Object, name: str, kind: Kind, existing: Object | None, *, enforced: bool) -> Draft:
    """
    Return the composite *name* of *kind* as *claim* declares it, to be applied under the claim's field owner.

    *existing* is the composite as it is; *enforced* says that the XRD enforces a composition, so that the claim's
    choice does not count.
    """
    metadata: Draft = {"name": name, "labels": _labels(claim)}
    annotations = propagated(objects.annotations(claim))
    if existing is None:
        metadata["generateName"] = f"{objects.name(claim)}-"
    elif prefix := objects.metadata(existing).get("generateName"):
        # Ours once applied: an apply without it would try to take it away.
        metadata["generateName"] = prefix
    if existing is not None and (external := objects.annotations(existing).get(names.EXTERNAL_NAME)):
        # Set once, at creation: later edits on the claim do not rename what exists.
        annotations[names.EXTERNAL_NAME] = external
    if annotations:
        metadata["annotations"] = annotations
    spec = _spec(objects.spec(claim), enforced=enforced)
    spec["claimRef"] = reference(claim)
    return {"apiVersion": kind.api_version, "kind": kind.kind, "metadata": metadata, "spec": spec}


def _labels(claim: Object) -> dict[str, str]:
    return {
        **propagated(objects.labels(claim)),
        names.CLAIM_NAME_LABEL: objects.name(claim),
        names.CLAIM_NAMESPACE_LABEL: objects.namespace(claim),
    }


def _spec(spec: Mapping[str, Any], *, enforced: bool) -> Draft:
    left_out = _CLAIMS_ONLY | _COMPOSITES_ONLY | ({"compositionRef"} if enforced else set())
    copied = {k: v for k, v in spec.items() if k not in left_out}
    if spec.get("compositionUpdatePolicy") == "Manual" and "compositionRevisionRef" in spec:
        copied["compositionRevisionRef"] = spec["compositionRevisionRef"]
    return copied


def lost(desired: Object, composite: Object) -> list[str]:
    """Return the paths of the fields of *desired*'s spec that *composite*, the answer to applying it, does not have."""
    return list(_missing("spec", objects.spec(desired), objects.spec(composite)))


def _missing(path: str, wanted: Mapping[str, Any], found: Any) -> Iterator[str]:  # noqa: ANN401 (any JSON)
    for key, value in wanted.items():
        below = found.get(key) if isinstance(found, Mapping) else None
        if below is None and value is not None:
            yield f"{path}.{key}"
        elif isinstance(value, Mapping):
            yield from _missing(f"{path}.{key}", value, below)


def reference(claim: Object) -> dict[str, str]:
    """Return what a composite's `spec.claimRef` says of *claim*."""
    return {
        "apiVersion": claim["apiVersion"],
        "kind": claim["kind"],
        "namespace": objects.namespace(claim),
        "name": objects.name(claim),
    }


def is_bound_to_another(composite: Object, claim: Object) -> bool:
    """Whether *composite* belongs to a claim that is not *claim*."""
    claimed = objects.spec(composite).get("claimRef")
    if not claimed:
        return False
    wanted = reference(claim)
    # The version may have moved on since it was written; group, kind and place have not.
    same_group = str(claimed.get("apiVersion", "")).rpartition("/")[0] == wanted["apiVersion"].rpartition("/")[0]
    return not (same_group and all(claimed.get(k) == wanted[k] for k in ("kind", "namespace", "name")))


def brought_back(claim: Object, composite: Object, *, enforced: bool) -> Draft:
    """Return the changes (a merge patch) that the composite's choices make to *claim*; empty when there are none."""
    ours, theirs = objects.spec(claim), objects.spec(composite)
    spec: Draft = {}
    for key in ("compositionRef", "compositionRevisionSelector"):
        overrides = enforced and key == "compositionRef"
        if theirs.get(key) and (overrides or not ours.get(key)) and ours.get(key) != theirs[key]:
            spec[key] = theirs[key]
    automatic = theirs.get("compositionUpdatePolicy") == "Automatic"
    revision = theirs.get("compositionRevisionRef")
    if automatic and revision and ours.get("compositionRevisionRef") != revision:
        spec["compositionRevisionRef"] = revision
    changes: Draft = {"spec": spec} if spec else {}
    external = objects.annotations(composite).get(names.EXTERNAL_NAME)
    if external and objects.annotations(claim).get(names.EXTERNAL_NAME) != external:
        changes["metadata"] = {"annotations": {names.EXTERNAL_NAME: external}}
    return changes


def status_changes(claim: Object, composite: Object) -> Draft:
    """Return the changes to the claim's status that make it the composite's, without machinery; gone keys are null."""
    ours, theirs = objects.status(claim), objects.status(composite)
    copied = {k: v for k, v in theirs.items() if k not in _STATUS_MACHINERY and ours.get(k) != v}
    # A merge patch keeps what it does not mention, inside objects too: replace changed ones whole.
    replaced = {k: summaries.replacement(ours.get(k), v) for k, v in copied.items()}
    gone = {k: None for k in ours if k not in theirs and k not in _STATUS_MACHINERY}
    return {**replaced, **gone}
