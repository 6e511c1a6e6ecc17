"""
Reconcile a Function: its revisions, of which one is in use, and what runs that one.

As Crossplane's package manager does, without pulling anything: the image of the package is the image that runs. A
function that the operator can run itself gets no Deployment, unless somebody configures one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from crosshead.base import conditions, objects
from crosshead.base.conditions import Condition
from crosshead.base.errors import AlreadyExistsError, ConflictError, NotReadyError, ReconcileError
from crosshead.base.objects import Ref
from crosshead.base.values import Object
from crosshead.definitions import packages
from crosshead.definitions.packages import FUNCTION, FUNCTION_REVISION, RUNTIME_CONFIG
from crosshead.reconcilers import function_runtimes, steps, summaries
from crosshead.reconcilers.function_runtimes import DEPLOYMENT, Installer, State
from crosshead.reconcilers.ports import Cache, Seconds, World

INSTALLED = "Installed"
HEALTHY = "Healthy"
REVISION_HEALTHY = "RevisionHealthy"

_INSTALL = "InstallPackageRevision"
_TRANSITION = "TransitionRevision"


@dataclass(frozen=True, slots=True)
class Known:
    """What this reconcile has found out so far. *revision* is the one of the package as it is written now."""

    function: Object
    installer: Installer
    revisions: tuple[Object, ...] = ()
    revision: Object | None = None
    state: State | None = None


def reconcile(ref: Ref, world: World, installer: Installer) -> Seconds | None:
    """Have the Function at *ref* installed and running."""
    function = world.cache.get(ref)
    if function is None or objects.is_deleting(function):
        return None  # all that it has made is its own, and goes with it
    if objects.is_paused(function):
        summaries.write_status(function, world, conditions.paused(), generation=objects.generation(function))
        return None
    known, error = steps.run(STEPS, Known(function, installer), world)
    _summarise(known, error, world)
    if error is not None:
        raise error
    return None


def dependents(obj: Object, cache: Cache) -> Iterator[Ref]:
    """Yield the Functions to reconcile when *obj* has changed: themselves, revisions, Deployments, configurations."""
    kind = objects.kind_of(obj)
    if kind == FUNCTION:
        yield objects.ref_of(obj)
    elif kind == FUNCTION_REVISION:
        yield Ref(FUNCTION, packages.function_name(obj))
    elif kind == DEPLOYMENT:
        yield from _run_by(obj, cache)
    elif kind == RUNTIME_CONFIG:
        functions = cache.list(FUNCTION)
        yield from (objects.ref_of(f) for f in functions if packages.config_name(f) == objects.name(obj))


def learn(known: Known, world: World) -> Known:
    """Look at the revisions there are; what is not known yet must not be made again, nor made differently."""
    if not (world.cache.is_synced(FUNCTION_REVISION) and world.cache.is_synced(RUNTIME_CONFIG)):
        raise NotReadyError(_INSTALL, "the revisions of functions, or their configurations, are not known yet")
    all_revisions = world.cache.list(FUNCTION_REVISION)
    return replace(known, revisions=tuple(packages.revisions_of(objects.name(known.function), all_revisions)))


def revise(known: Known, world: World) -> Known:
    """Have a revision of the package as it is written now, with the highest number."""
    function, highest = known.function, max(map(packages.number, known.revisions), default=0)
    current = packages.current(function, known.revisions)
    if current is None:
        made = _create(packages.make_revision(function, highest + 1), world)
        world.events.normal(function, _INSTALL, f"Created revision {objects.name(made)!r}")
        return replace(known, revision=made, revisions=(made, *known.revisions))
    wanted = dict(packages.copied(function))
    if packages.number(current) < highest:
        wanted["revision"] = highest + 1
    if packages.activates(function):
        wanted["desiredState"] = packages.ACTIVE
    settled = _patch(current, wanted, world)
    others = (r for r in known.revisions if objects.uid(r) != objects.uid(settled))
    return replace(known, revision=settled, revisions=(settled, *others))


def retire_others(known: Known, world: World) -> Known:
    """Deactivate every other revision, as Crossplane does whatever the activation policy says, and stop it."""
    kept = [r for r in known.revisions if r is known.revision]
    for other in (r for r in known.revisions if r is not known.revision):
        if objects.spec(other).get("desiredState") == packages.ACTIVE:
            world.events.normal(known.function, _TRANSITION, f"Deactivated revision {objects.name(other)!r}")
        kept.append(_patch(other, {"desiredState": packages.INACTIVE}, world))
        function_runtimes.stop(other, known.installer, world)
    return replace(known, revisions=tuple(kept))


def run(known: Known, world: World) -> Known:
    """Have the revision running, if it is in use."""
    if known.revision is None or packages.active((known.revision,)) is None:
        return known
    return replace(known, state=function_runtimes.run(known.function, known.revision, known.installer, world))


def collect(known: Known, world: World) -> Known:
    """Delete the revisions that are beyond the history limit; last, when the new one is on its way."""
    for revision in packages.superfluous(known.function, known.revisions):
        world.api.delete(revision)
    return known


STEPS = (learn, revise, retire_others, run, collect)


def _run_by(deployment: Object, cache: Cache) -> Iterator[Ref]:
    owner = objects.controller(deployment)
    if owner is None or owner["kind"] != FUNCTION_REVISION.kind:
        return
    revision = cache.get(Ref(FUNCTION_REVISION, owner["name"]))
    if revision is not None:
        yield Ref(FUNCTION, packages.function_name(revision))


def _create(revision: Object, world: World) -> Object:
    try:
        return world.api.create(revision)
    except AlreadyExistsError as error:
        what = f"FunctionRevision {objects.name(revision)!r} exists, and is not of this Function or not known yet"
        raise ConflictError(_INSTALL, what) from error


def _patch(revision: Object, wanted: Object, world: World) -> Object:
    spec = objects.spec(revision)
    different = {key: value for key, value in wanted.items() if spec.get(key) != value}
    return world.api.patch(objects.ref_of(revision), {"spec": different}) if different else revision


def _summarise(known: Known, error: ReconcileError | None, world: World) -> None:
    if error is not None and not isinstance(error, NotReadyError | ConflictError):
        world.events.warning(known.function, error.reason, error.message)
    if known.revision is None:
        return
    revision, state = known.revision, known.state
    if state is not None:
        _summarise_revision(revision, state, world)
    changes = {
        "currentRevision": objects.name(revision),
        "currentIdentifier": packages.package_of(known.function),
        "resolvedPackage": packages.package_of(known.function),
        "runtime": state.running.value if state else objects.status(known.function).get("runtime"),
    }
    news = (_installed(revision), _healthy(state, error))
    generation = objects.generation(known.function)
    summaries.write_status(known.function, world, *news, changes=changes, generation=generation)


def _summarise_revision(revision: Object, state: State, world: World) -> None:
    sound = Condition(REVISION_HEALTHY, "True", "HealthyPackageRevision")
    changes = {
        "endpoint": state.endpoint,
        "resolvedImage": packages.package_of(revision),
        "tlsServerSecretName": state.secret,
    }
    generation = objects.generation(revision)
    summaries.write_status(revision, world, sound, state.health, changes=changes, generation=generation)


def _installed(revision: Object) -> Condition:
    if packages.active((revision,)) is None:
        return Condition(INSTALLED, "False", "InactivePackageRevision", "Package is inactive")
    return Condition(INSTALLED, "True", "ActivePackageRevision")


def _healthy(state: State | None, error: ReconcileError | None) -> Condition:
    if error is not None:
        return Condition(HEALTHY, "False", "UnhealthyPackageRevision", error.message)
    if state is None:
        return Condition(HEALTHY, "Unknown", "UnknownPackageRevisionHealth")
    if state.health.status == "True":
        return Condition(HEALTHY, "True", "HealthyPackageRevision", state.health.message)
    message = f'Package runtime health is "{state.health.status}" with message: {state.health.message}'
    return Condition(HEALTHY, "False", "UnhealthyPackageRevision", message)
