"""
Which runtime runs a function: an endpoint that Crossplane's API names, one that a developer names, or ourselves.

In this order: the endpoint of the active FunctionRevision (all that Crossplane itself looks at); the annotations by
which `crossplane render` finds a function on a developer's machine; a built-in, when the package is well known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from crosshead.base import objects
from crosshead.base.errors import NotReadyError, StalledError, TransientError
from crosshead.base.objects import Kind, Ref
from crosshead.base.values import Object
from crosshead.definitions import packages
from crosshead.definitions.packages import FUNCTION, FUNCTION_REVISION
from crosshead.functions.registry import BuiltIns

# How a gRPC server is called: by the first name, and where it does not know that, by the second.
METHODS: Final = (
    "/apiextensions.fn.proto.v1.FunctionRunnerService/RunFunction",
    "/apiextensions.fn.proto.v1beta1.FunctionRunnerService/RunFunction",
)
REASON: Final = "RunFunction"


class Objects(Protocol):
    """What is known of the cluster's Functions and FunctionRevisions, or of the files given to `render`."""

    def get(self, ref: Ref) -> Object | None:
        """Return the object at *ref*, None when there is none."""

    def list(self, kind: Kind, namespace: str = "") -> Sequence[Object]:
        """Return the objects of *kind*."""

    def is_synced(self, kind: Kind) -> bool:
        """Whether all of *kind* are known: only then is an absence a fact."""


@dataclass(frozen=True, slots=True)
class Remote:
    """A gRPC server at *target*; *secure* ones are spoken to with mutual TLS. *source* says who named it."""

    package: str
    target: str
    secure: bool
    source: str


@dataclass(frozen=True, slots=True)
class InProcess:
    """The built-in *name* stands in for *package*."""

    package: str
    name: str
    source: str = "InProcess"

    @property
    def target(self) -> str:
        """What metrics say where a gRPC target would stand."""
        return "in-process"


Runtime = Remote | InProcess


def described(runtime: Runtime) -> str:
    """Return what an event says of *runtime*."""
    match runtime:
        case InProcess(package, name):
            return f"Runs inside the operator: built-in {name} stands in for {package}"
        case Remote(_, target, _, packages.DEVELOPMENT):
            return f"Runs at {target}, which its annotations name for development"
        case Remote(_, target):
            return f"Runs at {target}, the endpoint of its active FunctionRevision"


def about(name: str, known: Objects) -> Object | None:
    """Return what news of the function *name* are told of: the Function, or its revision where there is no other."""
    revision = packages.active(packages.revisions_of(name, known.list(FUNCTION_REVISION)))
    return known.get(Ref(FUNCTION, name)) or revision


def choose(name: str, known: Objects, built_ins: BuiltIns) -> Runtime:
    """
    Return what runs the function *name*.

    Raises `NotReadyError` while Functions are not known yet, `StalledError` when there is no such function, and
    `TransientError` when its revision has no endpoint yet; the texts are those of Crossplane where it has one.
    """
    if not (known.is_synced(FUNCTION) and known.is_synced(FUNCTION_REVISION)):
        raise NotReadyError(REASON, f"cannot run Function {_quoted(name)}: the installed Functions are not known yet")
    revision = packages.active(packages.revisions_of(name, known.list(FUNCTION_REVISION)))
    function = known.get(Ref(FUNCTION, name))
    runtime = _of_revision(revision) or _of_function(function) or _built_in(function or revision, built_ins)
    if runtime is not None:
        return runtime
    raise _unknown(name) if revision is None else _silent(name, revision)


def _of_revision(revision: Object | None) -> Remote | None:
    endpoint = objects.status(revision).get("endpoint") if revision is not None else None
    if revision is None or not endpoint:
        return None
    return Remote(packages.package_of(revision), str(endpoint), secure=True, source="FunctionRevision")


def _of_function(function: Object | None) -> Remote | None:
    target = packages.development_target(function) if function is not None else None
    if function is None or target is None:
        return None
    return Remote(packages.package_of(function), target, secure=False, source=packages.DEVELOPMENT)


def _built_in(installed: Object | None, built_ins: BuiltIns) -> InProcess | None:
    package = packages.package_of(installed) if installed is not None else ""
    name = built_ins.find(package)
    return InProcess(package, name) if name else None


def _unknown(name: str) -> StalledError:
    return StalledError(
        REASON,
        f"cannot get gRPC client connection for Function {_quoted(name)}: "
        "cannot find an active FunctionRevision (a FunctionRevision with spec.desiredState: Active)",
    )


def _silent(name: str, revision: Object) -> TransientError:
    return TransientError(
        REASON,
        f"cannot get gRPC client connection for Function {_quoted(name)}: cannot determine gRPC target: "
        f"active FunctionRevision {_quoted(objects.name(revision))} has an empty status.endpoint",
    )


def _quoted(name: str) -> str:
    # As Go's %q: people look these texts up.
    return f'"{name}"'
