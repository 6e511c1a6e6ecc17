"""The world misbehaves: processes die, AWS is not there. Nothing is lost, nothing happens twice."""

import time

import pytest

from tests.journeys.stage import eventually, postgres

CLAIM = "postgresdatabases.platform.example.org"
INSTANCE = "instances.rds.aws.upbound.io"


def of_claim(stage, name):
    """Return the instances in AWS that were made for the claim *name*."""
    return [i for i in stage.instances() if i["DBInstanceIdentifier"].startswith(f"{name}-")]


def composite_of(stage, name):
    return ((stage.get(CLAIM, name, "checkout-dev") or {}).get("spec") or {}).get("resourceRef")


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param("bound", id="when the claim is bound"),
        pytest.param("creating", id="when AWS creates the database"),
    ],
)
def test_an_operator_that_is_killed_in_the_middle_of_a_creation_makes_exactly_one_database(stage, moment):
    name = f"killed-{moment}"
    stage.apply(postgres(name))
    reached = {"bound": lambda: composite_of(stage, name), "creating": lambda: of_claim(stage, name)}[moment]
    eventually(reached, moment)

    stage.operator.kill()
    time.sleep(1)
    stage.restart_operator()

    stage.wait_ready(CLAIM, name, "checkout-dev")
    assert len(of_claim(stage, name)) == 1
    stage.kubectl("delete", CLAIM, name, "-n", "checkout-dev", "--wait=false")
    stage.wait_gone(CLAIM, name, "checkout-dev")
    assert of_claim(stage, name) == []


def test_a_creation_whose_answer_was_lost_is_not_repeated(stage):
    stage.control.add_fault(service="rds", operation="CreateDBInstance", kind="lost-answer", times=1)
    stage.control.add_fault(service="ec2", operation="CreateSecurityGroup", kind="lost-answer", times=1)

    stage.apply(postgres("unanswered"))

    claim = stage.wait_ready(CLAIM, "unanswered", "checkout-dev")
    composite = claim["spec"]["resourceRef"]["name"]
    assert len(of_claim(stage, "unanswered")) == 1
    groups = stage.aws("ec2").describe_security_groups()["SecurityGroups"]
    assert len([g for g in groups if g["GroupName"].startswith(f"{composite}-")]) == 1
    stage.kubectl("delete", CLAIM, "unanswered", "-n", "checkout-dev", "--wait=false")
    stage.wait_gone(CLAIM, "unanswered", "checkout-dev")


def test_aws_may_be_down_for_a_while(stage):
    stage.control.add_fault(service="*", kind="reset")
    stage.apply(postgres("patient"))
    eventually(lambda: "False" in _synced(stage, "patient"), "the resources say that AWS does not answer")

    stage.control.lift_faults()

    stage.wait_ready(CLAIM, "patient", "checkout-dev")
    stage.kubectl("delete", CLAIM, "patient", "-n", "checkout-dev", "--wait=false")
    stage.wait_gone(CLAIM, "patient", "checkout-dev")


def _synced(stage, name):
    claim = stage.get(CLAIM, name, "checkout-dev")
    reference = (claim["spec"].get("resourceRef") or {}).get("name")
    if not reference:
        return set()
    resources = stage.kubectl(
        "get", "managed", "-l", f"crossplane.io/composite={reference}",
        "-o", "jsonpath={range .items[*]}{.status.conditions[?(@.type=='Synced')].status} {end}",
    )  # fmt: skip
    return set(resources.split())
