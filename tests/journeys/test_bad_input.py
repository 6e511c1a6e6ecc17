"""Bad input is told on the object that it is about, in a sentence, and holds up nobody else."""

import pytest

from tests.journeys.stage import eventually, postgres

CLAIM = "postgresdatabases.platform.example.org"
VPC = "vpcs.ec2.aws.upbound.io"


def vpc(name, config="default", **parameters):
    return {
        "apiVersion": "ec2.aws.upbound.io/v1beta1",
        "kind": "VPC",
        "metadata": {"name": name},
        "spec": {
            "providerConfigRef": {"name": config},
            "forProvider": {"region": "us-east-1", "cidrBlock": "10.99.0.0/16", **parameters},
        },
    }


def message(stage, kind, name, *words, namespace="", type="Synced"):
    """Return the message of a condition that is False, once it holds every one of *words*."""

    def told():
        found = stage.condition(kind, name, type, namespace)
        text = found.get("message", "")
        return text if found.get("status") == "False" and all(word in text for word in words) else ""

    return eventually(told, f"{kind} {name} says {words}: {stage.condition(kind, name, type, namespace)}")


def works(stage, name):
    """Show that others are not held up."""
    stage.apply(vpc(name))
    stage.wait_ready(VPC, name)
    stage.kubectl("delete", VPC, name, "--wait=false")
    stage.wait_gone(VPC, name)


def test_a_claim_that_the_schema_forbids_is_refused_with_a_sentence(stage):
    with pytest.raises(AssertionError, match=r"spec\.storageGb.*10000.*less than or equal to 1000"):
        stage.apply(postgres("huge", storageGb=10000))


def test_a_claim_for_a_missing_composition_says_which(stage):
    stage.apply(postgres("lost", compositionRef={"name": "nowhere"}))

    claim = eventually(lambda: stage.get(CLAIM, "lost", "checkout-dev")["spec"].get("resourceRef"), "bound")
    message(stage, "xpostgresdatabases.platform.example.org", claim["name"], "no Composition 'nowhere'")
    message(stage, CLAIM, "lost", "nowhere", namespace="checkout-dev", type="Ready")
    works(stage, "beside-lost")
    stage.kubectl("delete", CLAIM, "lost", "-n", "checkout-dev", "--wait=false")
    stage.wait_gone(CLAIM, "lost", "checkout-dev")


def test_a_provider_config_without_its_secret_is_told_by_its_users(stage):
    config = {
        "apiVersion": "aws.upbound.io/v1beta1",
        "kind": "ProviderConfig",
        "metadata": {"name": "keyless"},
        "spec": {
            "credentials": {
                "source": "Secret",
                "secretRef": {"namespace": "crossplane-system", "name": "nokeys", "key": "creds"},
            }
        },
    }
    stage.apply(config, vpc("keyless", "keyless"))

    message(stage, VPC, "keyless", "nokeys", "crossplane-system")
    works(stage, "beside-keyless")
    stage.kubectl("delete", VPC, "keyless", "--wait=false")
    stage.kubectl("annotate", VPC, "keyless", "crossplane.io/paused=false", "--overwrite")


def test_a_missing_provider_config_is_told(stage):
    stage.apply(vpc("configless", "unheard-of"))

    message(stage, VPC, "configless", "ProviderConfig", "unheard-of")
    stage.kubectl("delete", VPC, "configless", "--wait=false")


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        pytest.param(
            {"kind": "error", "code": "UnauthorizedOperation", "status": 403, "message": "You are not authorized"},
            ["not authorized"],
            id="access denied",
        ),
        pytest.param({"kind": "throttle"}, ["RequestLimitExceeded"], id="throttled"),
        pytest.param({"kind": "status", "status": 500}, ["500"], id="an internal error"),
        pytest.param({"kind": "html", "status": 502}, ["cannot create vpc"], id="HTML instead of XML"),
        pytest.param({"kind": "reset"}, ["cannot create vpc", "cannot be reached"], id="nothing"),
    ],
)
def test_what_aws_answers_is_told_and_retried(stage, request, fault, words):
    name = f"faulty-{request.node.callspec.id.split()[0].lower()}"
    stage.control.add_fault(service="ec2", operation="CreateVpc", **fault)
    stage.apply(vpc(name))
    text = message(stage, VPC, name, *words)
    assert "RequestId" not in text

    stage.control.lift_faults()

    stage.wait_ready(VPC, name)
    stage.kubectl("delete", VPC, name, "--wait=false")
    stage.wait_gone(VPC, name)


def xrd(plural, kind, **changes):
    schema = {"type": "object", "properties": {"spec": {"type": "object", "properties": {"a": {"type": "string"}}}}}
    version = {"name": "v1", "served": True, "referenceable": True, "schema": {"openAPIV3Schema": schema}}
    return {
        "apiVersion": "apiextensions.crossplane.io/v1",
        "kind": "CompositeResourceDefinition",
        "metadata": {"name": f"{plural}.bad.example.org"},
        "spec": {
            "group": "bad.example.org",
            "names": {"kind": kind, "plural": plural},
            "versions": [version | changes],
        },
    }


@pytest.mark.parametrize(
    ("plural", "changes", "words"),
    [
        pytest.param("unreferenced", {"referenceable": False}, ["referenceable"], id="no referenceable version"),
        pytest.param(
            "misshapen",
            {
                "schema": {
                    "openAPIV3Schema": {
                        "type": "object",
                        "properties": {"spec": {"type": "object", "properties": {"a": {"type": "strong"}}}},
                    }
                }
            },
            ["strong"],
            id="an invalid schema",
        ),
    ],
)
def test_a_broken_xrd_says_what_is_wrong(stage, plural, changes, words):
    stage.apply(xrd(plural, plural.title(), **changes))

    message(stage, "xrd", f"{plural}.bad.example.org", *words)
    works(stage, f"beside-{plural}")
    stage.kubectl("delete", "xrd", f"{plural}.bad.example.org")


def test_an_xrd_that_clashes_with_an_existing_crd_says_so_and_leaves_it_alone(stage):
    crd = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "taken.bad.example.org"},
        "spec": {
            "group": "bad.example.org",
            "scope": "Cluster",
            "names": {"kind": "Taken", "plural": "taken"},
            "versions": [
                {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": {"type": "object"}}}
            ],
        },
    }
    stage.apply(crd, xrd("taken", "Taken"))

    message(stage, "xrd", "taken.bad.example.org", "exists", "taken.bad.example.org")
    stage.kubectl("delete", "xrd", "taken.bad.example.org")
    assert stage.get("crd", "taken.bad.example.org")["metadata"].get("ownerReferences") is None


def composition(name, patch):
    nop = {"apiVersion": "nop.crossplane.io/v1alpha1", "kind": "NopResource", "spec": {"forProvider": {"fields": {}}}}
    return {
        "apiVersion": "apiextensions.crossplane.io/v1",
        "kind": "Composition",
        "metadata": {"name": name},
        "spec": {
            "compositeTypeRef": {"apiVersion": "platform.example.org/v1alpha1", "kind": "XPostgresDatabase"},
            "resources": [{"name": "one", "base": nop, "patches": [patch]}],
        },
    }


@pytest.mark.parametrize(
    ("name", "patch", "words"),
    [
        pytest.param(
            "pathless",
            {
                "fromFieldPath": "spec.nothing",
                "toFieldPath": "spec.forProvider.fields.x",
                "policy": {"fromFieldPath": "Required"},
            },
            ["spec.nothing"],
            id="a path that does not exist",
        ),
        pytest.param(
            "mistyped",
            {
                "fromFieldPath": "spec.storageGb",
                "toFieldPath": "spec.forProvider.fields.x",
                "transforms": [{"type": "map", "map": {"a": "b"}}],
            },
            ["map"],
            id="a value of the wrong type",
        ),
    ],
)
def test_a_composition_that_cannot_work_says_where(stage, name, patch, words):
    stage.apply(composition(name, patch), postgres(name, compositionRef={"name": name}))

    reference = eventually(lambda: stage.get(CLAIM, name, "checkout-dev")["spec"].get("resourceRef"), "bound")
    message(stage, "xpostgresdatabases.platform.example.org", reference["name"], "one", *words)
    works(stage, f"beside-{name}")
    stage.kubectl("delete", CLAIM, name, "-n", "checkout-dev", "--wait=false")
    stage.wait_gone(CLAIM, name, "checkout-dev")
    stage.kubectl("delete", "composition", name)
