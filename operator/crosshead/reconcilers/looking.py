"""
What a pass looks at: the world as it is, with a note of everything that was asked of it.

Who has a list of what a composite depends on forgets something the day somebody adds a step. So nobody keeps one: what
a pass asks the cache is noted as it asks, with the version of what it got. As long as the cache would answer the same,
the pass would come to the same.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace

from crosshead.base import objects
from crosshead.base.objects import Kind, Ref
from crosshead.base.values import Object
from crosshead.compose.protocol import Request, Response
from crosshead.definitions.packages import FUNCTION, FUNCTION_REVISION
from crosshead.reconcilers.ports import Api, Cache, Functions, World


@dataclass(frozen=True, slots=True)
class Listed:
    """The objects of *kind*, of one namespace when it is given."""

    kind: Kind
    namespace: str = ""


@dataclass(frozen=True, slots=True)
class Synced:
    """Whether all objects of *kind* are known."""

    kind: Kind


@dataclass(frozen=True, slots=True)
class Controlled:
    """The objects whose controller has this *uid*."""

    uid: str


# What can be asked of the cache; a Ref asks for the object there.
Look = Ref | Listed | Synced | Controlled


def version(obj: Object | None) -> Hashable:
    """Return what is another for every state of an object, and for every object that ever has its name."""
    return None if obj is None else (objects.uid(obj), objects.resource_version(obj))


def versions(found: Sequence[Object]) -> Hashable:
    """Return what is another for every state of a list."""
    # A list of hundreds of objects is not worth remembering one by one.
    return hash(tuple(map(version, found)))


def look(at: Look, cache: Cache) -> Hashable:
    """Return what *cache* shows of it now."""
    match at:
        case Ref():
            return version(cache.get(at))
        case Listed(kind, namespace):
            return versions(cache.list(kind, namespace))
        case Synced(kind):
            return cache.is_synced(kind)
        case Controlled(uid):
            return versions(cache.controlled_by(uid))


@dataclass(slots=True)
class Notes:
    """
    What a pass has looked at, and what it saw.

    It *wrote* when it asked for any write at all, successful or not. It was *blind* when what it has seen may change
    without any watch telling: a Secret, a kind that is not listed yet, the answer of a function that is not to be kept.
    """

    seen: dict[Look, Hashable] = field(default_factory=dict)
    wrote: bool = False
    blind: bool = False

    def note(self, at: Look, what: Hashable) -> None:
        """Note that it looked *at* something, and saw *what*."""
        if self.seen.setdefault(at, what) != what:
            # It changed while the pass was on its way: what came of that nobody can say.
            self.blind = True


def noting(world: World, notes: Notes) -> World:
    """Return *world*; whatever it is asked goes into *notes*."""
    cache = _Cache(world.cache, notes)
    return replace(
        world, cache=cache, api=_Api(world.api, cache, notes), functions=_Functions(world.functions, cache, notes)
    )


@dataclass(frozen=True, slots=True)
class _Cache:
    """Satisfies `Cache`."""

    cache: Cache
    notes: Notes

    def get(self, ref: Ref) -> Object | None:
        found = self.cache.get(ref)
        self.notes.note(ref, version(found))
        return found

    def list(self, kind: Kind, namespace: str = "") -> Sequence[Object]:
        found = self.cache.list(kind, namespace)
        self.notes.note(Listed(kind, namespace), versions(found))
        return found

    def controlled_by(self, uid: str) -> Sequence[Object]:
        found = self.cache.controlled_by(uid)
        self.notes.note(Controlled(uid), versions(found))
        return found

    def is_synced(self, kind: Kind) -> bool:
        synced = self.cache.is_synced(kind)
        self.notes.note(Synced(kind), synced)
        return synced


@dataclass(frozen=True, slots=True)
class _Api:
    """Satisfies `Api`."""

    api: Api
    cache: _Cache
    notes: Notes

    def fetch(self, ref: Ref) -> Object | None:
        found = self.api.fetch(ref)
        if self.cache.is_synced(ref.kind):
            # The watch shows the same, sooner or later.
            self.notes.note(ref, version(found))
        else:
            self.notes.blind = True
        return found

    def create(self, obj: Object) -> Object:
        self.notes.wrote = True
        return self.api.create(obj)

    def replace(self, obj: Object) -> Object:
        self.notes.wrote = True
        return self.api.replace(obj)

    def apply(self, obj: Object, owner: str, *, status: bool = False) -> Object:
        self.notes.wrote = True
        return self.api.apply(obj, owner, status=status)

    def patch(self, ref: Ref, changes: Object, *, status: bool = False) -> Object:
        self.notes.wrote = True
        return self.api.patch(ref, changes, status=status)

    def delete(self, obj: Object, *, foreground: bool = False) -> None:
        self.notes.wrote = True
        self.api.delete(obj, foreground=foreground)

    def is_namespaced(self, kind: Kind) -> bool:
        return self.api.is_namespaced(kind)


@dataclass(frozen=True, slots=True)
class _Functions:
    """Satisfies `Functions`."""

    functions: Functions
    cache: _Cache
    notes: Notes

    def run(self, function: str, request: Request) -> Response:
        # Which code answers is part of the answer: another version of the package may say something else.
        self.cache.get(Ref(FUNCTION, function))
        self.cache.list(FUNCTION_REVISION)
        response = self.functions.run(function, request)
        if not response.ttl or response.ttl < 0:
            self.notes.blind = True
        return response
