"""Function, FunctionRevision and DeploymentRuntimeConfig, as kubectl and the API server know them."""

import pytest

from crosshead.api.packages import (
    Function,
    FunctionRevision,
    deployment_runtime_config_crd,
    function_crd,
    function_revision_crd,
)


@pytest.mark.parametrize(
    ("crd", "name", "versions", "categories"),
    [
        pytest.param(function_crd(), "functions", ["v1", "v1beta1"], ["crossplane", "pkg"], id="Function"),
        pytest.param(
            function_revision_crd(), "functionrevisions", ["v1", "v1beta1"], ["crossplane", "pkgrev"], id="revision"
        ),
        pytest.param(
            deployment_runtime_config_crd(), "deploymentruntimeconfigs", ["v1beta1"], ["crossplane"], id="config"
        ),
    ],
)
def test_a_kind_is_known_as_upstream_knows_it(crd, name, versions, categories):
    spec = crd["spec"]

    assert crd["metadata"]["name"] == f"{name}.pkg.crossplane.io"
    assert [version["name"] for version in spec["versions"]] == versions
    assert [version["name"] for version in spec["versions"] if version["storage"]] == versions[:1]
    assert (spec["scope"], spec["names"]["categories"]) == ("Cluster", categories)


def test_a_function_has_upstreams_defaults():
    fields = schema(function_crd())["spec"]["properties"]

    assert {name: part["default"] for name, part in fields.items() if "default" in part} == {
        "packagePullPolicy": "IfNotPresent",
        "revisionActivationPolicy": "Automatic",
        "revisionHistoryLimit": 1,
        "runtimeConfigRef": {
            "name": "default",
            "apiVersion": "pkg.crossplane.io/v1beta1",
            "kind": "DeploymentRuntimeConfig",
        },
    }


def test_a_function_must_name_its_package_and_a_revision_its_image():
    assert schema(function_crd())["spec"]["required"] == ["package"]
    assert schema(function_revision_crd())["spec"]["required"] == ["desiredState", "image", "revision"]


def test_models_read_what_crossplane_writes():
    function = Function.model_validate({
        "apiVersion": "pkg.crossplane.io/v1",
        "kind": "Function",
        "metadata": {"name": "fn"},
        "spec": {"package": "image", "somethingNewer": True},
        "status": {"currentRevision": "fn-1"},
    })  # fmt: skip
    revision = FunctionRevision.model_validate({
        "apiVersion": "pkg.crossplane.io/v1beta1",
        "kind": "FunctionRevision",
        "metadata": {"name": "fn-1"},
        "spec": {"image": "image", "revision": 1, "desiredState": "Active"},
    })  # fmt: skip

    assert (function.spec.runtime_config_ref.name, function.status.current_revision) == ("default", "fn-1")
    assert (revision.spec.desired_state, revision.status) == ("Active", None)


def schema(crd):
    return crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]
