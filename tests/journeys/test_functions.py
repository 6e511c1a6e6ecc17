"""Compositions in Pipeline mode, on the real stage: functions in process, and one over gRPC that is not ours."""

import pytest

from tests.journeys.stage import eventually

GROUP = "pipes.example.org"
CLAIM = f"pipes.{GROUP}"
COMPOSITE = f"xpipes.{GROUP}"


def function(name, package=None, **annotations):
    return {
        "apiVersion": "pkg.crossplane.io/v1",
        "kind": "Function",
        "metadata": {"name": name, "annotations": annotations},
        "spec": {"package": package or f"images.example.org/crossplane-contrib/{name}:v1.0.0"},
    }


def xrd():
    spec = {"type": "object", "properties": {"size": {"type": "integer"}, "how": {"type": "string"}}}
    status = {"type": "object", "properties": {"seen": {"type": "string"}}}
    schema = {"type": "object", "properties": {"spec": spec, "status": status}}
    return {
        "apiVersion": "apiextensions.crossplane.io/v1",
        "kind": "CompositeResourceDefinition",
        "metadata": {"name": COMPOSITE},
        "spec": {
            "group": GROUP,
            "names": {"kind": "XPipe", "plural": "xpipes"},
            "claimNames": {"kind": "Pipe", "plural": "pipes"},
            "versions": [{"name": "v1", "served": True, "referenceable": True, "schema": {"openAPIV3Schema": schema}}],
        },
    }


NOP = {
    "apiVersion": "nop.crossplane.io/v1alpha1",
    "kind": "NopResource",
    "spec": {
        "forProvider": {
            "conditionAfter": [{"time": "0s", "conditionType": "Ready", "conditionStatus": "True"}],
        }
    },
}
PATCHES = {
    "apiVersion": "pt.fn.crossplane.io/v1beta1",
    "kind": "Resources",
    "resources": [
        {
            "name": "patched",
            "base": NOP,
            "patches": [
                {
                    "type": "FromCompositeFieldPath",
                    "fromFieldPath": "spec.size",
                    "toFieldPath": "spec.forProvider.fields.size",
                }
            ],
        }
    ],
}
TEMPLATE = """
apiVersion: nop.crossplane.io/v1alpha1
kind: NopResource
metadata:
  annotations:
    gotemplating.fn.crossplane.io/composition-resource-name: templated
spec:
  forProvider:
    conditionAfter: [{time: 0s, conditionType: Ready, conditionStatus: "True"}]
    fields: {size: {{ add .observed.composite.resource.spec.size 1 }}}
---
apiVersion: pipes.example.org/v1
kind: XPipe
status:
  seen: "size {{ .observed.composite.resource.spec.size }}"
"""
TEMPLATES = {
    "apiVersion": "gotemplating.fn.crossplane.io/v1beta1",
    "kind": "GoTemplate",
    "source": "Inline",
    "inline": {"template": TEMPLATE},
}


def composition(name, *steps):
    pipeline = [
        {"step": function, "functionRef": {"name": function}, **({"input": given} if given else {})}
        for function, given in steps
    ]
    return {
        "apiVersion": "apiextensions.crossplane.io/v1",
        "kind": "Composition",
        "metadata": {"name": name},
        "spec": {
            "compositeTypeRef": {"apiVersion": f"{GROUP}/v1", "kind": "XPipe"},
            "mode": "Pipeline",
            "pipeline": pipeline,
        },
    }


def claim(name, composition):
    return {
        "apiVersion": f"{GROUP}/v1",
        "kind": "Pipe",
        "metadata": {"name": name, "namespace": "checkout-dev"},
        "spec": {"size": 3, "compositionRef": {"name": composition}},
    }


@pytest.fixture(scope="module")
def pipes(stage):
    stage.apply(
        *map(function, ("function-patch-and-transform", "function-go-templating", "function-auto-ready")), xrd()
    )
    stage.kubectl("wait", "--for=condition=Offered", "xrd", COMPOSITE, "--timeout=30s")
    stage.kubectl("wait", "--for=condition=Healthy", "function", "--all", "--timeout=30s")
    return stage


def fields(stage, claim):
    found = stage.get("nopresources") or []
    name = claim["spec"]["resourceRef"]["name"]
    mine = [n for n in found if n["metadata"]["labels"].get("crossplane.io/composite") == name]
    return {
        n["metadata"]["annotations"]["crossplane.io/composition-resource-name"]: n["spec"]["forProvider"].get("fields")
        for n in mine
    }


def test_functions_in_process_compose_what_a_claim_asks_for(pipes):
    steps = [
        ("function-patch-and-transform", PATCHES),
        ("function-go-templating", TEMPLATES),
        ("function-auto-ready", None),
    ]
    pipes.apply(composition("both", *steps), claim("both", "both"))

    ready = pipes.wait_ready(CLAIM, "both", "checkout-dev")

    assert fields(pipes, ready) == {"patched": {"size": 3}, "templated": {"size": 4}}
    assert ready["status"]["seen"] == "size 3"
    pipes.kubectl("delete", CLAIM, "both", "-n", "checkout-dev")
    eventually(lambda: fields(pipes, ready) == {}, "all is gone")


def test_a_function_that_is_not_installed_is_told_and_heals_when_it_is(pipes):
    pipes.apply(
        composition("early", ("function-tag-manager", None), ("function-auto-ready", None)), claim("early", "early")
    )

    def message():
        synced = pipes.condition(COMPOSITE, composite(), "Synced")
        return synced.get("message", "") if synced.get("status") == "False" else ""

    def composite():
        reference = pipes.get(CLAIM, "early", "checkout-dev")["spec"].get("resourceRef") or {}
        return reference.get("name", "none")

    eventually(lambda: "function-tag-manager" in message(), "the composite says which function is missing")
    pipes.apply(composition("early", ("function-auto-ready", None)))

    pipes.wait_ready(CLAIM, "early", "checkout-dev")
    pipes.kubectl("delete", CLAIM, "early", "-n", "checkout-dev", "--wait=false")
