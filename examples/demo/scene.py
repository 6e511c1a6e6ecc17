"""What every chapter has at hand, and the few looks at the cluster that several of them take."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from demo import cluster, trees
from demo.cloud import Cloud
from demo.cluster import Cluster, Object
from demo.telling import Teller

EVERYTHING = "claim,composite,managed"
CLAIMS = "postgresdatabases.platform.example.org,buckets.platform.example.org,rediscaches.platform.example.org"


@dataclass(frozen=True, slots=True)
class Scene:
    """The stage as the chapters use it."""

    teller: Teller
    cluster: Cluster
    cloud: Cloud

    def look(self) -> "Sight":
        """Ask the API server for everything at once."""
        objects = self.cluster.list(EVERYTHING)
        return Sight(
            claims=[o for o in objects if "resourceRef" in o["spec"] or o["metadata"].get("namespace")],
            composites=[o for o in objects if "resourceRefs" in o["spec"] or "claimRef" in o["spec"]],
            managed=[o for o in objects if "forProvider" in o["spec"]],
        )

    def wait_for_ready(self, what: str, count: int, seconds: float = 60) -> "Sight":
        """Wait until *count* claims and all that belongs to them are ready."""

        def look() -> tuple[str, Sight | None]:
            sight = self.look()
            return sight.progress, sight if sight.ready_claims >= count and sight.all_ready else None

        return self.teller.wait(what, look, seconds)

    def tree(self, sight: "Sight", only: str = "") -> None:
        """Print every claim with what it consists of, or the one of that name only."""
        wanted = [claim for claim in sight.claims if only in {"", cluster.name(claim)}]
        for claim in sorted(wanted, key=lambda c: (c["metadata"]["namespace"], c["kind"])):
            self.teller.say("\n".join(trees.lines(claim, sight.composites, sight.managed)))


@dataclass(frozen=True, slots=True)
class Sight:
    """What one look at the API server has shown."""

    claims: Sequence[Object]
    composites: Sequence[Object]
    managed: Sequence[Object]

    @property
    def ready_claims(self) -> int:
        """How many claims are ready."""
        return sum(cluster.is_true(c, "Ready") for c in self.claims)

    @property
    def all_ready(self) -> bool:
        """Whether every object is in sync and ready."""
        every = (*self.claims, *self.composites, *self.managed)
        return all(cluster.is_true(o, "Synced", "Ready") for o in every)

    @property
    def progress(self) -> str:
        """How far it is, in words."""
        ready = sum(cluster.is_true(m, "Ready") for m in self.managed)
        troubled = [m for m in self.managed if cluster.condition(m, "Synced").get("status") == "False"]
        trouble = f", waiting: {', '.join(sorted({str(t['kind']) for t in troubled}))}" if troubled else ""
        return (
            f"{self.ready_claims} of {len(self.claims)} claims and "
            f"{ready} of {len(self.managed)} managed resources ready{trouble}"
        )

    @property
    def by_name(self) -> Mapping[tuple[str, str], Object]:
        """The claims by kind and name."""
        return {cluster.key(c): c for c in self.claims}
