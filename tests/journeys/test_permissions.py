"""An operator with the rights of `deploy/` and no more: what it lacks shows on the composite that needs it."""

from contextlib import contextmanager

import pytest

from crosshead.devel.access import Access
from crosshead.devel.processes import Server
from tests.journeys.moderns import (
    GROUP,
    LAMP,
    SHOP,
    composed,
    composite,
    composition,
    events,
    furnish,
    offer,
    remove,
    resource,
    synced,
    xrd,
)
from tests.journeys.stage import ROOT, eventually

TWO = """
apiVersion: v1
kind: ConfigMap
metadata:
  annotations:
    {{ resource_name("settings") }}
    {{ ready() }}
---
apiVersion: modern.example.org/v1
kind: Lamp
metadata:
  annotations:
    {{ resource_name("lamp") }}
    {{ ready() }}
"""
VERBS = ["get", "list", "watch", "create", "patch", "delete"]


def role(name, group, resources, verbs=VERBS):
    """Return a ClusterRole that is added to the operator's."""
    labels = {"rbac.crossplane.io/aggregate-to-crossplane": "true"}
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": {"name": name, "labels": labels},
        "rules": [
            {"apiGroups": [group], "resources": resources, "verbs": verbs},
            {"apiGroups": [group], "resources": [f"{one}/status" for one in resources], "verbs": ["patch"]},
            {"apiGroups": [group], "resources": [f"{one}/finalizers" for one in resources], "verbs": ["update"]},
        ],
    }


@contextmanager
def restricted(stage, control_plane, folder):
    """Have the operator run as the service account of `deploy/`; afterwards as the administrator again."""
    for file in ("service-account", "roles-operator", "roles-golden-path"):
        stage.kubectl("apply", "-f", str(ROOT / "deploy" / f"{file}.yaml"))
    token = stage.kubectl("create", "token", "crosshead", "-n", "crossplane-system")
    kubeconfig = folder / "kubeconfig"
    Access(control_plane.serving_url, control_plane.authority, token).write_kubeconfig(kubeconfig)
    unrestricted = stage.operator
    unrestricted.stop()
    words = [f"--kubeconfig={kubeconfig}" if w.startswith("--kubeconfig=") else w for w in unrestricted.command]
    stage.operator = Server(words, folder / "operator.log")
    try:
        stage.restart_operator()
        yield
    finally:
        stage.operator.stop()
        stage.operator = unrestricted
        stage.restart_operator()


@pytest.fixture(scope="module")
def humble(stage, control_plane, tmp_path_factory):
    furnish(stage)
    stage.apply(role("ours", GROUP, ["humbles", "lamps"]))
    with restricted(stage, control_plane, tmp_path_factory.mktemp("restricted")):
        offer(stage, xrd("Humble"))
        stage.apply(composition("humbles", "Humble", TWO))
        yield stage


def test_what_rbac_refuses_is_told_with_what_grants_it_and_comes_right_when_it_does(humble):
    humble.apply(composite("Humble", "one"))
    pid = humble.operator.pid

    eventually(lambda: "forbidden" in synced(humble, "Humble", "one"), "the composite says what is refused")

    said = synced(humble, "Humble", "one")
    assert said.startswith("Unsynced resources: settings (settings: configmaps ")
    assert 'User "system:serviceaccount:crossplane-system:crosshead" cannot patch resource "configmaps"' in said
    assert f'in API group "" in the namespace "{SHOP}"' in said
    assert 'a ClusterRole with the label rbac.crossplane.io/aggregate-to-crossplane: "true"' in said
    assert 'allows get, list, watch, create, patch, delete on configmaps in API group ""' in said
    assert any("grant it by a ClusterRole" in one for one in events(humble, "one", "RoleBasedAccessControl"))
    assert [o for o in humble.get(LAMP, namespace=SHOP) if o["metadata"]["name"].startswith("one-")] != []

    humble.apply(role("granted", "", ["configmaps"]))

    eventually(lambda: synced(humble, "Humble", "one") == "", "it comes right", patience=20)
    found = composed(humble, humble.wait_ready(resource("Humble"), "one", SHOP))
    assert found.keys() == {"settings", "lamp"}
    assert humble.operator.pid == pid
    remove(humble, "Humble", "one")


def test_a_permission_that_is_taken_away_deletes_nothing(humble):
    humble.apply(role("granted", "", ["configmaps"]), composite("Humble", "two"))
    before = composed(humble, humble.wait_ready(resource("Humble"), "two", SHOP))

    humble.kubectl("delete", "clusterrole", "granted")
    humble.apply(composition("humbles", "Humble", TWO.replace("kind: ConfigMap", "data: {a: b}\nkind: ConfigMap")))

    eventually(lambda: "forbidden" in synced(humble, "Humble", "two"), "the composite says what is refused")
    after = composed(humble, humble.get(resource("Humble"), "two", SHOP))
    assert {n: o["metadata"]["uid"] for n, o in after.items()} == {n: o["metadata"]["uid"] for n, o in before.items()}
    humble.apply(role("granted", "", ["configmaps"]))
    eventually(lambda: synced(humble, "Humble", "two") == "", "it comes right", patience=40)
    assert composed(humble, humble.get(resource("Humble"), "two", SHOP))["settings"]["data"] == {"a": "b"}
    remove(humble, "Humble", "two")
