"""
Which composition, and which revision of it, a composite uses.

Pure. As Crossplane ≥ 1.15, but for one thing: among several compatible compositions Crossplane takes one at
random; we take the first by name, so that the same manifests give the same result everywhere.
"""

from collections.abc import Iterable, Mapping

from crosshead.base import names, objects
from crosshead.base.errors import NotReadyError, StalledError
from crosshead.base.values import Object
from crosshead.definitions import reading


def composition_name(composite: Object, xrd: Object, compositions: Iterable[Object]) -> str:
    """
    Return the name of the composition that *composite* is to use.

    Enforced by the XRD, else chosen already (sticky), else the XRD's default, else the first compatible one that the
    selector's labels fit. Raises `NotReadyError` when there is none (yet).
    """
    if enforced := reading.enforced_composition_ref(xrd):
        return enforced
    spec = reading.machinery(xrd).of(composite)
    if chosen := (spec.get("compositionRef") or {}).get("name"):
        return str(chosen)
    selector = (spec.get("compositionSelector") or {}).get("matchLabels")
    if not selector and (default := reading.default_composition_ref(xrd)):
        return default
    fitting = sorted(objects.name(c) for c in compositions if _fits(c, composite, selector or {}))
    if not fitting:
        raise NotReadyError("SelectComposition", f"cannot select Composition: {_nothing_fits(composite, selector)}")
    return fitting[0]


def _nothing_fits(composite: Object, selector: Mapping[str, str] | None) -> str:
    labels = ", ".join(f"{k}={v}" for k, v in sorted((selector or {}).items()))
    labelled = f" labelled {labels}" if labels else ""
    return (
        f"no compatible Compositions found: none{labelled} has compositeTypeRef "
        f"{composite['apiVersion']}, {composite['kind']}"
    )


def _fits(composition: Object, composite: Object, selector: Mapping[str, str]) -> bool:
    if objects.is_deleting(composition):
        return False
    labels = objects.labels(composition)
    return is_compatible(composition, composite) and all(labels.get(k) == v for k, v in selector.items())


def is_compatible(composition: Object, composite: Object) -> bool:
    """Whether *composition* (or a revision of one) is for the kind of *composite*: version and kind must be equal."""
    wanted = objects.spec(composition).get("compositeTypeRef") or {}
    return (wanted.get("apiVersion"), wanted.get("kind")) == (composite["apiVersion"], composite["kind"])


def revision(composite: Object, xrd: Object, composition: Object, revisions: Iterable[Object]) -> Object:
    """
    Return the CompositionRevision that *composite* is to use.

    With update policy Manual and a revision chosen already, exactly that one; otherwise the highest number among the
    revisions of *composition* that the revision selector's labels fit (the selector counts only under Automatic).
    Raises `NotReadyError` when there is none (yet), `StalledError` when it is for another kind.
    """
    candidates = [r for r in revisions if objects.controller_uid(r) == objects.uid(composition)]
    chosen = _chosen(reading.machinery(xrd).of(composite), reading.default_revision_selector(xrd), candidates)
    if chosen is None:
        name = objects.name(composition)
        raise NotReadyError("SelectComposition", f"cannot fetch Composition: no composition revision of {name!r} fits")
    if not is_compatible(chosen, composite):
        wanted = objects.spec(chosen).get("compositeTypeRef") or {}
        raise StalledError(
            "SelectComposition",
            f"cannot configure composite resource: Composition {objects.name(composition)!r} is for "
            f"{wanted.get('apiVersion')}, {wanted.get('kind')}, not {composite['apiVersion']}, {composite['kind']}",
        )
    return chosen


def _chosen(spec: Mapping[str, object], default: object, candidates: list[Object]) -> Object | None:
    policy = spec.get("compositionUpdatePolicy") or "Automatic"
    reference = spec.get("compositionRevisionRef")
    if policy == "Manual" and isinstance(reference, Mapping) and reference.get("name"):
        return next((r for r in candidates if objects.name(r) == reference["name"]), None)
    # The XRD's default selector counts where the composite says nothing at all of revisions (Crossplane ≥ 2.2).
    own = spec.get("compositionRevisionSelector") or (None if reference else default)
    selector = own if policy == "Automatic" else None
    labels = (selector.get("matchLabels") or {}) if isinstance(selector, Mapping) else {}
    fitting = [r for r in candidates if all(objects.labels(r).get(k) == v for k, v in labels.items())]
    return max(fitting, key=number, default=None)


def number(revision: Object) -> int:
    """Return the number of a CompositionRevision."""
    return int(objects.spec(revision).get("revision") or 0)


def of_composition(name: str, revisions: Iterable[Object]) -> list[Object]:
    """Return those of *revisions* that carry the label of the composition *name*."""
    return [r for r in revisions if objects.labels(r).get(names.COMPOSITION_NAME_LABEL) == name]
