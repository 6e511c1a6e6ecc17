"""
Who must look again when an object has changed. Pure, but for what the cache says of others.

What the event said is never consulted to decide what to do: a key goes on the queue, and the reconcile looks at the
whole state.
"""

from collections.abc import Iterable, Iterator

from crosshead.base import conditions, names, objects
from crosshead.base.objects import Kind, Ref
from crosshead.base.values import Object
from crosshead.definitions import reading
from crosshead.definitions.packages import FUNCTION_REVISION
from crosshead.reconcilers import functions
from crosshead.reconcilers.directory import XRD, Directory, Role
from crosshead.reconcilers.interests import Interests
from crosshead.reconcilers.ports import Cache, Provider
from crosshead.reconcilers.provider_configs import USAGE_OF, USAGES, used_by
from crosshead.reconcilers.revisions import COMPOSITION, REVISION

# What of its metadata says what is wanted of an object.
_ASKING = ("annotations", "deletionTimestamp", "finalizers", "labels", "ownerReferences")


class Router:
    """From a change of one object to the keys of all that depend on it."""

    def __init__(self, cache: Cache, directory: Directory, provider: Provider, interests: Interests) -> None:
        self._cache = cache
        self._directory = directory
        self._provider = provider
        self._interests = interests

    def keys(self, old: Object | None, new: Object | None) -> Iterator[Ref]:
        """Yield the keys to reconcile after an object was *old* and is *new* (None: did not exist, or is gone)."""
        obj = new if new is not None else old
        if obj is None:
            return
        kind = objects.kind_of(obj)
        if self._is_reconciled(kind) and (self._provider.facts(kind) is None or _is_asked_anew(old, new)):
            yield objects.ref_of(obj)
        yield from self._controller(obj)
        yield from self._dependents(kind, old, new)
        yield from functions.dependents(new or old or {}, self._cache)
        yield from self._interests.interested(old, new)

    def keys_of_synced(self, kind: Kind) -> Iterator[Ref]:
        """Yield the keys to reconcile now that every object of *kind* is known: all that could not tell before."""
        yield from self._users_of_kind(kind)
        found = self._directory.find(kind)
        if found is None:
            return
        yield objects.ref_of(found.xrd)
        claim = reading.claim_kind(found.xrd)
        if claim and found.role is Role.COMPOSITE:
            yield from map(objects.ref_of, self._cache.list(claim))

    def _is_reconciled(self, kind: Kind) -> bool:
        fixed = {XRD, COMPOSITION, *USAGE_OF}
        return kind in fixed or self._directory.find(kind) is not None or self._provider.facts(kind) is not None

    def _controller(self, obj: Object) -> Iterator[Ref]:
        owner = objects.controller(obj)
        if owner is None:
            return
        kind = self._directory.current(Kind(owner["apiVersion"], owner["kind"]))
        if kind in {XRD, COMPOSITION}:
            yield Ref(kind, owner["name"])
        elif (found := self._directory.find(kind)) and found.role is Role.COMPOSITE:
            # A composite that lives in a namespace is composed of what lives there, too.
            yield Ref(kind, owner["name"], objects.namespace(obj) if reading.is_namespaced(found.xrd) else "")

    def _dependents(self, kind: Kind, old: Object | None, new: Object | None) -> Iterator[Ref]:
        obj = new or old or {}
        if kind == REVISION:
            yield from self._users_of_composition(objects.labels(obj).get(names.COMPOSITION_NAME_LABEL, ""))
        elif kind == COMPOSITION:
            yield from self._affected(old, new, obj)
        elif kind == XRD:
            yield from self._objects_of(obj)
        elif kind in USAGE_OF:
            # By how many it is used is no news to those who use it.
            changed = old is None or objects.spec(old) != objects.spec(obj)
            yield from self._users_of_config(objects.ref_of(obj)) if changed else ()
        elif kind in USAGES:
            yield used_by(obj)
        elif kind == FUNCTION_REVISION:
            yield from self._failing()
        elif found := self._directory.find(kind):
            yield from self._claim(obj) if found.role is Role.COMPOSITE else ()
        elif self._provider.facts(kind) is not None:
            yield from self._waiting_siblings(old, obj)

    def _claim(self, composite: Object) -> Iterator[Ref]:
        claimed = objects.spec(composite).get("claimRef")
        if claimed:
            kind = self._directory.current(Kind(claimed["apiVersion"], claimed["kind"]))
            yield Ref(kind, claimed["name"], claimed["namespace"])

    def _composites(self) -> Iterator[tuple[Object, Object]]:
        """Yield every composite, with its XRD."""
        for xrd in self._cache.list(XRD):
            if conditions.is_true(xrd, names.ESTABLISHED):
                yield from ((composite, xrd) for composite in self._cache.list(reading.composite_kind(xrd)))

    def _users_of_composition(self, name: str) -> Iterator[Ref]:
        for composite, xrd in self._composites():
            chosen = (reading.machinery(xrd).of(composite).get("compositionRef") or {}).get("name")
            if chosen in {name, None} or reading.enforced_composition_ref(xrd) == name:
                yield objects.ref_of(composite)

    def _affected(self, old: Object | None, new: Object | None, composition: Object) -> Iterator[Ref]:
        """Composites that may have been waiting for a composition to exist, or cannot go on without it."""
        return self._users_of_composition(objects.name(composition)) if old is None or new is None else iter(())

    def _failing(self) -> Iterator[Ref]:
        """Composites that have failed: perhaps of a function that was not there, and is now."""
        for composite, _ in self._composites():
            synced = conditions.find(composite, names.SYNCED)
            if synced is not None and synced.status == "False":
                yield objects.ref_of(composite)

    def _users_of_kind(self, kind: Kind) -> Iterator[Ref]:
        """Composites that refer to objects of *kind*: there may have been no such kind when they were composed."""
        for composite, xrd in self._composites():
            references = reading.machinery(xrd).of(composite).get("resourceRefs") or ()
            if any((r["apiVersion"], r["kind"]) == (kind.api_version, kind.kind) for r in references):
                yield objects.ref_of(composite)

    def _objects_of(self, xrd: Object) -> Iterator[Ref]:
        """Every object of the XRD's kinds: its defaults and its list of connection keys may have changed."""
        for kind in _kinds(xrd):
            yield from map(objects.ref_of, self._cache.list(kind))

    def _users_of_config(self, config: Ref) -> Iterator[Ref]:
        for usage in self._cache.list(USAGE_OF[config.kind], config.namespace):
            used = usage.get("resourceRef") or {}
            if used_by(usage) == config:
                yield Ref(Kind(used["apiVersion"], used["kind"]), used["name"], objects.namespace(usage))

    def _waiting_siblings(self, old: Object | None, obj: Object) -> Iterator[Ref]:
        """Managed resources that may refer to *obj* and could not be resolved before it had what they need of it."""
        if old is not None and _identity(old) == _identity(obj):
            return
        owner = objects.controller_uid(obj)
        siblings: Iterable[Object] = self._cache.controlled_by(owner) if owner else ()
        for sibling in siblings:
            synced = conditions.find(sibling, names.SYNCED)
            if synced is not None and synced.status == "False":
                yield objects.ref_of(sibling)


def _identity(managed: Object) -> tuple[str | None, object]:
    at_provider = objects.status(managed).get("atProvider") or {}
    return objects.annotations(managed).get(names.EXTERNAL_NAME), at_provider.get("arn")


def _kinds(xrd: Object) -> list[Kind]:
    if not conditions.is_true(xrd, names.ESTABLISHED):
        return []
    claim = reading.claim_kind(xrd)
    return [reading.composite_kind(xrd), *([claim] if claim else [])]


def _is_asked_anew(old: Object | None, new: Object | None) -> bool:
    """Whether something else is wanted of a managed resource: what its status says, it has been told by ourselves."""
    return old is None or new is None or _asked(old) != _asked(new)


def _asked(managed: Object) -> Object:
    metadata = objects.metadata(managed)
    return {"spec": objects.spec(managed), **{key: metadata.get(key) for key in _ASKING}}
