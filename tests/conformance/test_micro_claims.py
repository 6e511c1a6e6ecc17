"""What claims and composites write to each other is what Crossplane writes: its calls, as the table has them."""

import pytest

from crosshead.base import objects
from crosshead.base.errors import StalledError
from crosshead.definitions.placing import LEGACY
from crosshead.reconcilers import claims, composed, selection
from tests.conformance import copies, tables
from tests.fake_cluster import FakeCluster
from tests.fakes import fake_world
from tests.reconcilers import manifests

ROWS = tables.rows("micro/names.jsonl")


def of(op):
    rows = [row for row in ROWS if row["op"] == op]
    return pytest.mark.parametrize("row", copies.parameters(rows, "names"))


def versions(row, key):
    """Return what the releases that the table knows make of *row*: as one of them, so do we."""
    return [row[release].get(key) for release in ("v1.20", "v2.3")]


def synced(row):
    """Return the cluster after a claim of *row* was reconciled with its composite."""
    cluster = FakeCluster()
    xrd = manifests.xrd(group="ex.org")
    ref = objects.ref_of(row["claim"])
    cluster.seed(row["claim"], *([row["xr"]] if objects.name(row["xr"]) else []))
    # As it is, with its nulls: a schema may allow them.
    cluster.objects[ref] = {**cluster.objects[ref], "spec": row["claim"]["spec"]}
    claims.reconcile(ref, xrd, fake_world(cluster))
    return cluster


def last(calls, verb):
    """Return the object of the last of Crossplane's *calls* that is a *verb*, None when there is none."""
    return next((call["object"] for call in reversed(calls) if call["verb"] == verb), None)


def named(obj):
    """Return *obj* with a generated name told as the table tells it: the base, and how long the random end is."""
    name = objects.name(obj)
    generated = str(objects.metadata(obj).get("generateName", ""))
    told = {"base": name[:-5], "random_suffix": 5} if generated else name
    metadata = {k: v for k, v in objects.metadata(obj).items() if k != "uid"}
    return {**obj, "metadata": {**metadata, "name": told}}


@of("claim-sync")
def test_the_composite_is_applied_as_upstream(row):
    cluster = synced(row)

    applied = [named(write.body) for write in cluster.writes if write.verb == "apply"]
    assert len(applied) == 1
    assert applied[0] in [last(calls, "patch") for calls in versions(row, "calls")]


@of("claim-sync")
def test_the_claim_is_left_as_upstream(row):
    claim = synced(row).get(objects.ref_of(row["claim"]))

    reference = dict(claim["spec"]["resourceRef"])
    if row["random"]:
        reference["name"] = {"base": reference["name"][:-5], "random_suffix": 5}
    wanted = [last(calls, "update")["spec"] for calls in versions(row, "calls")]
    assert {**claim["spec"], "resourceRef": reference} in wanted


@of("claim-sync")
def test_the_status_comes_back_as_upstream(row):
    claim = synced(row).get(objects.ref_of(row["claim"]))

    calls = row["v2.3"]["calls"]
    wanted = (last(calls, "status-update") or row["claim"]).get("status", {})
    # Conditions are compared where they are made: the table's are those from before the end of the pass.
    assert _without_conditions(claim.get("status", {})) == _without_conditions(wanted)


def _without_conditions(status):
    return {key: value for key, value in status.items() if key != "conditions"}


@of("connection-secret")
def test_the_connection_secret_of_a_composite_is_named_as_upstream(row):
    composite, revision = row["xr"], row["revision"]
    composition = {**revision, "metadata": {"name": "c", "uid": "c"}}
    owner = {"kind": "Composition", "name": "c", "uid": "c", "controller": True}
    owned = {**revision, "metadata": {"name": "c-1", "ownerReferences": [owner]}}

    try:
        selection.revision(composite, manifests.xrd(), composition, [owned])
        configured = composed.configured(composite, LEGACY, owned)
        told = objects.spec(configured).get("writeConnectionSecretToRef")
    except StalledError:
        told = "not compatible"

    assert told == _secret(row)


def _secret(row):
    if "error" in row["v1.20"]:
        return "not compatible"
    written = last(row["v1.20"]["calls"] or [], "update")
    return written["spec"]["writeConnectionSecretToRef"] if written else None
