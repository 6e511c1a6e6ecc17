"""An API server in memory, with a cache that is never late: the fake of the ports `Cache` and `Api`."""

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from crosshead.base import objects
from crosshead.base.errors import AbsentError, AlreadyExistsError, ConflictError, InvalidObjectError, TransientError
from crosshead.base.objects import Kind, Ref
from crosshead.base.values import Object
from tests.field_ownership import Path, applied, fields_v1, merge_patch

START = datetime(2030, 1, 1, tzinfo=UTC)
FOREGROUND = "foregroundDeletion"
# What clients may send and the server decides on all the same.
IDENTITY = ("name", "namespace", "uid", "generateName", "creationTimestamp")
SERVERS_OWN = ("resourceVersion", "generation", "deletionTimestamp", "managedFields")

T = TypeVar("T")


class FakeClock:
    """A clock that stands still until it is told to go on."""

    def __init__(self, start: datetime = START) -> None:
        self.time = start

    def now(self) -> datetime:
        return self.time

    def advance(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class Write:
    """One write that the cluster was asked for, whether it succeeded or not."""

    verb: str
    ref: Ref
    body: Object = field(default_factory=dict)
    status: bool = False


@dataclass
class FakeCluster:
    """
    Objects with resource versions, generations, UIDs, finalizers, owners of fields, and a status of their own.

    *fail_at* makes the n-th write from now fail with *failure*, once; with *lost* it takes effect all the same and
    only the answer is lost. *refusals* maps an object, or a kind, to the error that each write to it meets, and
    *namespaced* a kind to whether it lives in namespaces, if that is known. Kinds in *unwatched* are invisible to the
    cache. *writes*, and *reads* past the cache, are for asserting on.
    """

    clock: FakeClock = field(default_factory=FakeClock)
    fail_at: int = 0
    failure: Exception = field(default_factory=lambda: TransientError("Unavailable", "the API server is unavailable"))
    lost: bool = False
    refusals: dict[Ref | Kind, Exception] = field(default_factory=dict)
    unwatched: set[Kind] = field(default_factory=set)
    namespaced: dict[Kind, bool] = field(default_factory=dict)
    writes: list[Write] = field(default_factory=list)
    reads: list[Ref] = field(default_factory=list)
    objects: dict[Ref, Object] = field(default_factory=dict)
    owned: dict[Ref, dict[str, set[Path]]] = field(default_factory=dict)
    version: int = 100
    born: int = 0

    # For arranging and asserting

    def seed(self, *seeds: Object) -> Sequence[Object]:
        """Put objects in, status and deletionTimestamp included, without counting it as writing."""
        return [self._keep(self._newborn(seed, **objects.metadata(seed))) for seed in seeds]

    def forget(self) -> None:
        """Forget the writes and reads so far."""
        self.writes.clear()
        self.reads.clear()

    def collect_garbage(self) -> None:
        """Do what the garbage collector does until nothing changes: dependents of the gone, deletions in foreground."""
        before = -1
        while before != self.version + len(self.objects):
            before = self.version + len(self.objects)
            for ref in sorted(self.objects):
                self._collect(ref)

    # Cache

    def get(self, ref: Ref) -> Object | None:
        return None if ref.kind in self.unwatched else self.objects.get(ref)

    def list(self, kind: Kind, namespace: str = "") -> Sequence[Object]:
        wanted = [r for r in self.objects if r.kind == kind and namespace in ("", r.namespace)]
        in_order = sorted(wanted, key=lambda ref: (ref.namespace, ref.name))
        return [self.objects[ref] for ref in in_order if kind not in self.unwatched]

    def controlled_by(self, uid: str) -> Sequence[Object]:
        seen = [self.objects[ref] for ref in sorted(self.objects) if ref.kind not in self.unwatched]
        return [obj for obj in seen if objects.controller_uid(obj) == uid]

    def is_synced(self, kind: Kind) -> bool:
        return kind not in self.unwatched

    # Api

    def fetch(self, ref: Ref) -> Object | None:
        self.reads.append(ref)
        return self.objects.get(ref)

    def create(self, obj: Object) -> Object:
        return self._write(Write("create", objects.ref_of(obj), obj), lambda: self._create(obj))

    def replace(self, obj: Object) -> Object:
        return self._write(Write("replace", objects.ref_of(obj), obj), lambda: self._replace(obj))

    def apply(self, obj: Object, owner: str, *, status: bool = False) -> Object:
        write = Write("apply", objects.ref_of(obj), obj, status)
        return self._write(write, lambda: self._apply(obj, owner, status=status))

    def patch(self, ref: Ref, changes: Object, *, status: bool = False) -> Object:
        return self._write(Write("patch", ref, changes, status), lambda: self._patch(ref, changes, status=status))

    def delete(self, obj: Object, *, foreground: bool = False) -> None:
        self._write(Write("delete", objects.ref_of(obj)), lambda: self._delete(obj, foreground=foreground))

    def is_namespaced(self, kind: Kind) -> bool:
        if kind in self.namespaced:
            return self.namespaced[kind]
        raise AbsentError(f"there is no kind {kind}")

    # How

    def _write(self, write: Write, effect: Callable[[], T]) -> T:
        self.writes.append(write)
        self.fail_at -= 1
        refusal = self.refusals.get(write.ref) or self.refusals.get(write.ref.kind)
        if refusal:
            raise refusal
        if self.fail_at == 0 and not self.lost:
            raise self.failure
        answer = effect()
        if self.fail_at == 0:
            raise self.failure
        return answer

    def _create(self, obj: Object) -> Object:
        newborn = self._newborn({key: value for key, value in obj.items() if key != "status"})
        if objects.ref_of(newborn) in self.objects:
            raise AlreadyExistsError(f"{objects.ref_of(newborn)} exists already")
        return self._keep(newborn)

    def _replace(self, obj: Object) -> Object:
        current = self._current(objects.ref_of(obj), obj)
        return self._change(current, {**obj, "status": current.get("status")}, status=False)

    def _patch(self, ref: Ref, changes: Object, *, status: bool) -> Object:
        current = self._current(ref, changes)
        return self._change(current, merge_patch(current, copy.deepcopy(changes)), status=status)

    def _apply(self, obj: Object, owner: str, *, status: bool) -> Object:
        ref = objects.ref_of(obj)
        if ref not in self.objects:
            return self._apply_new(obj, owner, status=status)
        current = self._current(ref, obj)
        wanted = copy.deepcopy(_without_identity(obj) if not status else {"status": obj.get("status", {})})
        owners = self.owned.setdefault(ref, {})
        others = set().union(*(paths for name, paths in owners.items() if name != owner))
        changed, mine = applied(current, wanted, owners.get(owner, set()), others)
        owners[owner] = mine
        return self._change(current, {"metadata": {}, **changed}, status=status)

    def _apply_new(self, obj: Object, owner: str, *, status: bool) -> Object:
        if status:
            raise AbsentError(f"{objects.ref_of(obj)} does not exist")
        if objects.uid(obj):
            raise ConflictError("Conflict", f"{objects.ref_of(obj)} no longer has the UID {objects.uid(obj)}")
        self._create(obj)
        return self._apply(obj, owner, status=False)

    def _delete(self, obj: Object, *, foreground: bool) -> None:
        current = self.objects.get(objects.ref_of(obj))
        if current is None or objects.uid(obj) not in ("", objects.uid(current)):
            return
        ends = {"deletionTimestamp": stamp(self.clock.now())} if not objects.is_deleting(current) else {}
        held = [*objects.finalizers(current), *([FOREGROUND] if foreground else [])]
        self._settle(current, merge_patch(current, {"metadata": {**ends, "finalizers": list(dict.fromkeys(held))}}))

    def _current(self, ref: Ref, sent: Object) -> Object:
        current = self.objects.get(ref)
        if current is None:
            raise AbsentError(f"{ref} does not exist")
        if objects.resource_version(sent) not in ("", objects.resource_version(current)):
            raise ConflictError("Conflict", f"{ref} has changed meanwhile")
        if objects.uid(sent) not in ("", objects.uid(current)):
            raise ConflictError("Conflict", f"{ref} no longer has the UID {objects.uid(sent)}")
        return current

    def _change(self, current: Object, wanted: Object, *, status: bool) -> Object:
        """Let through what the subresource allows, refuse what the server refuses, and keep the rest."""
        kept = wanted if status else current
        changed = {**(current if status else wanted), "status": kept.get("status")}
        own = {
            key: objects.metadata(current)[key] for key in (*IDENTITY, *SERVERS_OWN) if key in objects.metadata(current)
        }
        changed["metadata"] = {**{k: v for k, v in objects.metadata(changed).items() if k not in SERVERS_OWN}, **own}
        added = set(objects.finalizers(changed)) - set(objects.finalizers(current))
        if objects.is_deleting(current) and added:
            raise InvalidObjectError(
                "Invalid", f"no new finalizers can be added to {objects.ref_of(current)}: it is being deleted"
            )
        return self._settle(current, changed)

    def _settle(self, current: Object, changed: Object) -> Object:
        """Keep *changed* with the numbers it earns; away with it once it is deleted and nothing holds it."""
        if objects.is_deleting(changed) and not objects.finalizers(changed):
            self.owned.pop(objects.ref_of(current), None)
            self.objects.pop(objects.ref_of(current))
            return changed
        if _content(changed) == _content(current) and self._managers(current) == objects.metadata(current).get(
            "managedFields"
        ):
            return current
        more = _asked(changed) != _asked(current)
        return self._keep(merge_patch(changed, {"metadata": {"generation": objects.generation(current) + more}}))

    def _keep(self, obj: Object) -> Object:
        _check(obj)
        self.version += 1
        managers = self._managers(obj)
        numbers: dict[str, Any] = {"resourceVersion": str(self.version), "managedFields": managers}
        kept = {key: value for key, value in merge_patch(obj, {"metadata": numbers}).items() if value is not None}
        self.objects[objects.ref_of(kept)] = kept
        return kept

    def _managers(self, obj: Object) -> Any:
        owners = self.owned.get(objects.ref_of(obj), {})
        shared = {"operation": "Apply", "apiVersion": obj["apiVersion"], "fieldsType": "FieldsV1"}
        return [
            {"manager": name, **shared, "fieldsV1": fields_v1(paths)} for name, paths in sorted(owners.items())
        ] or None

    def _newborn(self, obj: Object, **own: Any) -> dict[str, Any]:
        self.born += 1
        given = {key: value for key, value in objects.metadata(obj).items() if key not in SERVERS_OWN}
        name = objects.name(obj) or f"{given.get('generateName', '')}{self.born:05}"
        born = {"uid": f"uid-{self.born}", "creationTimestamp": stamp(self.clock.now()), "generation": 1}
        return {**copy.deepcopy(dict(obj)), "metadata": {**copy.deepcopy(given), "name": name, **born, **own}}

    def _collect(self, ref: Ref) -> None:
        obj = self.objects.get(ref)
        if obj is None:
            return
        living = {objects.uid(other) for other in self.objects.values()}
        owners = [owner["uid"] for owner in objects.metadata(obj).get("ownerReferences") or ()]
        if owners and not living & set(owners):
            self._delete(obj, foreground=False)
        if FOREGROUND in objects.finalizers(obj):
            self._collect_dependents(obj)

    def _collect_dependents(self, obj: Object) -> None:
        dependents = [other for other in self.objects.values() if _blocks(other, objects.uid(obj))]
        for dependent in dependents:
            self._delete(dependent, foreground=False)
        if not dependents:
            held = [name for name in objects.finalizers(obj) if name != FOREGROUND]
            self._settle(obj, merge_patch(obj, {"metadata": {"finalizers": held}}))


def stamp(time: datetime) -> str:
    """Return *time* as the API server writes it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def _without_identity(obj: Object) -> dict[str, Any]:
    metadata = {k: v for k, v in objects.metadata(obj).items() if k not in (*IDENTITY, *SERVERS_OWN)}
    rest = {k: v for k, v in obj.items() if k not in ("apiVersion", "kind", "metadata", "status")}
    return {**rest, **({"metadata": metadata} if metadata else {})}


def _content(obj: Object) -> Object:
    metadata = {
        k: v for k, v in objects.metadata(obj).items() if k not in ("resourceVersion", "managedFields") and v != []
    }
    return {**{k: v for k, v in obj.items() if v is not None}, "metadata": metadata}


def _asked(obj: Object) -> Object:
    """Everything whose change makes a new generation."""
    return {k: v for k, v in obj.items() if k not in ("metadata", "status")}


def _check(obj: Object) -> None:
    owners = objects.metadata(obj).get("ownerReferences") or ()
    if sum(bool(owner.get("controller")) for owner in owners) > 1:
        raise InvalidObjectError("Invalid", f"{objects.ref_of(obj)} can have one controller only")


def _blocks(obj: Object, uid: str) -> bool:
    owners = objects.metadata(obj).get("ownerReferences") or ()
    return any(owner["uid"] == uid and owner.get("blockOwnerDeletion") for owner in owners)
