"""A managed resource, its provider and its world, for the tests of the life cycle."""

from dataclasses import dataclass, field, replace
from typing import Any

from crosshead.base import conditions, objects
from crosshead.base.objects import Kind, Ref
from crosshead.base.values import Object
from crosshead.managed.facts import Facts, Naming
from crosshead.reconcilers import managed
from crosshead.reconcilers.managed_memory import Memory
from crosshead.reconcilers.ports import Seconds, World
from tests.fakes import THING, FakeCluster, FakeExternal, FakeProvider, fake_world

FINALIZER = "finalizer.managedresource.crossplane.io"
EXTERNAL_NAME = "crossplane.io/external-name"
PENDING, SUCCEEDED, FAILED = (f"crossplane.io/external-create-{word}" for word in ("pending", "succeeded", "failed"))
XR = {"apiVersion": "example.org/v1", "kind": "XPear", "name": "pear", "uid": "xr-uid", "controller": True}
PEAR = Ref(THING, "pear")
BY_US = Facts(THING, "things", Naming.BY_US, provider="fake")
BY_CLOUD = Facts(THING, "things", Naming.BY_PROVIDER, provider="fake")
UNREPEATABLE = replace(BY_CLOUD, deterministic=False)


def thing(
    name: str = "pear", *, parameters: Object | None = None, metadata: Object | None = None, **spec: Any
) -> Object:
    """Return a managed resource that nobody has reconciled yet."""
    return {
        "apiVersion": THING.api_version,
        "kind": THING.kind,
        "metadata": {"name": name, **(metadata or {})},
        "spec": {"forProvider": parameters or {}, **spec},
    }


@dataclass
class Setup:
    """One managed resource in a world of fakes."""

    facts: Facts = BY_US
    external: FakeExternal = field(default_factory=FakeExternal)
    cluster: FakeCluster = field(default_factory=FakeCluster)
    memory: Memory = field(default_factory=Memory)
    ref: Ref = PEAR

    def __post_init__(self) -> None:
        self.external.naming = self.facts.naming
        self.provider = FakeProvider(self.external, {THING: self.facts})
        self.world: World = fake_world(self.cluster, self.provider)

    def add(self, *args: Any, **more: Any) -> Object:
        """Create a managed resource as a user would."""
        obj = self.cluster.create(thing(*args, **more))
        self.cluster.forget()
        return obj

    def reconcile(self) -> Seconds | None:
        """Run one pass."""
        return managed.reconcile(self.ref, self.memory, self.world)

    def restart(self) -> None:
        """Forget what the process knows; the cluster and the cloud remain."""
        self.memory = Memory()
        self.world = fake_world(self.cluster, self.provider)

    def delete(self) -> None:
        """Ask for the managed resource to be deleted, as a user would."""
        self.cluster.delete(self.obj)
        self.cluster.forget()
        self.external.calls.clear()

    @property
    def obj(self) -> Object:
        """The managed resource as it is now."""
        return self.cluster.objects[self.ref]

    @property
    def annotations(self) -> Object:
        """Its annotations."""
        return objects.annotations(self.obj)

    @property
    def reasons(self) -> list[str]:
        """The reasons of the events so far."""
        return self.world.events.reasons  # type: ignore[attr-defined]

    def shown(self, type: str) -> tuple[str, str, str]:
        """Status, reason and message of one of its conditions."""
        found = conditions.find(self.obj, type)
        return (found.status, found.reason, found.message) if found else ("", "", "")


def seed_kind(cluster: FakeCluster, kind: Kind, name: str, **more: Any) -> Object:
    """Put an object of *kind* into the cluster."""
    metadata = {"name": name, **more.pop("metadata", {})}
    return cluster.seed({"apiVersion": kind.api_version, "kind": kind.kind, "metadata": metadata, **more})[0]
