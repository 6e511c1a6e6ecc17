"""From a key to the reconciler of its kind."""

from crosshead.base.objects import Ref
from crosshead.reconcilers import claims, composites, definitions, managed, provider_configs, revisions
from crosshead.reconcilers.directory import XRD, Definition, Directory, Role
from crosshead.reconcilers.interests import Interests
from crosshead.reconcilers.managed_memory import Memory
from crosshead.reconcilers.ports import Seconds, World


class Dispatcher:
    """Runs the one reconciler that a kind has."""

    def __init__(self, world: World, directory: Directory, interests: Interests) -> None:
        self._world = world
        self._directory = directory
        self._memory_of_composites = composites.Memory(interests=interests)
        self._dropped: set[str] = set()
        self._memory = Memory()

    def reconcile(self, ref: Ref) -> Seconds | None:
        """Reconcile the object at *ref*; return when to look again unasked. Keys of unknown kinds are done at once."""
        match ref.kind:
            case kind if kind == XRD:
                return definitions.reconcile(ref, self._world, self._dropped)
            case kind if kind == revisions.COMPOSITION:
                return revisions.reconcile(ref, self._world)
            case kind if kind == provider_configs.PROVIDER_CONFIG:
                return provider_configs.reconcile(ref, self._world)
            case kind if self._world.provider.facts(kind) is not None:
                return managed.reconcile(ref, self._memory, self._world)
            case kind if found := self._directory.find(kind):
                return self._defined(ref, found)
            case _:
                return None

    def _defined(self, ref: Ref, found: Definition) -> Seconds | None:
        if found.role is Role.CLAIM:
            return claims.reconcile(ref, found.xrd, self._world)
        return composites.reconcile(ref, found.xrd, self._memory_of_composites, self._world)
