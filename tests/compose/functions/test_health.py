"""Objects of Kubernetes' own are healthy when their status says so."""

import pytest

from crosshead.compose.functions import health


def obj(kind, spec=None, status=None, **metadata):
    api_version, kind = kind.rsplit("/", 1)
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, "spec": spec or {}, "status": status or {}}


def told(**conditions):
    return {"conditions": [{"type": name, "status": status} for name, status in conditions.items()]}


DAEMONS = {"desiredNumberScheduled": 1, "numberReady": 1, "updatedNumberScheduled": 1, "numberAvailable": 1}
STATEFUL = {"readyReplicas": 1, "currentReplicas": 1, "currentRevision": "a", "updateRevision": "a"}
ADDRESS = {"loadBalancer": {"ingress": [{"ip": "192.0.2.1"}]}}
DEPLOYED = {"updatedReplicas": 2, "availableReplicas": 2}
EARLIER, LATER = "2024-01-01T00:00:00Z", "2024-01-02T00:00:00+00:00"


@pytest.mark.parametrize(
    "one",
    [
        obj("v1/ConfigMap"),
        obj("v1/Secret"),
        obj("v1/Namespace"),
        obj("v1/ServiceAccount"),
        obj("apps/v1/Deployment", {"replicas": 2.0}, DEPLOYED | told(Available="True")),
        obj("apps/v1/StatefulSet", {}, STATEFUL),
        obj("apps/v1/DaemonSet", {}, DAEMONS),
        obj("apps/v1/ReplicaSet", {"replicas": 0}),
        obj("apps/v1/ReplicaSet", {}, {"availableReplicas": 3, "observedGeneration": 2}, generation=2),
        obj("v1/Pod", {}, {"phase": "Succeeded"}),
        obj("v1/Pod", {"restartPolicy": "Always"}, {"phase": "Running"} | told(Ready="True")),
        obj("v1/Service", {"type": "ClusterIP"}),
        obj("v1/Service"),
        obj("v1/Service", {"type": "LoadBalancer"}, ADDRESS),
        obj("networking.k8s.io/v1/Ingress", {}, ADDRESS),
        obj("v1/PersistentVolumeClaim", {}, {"phase": "Bound"}),
        obj("batch/v1/Job", {}, told(Complete="True", Failed="True")),
        obj("batch/v1/CronJob", {"suspend": True}),
        obj("batch/v1/CronJob", {}, {"lastScheduleTime": LATER, "active": [{}]}),
        obj("batch/v1/CronJob", {}, {"lastScheduleTime": EARLIER, "lastSuccessfulTime": LATER}),
        obj("autoscaling/v2/HorizontalPodAutoscaler", {}, told(ScalingLimited="True", InvalidSelector="True")),
    ],
)
def test_this_is_healthy(one):
    assert health.is_healthy(one)


@pytest.mark.parametrize(
    "one",
    [
        {},
        obj("rbac.authorization.k8s.io/v1/Role"),
        obj("extensions/v1beta1/Deployment", {"replicas": 2}, DEPLOYED | told(Available="True")),
        obj("apps/v1/Deployment", {"replicas": 2}, DEPLOYED | told(Available="False")),
        obj("apps/v1/Deployment", {"replicas": 3}, DEPLOYED | told(Available="True")),
        obj("apps/v1/StatefulSet", {}, STATEFUL | {"updateRevision": "b"}),
        obj("apps/v1/StatefulSet", {}, STATEFUL | {"currentRevision": None, "updateRevision": None}),
        obj("apps/v1/DaemonSet"),
        obj("apps/v1/DaemonSet", {}, DAEMONS | {"numberReady": True}),
        obj("apps/v1/ReplicaSet", {}, {"availableReplicas": 1, "observedGeneration": 1}, generation=2),
        obj("apps/v1/ReplicaSet", {}, {"availableReplicas": 1} | told(ReplicaFailure="True")),
        obj("v1/Pod", {}, {"phase": "Running"} | told(Ready="True")),
        obj("v1/Pod", {}, {"phase": "Failed"}),
        obj("v1/Service", {"type": "LoadBalancer"}),
        obj("v1/PersistentVolumeClaim", {}, {"phase": "Lost"}),
        obj("batch/v1/Job", {}, told(Suspended="True", Complete="True")),
        obj("batch/v1/Job"),
        obj("batch/v1/CronJob"),
        obj("batch/v1/CronJob", {}, {"lastScheduleTime": LATER, "lastSuccessfulTime": EARLIER}),
        obj("batch/v1/CronJob", {}, {"lastScheduleTime": LATER}),
        obj("batch/v1/CronJob", {}, {"lastScheduleTime": "yesterday", "active": [{}]}),
        obj("batch/v1/CronJob", {}, {"lastScheduleTime": "2024-01-01T00:00:00", "active": [{}]}),
        obj("autoscaling/v2/HorizontalPodAutoscaler", {}, told(InvalidSelector="True", ScalingActive="True")),
        obj("apps/v1/Deployment", "two", "fine"),
        obj("autoscaling/v2/HorizontalPodAutoscaler", {}, {"conditions": {"ScalingActive": True}}),
        obj("autoscaling/v2/HorizontalPodAutoscaler", {}, {"conditions": ["ScalingActive"]}),
    ],
)
def test_this_is_not(one):
    assert not health.is_healthy(one)
