"""From a key to the reconciler of its kind."""

from collections.abc import Callable, Mapping

from crosshead.base.objects import Kind, Ref
from crosshead.definitions.packages import FUNCTION
from crosshead.reconcilers import claims, composites, definitions, functions, managed, provider_configs, revisions
from crosshead.reconcilers.directory import XRD, Definition, Directory, Role
from crosshead.reconcilers.function_runtimes import Installer
from crosshead.reconcilers.interests import Interests
from crosshead.reconcilers.managed_memory import Memory
from crosshead.reconcilers.ports import Seconds, World


class Dispatcher:
    """Runs the one reconciler that a kind has."""

    def __init__(self, world: World, directory: Directory, interests: Interests, installer: Installer) -> None:
        self._world = world
        self._directory = directory
        self._memory_of_composites = composites.Memory(interests=interests)
        dropped: set[str] = set()
        self._fixed: Mapping[Kind, Callable[[Ref], Seconds | None]] = {
            XRD: lambda ref: definitions.reconcile(ref, world, dropped),
            revisions.COMPOSITION: lambda ref: revisions.reconcile(ref, world),
            FUNCTION: lambda ref: functions.reconcile(ref, world, installer),
            **dict.fromkeys(provider_configs.USAGE_OF, lambda ref: provider_configs.reconcile(ref, world)),
        }
        self._memory = Memory()

    def reconcile(self, ref: Ref) -> Seconds | None:
        """Reconcile the object at *ref*; return when to look again unasked. Keys of unknown kinds are done at once."""
        if reconcile := self._fixed.get(ref.kind):
            return reconcile(ref)
        if self._world.provider.facts(ref.kind) is not None:
            return managed.reconcile(ref, self._memory, self._world)
        found = self._directory.find(ref.kind)
        return self._defined(ref, found) if found else None

    def _defined(self, ref: Ref, found: Definition) -> Seconds | None:
        if found.role is Role.CLAIM:
            return claims.reconcile(ref, found.xrd, self._world)
        return composites.reconcile(ref, found.xrd, self._memory_of_composites, self._world)
