"""
What installing a Function makes, on the real API server.

There is no kubelet: a Deployment exists and runs nothing, so its health is what somebody writes into its status.
"""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from crosshead.base import conditions, objects
from crosshead.base.errors import StalledError
from crosshead.base.objects import Ref
from crosshead.definitions import packages
from crosshead.definitions.packages import FUNCTION, FUNCTION_REVISION, RUNTIME_CONFIG
from crosshead.functions.certificates import CertificateAuthority
from crosshead.functions.connections import Connections
from crosshead.functions.credentials import from_secret
from crosshead.functions.registry import BuiltIns
from crosshead.functions.runner import FunctionRunner
from crosshead.kube.cache import ObjectCache
from crosshead.kube.client import KubeApi
from crosshead.kube.connecting import connect
from crosshead.kube.shrinking import shrink
from crosshead.kube.watches import KindWatches
from crosshead.reconcilers import functions
from crosshead.reconcilers.connections import SECRET
from crosshead.reconcilers.function_runtimes import DEPLOYMENT, Installer
from tests.fakes import FakeCluster, fake_world
from tests.kube.waiting import eventually

CRDS = Path(__file__).parents[2] / "crds"
KINDS = (FUNCTION, FUNCTION_REVISION, RUNTIME_CONFIG)
NAMESPACE = "crossplane-system"
PLURALS = ("functions", "functionrevisions", "deploymentruntimeconfigs")
CONFIG = {
    "apiVersion": "pkg.crossplane.io/v1beta1",
    "kind": "DeploymentRuntimeConfig",
    "metadata": {"name": "big"},
    "spec": {
        "deploymentTemplate": {
            "spec": {
                "replicas": 2,
                "template": {
                    "spec": {
                        "containers": [
                            {
                                "name": "package-runtime",
                                "args": ["--debug"],
                                "ports": [{"name": "probe", "containerPort": 8081}],
                                "resources": {"limits": {"memory": "128Mi"}},
                            },
                            {"name": "sidecar", "image": "registry.example.org/sidecar:v1"},
                        ]
                    }
                },
            }
        },
        "serviceTemplate": {"metadata": {"annotations": {"who": "us"}}},
    },
}


@pytest.fixture(scope="module")
def cluster(own_kubectl):
    """A cluster with our kinds and the namespace for packages: beside a running operator nothing could be counted."""
    kubectl = own_kubectl
    for plural in PLURALS:
        kubectl("apply", "-f", str(CRDS / f"pkg.crossplane.io_{plural}.yaml"))
        kubectl("wait", "crd", f"{plural}.pkg.crossplane.io", "--for=condition=Established", "--timeout=30s")
    kubectl("create", "namespace", NAMESPACE)
    kubectl("apply", "-f", "-", stdin=json.dumps(CONFIG))
    return kubectl


class Installation:
    """What installs Functions, in front of a real API server; *writes* counts them by resource."""

    def __init__(self, connection):
        self.writes = Counter()
        self.cache = ObjectCache(shrink)
        self.api = KubeApi(connection, self.cache, told=self._told)
        self.watches = KindWatches(self.api, self.cache)
        world = fake_world(FakeCluster())
        self.world = replace(world, cache=self.cache, api=self.api, watches=self.watches)
        self.installer = Installer(BuiltIns({"function-dummy": "dummy"}), CertificateAuthority(), NAMESPACE)

    def _told(self, verb, resource, *_):
        if verb not in {"GET", "LIST", "WATCH"}:
            self.writes[f"{verb} {resource}"] += 1

    def reconcile(self, name):
        functions.reconcile(Ref(FUNCTION, name), self.world, self.installer)

    def revision(self, name):
        return packages.active(packages.revisions_of(name, self.cache.list(FUNCTION_REVISION)))


@pytest.fixture
def installation(cluster, own_control_plane):
    cluster("get", "namespace", NAMESPACE)
    connection = connect(own_control_plane.kubeconfig)
    made = Installation(connection)
    for kind in KINDS:
        made.watches.start(kind)
    assert eventually(lambda: all(made.cache.is_synced(kind) for kind in KINDS))
    yield made
    made.watches.stop_all(5.0)
    connection.close()


def install(installation, name, package, **spec):
    function = {"apiVersion": "pkg.crossplane.io/v1", "kind": "Function", "metadata": {"name": name}}
    installation.api.create({**function, "spec": {"package": package, **spec}})
    installation.reconcile(name)


def got(kubectl, kind, name):
    return json.loads(kubectl("get", kind, name, "-n", NAMESPACE, "-o", "json"))


def test_an_image_gets_a_deployment_and_a_certificate(installation, cluster):
    install(installation, "plain", "registry.example.org/acme/function-plain:v1")

    revision = installation.revision("plain")
    deployment = got(cluster, "deployment", objects.name(revision))
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    assert container["image"] == "registry.example.org/acme/function-plain:v1"
    assert {port["name"]: port["containerPort"] for port in container["ports"]} == {"metrics": 8080, "grpc": 9443}
    assert got(cluster, "service", "plain")["spec"]["clusterIP"] == "None"
    assert sorted(got(cluster, "secret", "plain-tls-server")["data"]) == ["ca.crt", "tls.crt", "tls.key"]
    assert revision["status"]["endpoint"] == "dns:///plain.crossplane-system:9443"
    assert cluster("get", "functions").split()[4:8] == ["AGE", "plain", "True", "False"]


def test_a_second_pass_writes_nothing(installation):
    install(installation, "quiet", "registry.example.org/acme/function-quiet:v1", runtimeConfigRef={"name": "big"})
    assert eventually(lambda: installation.cache.is_synced(DEPLOYMENT))
    installation.writes.clear()

    installation.reconcile("quiet")

    assert installation.writes == {}


def test_a_configuration_shapes_what_runs(installation, cluster):
    install(installation, "shaped", "registry.example.org/acme/function-shaped:v1", runtimeConfigRef={"name": "big"})

    deployment = got(cluster, "deployment", objects.name(installation.revision("shaped")))
    ours, sidecar = deployment["spec"]["template"]["spec"]["containers"]
    assert (deployment["spec"]["replicas"], sidecar["name"]) == (2, "sidecar")
    assert (ours["args"], ours["resources"]["limits"]["memory"]) == (["--debug"], "128Mi")
    assert [port["name"] for port in ours["ports"]] == ["probe", "metrics", "grpc"]
    assert got(cluster, "service", "shaped")["metadata"]["annotations"] == {"who": "us"}


def test_it_is_healthy_when_its_deployment_is(installation, cluster):
    install(installation, "healthy", "registry.example.org/acme/function-healthy:v1")
    deployment = Ref(DEPLOYMENT, objects.name(installation.revision("healthy")), NAMESPACE)
    available = {"type": "Available", "status": "True", "reason": "MinimumReplicasAvailable"}
    installation.api.patch(deployment, {"status": {"conditions": [available]}}, status=True)

    installation.reconcile("healthy")

    function = json.loads(cluster("get", "function", "healthy", "-o", "json"))
    assert conditions.is_true(function, "Healthy")
    assert conditions.is_true(function, "Installed")


def test_a_new_image_takes_over(installation, cluster):
    install(installation, "moving", "registry.example.org/acme/function-moving:v1")
    first = objects.name(installation.revision("moving"))
    installation.api.patch(
        Ref(FUNCTION, "moving"), {"spec": {"package": "registry.example.org/acme/function-moving:v2"}}
    )

    installation.reconcile("moving")

    second = objects.name(installation.revision("moving"))
    deployments = cluster("get", "deployments", "-n", NAMESPACE, "-o", "name").split()
    service = got(cluster, "service", "moving")
    assert f"deployment.apps/{second}" in deployments
    assert f"deployment.apps/{first}" not in deployments
    assert service["spec"]["selector"]["pkg.crossplane.io/revision"] == second
    assert [owner["name"] for owner in service["metadata"]["ownerReferences"]] == [second]


def test_a_built_in_runs_inside_the_operator(installation, cluster):
    install(installation, "inside", "registry.example.org/crossplane-contrib/function-dummy:v1")

    function = json.loads(cluster("get", "function", "inside", "-o", "json"))
    runner = FunctionRunner(installation.cache, BuiltIns({"function-dummy": "dummy"}))
    assert function["status"]["runtime"] == "InProcess"
    assert conditions.is_true(function, "Healthy")
    assert runner.runtime("inside").source == "InProcess"


def test_the_operator_shows_the_certificate_that_was_made_for_it(installation):
    install(installation, "called", "registry.example.org/acme/function-called:v1")
    client = Ref(SECRET, "crossplane-tls-client", NAMESPACE)
    connections = Connections(from_secret(lambda: installation.api.fetch(client)))

    remote = FunctionRunner(installation.cache, BuiltIns({})).runtime("called")

    assert (remote.target, remote.secure) == ("dns:///called.crossplane-system:9443", True)
    assert connections.get("called", remote) is connections.get("called", remote)
    connections.close()


def test_a_namespace_that_does_not_exist_is_told(installation):
    installation.installer = replace(installation.installer, namespace="nowhere")

    with pytest.raises(StalledError, match="cannot install into namespace 'nowhere': namespaces \"nowhere\" not found"):
        install(installation, "lost", "registry.example.org/acme/function-lost:v1")
