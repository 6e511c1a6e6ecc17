"""
RDS: changes of an instance that are more than a modification: the promotion of a replica, and blue/green deployments.

A deployment copies the instance (blue) to another (green), which is changed instead. Then the two switch: green has the
name and the address of blue from there on, and another resource id; blue is left behind under another name.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/blue-green-deployments.html
"""

from collections.abc import Iterator, Mapping
from typing import Final

from crosshead.aws import naming, observing, shapes
from crosshead.aws.calls import Call, Read, Request
from crosshead.aws.kinds.rds_instance_fields import FIELDS
from crosshead.base.errors import StalledError
from crosshead.base.values import Draft, Json, Object

# A deployment's name has at most 60 characters, some of which are ours.
_NAME_LIMIT: Final = 52
_UPDATE: Final = "CannotUpdateExternalResource"

_WANTED: Final = "spec.blueGreenUpdate[0].enabled"
_OF: Final = "describe_blue_green_deployments"
_FIRST: Final = "BlueGreenDeployments[0]"

# As seen from blue, before they have switched.
DEPLOYMENT: Final = (
    Read(
        Call(_OF, {"Filters": "[{Name: 'source', Values: [record.DBInstanceArn || at.arn]}]"}, when=_WANTED),
        _FIRST,
        "Deployment",
    ),
    Read(
        Call(
            "describe_db_instances",
            {"DBInstanceIdentifier": "record.Deployment.Target"},
            when="record.Deployment.Target",
        ),
        "DBInstances[0]",
        "Green",
    ),
)
# As seen from green, after that.
LEFT: Final = Read(
    Call(_OF, {"Filters": "[{Name: 'target', Values: [record.DBInstanceArn || at.arn]}]"}, when=_WANTED), _FIRST, "Left"
)
BLUE: Final = Read(
    Call("describe_db_instances", {"DBInstanceIdentifier": "record.Left.Source"}, when="record.Left.Source"),
    "DBInstances[0]",
    "Blue",
)
HEIR: Final = "Deployment.Status == 'SWITCHOVER_COMPLETED' && Green.DbiResourceId || null"
# While a deployment comes or goes, or green is changed, nothing else can be done.
STATUS: Final = """
(contains(['PROVISIONING', 'SWITCHOVER_IN_PROGRESS', 'DELETING'], Deployment.Status) && 'modifying')
|| (Deployment.Status == 'AVAILABLE' && Green && Green.DBInstanceStatus != 'available' && 'modifying')
|| DBInstanceStatus
"""

# Members of a modification that need no deployment: blue can take them while it works.
_LIGHT: Final = {"DeletionProtection", "MasterUserPassword", "NewDBInstanceIdentifier"}
_MANNER: Final = {"AllowMajorVersionUpgrade", "ApplyImmediately", "DBInstanceIdentifier"}
# Members that a deployment is made with.
_TARGETS: Final = {"EngineVersion": "TargetEngineVersion", "DBParameterGroupName": "TargetDBParameterGroupName"}


def promote(changed: Object, scene: Object) -> tuple[Request, ...]:
    """A replica can leave its source, and never follow another."""
    if changed["replicateSourceDb"]:
        found = scene["at"].get("replicateSourceDb")
        raise StalledError(
            _UPDATE,
            f"a replica of {found!r} cannot follow another source: set spec.forProvider.replicateSourceDb back to it, "
            "or to '' to promote the replica",
        )
    spec = scene["spec"]
    kept = {"backupRetentionPeriod": "BackupRetentionPeriod", "backupWindow": "PreferredBackupWindow"}
    fields = [field for field in FIELDS if field.name in kept and spec.get(field.name) is not None]
    arguments = {kept[field.name]: shapes.encode(field.shape, spec[field.name]) for field in fields}
    return (Request("promote_read_replica", {"DBInstanceIdentifier": scene["at"]["identifier"], **arguments}),)


def deployed(request: Request, scene: Object) -> tuple[Request, ...]:
    """Return what is to be done instead of the modification *request*, where blue/green deployments are wanted."""
    wish = scene["spec"].get("blueGreenUpdate") or ()
    heavy = {name: value for name, value in request.arguments.items() if name not in _LIGHT | _MANNER}
    if not heavy or not any(shapes.truth(one.get("enabled")) for one in wish):
        return (request,)
    light = {name: value for name, value in request.arguments.items() if name not in heavy}
    at_once = (Request("modify_db_instance", light),) if _LIGHT & set(light) else ()
    return (*at_once, *_step(heavy, scene))


def _step(heavy: Object, scene: Object) -> Iterator[Request]:
    """Yield the next step of a deployment: make it, change green, or switch."""
    record, at = scene.get("record") or {}, scene["at"]
    deployment, green = record.get("Deployment"), record.get("Green")
    if not deployment:
        told = {member: heavy[name] for name, member in _TARGETS.items() if name in heavy}
        name = naming.database(f"{at['identifier'][:_NAME_LIMIT].rstrip('-')}-change")
        source = {"BlueGreenDeploymentName": name, "Source": at["arn"]}
        yield Request("create_blue_green_deployment", {**source, **told})
        return
    _refuse_failed(deployment)
    if deployment["Status"] != "AVAILABLE" or not green:
        return
    if lacking := _lacking(heavy, green, scene["spec"]):
        manner = {"DBInstanceIdentifier": green["DBInstanceIdentifier"], "ApplyImmediately": True}
        yield Request("modify_db_instance", {**manner, **lacking})
        return
    identifier = deployment["BlueGreenDeploymentIdentifier"]
    yield Request("switchover_blue_green_deployment", {"BlueGreenDeploymentIdentifier": identifier})


def _refuse_failed(deployment: Mapping[str, Json]) -> None:
    status = deployment["Status"]
    if status in {"INVALID_CONFIGURATION", "PROVISIONING_FAILED", "SWITCHOVER_FAILED"}:
        named, why = deployment["BlueGreenDeploymentIdentifier"], deployment.get("StatusDetails") or "no reason given"
        raise StalledError(
            _UPDATE,
            f"the blue/green deployment {named} is {status} ({why}): delete it, and another is made",
        )


def _lacking(heavy: Object, green: Object, spec: Object) -> Draft:
    """Return the members that green does not have yet, those included that nobody can see."""
    effective = {**green, **(green.get("PendingModifiedValues") or {})}
    had = {
        field.modify
        for field in FIELDS
        if field.modify in heavy and field.read and observing.agrees(field, spec.get(field.name), effective, spec)
    }
    return {name: value for name, value in heavy.items() if name not in had}


def tidy(_: Object, scene: Object) -> tuple[Request, ...]:
    """Delete blue, which is no more than a copy that grows old, and then the deployment."""
    record = scene.get("record") or {}
    return tuple(_tidying(record.get("Left") or {}, record.get("Blue") or {}))


def _tidying(left: Object, blue: Object) -> Iterator[Request]:
    if blue and blue.get("DBInstanceStatus") != "deleting":
        named = {"DBInstanceIdentifier": blue["DBInstanceIdentifier"]}
        if blue.get("DeletionProtection"):
            manner = {"DeletionProtection": False, "ApplyImmediately": True}
            yield Request("modify_db_instance", {**named, **manner})
        yield Request("delete_db_instance", {**named, "SkipFinalSnapshot": True})
    if left:
        identifier = left["BlueGreenDeploymentIdentifier"]
        yield Request("delete_blue_green_deployment", {"BlueGreenDeploymentIdentifier": identifier})
