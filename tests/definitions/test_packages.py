"""Functions and their revisions."""

import hashlib

import pytest

from crosshead.definitions import packages
from crosshead.definitions.packages import Running

PACKAGE = "registry.example.org/acme/function-acme:v1"
OURS = "dns:///fn.crossplane-system:9443"


def function(package=PACKAGE, annotations=None, **spec):
    metadata = {"name": "fn", "uid": "fn-uid", "annotations": annotations or {}}
    return {
        "apiVersion": "pkg.crossplane.io/v1",
        "kind": "Function",
        "metadata": metadata,
        "spec": {"package": package, **spec},
    }


def revision(number, *, image=PACKAGE, of="fn", state="Inactive", **status):
    return {
        "apiVersion": "pkg.crossplane.io/v1",
        "kind": "FunctionRevision",
        "metadata": {"name": f"{of}-{number}", "labels": {"pkg.crossplane.io/package": of}},
        "spec": {"image": image, "revision": number, "desiredState": state},
        "status": status,
    }


DEVELOPMENT = {"render.crossplane.io/runtime": "Development"}


@pytest.mark.parametrize(
    ("annotations", "target"),
    [
        pytest.param({}, None, id="nothing"),
        pytest.param({"render.crossplane.io/runtime": "Docker"}, None, id="another runtime"),
        pytest.param({"render.crossplane.io/runtime-development-target": "a:1"}, None, id="a target alone"),
        pytest.param(DEVELOPMENT, "localhost:9443", id="the default target"),
        pytest.param({**DEVELOPMENT, "render.crossplane.io/runtime-development-target": "a:1"}, "a:1", id="its own"),
    ],
)
def test_a_function_may_run_on_a_developers_machine(annotations, target):
    assert packages.development_target(function(annotations=annotations)) == target


@pytest.mark.parametrize(
    ("obj", "package"),
    [
        pytest.param(function(), PACKAGE, id="a Function"),
        pytest.param(revision(1, image="image"), "image", id="a revision"),
        pytest.param({"spec": {}}, "", id="neither"),
    ],
)
def test_the_package_of(obj, package):
    assert packages.package_of(obj) == package


@pytest.mark.parametrize(
    ("reference", "name"),
    [({"runtimeConfigRef": {"name": "big"}}, "big"), ({"runtimeConfigRef": {}}, "default"), ({}, "default")],
)
def test_a_function_has_a_runtime_configuration(reference, name):
    assert packages.config_name(function(**reference)) == name


def test_revisions_are_those_of_the_function_with_the_newest_first():
    known = [revision(1), revision(3), revision(2, of="other"), revision(2)]

    found = packages.revisions_of("fn", known)

    assert [packages.number(r) for r in found] == [3, 2, 1]


def test_one_revision_is_in_use():
    assert packages.active([revision(2), revision(1, state="Active")]) == revision(1, state="Active")
    assert packages.active([revision(2)]) is None


def test_the_current_revision_is_of_the_package_as_it_is_written_now():
    known = [revision(2, image="other"), revision(1)]

    assert packages.current(function(), known) == revision(1)
    assert packages.current(function("new"), known) is None


@pytest.mark.parametrize(
    ("package", "digest"),
    [
        pytest.param("r/a@sha256:" + "ab" * 32, "ab" * 6, id="the digest that the reference gives"),
        pytest.param(PACKAGE, hashlib.sha256(PACKAGE.encode()).hexdigest()[:12], id="that of the reference itself"),
    ],
)
def test_a_revision_is_named_after_a_digest(package, digest):
    assert packages.revision_name(function(package)) == f"fn-{digest}"


def test_a_new_revision_says_what_its_function_says():
    made = packages.make_revision(
        function(commonLabels={"team": "a"}, packagePullPolicy="Always", runtimeConfigRef={"name": "big"}), 3
    )

    assert made["metadata"]["name"].startswith("fn-")
    assert made["metadata"]["labels"] == {"team": "a", "pkg.crossplane.io/package": "fn"}
    assert made["metadata"]["ownerReferences"][0]["uid"] == "fn-uid"
    assert made["spec"] == {
        "commonLabels": {"team": "a"},
        "packagePullPolicy": "Always",
        "runtimeConfigRef": {"name": "big"},
        "desiredState": "Active",
        "image": PACKAGE,
        "revision": 3,
        "tlsServerSecretName": "fn-tls-server",
    }


def test_a_new_revision_waits_when_somebody_is_to_say_so():
    made = packages.make_revision(function(revisionActivationPolicy="Manual"), 1)

    assert made["spec"]["desiredState"] == "Inactive"


@pytest.mark.parametrize(
    ("limit", "left"),
    [
        pytest.param({}, [2, 1], id="one is kept unless it is said"),
        pytest.param({"revisionHistoryLimit": 2}, [1], id="two are kept"),
        pytest.param({"revisionHistoryLimit": 0}, [], id="all are kept"),
    ],
)
def test_old_revisions_are_superfluous(limit, left):
    known = [revision(number, image=f"image-{number}") for number in (3, 2, 1)]

    found = packages.superfluous(function(**limit), [revision(4, state="Active"), *known])

    assert [packages.number(r) for r in found] == left


def test_the_current_revision_is_never_superfluous():
    known = [revision(3, image="in use", state="Active"), revision(2, image="old"), revision(1)]

    assert packages.superfluous(function(), known) == []


@pytest.mark.parametrize(
    ("annotations", "spec", "status", "built_in", "running"),
    [
        pytest.param({}, {}, {}, False, Running.DEPLOYMENT, id="an image"),
        pytest.param({}, {}, {"endpoint": OURS}, False, Running.DEPLOYMENT, id="an image that runs"),
        pytest.param({}, {}, {}, True, Running.IN_PROCESS, id="one of ours"),
        pytest.param(
            {}, {"runtimeConfigRef": {"name": "big"}}, {}, True, Running.DEPLOYMENT, id="ours, but configured to run"
        ),
        pytest.param({}, {}, {"endpoint": OURS}, True, Running.DEPLOYMENT, id="ours, but it runs already"),
        pytest.param(DEVELOPMENT, {}, {}, True, Running.DEVELOPMENT, id="ours, but it is being developed"),
        pytest.param(DEVELOPMENT, {}, {"endpoint": OURS}, False, Running.DEVELOPMENT, id="an image being developed"),
        pytest.param(DEVELOPMENT, {}, {"endpoint": "a:1"}, True, Running.ENDPOINT, id="an endpoint of somebody's"),
    ],
)
def test_what_runs_a_function(annotations, spec, status, built_in, running):
    chosen = packages.running(function(annotations=annotations, **spec), revision(1, **status), OURS, built_in=built_in)

    assert chosen is running
