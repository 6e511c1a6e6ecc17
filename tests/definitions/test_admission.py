"""The rows of validation.jsonl have Crossplane's words; here is what they leave open."""

import pytest

from crosshead.definitions import admission
from tests.definitions.xrds import xrd


def test_a_sound_xrd_may_be_written_and_written_again():
    assert admission.faults(xrd()) == []
    assert admission.faults(xrd(), xrd()) == []


@pytest.mark.parametrize(
    ("new", "old"),
    [
        pytest.param(xrd(), xrd(claimNames=None), id="claims begin to be offered"),
        pytest.param(xrd(claimNames=None), xrd(), id="claims end to be offered"),
    ],
)
def test_claims_may_come_and_go(new, old):
    assert admission.faults(new, old) == []


def test_all_that_may_not_change_is_named_in_order():
    new = xrd(
        group="air.example.org",
        names={"kind": "XCloud", "plural": "xclouds"},
        claimNames={"kind": "Cloud", "plural": "clouds"},
        conversion={"strategy": "Webhook", "webhook": {"conversionReviewVersions": ["v1"]}},
    )

    assert [fault.partition(": ")[0] for fault in admission.faults(new, xrd())] == [
        "spec.group",
        "spec.names.plural",
        "spec.names.kind",
        "spec.claimNames.plural",
        "spec.claimNames.kind",
        "spec.conversion.webhook",
    ]
