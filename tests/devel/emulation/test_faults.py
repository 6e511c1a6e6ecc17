"""Which calls a rule is about, how often it fires, and how a rate is metered."""

import threading

import pytest

from crosshead.devel.emulation.calls import Call
from crosshead.devel.emulation.faults import Faults, Rule

DESCRIBE = Call(
    method="POST",
    path="/",
    service="rds",
    operation="DescribeDBInstances",
    region="eu-west-1",
    key="AKIA",
    protocol="query",
    body=b"Action=DescribeDBInstances&DBInstanceIdentifier=orders",
)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def faults(clock):
    return Faults(clock)


@pytest.mark.parametrize(
    ("rule", "concerned"),
    [
        pytest.param({}, True, id="everything"),
        pytest.param({"service": "rds"}, True, id="its service"),
        pytest.param({"service": "s3"}, False, id="another service"),
        pytest.param({"operation": "Describe*"}, True, id="its sort of operation"),
        pytest.param({"operation": "describe*"}, False, id="case counts"),
        pytest.param({"match": "=orders"}, True, id="a part of its body"),
        pytest.param({"match": "=invoices"}, False, id="not in its body"),
    ],
)
def test_a_rule_concerns_what_it_describes(rule, concerned):
    assert Rule("error", **rule).concerns(DESCRIBE) is concerned


def test_the_first_rule_that_fires_decides(faults):
    faults.add(Rule("error", service="s3"))
    faults.add(Rule("html", times=1))
    faults.add(Rule("reset"))

    met = [faults.judge(DESCRIBE).rule.kind for _ in range(3)]

    assert met == ["html", "reset", "reset"]


def test_chance_is_fair_and_repeatable(clock):
    def fired(seed: int) -> list[bool]:
        faults = Faults(clock, seed)
        faults.add(Rule("error", probability=0.3))
        return [faults.judge(DESCRIBE) is not None for _ in range(1000)]

    assert 250 < sum(fired(1)) < 350
    assert fired(1) == fired(1)
    assert fired(1) != fired(2)


def test_a_rate_refills_with_time(faults, clock):
    faults.add(Rule("throttle", rate=2, burst=3))

    def refused() -> int:
        return sum(faults.judge(DESCRIBE) is not None for _ in range(5))

    assert refused() == 2
    assert refused() == 5
    clock.now += 1
    assert refused() == 3
    clock.now += 3600
    assert refused() == 2


def test_a_throttle_without_a_rate_refuses_all(faults):
    faults.add(Rule("throttle"))

    assert faults.judge(DESCRIBE) is not None


def test_waiting_ends_when_the_rule_is_lifted(faults):
    faults.add(Rule("hang"))
    waiting = threading.Thread(target=faults.judge(DESCRIBE).wait)
    waiting.start()

    assert faults.lift() == 1

    waiting.join(5)
    assert not waiting.is_alive()
    assert faults.judge(DESCRIBE) is None
