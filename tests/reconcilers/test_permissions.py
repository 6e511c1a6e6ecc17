"""What RBAC refuses: told on the composite with what would grant it, and no harm to the rest."""

from dataclasses import replace

import pytest

from crosshead.base import conditions, objects
from crosshead.base.errors import ForbiddenError, InvalidObjectError
from crosshead.base.objects import Kind, Ref
from crosshead.compose.protocol import Ready, Resource, State, respond
from crosshead.definitions import rendering
from crosshead.reconcilers import composites, permissions, revisions
from tests.fake_cluster import FakeCluster
from tests.fakes import FakeFunctions, fake_world
from tests.reconcilers import manifests

COMPOSITE = Ref(manifests.COMPOSITE, "mine-xxxx1")
COMPOSITION = Ref(manifests.COMPOSITION_KIND, "things")
JOB = Kind("batch/v1", "Job")
WORDS = (
    'jobs.batch "mine" is forbidden: User "system:serviceaccount:crossplane-system:crosshead" cannot {} '
    'resource "jobs" in API group "batch" in the namespace "team"'
)
HINT = (
    '; grant it by a ClusterRole with the label rbac.crossplane.io/aggregate-to-crossplane: "true" that allows '
    'get, list, watch, create, patch, delete on jobs in API group "batch"'
)
REFUSED = ForbiddenError("Forbidden", WORDS.format("patch"))


class BlindCluster(FakeCluster):
    """Jobs may not be read; *blind* can be lifted."""

    blind = True

    def fetch(self, ref):
        if self.blind and ref.kind == JOB:
            raise ForbiddenError("Forbidden", WORDS.format("get"))
        return super().fetch(ref)


@pytest.mark.parametrize(
    ("error", "missing", "text"),
    [
        pytest.param(REFUSED, True, f"{REFUSED.message}{HINT}", id="a permission"),
        pytest.param(ForbiddenError("Forbidden", "exceeded quota"), False, "exceeded quota", id="a quota"),
        pytest.param(InvalidObjectError("Invalid", WORDS), False, WORDS, id="something else in the same words"),
    ],
)
def test_what_would_grant_a_missing_permission_is_said(error, missing, text):
    assert (permissions.is_missing(error), permissions.explained(error)) == (missing, text)


def test_a_subresource_is_granted_by_itself():
    error = ForbiddenError("Forbidden", 'cannot patch resource "jobs/status" in API group "batch" at the cluster scope')

    assert 'on jobs/status in API group "batch"' in permissions.explained(error)


@pytest.fixture
def cluster():
    cluster = BlindCluster()
    cluster.seed(manifests.composite())
    pipeline = [{"step": "only", "functionRef": {"name": "f"}}]
    cluster.seed(manifests.composition(mode="Pipeline", pipeline=pipeline, resources=None))
    revisions.reconcile(COMPOSITION, fake_world(cluster))
    cluster.unwatched.add(JOB)
    return cluster


@pytest.fixture
def functions():
    return FakeFunctions({"f": desire("job", "nop")})


@pytest.fixture
def world(cluster, functions):
    return fake_world(cluster, functions=functions)


def desire(*wanted):
    """Return a function that desires a Job, a NopResource, or both."""
    kinds = {"job": JOB, "nop": manifests.NOP}
    place = {"name": "mine", "namespace": "team"}
    made = {
        name: Resource({"apiVersion": kinds[name].api_version, "kind": kinds[name].kind, "metadata": place})
        for name in wanted
    }
    ready = {name: replace(one, ready=Ready.TRUE) for name, one in made.items()}
    return lambda request: replace(respond(request), desired=State(None, ready))


def reconcile(world):
    with pytest.raises(ForbiddenError):
        composites.reconcile(COMPOSITE, manifests.xrd(), composites.Memory(), world)


def synced(cluster):
    return conditions.find(cluster.get(COMPOSITE), "Synced")


def referred(cluster):
    return [r["kind"] for r in objects.spec(cluster.get(COMPOSITE))["resourceRefs"]]


def test_the_rest_is_composed_and_the_composite_says_who_may_grant_it(cluster, world):
    cluster.refusals[JOB] = REFUSED

    reconcile(world)

    assert len(cluster.list(manifests.NOP)) == 1
    assert (synced(cluster).status, synced(cluster).reason) == ("False", "ReconcileError")
    assert synced(cluster).message == f"Unsynced resources: job (job: {REFUSED.message}{HINT})"
    told = [event.message for event in world.events.events if event.reason == "RoleBasedAccessControl"]
    assert told == [f"cannot apply composed resource 'job': {REFUSED.message}{HINT}"]


def test_it_is_tried_again_before_long_and_recovers(cluster, world):
    cluster.refusals[JOB] = REFUSED
    reconcile(world)
    assert world.requests.added == [(COMPOSITE, 30.0)]

    cluster.refusals.clear()
    cluster.unwatched.clear()
    composites.reconcile(COMPOSITE, manifests.xrd(), composites.Memory(), world)

    assert (synced(cluster).status, referred(cluster)) == ("True", ["Job", "NopResource"])


def test_nothing_is_deleted_or_forgotten_while_something_cannot_be_seen(cluster, world, functions):
    """Functions that do not see what is there desire less; that must not delete what depends on it."""
    cluster.refusals[JOB] = REFUSED
    reconcile(world)
    functions.known["f"] = desire()

    reconcile(world)

    assert len(cluster.list(manifests.NOP)) == 1
    assert referred(cluster) == ["Job"]
    assert synced(cluster).message == f"Unsynced resources: Job mine (Job mine: {WORDS.format('get')}{HINT})"


def test_what_was_hidden_is_cleared_away_once_it_shows(cluster, world, functions):
    functions.known["f"] = desire("job")
    cluster.blind = False
    composites.reconcile(COMPOSITE, manifests.xrd(), composites.Memory(), world)
    cluster.blind = True
    functions.known["f"] = desire()
    reconcile(world)

    cluster.blind = False
    composites.reconcile(COMPOSITE, manifests.xrd(), composites.Memory(), world)

    assert [ref for ref in cluster.objects if ref.kind == JOB] == []


def test_credentials_that_are_refused_end_the_pass(cluster, world):
    cluster.refusals[JOB] = ForbiddenError("Unauthorized", "Unauthorized")

    reconcile(world)

    assert cluster.list(manifests.NOP) == []
    assert synced(cluster).message == "Unauthorized"


def test_a_composite_of_a_new_kind_that_is_let_go_waits_for_what_cannot_be_seen(cluster, world, functions):
    """Only the collector knows what is there."""
    cluster.seed(rendering.composite_crd({**manifests.xrd(), "metadata": {"name": "xthings.example.org", "uid": "x"}}))
    cluster.refusals[JOB] = REFUSED
    functions.known["f"] = desire("job")
    reconcile(world)
    cluster.delete(cluster.get(COMPOSITE), foreground=True)

    composites.reconcile(COMPOSITE, manifests.xrd(), composites.Memory(), world)

    assert objects.finalizers(cluster.get(COMPOSITE)) == ("foregroundDeletion",)
