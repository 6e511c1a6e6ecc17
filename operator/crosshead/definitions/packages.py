"""
Functions and their revisions: what a revision is called, what it says, and which one is in use.

A package is an image. Crossplane names a revision after the digest of the image, which only a registry knows; here
it is the digest that the reference gives, or else that of the reference itself. What Crossplane has made is kept.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Final

from crosshead.base import objects
from crosshead.base.objects import Kind
from crosshead.base.values import Draft, Object

FUNCTION: Final = Kind("pkg.crossplane.io/v1", "Function")
FUNCTION_REVISION: Final = Kind("pkg.crossplane.io/v1", "FunctionRevision")
RUNTIME_CONFIG: Final = Kind("pkg.crossplane.io/v1beta1", "DeploymentRuntimeConfig")

PACKAGE_LABEL: Final = "pkg.crossplane.io/package"
RUNTIME_ANNOTATION: Final = "render.crossplane.io/runtime"
TARGET_ANNOTATION: Final = "render.crossplane.io/runtime-development-target"
DEVELOPMENT: Final = "Development"
DEFAULT_TARGET: Final = "localhost:9443"
DEFAULT_CONFIG: Final = "default"
ACTIVE: Final = "Active"
INACTIVE: Final = "Inactive"

_DIGEST: Final = re.compile(r"@sha256:([0-9a-f]{12})[0-9a-f]{52}$")
_LONGEST_NAME: Final = 50
_HASH_LENGTH: Final = 12
# What a revision copies from its package; the API server's defaults fill in the rest on both.
_COPIED: Final = (
    "commonLabels",
    "ignoreCrossplaneConstraints",
    "packagePullPolicy",
    "packagePullSecrets",
    "runtimeConfigRef",
    "skipDependencyResolution",
)


class Running(Enum):
    """What runs a function."""

    DEPLOYMENT = "Deployment"
    # Somebody, or Crossplane itself in another cluster, has written an endpoint that we would not have.
    ENDPOINT = "Endpoint"
    DEVELOPMENT = "Development"
    IN_PROCESS = "InProcess"


def running(function: Object, revision: Object, ours: str, *, built_in: bool) -> Running:
    """
    Return what is to run the active *revision* of *function*.

    :param ours: the endpoint that it has, or would have, when a Deployment of ours runs it.
    :param built_in: whether the operator can run it itself. It does unless a DeploymentRuntimeConfig asks for more, or
        a Deployment runs it already: a cluster that is handed over goes on as it is.
    """
    endpoint = objects.status(revision).get("endpoint")
    if endpoint and endpoint != ours:
        return Running.ENDPOINT
    if development_target(function) is not None:
        return Running.DEVELOPMENT
    if built_in and not endpoint and config_name(function) == DEFAULT_CONFIG:
        return Running.IN_PROCESS
    return Running.DEPLOYMENT


def package_of(obj: Object) -> str:
    """Return the package of a Function or a FunctionRevision, empty when it names none."""
    spec = objects.spec(obj)
    return str(spec.get("package") or spec.get("image") or "")


def development_target(function: Object) -> str | None:
    """Return the target that the annotations of `crossplane render` name, None when *function* has none of them."""
    annotations = objects.annotations(function)
    if annotations.get(RUNTIME_ANNOTATION) != DEVELOPMENT:
        return None
    return annotations.get(TARGET_ANNOTATION) or DEFAULT_TARGET


def config_name(package: Object) -> str:
    """Return the name of the DeploymentRuntimeConfig of a Function or a FunctionRevision."""
    return str((objects.spec(package).get("runtimeConfigRef") or {}).get("name") or DEFAULT_CONFIG)


def function_name(revision: Object) -> str:
    """Return the name of the Function that *revision* is of, empty when it does not say."""
    return str(objects.labels(revision).get(PACKAGE_LABEL) or "")


def revisions_of(function: str, revisions: Iterable[Object]) -> list[Object]:
    """Return the revisions of *function*, the newest first."""
    return sorted((r for r in revisions if function_name(r) == function), key=number, reverse=True)


def active(revisions: Iterable[Object]) -> Object | None:
    """Return the one of *revisions* that is in use, None when none is."""
    return next((r for r in revisions if objects.spec(r).get("desiredState") == ACTIVE), None)


def number(revision: Object) -> int:
    """Return the number of *revision*."""
    return int(objects.spec(revision).get("revision") or 0)


def current(function: Object, revisions: Sequence[Object]) -> Object | None:
    """Return the one of its *revisions* that is the package of *function* as it is written now, None when none is."""
    package = package_of(function)
    return next((r for r in revisions if package_of(r) == package), None)


def revision_name(function: Object) -> str:
    """Return the name of a revision for the package of *function*: `<function>-<12 hex digits>`."""
    package = package_of(function)
    known = _DIGEST.search(package)
    digest = known[1] if known else hashlib.sha256(package.encode()).hexdigest()[:_HASH_LENGTH]
    return f"{objects.name(function)[:_LONGEST_NAME]}-{digest}"


def activates(function: Object) -> bool:
    """Whether a new revision of *function* is used without anybody saying so."""
    return bool(objects.spec(function).get("revisionActivationPolicy") != "Manual")


def make_revision(function: Object, number: int) -> Draft:
    """Return revision *number* of *function*."""
    name = objects.name(function)
    return {
        "apiVersion": FUNCTION_REVISION.api_version,
        "kind": FUNCTION_REVISION.kind,
        "metadata": {
            "name": revision_name(function),
            "labels": {**(objects.spec(function).get("commonLabels") or {}), PACKAGE_LABEL: name},
            "ownerReferences": [objects.controller_reference(function)],
        },
        "spec": {
            **copied(function),
            "desiredState": ACTIVE if activates(function) else INACTIVE,
            "image": package_of(function),
            "revision": number,
            "tlsServerSecretName": f"{name}-tls-server",
        },
    }


def copied(function: Object) -> Draft:
    """Return what the spec of a revision repeats of *function*'s."""
    spec = objects.spec(function)
    return {field: spec[field] for field in _COPIED if field in spec}


def superfluous(function: Object, revisions: Sequence[Object]) -> list[Object]:
    """Return the inactive ones of *revisions*, newest first, that are beyond the history limit of *function*."""
    limit = objects.spec(function).get("revisionHistoryLimit", 1)
    old = [
        r for r in revisions if objects.spec(r).get("desiredState") != ACTIVE and r is not current(function, revisions)
    ]
    return old[limit:] if limit else []
