"""What the schemas say of a composition is told on it, once for each of its states."""

import pytest

from crosshead.base.objects import Ref
from crosshead.reconcilers import revisions
from crosshead.reconcilers.conversions import CRD
from tests.fakes import FakeCluster, fake_world
from tests.reconcilers import manifests
from tests.reconcilers.managed_setup import seed_kind

COMPOSITION = Ref(manifests.COMPOSITION_KIND, "things")


def crd(cluster, group, kind, plural, properties):
    schema = {"type": "object", "properties": {"spec": {"type": "object", "properties": properties}}}
    versions = [{"name": "v1alpha1", "served": True, "schema": {"openAPIV3Schema": schema}}]
    names = {"kind": kind, "plural": plural}
    seed_kind(cluster, CRD, f"{plural}.{group}", spec={"group": group, "names": names, "versions": versions})


def composition(field):
    return {
        "apiVersion": "apiextensions.crossplane.io/v1",
        "kind": "Composition",
        "metadata": {"name": "things"},
        "spec": {
            "mode": "Resources",
            "compositeTypeRef": {"apiVersion": "example.org/v1alpha1", "kind": "XThing"},
            "resources": [
                {
                    "name": "lamp",
                    "base": {"apiVersion": "light.example.org/v1alpha1", "kind": "Lamp", "spec": {"watts": 5}},
                    "patches": [
                        {"type": "FromCompositeFieldPath", "fromFieldPath": field, "toFieldPath": "spec.watts"}
                    ],
                }
            ],
        },
    }


@pytest.fixture
def cluster():
    cluster = FakeCluster()
    crd(cluster, "example.org", "XThing", "xthings", {"watts": {"type": "integer"}, "name": {"type": "string"}})
    crd(cluster, "light.example.org", "Lamp", "lamps", {"watts": {"type": "integer"}})
    return cluster


def told(cluster, field):
    world = fake_world(cluster)
    cluster.seed(composition(field))
    revisions.reconcile(COMPOSITION, world)
    revisions.reconcile(COMPOSITION, world)
    return [event for event in world.events.events if event.reason == "SchemaValidation"]


def test_a_composition_that_fits_its_schemas_is_no_news(cluster):
    assert told(cluster, "spec.watts") == []


@pytest.mark.parametrize(
    ("field", "path"),
    [
        pytest.param("spec.volts", "spec.resources[0].patches[0].fromFieldPath", id="a field that there is not"),
        pytest.param("spec.name", "spec.resources[0].patches[0]", id="a type that does not fit"),
    ],
)
def test_what_does_not_fit_is_told_once_with_its_path(cluster, field, path):
    (event,) = told(cluster, field)

    assert path in event.message


def test_kinds_that_nobody_knows_are_no_fault():
    assert told(FakeCluster(), "spec.volts") == []
