"""References between managed resources get their values from the cache, before the account is asked."""

from dataclasses import replace

import pytest

from crosshead.base import objects
from crosshead.base.errors import NotReadyError
from crosshead.base.objects import Kind
from crosshead.managed.facts import Reference
from tests.reconcilers.managed_setup import BY_US, EXTERNAL_NAME, FINALIZER, XR, Setup, seed_kind

VPC = Kind("ec2.aws.upbound.io/v1beta1", "VPC")
WITH_VPC = replace(
    BY_US,
    references=(
        Reference("vpcId", "vpcIdRef", "vpcIdSelector", VPC),
        Reference("peerIds", "peerIdRefs", "peerIdSelector", VPC, many=True),
    ),
)


@pytest.fixture
def setup():
    return Setup(WITH_VPC)


def seed_vpc(setup, name, external_name="", **metadata):
    annotations = {EXTERNAL_NAME: external_name} if external_name else {}
    return seed_kind(setup.cluster, VPC, name, metadata={"annotations": annotations, **metadata})


def test_a_reference_by_name_becomes_a_value_in_the_first_write(setup):
    seed_vpc(setup, "net", "vpc-1")
    setup.add(parameters={"vpcIdRef": {"name": "net"}})

    setup.reconcile()

    assert setup.obj["spec"]["forProvider"] == {"vpcIdRef": {"name": "net"}, "vpcId": "vpc-1"}
    assert setup.external.declared[0].parameters["vpcId"] == "vpc-1"
    assert len(setup.cluster.writes) == 2
    assert setup.obj["status"]["observedGeneration"] == objects.generation(setup.obj)


def test_a_selector_writes_whom_it_has_found(setup):
    seed_vpc(setup, "far", "vpc-1")
    seed_vpc(setup, "near", "vpc-2", ownerReferences=[XR])
    setup.add(parameters={"vpcIdSelector": {"matchControllerRef": True}}, metadata={"ownerReferences": [XR]})

    setup.reconcile()

    assert setup.obj["spec"]["forProvider"]["vpcId"] == "vpc-2"
    assert setup.obj["spec"]["forProvider"]["vpcIdRef"] == {"name": "near"}


def test_what_only_a_creation_gets_may_refer_too(setup):
    seed_vpc(setup, "net", "vpc-1")
    setup.add(initProvider={"vpcIdRef": {"name": "net"}})

    setup.reconcile()

    assert setup.obj["spec"]["initProvider"] == {"vpcIdRef": {"name": "net"}, "vpcId": "vpc-1"}
    assert setup.obj["spec"]["forProvider"] == {}
    assert setup.external.declared[0].initial["vpcId"] == "vpc-1"


def test_what_a_creation_lacks_is_told_with_its_place(setup):
    setup.add(initProvider={"vpcIdRef": {"name": "net"}})

    with pytest.raises(NotReadyError, match=r"spec\.initProvider\.vpcId: .*VPC.* \"net\" not found"):
        setup.reconcile()


def test_what_is_not_ready_is_waited_for_without_looking_outside(setup):
    seed_vpc(setup, "net")
    setup.add(parameters={"vpcIdRef": {"name": "net"}})

    with pytest.raises(NotReadyError):
        setup.reconcile()

    assert setup.shown("Synced")[2] == (
        "cannot resolve references: spec.forProvider.vpcId: "
        "referenced field was empty (referenced resource may not yet be ready)"
    )
    assert setup.reasons == ["CannotResolveResourceReferences"]
    assert setup.external.calls == []


def test_while_waiting_it_can_be_referred_to_already(setup):
    setup.add(parameters={"vpcIdRef": {"name": "net"}})

    with pytest.raises(NotReadyError):
        setup.reconcile()

    assert setup.annotations == {EXTERNAL_NAME: "pear"}
    assert objects.finalizers(setup.obj) == (FINALIZER,)


def test_what_can_be_resolved_is_kept(setup):
    seed_vpc(setup, "net", "vpc-1")
    setup.add(parameters={"vpcIdRef": {"name": "net"}, "peerIdSelector": {"matchLabels": {"a": "b"}}})

    with pytest.raises(NotReadyError, match=r"peerIds: no resources matched selector"):
        setup.reconcile()

    assert setup.obj["spec"]["forProvider"]["vpcId"] == "vpc-1"


def test_the_value_once_written_stays(setup):
    seed_vpc(setup, "net", "vpc-1")
    setup.add(parameters={"vpcIdRef": {"name": "net"}})
    setup.reconcile()
    seed_vpc(setup, "net", "vpc-2")
    setup.cluster.forget()

    setup.reconcile()

    assert setup.cluster.writes == []


def test_unless_it_is_to_be_resolved_always(setup):
    seed_vpc(setup, "net", "vpc-1")
    setup.add(parameters={"vpcIdRef": {"name": "net", "policy": {"resolve": "Always"}}})
    setup.reconcile()
    seed_vpc(setup, "net", "vpc-2")

    setup.reconcile()

    assert setup.obj["spec"]["forProvider"]["vpcId"] == "vpc-2"


def test_who_is_being_deleted_needs_no_references(setup):
    setup.add(parameters={"vpcIdRef": {"name": "net"}})
    with pytest.raises(NotReadyError):
        setup.reconcile()
    setup.delete()

    setup.reconcile()

    assert setup.cluster.objects == {}
