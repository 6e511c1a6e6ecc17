"""An XRD to take apart: what a test is about is given by keyword, the rest is sound."""


def schema(**spec):
    return {"type": "object", "properties": {"spec": {"type": "object", **spec}}}


def version(name="v1", **fields):
    told = {"name": name, "served": True, "referenceable": True, "schema": {"openAPIV3Schema": schema()}, **fields}
    return {field: value for field, value in told.items() if value is not None}


def modern(**spec):
    """An XRD whose composites are of the new generation: in a namespace, and without claims."""
    return {**xrd(claimNames=None, **spec), "apiVersion": "apiextensions.crossplane.io/v2"}


def xrd(*, name="xlakes.water.example.org", metadata=None, **spec):
    told = {
        "group": "water.example.org",
        "names": {"kind": "XLake", "plural": "xlakes"},
        "claimNames": {"kind": "Lake", "plural": "lakes"},
        "versions": [version()],
        **spec,
    }
    return {
        "apiVersion": "apiextensions.crossplane.io/v1",
        "kind": "CompositeResourceDefinition",
        "metadata": {"name": name, "uid": "u-1", **(metadata or {})},
        "spec": {field: value for field, value in told.items() if value is not None},
    }
