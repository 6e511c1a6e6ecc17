"""The provider of NopResources: they exist because they were declared, and own nothing in any cloud."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from crosshead.base import conditions, names, objects
from crosshead.base.objects import Kind, Ref
from crosshead.base.values import Object, SecretValue
from crosshead.managed import nop
from crosshead.managed.external import ABSENT, Created, Declared, Left, Observation
from crosshead.managed.facts import Facts, Naming
from crosshead.reconcilers.ports import Cache, Clock

NOP_RESOURCE = Kind("nop.crossplane.io/v1alpha1", "NopResource")
_FACTS = Facts(NOP_RESOURCE, "nopresources", Naming.BY_US, provider="nop")
# More than are ever between two passes; what is older has long been seen to be created, or gone.
_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class NopProvider:
    """
    Serves NopResources.

    Whether one "exists" must outlive a restart without a write of its own: it does once its object has been synced.
    Only between its creation and that write, and after its deletion, must we remember (by UID: does it exist?).
    """

    clock: Clock
    cache: Cache
    made: OrderedDict[str, bool] = field(default_factory=OrderedDict)

    def facts(self, kind: Kind) -> Facts | None:
        """Return what is known about NopResource."""
        return _FACTS if kind == NOP_RESOURCE else None

    def connect(
        self, kind: Kind, parameters: Object, config: Object, secret: Mapping[str, SecretValue]
    ) -> "NopProvider":
        """Return itself: there is no account to connect to."""
        del kind, parameters, config, secret
        return self

    def observe(self, declared: Declared) -> Observation:
        """Show what the NopResource was told to show by now."""
        obj = self.cache.get(Ref(declared.kind, declared.name))
        if obj is None or not self.made.get(declared.uid, conditions.find(obj, names.SYNCED) is not None):
            return ABSENT
        created = datetime.fromisoformat(objects.metadata(obj)["creationTimestamp"])
        return nop.observe(declared.parameters, created, self.clock.now())

    def left(self, declared: Declared) -> tuple[Left, ...]:
        """Return nothing: what owns nothing leaves nothing."""
        del declared
        return ()

    def create(self, declared: Declared) -> Created:
        """Make it exist."""
        self._remember(declared.uid, exists=True)
        return Created(declared.external_name)

    def update(self, declared: Declared, seen: Observation) -> None:
        """Change nothing: it is always as declared."""

    def delete(self, declared: Declared) -> None:
        """Make it not exist."""
        self._remember(declared.uid, exists=False)

    def _remember(self, uid: str, *, exists: bool) -> None:
        self.made[uid] = exists
        while len(self.made) > _REMEMBERED:
            self.made.popitem(last=False)
