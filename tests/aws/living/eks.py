"""The lives of the kinds of eks."""

from functools import cache

from tests.aws.lives import Land, Life


def arn_of(named: str) -> str:
    """Return the ARN of a role."""
    return f"arn:aws:iam::123456789012:role/{named}"


@cache
def cluster(land: Land) -> str:
    """Return a cluster for others to stand on."""
    return land.made(
        "eks", "Cluster", "land-of-clusters", roleArn=arn_of("eks"), vpcConfig=[{"subnetIds": list(land.subnets[:2])}]
    )


LIVES = (
    Life(
        "eks",
        "Cluster",
        lambda land: {
            "roleArn": arn_of("eks"),
            "version": "1.33",
            "accessConfig": [
                {"authenticationMode": "API_AND_CONFIG_MAP", "bootstrapClusterCreatorAdminPermissions": True}
            ],
            "enabledClusterLogTypes": ["api", "audit"],
            "kubernetesNetworkConfig": [{"ipFamily": "ipv4"}],
            "vpcConfig": [
                {
                    "subnetIds": list(land.subnets[:2]),
                    "securityGroupIds": [land.group],
                    "endpointPrivateAccess": True,
                }
            ],
        },
        change={
            "version": "1.34",
            "accessConfig": [{"authenticationMode": "API"}],
            "enabledClusterLogTypes": ["scheduler"],
            "computeConfig": [{"enabled": True, "nodePools": ["system"], "nodeRoleArn": arn_of("nodes")}],
            "kubernetesNetworkConfig": [{"ipFamily": "ipv4", "elasticLoadBalancing": [{"enabled": True}]}],
            "storageConfig": [{"blockStorage": [{"enabled": True}]}],
            "encryptionConfig": [{"provider": [{"keyArn": "arn:aws:kms:::key/1"}], "resources": ["secrets"]}],
            "upgradePolicy": [{"supportType": "STANDARD"}],
            "tags": {"team": "orders"},
        },
        elsewhere=lambda land: {
            "vpcConfig": [
                {
                    "subnetIds": list(land.subnets),
                    "endpointPrivateAccess": False,
                    "publicAccessCidrs": ["10.0.0.0/8"],
                }
            ]
        },
        refused={"kubernetesNetworkConfig": [{"ipFamily": "ipv6"}], "roleArn": arn_of("another")},
    ),
    Life(
        "eks",
        "NodeGroup",
        lambda land: {
            "clusterName": cluster(land),
            "nodeRoleArn": arn_of("nodes"),
            "subnetIds": list(land.subnets[:2]),
            "scalingConfig": [{"minSize": 1, "maxSize": 3, "desiredSize": 2}],
            "instanceTypes": ["m6i.large"],
            "labels": {"team": "orders", "stage": "test"},
            "taint": [{"key": "team", "value": "orders", "effect": "NO_SCHEDULE"}],
        },
        change={
            "scalingConfig": [{"minSize": 1, "maxSize": 5, "desiredSize": 2}],
            "labels": {"team": "billing"},
            "taint": [{"key": "team", "value": "billing", "effect": "NO_EXECUTE"}],
            "updateConfig": [{"maxUnavailablePercentage": 50}],
            "releaseVersion": "1.34.1-20260202",
            "tags": {"team": "orders"},
        },
        refused={"instanceTypes": ["m6i.xlarge"]},
        imported=("clusterName",),
    ),
    Life(
        "eks",
        "Addon",
        lambda land: {
            "clusterName": cluster(land),
            "addonName": "vpc-cni",
            "configurationValues": '{"env": {"A": "1", "B": "2"}}',
            "resolveConflictsOnCreate": "OVERWRITE",
            "preserve": False,
        },
        change={
            "configurationValues": '{"env": {"A": "1"}}',
            "addonVersion": "v1.20.0-eksbuild.1",
            "serviceAccountRoleArn": arn_of("cni"),
            "podIdentityAssociation": [{"roleArn": arn_of("cni"), "serviceAccount": "aws-node"}],
            "tags": {"team": "orders"},
        },
        refused={"addonName": "coredns"},
    ),
    Life(
        "eks",
        "PodIdentityAssociation",
        lambda land: {
            "clusterName": cluster(land),
            "namespace": "orders",
            "serviceAccount": "orders",
            "roleArn": arn_of("orders"),
        },
        change={"roleArn": arn_of("billing"), "tags": {"team": "orders"}},
        refused={"serviceAccount": "billing"},
        imported=("clusterName",),
    ),
    Life(
        "eks",
        "AccessEntry",
        lambda land: {
            "clusterName": cluster(land),
            "principalArn": arn_of("people/orders"),
            "kubernetesGroups": ["viewers"],
        },
        change={"kubernetesGroups": ["editors"], "userName": "orders", "tags": {"team": "orders"}},
        refused={"type": "EC2_LINUX"},
    ),
    Life(
        "eks",
        "ClusterAuth",
        lambda land: {"clusterName": cluster(land), "refreshPeriod": "5m0s"},
        refused={"clusterName": "another"},
        setting=True,
    ),
)
