"""Public compositions through Crossplane's production reconciler: ours comes to the same names and reasons."""

import contextlib
import re

import pytest
import yaml

from crosshead.base import conditions, objects
from crosshead.base.errors import ReconcileError
from crosshead.cli import surroundings
from crosshead.reconcilers import composites, revisions
from tests.conformance import not_covered, oracle, tables
from tests.fake_cluster import FakeCluster
from tests.fakes import fake_world

# Crossplane's circuit breaker for watches, which we do not need: nothing of ours wakes itself.
_NOT_OURS = frozenset({"Responsive"})
# One event for each unready resource at each pass; ours says it once, in the condition.
_CHATTER = re.compile(r'^Composed resource ".*" is not yet (ready|valid)$')


def _cases():
    for one in oracle.rounds(tables.find("oracle")):
        file = one.folder / f"reconcile-{one.name}.yaml"
        if file.exists() and one.expected is not None:
            yield one, [d for d in yaml.load_all(file.read_text(), yaml.CSafeLoader) if d]


CASES = list(_cases())


def test_what_is_left_out_is_there_to_be_left_out():
    assert not_covered.RECONCILER.keys() <= {one.id for one, _ in CASES}


@pytest.mark.parametrize(
    ("rendering", "expected"),
    [pytest.param(*case, id=case[0].id) for case in CASES if case[0].id not in not_covered.RECONCILER],
)
def test_a_public_composition_is_reconciled_as_it_is_for_real(rendering, expected):
    wanted = _Expected(expected)

    world, composite = _reconcile(rendering, legacy=wanted.is_legacy)

    assert _names(world.cache, composite) == wanted.names
    assert _references(composite, legacy=wanted.is_legacy) == wanted.references
    assert _conditions(conditions.write(conditions.read(composite))) == wanted.conditions
    assert {e.reason for e in world.events.events if e.about == objects.ref_of(composite)} == wanted.reasons


class _Expected:
    """What Crossplane came to."""

    def __init__(self, documents):
        self.composite = documents[0]
        composed = [d for d in documents[1:] if oracle.resource_name(d)]
        events = next((d["events"] for d in documents if d["kind"] == "Events"), [])
        self.is_legacy = "crossplane" not in (self.composite.get("spec") or {})
        self.names = {oracle.resource_name(d): d["metadata"].get("name") for d in composed}
        self.references = _references(self.composite, legacy=self.is_legacy)
        self.conditions = _conditions((self.composite.get("status") or {}).get("conditions") or [])
        self.reasons = {e["reason"] for e in events if not _CHATTER.match(e["message"])}


def _reconcile(rendering, *, legacy):
    cluster = FakeCluster()
    composition = rendering.composition
    xrd = _xrd(rendering.composite, objects.name(composition), legacy=legacy)
    cluster.seed(composition, *rendering.observed, *rendering.extra, *rendering.credentials, *rendering.secrets)
    revisions.reconcile(objects.ref_of(composition), fake_world(cluster))
    machinery = {"resourceRefs": [_reference(obj) for obj in rendering.observed]} if rendering.observed else {}
    cluster.seed(_with(rendering.composite, machinery, legacy=legacy))
    ref = objects.ref_of(rendering.composite)
    with surroundings.offline(rendering.functions, required=(), schemas=(), credentials=(), timeout=30.0) as offline:
        world = fake_world(cluster, functions=offline.functions)
        # What went wrong shows in the conditions that are compared.
        with contextlib.suppress(ReconcileError):
            composites.reconcile(ref, xrd, composites.Memory(), world)
    return world, cluster.get(ref)


def _with(composite, machinery, *, legacy):
    spec = composite.get("spec") or {}
    inner = {**spec, **machinery} if legacy else {**spec, "crossplane": {**(spec.get("crossplane") or {}), **machinery}}
    return {**composite, "spec": inner}


def _reference(obj):
    place = {"name": objects.name(obj), "namespace": objects.namespace(obj)}
    return {"apiVersion": obj["apiVersion"], "kind": obj["kind"], **{k: v for k, v in place.items() if v}}


def _xrd(composite, composition, *, legacy):
    kind = objects.kind_of(composite)
    scope = "LegacyCluster" if legacy else "Namespaced" if objects.namespace(composite) else "Cluster"
    version = {"name": kind.version, "served": True, "referenceable": True}
    names = {"kind": kind.kind, "plural": f"{kind.kind.lower()}s"}
    # The selectors of public composites fit other compositions than the one that was rendered.
    enforced = {"enforcedCompositionRef": {"name": composition}}
    spec = {"group": kind.group, "names": names, "scope": scope, "versions": [version], **enforced}
    return {"apiVersion": "apiextensions.crossplane.io/v1", "metadata": {"name": "x"}, "spec": spec}


def _names(cache, composite):
    found = cache.controlled_by(objects.uid(composite))
    return {oracle.resource_name(obj): objects.name(obj) for obj in found if oracle.resource_name(obj)}


def _references(composite, *, legacy):
    spec = composite.get("spec") or {}
    found = (spec if legacy else spec.get("crossplane") or {}).get("resourceRefs") or []
    return [(r["apiVersion"], r["kind"], r.get("name")) for r in found]


def _conditions(found):
    return {(c["type"], c["status"], c["reason"]) for c in found if c["type"] not in _NOT_OURS}
