"""Whose is it? What another object of ours has left is found; what is somebody else's is never touched."""

from collections.abc import Iterator
from dataclasses import replace

import boto3
import pytest

from crosshead.base.errors import ForbiddenError, ReconcileError, StalledError, TransientError
from crosshead.devel.emulator import EmulatorControl
from crosshead.managed.external import ABSENT, Declared, Left
from tests.aws.lives import Land, Life, changed, create, settle
from tests.aws.living.catalogue import LIVES

ORIGIN = "cluster/PostgresDatabase.platform.example.org/shop/orders/thing"
HERITABLE = (
    "rds Instance", "rds SubnetGroup", "s3 Bucket", "ec2 VPC", "ec2 Subnet", "ec2 SecurityGroup", "kms Key",
    "elasticache ReplicationGroup", "sns Topic", "secretsmanager Secret", "iam Role", "iam User", "sqs Queue",
    "ec2 SecurityGroupRule", "ec2 SecurityGroupIngressRule",
)  # fmt: skip
EACH = pytest.mark.parametrize("life", [pytest.param(life, id=life.id) for life in LIVES if life.id in HERITABLE])
# Whoever may not look at the rules of a group can do nothing with them.
SEARCHED = pytest.mark.parametrize(
    "life",
    [pytest.param(life, id=life.id) for life in LIVES if life.id in HERITABLE and not life.kind.endswith("Rule")],
)
TAGGED = pytest.mark.parametrize(
    "life", [pytest.param(life, id=life.id) for life in LIVES if life.id in HERITABLE and "tags" in life.change]
)
OTHER_ACCOUNT = {"aws_access_key_id": "AKIAOTHER", "aws_secret_access_key": "test"}


def test_all_of_them_are_asked() -> None:
    assert {life.id for life in LIVES} >= set(HERITABLE)


@pytest.fixture
def orphan(life: Life, land: Land, name: str) -> Iterator[Declared]:
    """What an object has created that is gone by now."""
    external = land.external(life.service, life.kind)
    declared = create(external, replace(life.declared(land, name), origin=f"{ORIGIN}-{name}"))
    settle(external, declared)
    yield declared
    external.delete(declared)


def successor(orphan: Declared) -> Declared:
    """Return the declaration of the object that comes in its place."""
    return replace(orphan, name=f"{orphan.name}-again", uid="uid-of-the-next", external_name="")


@EACH
def test_what_was_left_is_found_by_its_origin(life: Life, land: Land, orphan: Declared) -> None:
    found = land.external(life.service, life.kind).left(successor(orphan))

    assert found == (Left(orphan.external_name, orphan.uid),)


@EACH
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(
            {"origin": "another-cluster/PostgresDatabase.platform.example.org/shop/orders/thing"}, id="cluster"
        ),
        pytest.param({"origin": ""}, id="unknown origin"),
    ],
)
def test_what_is_of_another_origin_is_not(life: Life, land: Land, orphan: Declared, change: dict[str, str]) -> None:
    assert land.external(life.service, life.kind).left(replace(successor(orphan), **change)) == ()


@EACH
def test_nor_is_what_is_its_own(life: Life, land: Land, orphan: Declared) -> None:
    assert land.external(life.service, life.kind).left(orphan) == ()


@EACH
def test_to_look_for_it_changes_nothing(life: Life, land: Land, orphan: Declared, control: EmulatorControl) -> None:
    land.external(life.service, life.kind).left(successor(orphan))

    asked = {operation.partition(":")[2] for operation in control.counts()}
    assert {operation for operation in asked if not operation.startswith(("Describe", "Get", "Head", "List"))} == set()


@SEARCHED
def test_who_may_not_search_goes_without(life: Life, land: Land, orphan: Declared, control: EmulatorControl) -> None:
    external = land.external(life.service, life.kind)
    own = external.descriptor.remains
    service, search = (life.service, own.call.operation) if own else ("tagging", "get_resources")
    operation = "".join(word.capitalize() for word in search.split("_"))
    control.add_fault(kind="error", service=service, operation=operation, code="AccessDeniedException")

    assert external.left(successor(orphan)) == ()
    assert control.counts()[f"{service}:{operation}"] == 1


@EACH
def test_its_marks_are_no_drift_for_whoever_takes_it_over(life: Life, land: Land, orphan: Declared) -> None:
    """Neither for an object of the same origin, nor for one of none: as after a change from Crossplane."""
    external = land.external(life.service, life.kind)
    secretless = replace(orphan, secrets={})

    seen = [
        external.observe(replace(secretless, uid="another", origin=origin)) for origin in (orphan.origin, "", "x/y")
    ]

    assert [(one.drift, one.immutable) for one in seen] == [((), ())] * 3


@TAGGED
def test_taken_over_it_says_whose_it_is_now_and_still_where_it_comes_from(
    life: Life, land: Land, orphan: Declared
) -> None:
    external = land.external(life.service, life.kind)
    heir = replace(successor(orphan), external_name=orphan.external_name)
    heir = replace(heir, parameters={**heir.parameters, "tags": {"team": "shop"}})

    external.update(heir, external.observe(heir))

    seen = settle(external, heir)
    tags = seen.at_provider["tags"]
    assert seen.drift == ()
    assert (tags["crossplane-name"], tags["crossplane-origin"], tags["team"]) == (heir.name, heir.origin, "shop")


def test_what_crossplane_created_gets_our_mark_only_when_its_tags_are_written_anyway(land: Land, name: str) -> None:
    external = land.external("ec2", "VPC")
    by_crossplane = Life("ec2", "VPC", lambda _: {"cidrBlock": "10.9.0.0/16"}).declared(land, name)
    vpc = boto3.client("ec2", "us-east-1", endpoint_url=land.url, **OTHER_KEYS).create_vpc(CidrBlock="10.9.0.0/16")
    taken = replace(by_crossplane, external_name=vpc["Vpc"]["VpcId"], origin=f"{ORIGIN}-{name}")

    external.update(taken, external.observe(taken))

    assert external.observe(taken).at_provider["tags"]["crossplane-origin"] == taken.origin
    assert external.left(replace(taken, uid="next", external_name="")) == (Left(taken.external_name, ""),)
    external.delete(taken)


OTHER_KEYS = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}


class TestDatabase:
    @pytest.fixture
    def wanted(self, unnamed: Declared) -> Declared:
        return replace(unnamed, origin=f"{ORIGIN}-{unnamed.name}")

    def test_one_of_the_same_identifier_is_found_without_a_search(
        self, land: Land, wanted: Declared, control: EmulatorControl
    ) -> None:
        external = land.external("rds", "Instance")
        born = create(external, wanted)
        control.add_fault(kind="error", service="tagging", operation="GetResources", code="AccessDeniedException")

        assert external.left(replace(wanted, uid="next")) == (Left(born.external_name, born.uid),)

    def test_one_of_another_place_is_refused_and_never_deleted(self, land: Land, wanted: Declared) -> None:
        external = land.external("rds", "Instance")
        born = create(external, wanted)
        stranger = replace(wanted, uid="next", origin="cluster/elsewhere")

        assert external.left(stranger) == ()
        with pytest.raises(StalledError, match="is not ours"):
            external.create(stranger)
        assert not external.observe(stranger).exists
        external.delete(stranger)
        assert external.observe(born).exists

    def test_it_is_told_the_password_of_its_new_object(
        self, land: Land, wanted: Declared, control: EmulatorControl
    ) -> None:
        """A password is generated for each object: that of the old one is gone with it."""
        external = land.external("rds", "Instance")
        born = create(external, wanted)
        heir = replace(born, uid="next")
        seen = external.observe(heir)
        assert [drift.field for drift in seen.drift] == ["passwordSecretRef"]

        external.update(heir, seen)

        assert control.count("rds:ModifyDBInstance") == 1
        assert external.observe(heir).drift == ()

    def test_not_again_after_a_restart(self, land: Land, wanted: Declared) -> None:
        heir = replace(create(land.external("rds", "Instance"), wanted), uid="next-but-restarted")

        seen = land.external("rds", "Instance").observe(replace(heir, told=heir.secrets))

        assert seen.drift == ()

    def test_a_refused_create_does_not_count_as_told(self, land: Land, wanted: Declared) -> None:
        external = land.external("rds", "Instance")
        born = create(external, wanted)
        heir = replace(wanted, uid="refused-at-first")
        with pytest.raises(StalledError):
            external.create(heir)

        seen = external.observe(replace(heir, external_name=born.external_name))

        assert [drift.field for drift in seen.drift] == ["passwordSecretRef"]

    def test_what_is_on_its_way_out_is_not_taken_over(
        self, land: Land, wanted: Declared, control: EmulatorControl
    ) -> None:
        external = land.external("rds", "Instance")
        born = create(external, wanted)
        control.set_delays(creating=0.0, modifying=0.0, deleting=5.0)
        external.delete(born)

        assert external.left(replace(wanted, uid="next")) == ()


def test_what_cannot_be_changed_is_said(land: Land, name: str) -> None:
    external = land.external("ec2", "VPC")
    wanted = Life("ec2", "VPC", lambda _: {"cidrBlock": "10.8.0.0/16"}).declared(land, name)
    born = create(external, replace(wanted, origin=f"{ORIGIN}-{name}"))

    (left,) = external.left(replace(changed(born, cidrBlock="10.7.0.0/16"), uid="next", external_name=""))

    assert [drift.field for drift in left.immutable] == ["cidrBlock"]
    external.delete(born)


class TestSomebodyElses:
    def test_a_namesake_is_neither_taken_nor_deleted(self, land: Land, name: str) -> None:
        """The group was made by hand: that its name is taken is no reason to make it ours."""
        client = boto3.client("ec2", "us-east-1", endpoint_url=land.url, **OTHER_KEYS)
        theirs = client.create_security_group(GroupName=name, Description="x", VpcId=land.vpc)["GroupId"]
        external = land.external("ec2", "SecurityGroup")
        ours = Life("ec2", "SecurityGroup", lambda it: {"vpcId": it.vpc}).declared(land, name)

        with pytest.raises(StalledError, match="is not ours: to take it over, set the annotation"):
            external.create(replace(ours, origin=ORIGIN))
        external.delete(ours)

        assert client.describe_security_groups(GroupIds=[theirs])["SecurityGroups"]
        client.delete_security_group(GroupId=theirs)

    def test_a_bucket_of_another_account_is_neither_written_nor_deleted(
        self, land: Land, name: str, control: EmulatorControl
    ) -> None:
        control.add_fault(kind="error", service="s3", match=name, code="AccessDenied", status=403)
        external = land.external("s3", "Bucket")
        declared = Life("s3", "Bucket", lambda _: {"forceDestroy": True}).declared(land, name)

        for act in (external.observe, external.delete):
            with pytest.raises(ForbiddenError):
                act(replace(declared, external_name=name))

        assert {o for o in control.counts() if not o.partition(":")[2].startswith(("Head", "Get", "List"))} == set()


class TestDeleting:
    def test_what_may_have_been_created_a_moment_ago_is_not_taken_for_gone(
        self, land: Land, name: str, control: EmulatorControl
    ) -> None:
        """The answer is lost, and AWS does not show it yet: whoever lets go now leaves it behind."""
        control.add_fault(kind="reset", service="ec2", operation="CreateVpc", match="10.6.0.0")
        external = land.external("ec2", "VPC")
        declared = Life("ec2", "VPC", lambda _: {"cidrBlock": "10.6.0.0/16"}).declared(land, name)
        with pytest.raises(TransientError):
            external.create(declared)

        seen = external.observe(declared)

        assert (seen.exists, seen.busy) == (False, True)

    def test_what_aws_cannot_have_twice_is_looked_up_by_its_name(
        self, land: Land, unnamed: Declared, control: EmulatorControl
    ) -> None:
        control.add_fault(kind="reset", service="rds", operation="CreateDBInstance", match=unnamed.name)
        external = land.external("rds", "Instance")
        with pytest.raises(TransientError):
            external.create(unnamed)

        assert external.observe(unnamed) == ABSENT

    @pytest.mark.parametrize(
        ("parameters", "sentence"),
        [
            pytest.param(
                {"skipFinalSnapshot": False}, "set spec.forProvider.finalSnapshotIdentifier", id="no snapshot"
            ),
            pytest.param({"skipFinalSnapshot": None}, "set spec.forProvider.finalSnapshotIdentifier", id="by default"),
            pytest.param({"deletionProtection": True}, "deletion protection is on", id="protection"),
        ],
    )
    def test_what_would_be_lost_is_refused_before_anything_is_sent(
        self, land: Land, unnamed: Declared, control: EmulatorControl, parameters: dict[str, object], sentence: str
    ) -> None:
        external = land.external("rds", "Instance")
        said = {k: v for k, v in {**unnamed.parameters, **parameters}.items() if v is not None}
        born = create(external, replace(unnamed, parameters=said, initial=said))
        control.forget_requests()

        with pytest.raises(StalledError, match=sentence):
            external.delete(born)

        assert {operation for operation in control.counts() if "Describe" not in operation} == set()
        assert external.observe(born).exists

    def test_protection_that_somebody_else_has_switched_on_is_not_lifted(self, land: Land, unnamed: Declared) -> None:
        external = land.external("rds", "Instance")
        born = create(external, unnamed)
        client = boto3.client("rds", "us-east-1", endpoint_url=land.url, **OTHER_KEYS)
        client.modify_db_instance(DBInstanceIdentifier=unnamed.name, DeletionProtection=True)

        with pytest.raises(ReconcileError, match="deletion protection is on"):
            external.delete(born)

        assert client.describe_db_instances(DBInstanceIdentifier=unnamed.name)["DBInstances"][0]["DeletionProtection"]
