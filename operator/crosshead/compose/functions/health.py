"""
Whether an object of Kubernetes' own is healthy, by what its status shows: the checks of function-auto-ready.

Only exact versions are known, and of the newest kinds only some: an object without a check is judged by its condition
Ready alone, by the caller.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final, TypeAlias

from crosshead.base.objects import Kind
from crosshead.base.values import Json, Object
from crosshead.compose.functions import statuses

Check: TypeAlias = Callable[[Object], bool]


def is_healthy(obj: Object) -> bool:
    """Whether there is a check for the kind of *obj*, and it passes."""
    check = _CHECKS.get(Kind(str(obj.get("apiVersion", "")), str(obj.get("kind", ""))))
    return check is not None and check(obj)


def _at(obj: Object, *path: str) -> Json:
    here: Json = obj
    for field in path:
        here = here.get(field) if isinstance(here, Mapping) else None
    return here


def _number(obj: Object, *path: str) -> int | None:
    value = _at(obj, *path)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return int(value) if is_number else None


def _replicas(obj: Object) -> int:
    wanted = _number(obj, "spec", "replicas")
    return 1 if wanted is None else wanted


def _exists(_: Object) -> bool:
    return True


def _deployment(obj: Object) -> bool:
    numbers = {_number(obj, "status", field) for field in ("updatedReplicas", "availableReplicas")}
    return numbers == {_replicas(obj)} and statuses.is_true(obj, "Available")


def _stateful_set(obj: Object) -> bool:
    numbers = {_number(obj, "status", field) for field in ("readyReplicas", "currentReplicas")}
    revision = _at(obj, "status", "currentRevision")
    same = isinstance(revision, str) and revision == _at(obj, "status", "updateRevision")
    return numbers == {_replicas(obj)} and same


def _daemon_set(obj: Object) -> bool:
    fields = ("desiredNumberScheduled", "numberReady", "updatedNumberScheduled", "numberAvailable")
    numbers = {_number(obj, "status", field) for field in fields}
    return len(numbers) == 1 and None not in numbers


def _replica_set(obj: Object) -> bool:
    if (_number(obj, "status", "observedGeneration") or 0) < (_number(obj, "metadata", "generation") or 0):
        return False
    has_failed = statuses.is_true(obj, "ReplicaFailure")
    return not has_failed and (_number(obj, "status", "availableReplicas") or 0) >= _replicas(obj)


def _pod(obj: Object) -> bool:
    phase = _at(obj, "status", "phase")
    if phase != "Running":
        return bool(phase == "Succeeded")
    return _at(obj, "spec", "restartPolicy") == "Always" and statuses.is_true(obj, "Ready")


def _has_address(obj: Object) -> bool:
    return bool(_at(obj, "status", "loadBalancer", "ingress"))


def _service(obj: Object) -> bool:
    return _at(obj, "spec", "type") != "LoadBalancer" or _has_address(obj)


def _claim(obj: Object) -> bool:
    return bool(_at(obj, "status", "phase") == "Bound")


def _job(obj: Object) -> bool:
    # The first that is true decides.
    ends = (c.type for c in statuses.shown(obj) if c.status == "True" and c.type in {"Failed", "Suspended", "Complete"})
    return next(ends, "") == "Complete"


def _cron_job(obj: Object) -> bool:
    if _at(obj, "spec", "suspend") is True:
        return True
    scheduled, succeeded = (_time(obj, "status", f) for f in ("lastScheduleTime", "lastSuccessfulTime"))
    if scheduled is None:
        return False
    return bool(_at(obj, "status", "active")) or (succeeded is not None and succeeded >= scheduled)


def _time(obj: Object, *path: str) -> datetime | None:
    value = _at(obj, *path)
    try:
        time = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return time if time and time.tzinfo else None


_SCALING: Final = frozenset({"ScalingActive", "ScalingLimited"})
_NOT_SCALING: Final = frozenset({"FailedGetScale", "FailedUpdateScale", "FailedGetResourceMetric", "InvalidSelector"})


def _autoscaler(obj: Object) -> bool:
    # The first that is true decides.
    told = (c.type for c in statuses.shown(obj) if c.status == "True" and c.type in _SCALING | _NOT_SCALING)
    return next(told, "") in _SCALING


_CHECKS: Final[Mapping[Kind, Check]] = MappingProxyType(
    {
        Kind("apps/v1", "DaemonSet"): _daemon_set,
        Kind("apps/v1", "Deployment"): _deployment,
        Kind("apps/v1", "ReplicaSet"): _replica_set,
        Kind("apps/v1", "StatefulSet"): _stateful_set,
        Kind("autoscaling/v2", "HorizontalPodAutoscaler"): _autoscaler,
        Kind("batch/v1", "CronJob"): _cron_job,
        Kind("batch/v1", "Job"): _job,
        Kind("networking.k8s.io/v1", "Ingress"): _has_address,
        Kind("v1", "ConfigMap"): _exists,
        Kind("v1", "Namespace"): _exists,
        Kind("v1", "PersistentVolumeClaim"): _claim,
        Kind("v1", "Pod"): _pod,
        Kind("v1", "Secret"): _exists,
        Kind("v1", "Service"): _service,
        Kind("v1", "ServiceAccount"): _exists,
    }
)
