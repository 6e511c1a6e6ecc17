"""
What runs a revision of a function: put up, looked after and taken down.

For a Deployment that is, in this order: the Service, the certificate for its names, the account, the Deployment.
"""

from dataclasses import dataclass
from typing import Protocol

from crosshead.base import applying, conditions, objects
from crosshead.base.conditions import Condition
from crosshead.base.errors import AbsentError, StalledError
from crosshead.base.objects import Kind, Ref
from crosshead.base.values import Object
from crosshead.definitions import deployments, packages
from crosshead.definitions.deployments import Runtime
from crosshead.definitions.packages import FUNCTION_REVISION, RUNTIME_CONFIG, Running
from crosshead.reconcilers import function_certificates
from crosshead.reconcilers.connections import SECRET
from crosshead.reconcilers.function_certificates import Authority
from crosshead.reconcilers.ports import World

DEPLOYMENT = Kind("apps/v1", "Deployment")
RUNTIME_HEALTHY = "RuntimeHealthy"
OWNER = "pkg.crosshead.io"

_REASON = "InstallPackageRevision"


class BuiltIns(Protocol):
    """The functions that the operator can run itself."""

    def find(self, package: str) -> str | None:
        """Return the name of the one that stands in for *package*, None when none does."""


@dataclass(frozen=True, slots=True)
class Installer:
    """What installing takes beyond the world of all reconcilers. *namespace* is where packages run."""

    built_ins: BuiltIns
    authority: Authority
    namespace: str = "crossplane-system"


@dataclass(frozen=True, slots=True)
class State:
    """What runs a revision, and how it is. *endpoint* is where to call it, *secret* holds its certificate."""

    running: Running
    health: Condition
    endpoint: str | None = None
    secret: str | None = None


def run(function: Object, revision: Object, installer: Installer, world: World) -> State:
    """Have *revision*, which is in use, running; return how that is going."""
    runtime = _runtime(revision, installer, world)
    ours = deployments.endpoint(runtime)
    built_in = installer.built_ins.find(packages.package_of(function))
    chosen = packages.running(function, revision, ours, built_in=built_in is not None)
    match chosen:
        case Running.DEPLOYMENT:
            return _deploy(runtime, ours, installer, world)
        case Running.ENDPOINT:
            endpoint = objects.status(revision)["endpoint"]
            return State(chosen, _sound("its endpoint was given by hand"), endpoint)
        case Running.DEVELOPMENT:
            stop(revision, installer, world)
            return State(chosen, _sound(f"it runs at {packages.development_target(function)} for development"))
        case Running.IN_PROCESS:
            return State(chosen, _sound(f"it runs inside the operator, as built-in {built_in}"))


def stop(revision: Object, installer: Installer, world: World) -> None:
    """Delete the Deployment of *revision*; Service, account and certificate may be another's by now, and stay."""
    # Its configuration may be gone by now, and must not keep the next revision from running.
    config = world.cache.get(Ref(RUNTIME_CONFIG, packages.config_name(revision)))
    desired = deployments.deployment(Runtime(revision, config, installer.namespace))
    existing = world.api.fetch(objects.ref_of(desired))
    if existing is not None and objects.controller_uid(existing) == objects.uid(revision):
        world.api.delete(existing)


def _runtime(revision: Object, installer: Installer, world: World) -> Runtime:
    name = packages.config_name(revision)
    config = world.cache.get(Ref(RUNTIME_CONFIG, name))
    if config is None and name != packages.DEFAULT_CONFIG:
        raise StalledError(_REASON, f"there is no DeploymentRuntimeConfig {name!r}")
    return Runtime(revision, config, installer.namespace)


def _deploy(runtime: Runtime, endpoint: str, installer: Installer, world: World) -> State:
    world.watches.start(DEPLOYMENT)
    try:
        return _deployed(runtime, endpoint, installer, world)
    except AbsentError as error:
        # A write that finds nothing to write into: it is the namespace that is missing.
        raise StalledError(_REASON, f"cannot install into namespace {installer.namespace!r}: {error}") from error


def _deployed(runtime: Runtime, endpoint: str, installer: Installer, world: World) -> State:
    function_certificates.ensure_client(installer.namespace, installer.authority, world)
    _apply(deployments.service(runtime), runtime, world)
    secret = _apply(_secret(runtime, installer, world), runtime, world)
    if deployments.owns_service_account(runtime):
        _apply(deployments.service_account(runtime), runtime, world)
    deployment = _apply(deployments.deployment(runtime), runtime, world)
    return State(Running.DEPLOYMENT, _health(deployment), endpoint, objects.name(secret))


def _secret(runtime: Runtime, installer: Installer, world: World) -> Object:
    name = deployments.secret_name(runtime.revision)
    ref = Ref(SECRET, name, runtime.namespace)
    owners = [objects.controller_reference(runtime.revision)]
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": name, "namespace": runtime.namespace, "ownerReferences": owners},
        "data": function_certificates.server(ref, deployments.host_names(runtime), installer.authority, world),
    }


def _apply(desired: Object, runtime: Runtime, world: World) -> Object:
    observed = world.api.fetch(objects.ref_of(desired))
    if observed is not None:
        _refuse_foreign(observed, runtime, world)
        if applying.is_applied(desired, observed, OWNER):
            return observed
    return world.api.apply(desired, OWNER)


def _refuse_foreign(observed: Object, runtime: Runtime, world: World) -> None:
    """Raise `StalledError` when *observed* belongs to anything but a revision of the same function."""
    owner = objects.controller(observed)
    if owner is None or owner["uid"] == objects.uid(runtime.revision):
        return
    other = world.cache.get(Ref(FUNCTION_REVISION, owner["name"])) if owner["kind"] == FUNCTION_REVISION.kind else None
    if other is None or packages.function_name(other) != packages.function_name(runtime.revision):
        what = f"cannot apply {objects.ref_of(observed)}: it is controlled by {owner['kind']} {owner['name']!r}"
        raise StalledError(_REASON, what)


def _health(deployment: Object) -> Condition:
    """Return how *deployment* is, in Crossplane's words."""
    available = conditions.find(deployment, "Available")
    if available is None:
        return _sick('function package deployment has no condition of type "Available" yet')
    if available.status != "True":
        return _sick(f"function package deployment is unavailable with message: {available.message}")
    return _sound("")


def _sound(message: str) -> Condition:
    return Condition(RUNTIME_HEALTHY, "True", "HealthyPackageRevision", message)


def _sick(message: str) -> Condition:
    return Condition(RUNTIME_HEALTHY, "False", "UnhealthyPackageRevision", message)
