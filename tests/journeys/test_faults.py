"""The journeys of the golden path once more, while nearly every third request to AWS goes wrong."""

import pytest

from tests.journeys import stage as staging
from tests.journeys import test_lives as lives
from tests.journeys.stage import eventually, provider_config
from tests.storm import GALE, Storm

pytestmark = pytest.mark.timeout(900)

# So much longer everything may take.
PATIENCE = 4 * staging.PATIENCE

JOURNEYS = (
    lives.test_a_claim_becomes_a_database_and_reports_back,
    lives.test_a_changed_claim_changes_the_database,
    lives.test_drift_is_corrected_and_told,
    lives.test_a_development_database_goes_with_its_claim_and_nothing_is_left,
    lives.test_a_paused_resource_is_left_alone_until_it_is_resumed,
)


@pytest.fixture(scope="module")
def storm(stage, tmp_path_factory):
    """A storm between the operator and AWS, for as long as these journeys last."""
    with Storm(stage.emulator.url, tmp_path_factory.mktemp("storm") / "storm.log") as running:
        stage.apply(*provider_config(running.url))
        yield running
        stage.apply(*provider_config(stage.emulator.url))


@pytest.fixture
def gale(storm, monkeypatch):
    monkeypatch.setattr(eventually, "__defaults__", (PATIENCE,))
    storm.blow(*GALE)
    yield storm
    storm.blow()


def found(stage):
    """Return what AWS has, by name, which we see without any storm."""
    groups = stage.aws("elasticache").describe_replication_groups()["ReplicationGroups"]
    buckets = stage.aws("s3").list_buckets()["Buckets"]
    subnets = stage.aws("rds").describe_db_subnet_groups()["DBSubnetGroups"]
    return {
        *(instance["DBInstanceIdentifier"] for instance in stage.instances()),
        *(group["ReplicationGroupId"] for group in groups),
        *(bucket["Name"] for bucket in buckets),
        *(group["DBSubnetGroupName"] for group in subnets),
    }


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda journey: journey.__name__.removeprefix("test_"))
def test_a_journey_in_a_gale(stage, gale, journey):
    journey(stage)

    assert gale.fired()


def test_every_golden_path_claim_comes_through_a_gale_and_leaves_nothing(stage, gale):
    before = found(stage)

    lives.test_every_golden_path_claim_becomes_ready_and_leaves(stage)

    eventually(lambda: found(stage) <= before, "AWS has nothing more than before")
    assert "this is a bug" not in stage.operator.log.read_text()
    assert gale.fired()
