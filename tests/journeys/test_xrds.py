"""XRDs that change, move on, go and come again while there are claims of their kinds; on real parts."""

import json
import time

import pytest

from tests.journeys.nops import (
    GROUP,
    NAMESPACE,
    claim_ready,
    comes_back,
    composition,
    delete,
    down,
    made,
    nop,
    offer,
    resource,
    sizes,
    thing,
    xrd,
)
from tests.journeys.stage import eventually


@pytest.mark.parametrize("policy", ["Background", "Foreground"])
def test_a_claim_of_a_kind_made_a_moment_ago_is_deleted_in_no_time(stage, policy):
    """The collector learns of new kinds every thirty seconds only: nobody is to wait for it."""
    kind = f"Quick{policy}"
    offer(stage, f"X{kind}", kind)
    stage.apply(composition(kind.lower(), f"X{kind}", nop("one")))
    claim_ready(stage, kind, "quick", compositeDeletePolicy=policy)
    began = time.monotonic()

    delete(stage, kind, "quick")

    assert time.monotonic() - began < 10
    assert not stage.get(resource(f"X{kind}"))


def test_new_fields_of_an_xrd_reach_what_is_composed_however_soon_they_are_used(stage):
    """An API server shows objects by the old schema for a moment, and never again by the new one."""
    offer(stage, "XField", "Field")
    patches = [down(f"spec.field{number}", f"spec.forProvider.fields.field{number}") for number in range(3)]
    stage.apply(composition("fields", "XField", nop("one", *patches)))
    claim_ready(stage, "Field", "new")
    for number in range(3):
        stage.apply(xrd("XField", "Field", fields={f"field{n}": {"type": "string"} for n in range(number + 1)}))
        eventually(lambda field=f"field{number}": _set(stage, "Field", "new", field), "the claim takes the field")

    wanted = {f"field{number}": "x" for number in range(3)}
    eventually(lambda: made(stage, "new")["one"]["spec"]["forProvider"]["fields"] == wanted, "all are there", 15)
    delete(stage, "Field", "new")


def _set(stage, kind, name, field):
    changes = json.dumps({"spec": {field: "x"}})
    stage.kubectl("patch", resource(kind), name, "-n", NAMESPACE, "--type=merge", "-p", changes)
    return stage.get(resource(kind), name, NAMESPACE)["spec"].get(field) == "x"


def test_an_xrd_moves_on_to_another_version(stage):
    offer(stage, "XMove", "Move")
    stage.apply(composition("moves", "XMove", nop("one", down())))
    claim_ready(stage, "Move", "mover")
    stage.kubectl("delete", "composition", "moves")
    stage.apply(
        xrd("XMove", "Move", versions=("v2", "v1")), composition("moves", "XMove", nop("one", down()), version="v2")
    )
    eventually(lambda: _reference(stage)["apiVersion"] == f"{GROUP}/v2", "the claim refers to the new version")

    stage.apply(thing("Move", "mover", version="v2", size="big"))
    eventually(lambda: sizes(stage, "mover") == {"one": "big"}, "changes go through")
    comes_back(stage, made(stage, "mover")["one"]["metadata"]["name"])

    types = stage.get("xrd", f"xmoves.{GROUP}")["status"]["controllers"]
    assert {t["apiVersion"] for t in types.values()} == {f"{GROUP}/v2"}
    delete(stage, "Move", "mover")


def _reference(stage):
    return stage.get(resource("Move"), "mover", NAMESPACE)["spec"]["resourceRef"]


@pytest.mark.parametrize("running", [True, False], ids=["at once", "while the operator is away"])
def test_an_xrd_takes_everything_of_its_kinds_along_and_can_be_made_again(stage, running):
    offer(stage, "XGone", "Gone")
    stage.apply(composition("gones", "XGone", nop("one")))
    for name in ("first", "second"):
        claim_ready(stage, "Gone", name)
    if not running:
        stage.operator.kill()
    stage.kubectl("delete", "xrd", f"xgones.{GROUP}", "--wait=false")
    if not running:
        stage.restart_operator()

    stage.wait_gone("xrd", f"xgones.{GROUP}")
    assert (made(stage, "first"), made(stage, "second")) == ({}, {})

    offer(stage, "XGone", "Gone")
    claim_ready(stage, "Gone", "first")
    stage.kubectl("delete", "xrd", f"xgones.{GROUP}", "--wait=false")
    stage.wait_gone("xrd", f"xgones.{GROUP}")
