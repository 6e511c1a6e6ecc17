"""The objects that the tests of the reconcilers are about: one XRD, its composition, a claim."""

from crosshead.base.objects import Kind

XRD_KIND = Kind("apiextensions.crossplane.io/v1", "CompositeResourceDefinition")
COMPOSITION_KIND = Kind("apiextensions.crossplane.io/v1", "Composition")
REVISION_KIND = Kind("apiextensions.crossplane.io/v1", "CompositionRevision")
CRD_KIND = Kind("apiextensions.k8s.io/v1", "CustomResourceDefinition")
COMPOSITE = Kind("example.org/v1", "XThing")
CLAIM = Kind("example.org/v1", "Thing")
NOP = Kind("nop.crossplane.io/v1alpha1", "NopResource")

SCHEMA = {
    "type": "object",
    "properties": {
        "spec": {"type": "object", "properties": {"size": {"type": "string"}}},
        "status": {"type": "object"},
    },
}


def xrd(**spec):
    return {
        "apiVersion": XRD_KIND.api_version,
        "kind": XRD_KIND.kind,
        "metadata": {"name": "xthings.example.org"},
        "spec": {
            "group": "example.org",
            "names": {"kind": "XThing", "plural": "xthings"},
            "claimNames": {"kind": "Thing", "plural": "things"},
            "versions": [{"name": "v1", "served": True, "referenceable": True, "schema": {"openAPIV3Schema": SCHEMA}}],
            **spec,
        },
    }


def nop_template(name, **patches):
    base = {"apiVersion": NOP.api_version, "kind": NOP.kind, "spec": {"forProvider": {"fields": {"is": name}}}}
    size = {
        "type": "FromCompositeFieldPath",
        "fromFieldPath": "spec.size",
        "toFieldPath": "spec.forProvider.fields.size",
    }
    back = {"type": "ToCompositeFieldPath", "fromFieldPath": "status.atProvider.seen", "toFieldPath": f"status.{name}"}
    return {"name": name, "base": base, "patches": [size, back], **patches}


def composition(*templates, name="things", **spec):
    return {
        "apiVersion": COMPOSITION_KIND.api_version,
        "kind": COMPOSITION_KIND.kind,
        "metadata": {"name": name},
        "spec": {
            "compositeTypeRef": {"apiVersion": COMPOSITE.api_version, "kind": COMPOSITE.kind},
            "mode": "Resources",
            "resources": list(templates) or [nop_template("one"), nop_template("two")],
            **spec,
        },
    }


def claim(**spec):
    return {
        "apiVersion": CLAIM.api_version,
        "kind": CLAIM.kind,
        "metadata": {"name": "mine", "namespace": "team", "labels": {"app": "shop"}},
        "spec": {"size": "small", **spec},
    }


def composite(name="mine-xxxx1", **spec):
    return {
        "apiVersion": COMPOSITE.api_version,
        "kind": COMPOSITE.kind,
        "metadata": {"name": name},
        "spec": {"size": "small", "compositionUpdatePolicy": "Automatic", **spec},
    }
