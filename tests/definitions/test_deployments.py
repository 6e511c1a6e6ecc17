"""What runs a function as Crossplane runs it."""

import pytest

from crosshead.definitions import deployments
from crosshead.definitions.deployments import Runtime

REVISION = {
    "apiVersion": "pkg.crossplane.io/v1",
    "kind": "FunctionRevision",
    "metadata": {"name": "fn-abc", "uid": "revision-uid", "labels": {"pkg.crossplane.io/package": "fn"}},
    "spec": {"image": "registry.example.org/fn:v1", "revision": 1, "desiredState": "Active"},
}
SELECTOR = {"pkg.crossplane.io/function": "fn", "pkg.crossplane.io/revision": "fn-abc"}
NAMESPACE = "crossplane-system"


def runtime(config=None, **spec):
    revision = {**REVISION, "spec": {**REVISION["spec"], **spec}}
    return Runtime(revision, {"spec": config} if config is not None else None, NAMESPACE)


def configured(spec):
    return runtime({"deploymentTemplate": {"spec": spec}})


def pod_of(runtime):
    return deployments.deployment(runtime)["spec"]["template"]["spec"]


def test_the_service_is_headless_and_finds_the_pods():
    service = deployments.service(runtime())

    assert (service["metadata"]["name"], service["metadata"]["namespace"]) == ("fn", NAMESPACE)
    assert service["spec"] == {
        "clusterIP": "None",
        "selector": SELECTOR,
        "ports": [{"name": "grpc", "protocol": "TCP", "port": 9443, "targetPort": "grpc"}],
    }


def test_the_endpoint_is_the_service():
    assert deployments.endpoint(runtime()) == "dns:///fn.crossplane-system:9443"
    assert deployments.host_names(runtime()) == ("fn", "fn.crossplane-system", "fn.crossplane-system.svc")


def test_a_service_may_be_named():
    named = runtime({"serviceTemplate": {"metadata": {"name": "mine", "labels": {"a": "b"}}}})

    assert deployments.service(named)["metadata"]["labels"] == {"a": "b"}
    assert deployments.endpoint(named) == "dns:///mine.crossplane-system:9443"
    assert deployments.host_names(named)[0] == "mine"


@pytest.mark.parametrize("make", [deployments.service, deployments.service_account, deployments.deployment])
def test_everything_belongs_to_the_revision(make):
    owner = make(runtime())["metadata"]["ownerReferences"]

    assert [(o["kind"], o["uid"], o["controller"]) for o in owner] == [("FunctionRevision", "revision-uid", True)]


def test_without_a_configuration_the_deployment_is_crossplanes():
    deployment = deployments.deployment(runtime())

    spec = deployment["spec"]
    assert deployment["metadata"]["name"] == "fn-abc"
    assert (spec["replicas"], spec["selector"]) == (1, {"matchLabels": SELECTOR})
    assert spec["template"]["metadata"] == {"labels": SELECTOR}
    assert spec["template"]["spec"]["serviceAccountName"] == "fn-abc"
    assert spec["template"]["spec"]["securityContext"] == {"runAsNonRoot": True, "runAsUser": 2000, "runAsGroup": 2000}


def test_the_container_runs_the_package_with_its_certificate():
    pod = pod_of(runtime())

    (container,) = pod["containers"]
    assert (container["name"], container["image"]) == ("package-runtime", "registry.example.org/fn:v1")
    assert container["imagePullPolicy"] == "IfNotPresent"
    assert container["securityContext"]["allowPrivilegeEscalation"] is False
    assert container["ports"] == [
        {"name": "metrics", "containerPort": 8080, "protocol": "TCP"},
        {"name": "grpc", "containerPort": 9443, "protocol": "TCP"},
    ]
    assert container["env"][0] == {"name": "TLS_SERVER_CERTS_DIR", "value": "/tls/server"}
    assert [e["name"] for e in container["env"][1:]] == ["FUNCTION_NAME", "REVISION_NAME", "REVISION_UID"]
    assert container["volumeMounts"] == [{"name": "tls-server-certs", "readOnly": True, "mountPath": "/tls/server"}]
    assert pod["volumes"][0]["secret"]["secretName"] == "fn-tls-server"


def test_the_secret_is_the_one_that_the_revision_names():
    assert pod_of(runtime(tlsServerSecretName="mine"))["volumes"][0]["secret"]["secretName"] == "mine"


def test_what_a_configuration_says_stays():
    spec = {
        "replicas": 3,
        "strategy": {"type": "Recreate"},
        "selector": {"matchExpressions": []},
        "template": {
            "metadata": {"labels": {"a": "b"}, "annotations": {"c": "d"}},
            "spec": {"nodeSelector": {"disk": "ssd"}, "serviceAccountName": "theirs", "volumes": [{"name": "v"}]},
        },
    }

    told = deployments.deployment(configured(spec))["spec"]

    assert (told["replicas"], told["strategy"]) == (3, {"type": "Recreate"})
    assert told["selector"] == {"matchExpressions": [], "matchLabels": SELECTOR}
    assert told["template"]["metadata"] == {"labels": {"a": "b", **SELECTOR}, "annotations": {"c": "d"}}
    assert told["template"]["spec"]["nodeSelector"] == {"disk": "ssd"}
    assert [v["name"] for v in told["template"]["spec"]["volumes"]] == ["v", "tls-server-certs"]


def test_the_packages_container_comes_first_and_keeps_what_it_was_told():
    ours = {
        "name": "package-runtime",
        "image": "mirror.example.org/fn:v2",
        "args": ["--debug"],
        "env": [{"name": "A", "value": "b"}],
        "ports": [{"name": "metrics", "containerPort": 9090}],
        "volumeMounts": [{"name": "v", "mountPath": "/v"}],
    }

    containers = pod_of(configured({"template": {"spec": {"containers": [{"name": "sidecar"}, ours]}}}))["containers"]

    assert [c["name"] for c in containers] == ["package-runtime", "sidecar"]
    assert (containers[0]["image"], containers[0]["args"]) == ("mirror.example.org/fn:v2", ["--debug"])
    assert containers[0]["ports"][0] == {"protocol": "TCP", "name": "metrics", "containerPort": 9090}
    assert [p["name"] for p in containers[0]["ports"]] == ["metrics", "grpc"]
    assert containers[0]["env"][0] == {"name": "A", "value": "b"}
    assert [m["name"] for m in containers[0]["volumeMounts"]] == ["v", "tls-server-certs"]


def test_what_a_package_says_about_pulling_comes_before_the_configuration():
    config = {"template": {"spec": {"containers": [{"name": "package-runtime", "imagePullPolicy": "Never"}]}}}
    told = runtime(
        {"deploymentTemplate": {"spec": config}}, packagePullPolicy="Always", packagePullSecrets=[{"name": "s"}]
    )

    assert pod_of(told)["containers"][0]["imagePullPolicy"] == "Always"
    assert pod_of(told)["imagePullSecrets"] == [{"name": "s"}]
    assert deployments.service_account(told)["imagePullSecrets"] == [{"name": "s"}]


@pytest.mark.parametrize(
    ("config", "owns"),
    [
        pytest.param(None, True, id="no configuration"),
        pytest.param({"serviceAccountTemplate": {"metadata": {"name": "mine"}}}, True, id="an account of another name"),
        pytest.param(
            {"deploymentTemplate": {"spec": {"template": {"spec": {"serviceAccountName": "theirs"}}}}},
            False,
            id="an account that is there",
        ),
    ],
)
def test_the_account_is_made_unless_it_is_anothers(config, owns):
    assert deployments.owns_service_account(runtime(config)) is owns


def test_common_labels_are_on_everything():
    told = runtime({"deploymentTemplate": {"metadata": {"annotations": {"x": "y"}}}}, commonLabels={"team": "a"})

    assert deployments.deployment(told)["metadata"]["labels"] == {"team": "a"}
    assert deployments.deployment(told)["metadata"]["annotations"] == {"x": "y"}
    assert deployments.service(told)["metadata"]["labels"] == {"team": "a"}
