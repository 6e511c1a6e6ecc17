"""EKS' clusters and what is below them, as boto3 sees them."""

import pytest
from botocore.exceptions import ClientError

from tests.devel.emulation.aws import code

pytestmark = pytest.mark.emulator

ROLE = "arn:aws:iam::123456789012:role/orders"


@pytest.fixture
def eks(client):
    return client("eks")


def create(eks, subnets, name="shop", **parameters):
    return eks.create_cluster(name=name, roleArn=ROLE, resourcesVpcConfig={"subnetIds": subnets}, **parameters)


def status(eks, name="shop"):
    return eks.describe_cluster(name=name)["cluster"]["status"]


def test_a_cluster_comes_changes_and_goes(eks, subnets, passed):
    create(eks, subnets)
    seen = [status(eks)]
    passed()
    seen.append(status(eks))
    eks.update_cluster_config(name="shop", deletionProtection=False)
    seen.append(status(eks))
    passed()
    eks.delete_cluster(name="shop")
    seen.append(status(eks))
    passed()

    with pytest.raises(ClientError) as caught:
        status(eks)

    assert (seen, code(caught.value)) == (["CREATING", "ACTIVE", "UPDATING", "DELETING"], "ResourceNotFoundException")


def test_clusters_and_their_nodes_are_listed_by_name(eks, subnets, passed):
    create(eks, subnets)
    passed()
    eks.create_nodegroup(clusterName="shop", nodegroupName="small", subnets=subnets, nodeRole=ROLE)

    assert eks.list_clusters()["clusters"] == ["shop"]
    assert eks.list_nodegroups(clusterName="shop")["nodegroups"] == ["small"]


def test_a_cluster_says_where_it_stands(eks, subnets):
    create(eks, subnets, tags={"team": "shop"})

    found = eks.describe_cluster(name="shop")["cluster"]
    assert found["resourcesVpcConfig"]["vpcId"].startswith("vpc-")
    assert found["resourcesVpcConfig"]["clusterSecurityGroupId"].startswith("sg-")
    assert (found["identity"]["oidc"]["issuer"].startswith("https://oidc.eks."), found["tags"]) == (
        True,
        {"team": "shop"},
    )


@pytest.mark.usefixtures("instant")
@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"logging": {"clusterLogging": []}, "deletionProtection": True}, id="two of two kinds"),
        pytest.param(
            {"resourcesVpcConfig": {"endpointPublicAccess": False, "subnetIds": []}}, id="reach and place of it"
        ),
    ],
)
def test_only_one_kind_of_change_is_made_at_once(eks, subnets, changes):
    create(eks, subnets)

    with pytest.raises(ClientError) as caught:
        eks.update_cluster_config(name="shop", **changes)

    assert code(caught.value) == "InvalidParameterException"


@pytest.mark.parametrize(
    ("call", "refusal"),
    [
        pytest.param(
            lambda eks: eks.create_addon(clusterName="shop", addonName="coredns"),
            "InvalidRequestException",
            id="nothing is added to it",
        ),
        pytest.param(
            lambda eks: eks.update_cluster_version(name="shop", version="1.35"),
            "ResourceInUseException",
            id="nothing of it changes",
        ),
        pytest.param(
            lambda eks: eks.create_cluster(name="shop", roleArn=ROLE, resourcesVpcConfig={"subnetIds": ["subnet-1"]}),
            "ResourceInUseException",
            id="there is no other of its name",
        ),
        pytest.param(
            lambda eks: eks.create_cluster(name="more", roleArn=ROLE, resourcesVpcConfig={"subnetIds": ["subnet-1"]}),
            "InvalidParameterException",
            id="none is created nowhere",
        ),
    ],
)
def test_while_a_cluster_is_created(eks, subnets, call, refusal):
    create(eks, subnets)

    with pytest.raises(ClientError) as caught:
        call(eks)

    assert code(caught.value) == refusal


@pytest.mark.usefixtures("instant")
def test_a_cluster_that_something_runs_in_stays(eks, subnets):
    create(eks, subnets)
    eks.create_nodegroup(clusterName="shop", nodegroupName="web", subnets=subnets, nodeRole=ROLE)

    with pytest.raises(ClientError) as caught:
        eks.delete_cluster(name="shop")

    assert code(caught.value) == "ResourceInUseException"


@pytest.mark.usefixtures("instant")
def test_labels_and_taints_are_changed_one_by_one(eks, subnets):
    create(eks, subnets)
    group = {"clusterName": "shop", "nodegroupName": "web"}
    taints = [{"key": "a", "value": "1", "effect": "NO_SCHEDULE"}, {"key": "b", "value": "1", "effect": "NO_EXECUTE"}]
    eks.create_nodegroup(**group, subnets=subnets, nodeRole=ROLE, labels={"a": "1", "b": "1"}, taints=taints)

    eks.update_nodegroup_config(
        **group,
        labels={"addOrUpdateLabels": {"a": "2"}, "removeLabels": ["b"]},
        taints={"addOrUpdateTaints": [{**taints[0], "value": "2"}], "removeTaints": [taints[1]]},
    )

    found = eks.describe_nodegroup(**group)["nodegroup"]
    assert (found["labels"], found["taints"]) == ({"a": "2"}, [{**taints[0], "value": "2"}])


@pytest.mark.usefixtures("instant")
def test_an_addon_takes_its_roles_along(eks, subnets):
    create(eks, subnets)
    addon = {"clusterName": "shop", "addonName": "vpc-cni"}
    whose = {"serviceAccount": "aws-node", "roleArn": ROLE}
    eks.create_addon(**addon, podIdentityAssociations=[whose])

    (found,) = eks.list_pod_identity_associations(clusterName="shop", serviceAccount="aws-node")["associations"]
    assert eks.describe_addon(**addon)["addon"]["podIdentityAssociations"] == [found["associationArn"]]

    eks.delete_addon(**addon)
    assert eks.list_pod_identity_associations(clusterName="shop")["associations"] == []


@pytest.mark.usefixtures("instant")
def test_everything_can_be_tagged(eks, subnets):
    create(eks, subnets)
    entry = eks.create_access_entry(clusterName="shop", principalArn=ROLE)["accessEntry"]

    eks.tag_resource(resourceArn=entry["accessEntryArn"], tags={"team": "shop", "stage": "test"})
    eks.untag_resource(resourceArn=entry["accessEntryArn"], tagKeys=["stage"])

    found = eks.describe_access_entry(clusterName="shop", principalArn=ROLE)["accessEntry"]
    assert (found["tags"], found["username"]) == ({"team": "shop"}, ROLE)
