"""The parameters of an EKS cluster, and how their changes are sent: AWS takes one kind of change per call."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from crosshead.aws import shapes
from crosshead.aws.calls import Request
from crosshead.aws.comparing import version
from crosshead.aws.descriptor import Field, fixed, sent, settable
from crosshead.aws.shapes import FLAG, TEXT, Block, Member, Texts
from crosshead.base.values import Draft, Json, Object

_LOGS: Final = ("api", "audit", "authenticator", "controllerManager", "scheduler")
# They make up the automatic mode, and AWS wants all three whenever it hears of one.
_AUTOMATIC: Final = ("computeConfig", "kubernetesNetworkConfig", "storageConfig")
_ACCESS_TO_IT: Final = frozenset({"endpointPrivateAccess", "endpointPublicAccess", "publicAccessCidrs"})


def _same_access(declared: Json, found: Json, _: Mapping[str, Json]) -> bool:
    """Who creates it is made its administrator, or not, once: only the mode can change."""
    modes = [one[0].get("authenticationMode") if one else None for one in (declared, found)]
    return modes[0] in (None, modes[1])


def _logging(types: Json) -> Json:
    """AWS wants to hear of the logs that are off, too."""
    off = [name for name in _LOGS if name not in types]
    return {"clusterLogging": [{"types": types, "enabled": True}, {"types": off, "enabled": False}]}


def _off(name: str, shape: Block, absent: Json) -> Field:
    """Return a field that AWS does not speak of as long as it is *absent*."""
    return Field(name=name, shape=shape, create=name, modify=name, read=name, absent=absent, late=False)


def _networks(name: str) -> Member:
    return Member(name, name, Block((Member("cidrs", "cidrs", Texts()),), lone=True))


_VPC_MEMBERS: Final = (
    Member("controlPlaneEgressMode", "controlPlaneEgressMode"),
    Member("endpointPrivateAccess", "endpointPrivateAccess", FLAG),
    Member("endpointPublicAccess", "endpointPublicAccess", FLAG),
    Member("publicAccessCidrs", "publicAccessCidrs", Texts()),
    Member("securityGroupIds", "securityGroupIds", Texts()),
    Member("subnetIds", "subnetIds", Texts()),
)
# `index` is a field that AWS has not; upstream had it for a while.
_VPC: Final = Block((*_VPC_MEMBERS, Member("index")), single=True)
SHOWN_VPC: Final = Block(
    (*_VPC_MEMBERS, Member("clusterSecurityGroupId", "clusterSecurityGroupId"), Member("vpcId", "vpcId")), single=True
)
_ENABLED: Final = Block((Member("enabled", "enabled", FLAG),), single=True)
_SPREAD: Final = Member("spreadLevel", "spreadLevel")

FIELDS: Final = (
    settable(
        "accessConfig",
        Block(
            (
                Member("authenticationMode", "authenticationMode"),
                Member("bootstrapClusterCreatorAdminPermissions", "bootstrapClusterCreatorAdminPermissions", FLAG),
            ),
            single=True,
        ),
        "accessConfig",
        same=_same_access,
    ),
    sent("bootstrapSelfManagedAddons", FLAG, "bootstrapSelfManagedAddons"),
    _off(
        "computeConfig",
        Block(
            (
                Member("enabled", "enabled", FLAG),
                Member("nodePools", "nodePools", Texts()),
                Member("nodeRoleArn", "nodeRoleArn"),
            ),
            single=True,
        ),
        [{"enabled": False}],
    ),
    _off("controlPlaneScalingConfig", Block((Member("tier", "tier"),), single=True), [{"tier": "standard"}]),
    # Not filled in late: who switches it on in AWS means it, when nobody has declared otherwise.
    settable("deletionProtection", FLAG, "deletionProtection", late=False),
    Field(
        name="enabledClusterLogTypes",
        shape=Texts(),
        create="logging",
        modify="logging",
        read="logging && logging.clusterLogging[?enabled].types[]",
        wrap=_logging,
    ),
    Field(
        name="encryptionConfig",
        shape=Block(
            (
                Member("provider", "provider", Block((Member("keyArn", "keyArn"),), single=True)),
                Member("resources", "resources", Texts()),
            ),
            lone=True,
        ),
        create="encryptionConfig",
        modify="encryptionConfig",
        read="encryptionConfig",
        via="associate_encryption_config",
        absent=[],
    ),
    sent("forceUpdateVersion", FLAG),
    Field(
        name="kubernetesNetworkConfig",
        shape=Block(
            (
                Member("elasticLoadBalancing", "elasticLoadBalancing", _ENABLED),
                Member("ipFamily", "ipFamily"),
                Member("serviceIpv4Cidr", "serviceIpv4Cidr"),
            ),
            single=True,
        ),
        create="kubernetesNetworkConfig",
        modify="kubernetesNetworkConfig",
        read="kubernetesNetworkConfig",
        frozen=("ipFamily", "serviceIpv4Cidr"),
    ),
    fixed(
        "outpostConfig",
        Block(
            (
                Member("controlPlaneInstanceType", "controlPlaneInstanceType"),
                Member(
                    "controlPlanePlacement",
                    "controlPlanePlacement",
                    Block((Member("groupName", "groupName"), _SPREAD), single=True),
                ),
                Member("etcdInstanceType", "etcdInstanceType"),
                Member("etcdPlacement", "etcdPlacement", Block((_SPREAD,), single=True)),
                Member("outpostArns", "outpostArns", Texts()),
            ),
            single=True,
        ),
        "outpostConfig",
    ),
    _off(
        "remoteNetworkConfig",
        Block((_networks("remoteNodeNetworks"), _networks("remotePodNetworks")), single=True),
        [],
    ),
    fixed("roleArn", TEXT, "roleArn"),
    _off(
        "storageConfig",
        Block((Member("blockStorage", "blockStorage", _ENABLED),), single=True),
        [{"blockStorage": [{"enabled": False}]}],
    ),
    settable("upgradePolicy", Block((Member("supportType", "supportType"),), single=True), "upgradePolicy"),
    Field(
        name="version",
        create="version",
        modify="version",
        read="version",
        via="update_cluster_version",
        same=version,
    ),
    Field(
        name="vpcConfig",
        shape=_VPC,
        create="resourcesVpcConfig",
        modify="resourcesVpcConfig",
        read="resourcesVpcConfig",
    ),
    _off("zonalShiftConfig", _ENABLED, [{"enabled": False}]),
)
_BY_NAME: Final[Mapping[str, Field]] = {field.name: field for field in FIELDS}


def changes(changed: Object, scene: Object) -> tuple[Request, ...]:
    """Return the calls that make *changed*, one kind of change in each."""
    return tuple(Request("update_cluster_config", {"name": scene["id"], **part}) for part in _parts(changed, scene))


def _parts(changed: Object, scene: Object) -> Iterator[Object]:
    names = sorted(changed)
    if set(names) & set(_AUTOMATIC):
        yield _automatic(scene["spec"])
    for name in names:
        if name == "vpcConfig":
            yield from _vpc(_said(name, changed), scene["at"].get(name))
        elif name == "accessConfig":
            yield {"accessConfig": {"authenticationMode": _said(name, changed)["authenticationMode"]}}
        elif name not in _AUTOMATIC:
            yield {_BY_NAME[name].modify: _said(name, changed)}


def _said(name: str, declared: Object) -> Any:  # noqa: ANN401 (whatever AWS wants to hear)
    field = _BY_NAME[name]
    encoded = shapes.encode(field.shape, declared[name])
    return field.wrap(encoded) if field.wrap else encoded


def _automatic(spec: Object) -> Object:
    said: Draft = {name: _said(name, spec) for name in _AUTOMATIC if spec.get(name)}
    if "kubernetesNetworkConfig" in said:
        balancing = said["kubernetesNetworkConfig"].get("elasticLoadBalancing")
        said["kubernetesNetworkConfig"] = {"elasticLoadBalancing": balancing} if balancing else {}
    return {name: value for name, value in said.items() if value}


def _vpc(said: Object, found: Json) -> Iterator[Object]:
    """Who may reach it, and where it stands: two kinds of change, each only when it is one."""
    known = shapes.encode(_VPC, found or [{}])
    differing = {name for name, value in said.items() if _sorted(known.get(name)) != _sorted(value)}
    for group in (differing & _ACCESS_TO_IT, differing - _ACCESS_TO_IT):
        if group:
            yield {"resourcesVpcConfig": {name: said[name] for name in sorted(group)}}


def _sorted(value: Json) -> Json:
    return sorted(value) if isinstance(value, list) else value
