"""
Our CRDs take, complete and refuse what those of Crossplane do.

There is one CRD for what 1.20 and 2.3 have two of. A CompositeResourceDefinition is what 2.3 makes of it, whose v1 is
1.20's and a scope; a Composition what 1.20 makes of it, and 2.3 of its pipeline. Where the releases contradict each
other, `SLIPS` and docs/decisions say who is right.
"""

import pytest

from crosshead.api.compositions import composition_crd
from crosshead.api.definitions import definition_crd
from crosshead.api.usages import cluster_usage_crd, namespaced_usage_crd, usage_crd
from crosshead.base.errors import StalledError
from crosshead.definitions import admission, rendering
from tests.conformance import structural, tables

RELEASES = ("v1.20", "v2.3")
# What 2.3 refuses by a slip of its rules, although it makes sense, and 1.20 takes it.
SLIPS = {
    "Webhook configuration is required when conversion strategy is Webhook": {"strategy": "None"},
    "the Secret source requires a secretRef": {"source": "None"},
}

SCHEMAS = {
    (crd["spec"]["group"] + "/" + version["name"], crd["spec"]["names"]["kind"]): version["schema"]["openAPIV3Schema"]
    for crd in (definition_crd(), composition_crd(), usage_crd(), namespaced_usage_crd(), cluster_usage_crd())
    for version in crd["spec"]["versions"]
}


def kind_of(row):
    return row["object"]["apiVersion"], row["object"]["kind"]


def answer(row, release):
    """What the CRD of *release* makes of the row's object; None when it has no such CRD."""
    told = row[release]["crd"]
    return None if told.get("not_served") else told


def refusals(told):
    return [error["error"] for error in told["schema_errors"] + told["cel_errors"]] if told else []


def is_slip(error, obj):
    path, _, message = error.partition(": ")
    told = next((told for slip, told in SLIPS.items() if message.endswith(slip)), None)
    return told is not None and told.items() <= structural.at(obj, path).items()


def is_of_2(row):
    """Whether 2.3 can be asked: it knows no mode but Pipeline, which it takes for granted."""
    return row["object"]["kind"] != "Composition" or row["object"]["spec"].get("mode") == "Pipeline"


ROWS = [row for row in tables.rows("micro/validation.jsonl") if kind_of(row) in SCHEMAS]


def each(rows):
    return pytest.mark.parametrize("row", [pytest.param(row, id=row["id"]) for row in rows])


each_row = each(ROWS)


def admitted(kind, obj):
    """Metadata is the API server's own affair, whatever the schema of the kind says."""
    told = {field: part for field, part in obj.items() if field != "metadata"}
    return structural.prune(SCHEMAS[kind], structural.default(SCHEMAS[kind], told))


def refused(row):
    schema = SCHEMAS[kind_of(row)]
    kept, _ = admitted(kind_of(row), row["object"])
    before, _ = admitted(kind_of(row), row.get("old", {}))
    return {*structural.errors(schema, kept), *structural.broken_rules(schema, kept, before)}


def completed(row, release):
    """The spec as *release* completes it. The table is silent about specs that stay as they are, or only lose."""
    told = answer(row, release)
    return told.get("defaulted_spec", structural.without(row["object"], told.get("pruned", []))["spec"])


@each_row
def test_what_no_release_knows_is_dropped(row):
    _, dropped = admitted(kind_of(row), row["object"])

    by_each = [set(told.get("pruned", [])) for release in RELEASES if (told := answer(row, release))]
    assert set(dropped) == set.intersection(*by_each)


@each(row for row in ROWS if row["object"]["kind"] != "Composition")
def test_what_2_fills_in_is_filled_in(row):
    kept, _ = admitted(kind_of(row), row["object"])

    assert kept["spec"] == completed(row, "v2.3")


@each(row for row in ROWS if answer(row, "v1.20"))
def test_what_1_20_fills_in_is_filled_in(row):
    kept, _ = admitted(kind_of(row), row["object"])

    # Besides fields that it does not know, 2.3 fills in but the scope.
    lost = answer(row, "v1.20").get("pruned", [])
    same = structural.without(kept, lost)["spec"]
    assert {"scope": "LegacyCluster", **same} == {"scope": "LegacyCluster", **completed(row, "v1.20")}


@each_row
def test_what_1_20_refuses_is_refused(row):
    assert refused(row) >= set(refusals(answer(row, "v1.20")))


@each(filter(is_of_2, ROWS))
def test_what_2_refuses_is_refused(row):
    expected = {error for error in refusals(answer(row, "v2.3")) if not is_slip(error, row["object"])}

    assert refused(row) >= expected


@each_row
def test_nothing_else_is_refused(row):
    by_any = {error for release in RELEASES for error in refusals(answer(row, release))}

    assert refused(row) <= by_any


DEFINITIONS = [row for row in ROWS if "errors" in row["v1.20"]["webhook"] and row["op"].startswith("xrd")]


@each(DEFINITIONS)
def test_what_the_webhook_of_1_20_says_of_an_xrd_is_said(row):
    faults = admission.faults(row["object"], row.get("old"))

    assert list(faults) == [error["error"] for error in row["v1.20"]["webhook"]["errors"]]


@each(row for row in DEFINITIONS if "render_error" in row["v1.20"]["webhook"])
def test_what_the_webhook_of_1_20_cannot_render_is_refused(row):
    with pytest.raises(StalledError):
        _ = rendering.composite_crd(row["object"]), rendering.claim_crd(row["object"])
