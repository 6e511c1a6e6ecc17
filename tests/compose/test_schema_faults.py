"""A composition is held against the schemas of what it composes, and from what, as strictly as it wants."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosshead.base.objects import Kind
from crosshead.compose import schema_faults
from crosshead.compose.schema_faults import MODE, Verdict

XR = Kind("example.org/v1", "XThing")
BUCKET = Kind("s3.example.org/v1", "Bucket")


def crd(kind, **schemas):
    return {
        "spec": {
            "group": kind.group,
            "names": {"kind": kind.kind},
            "versions": [
                {"name": version, "schema": {"openAPIV3Schema": {"type": "object", "properties": properties}}}
                for version, properties in schemas.items()
            ],
        }
    }


def objects_of(**properties):
    return {"type": "object", "properties": properties}


TYPES = {name: {"type": name} for name in ("string", "integer", "number", "boolean")} | {
    "array": {"type": "array", "items": {"type": "string"}}
}
CRDS = {
    XR: crd(XR, v1={"spec": objects_of(**TYPES), "status": objects_of(string={"type": "string"})}),
    BUCKET: crd(BUCKET, v1={"spec": objects_of(**TYPES), "status": objects_of(**TYPES)}),
}


def find(kind):
    return CRDS.get(kind)


def composition(*resources, mode=None, patch_sets=(), pipeline=None):
    spec = {
        "compositeTypeRef": {"apiVersion": XR.api_version, "kind": XR.kind},
        "resources": list(resources),
        "patchSets": list(patch_sets),
    }
    spec |= {"mode": "Pipeline", "pipeline": pipeline} if pipeline else {}
    annotations = {} if mode is None else {MODE: mode}
    return {"metadata": {"name": "c", "annotations": annotations}, "spec": spec}


def bucket(*patches, **more):
    return {
        "name": "b",
        "base": {"apiVersion": BUCKET.api_version, "kind": BUCKET.kind},
        "patches": list(patches),
        **more,
    }


def patch(source, target=None, type=None, **more):
    told = {"fromFieldPath": source, "toFieldPath": target, "type": type, **more}
    return {key: value for key, value in told.items() if value is not None}


def combine(*sources, to, type="CombineFromComposite", **more):
    variables = [{"fromFieldPath": source} for source in sources]
    return {
        "type": type,
        "toFieldPath": to,
        "combine": {"strategy": "string", "string": {"fmt": "%v"}, "variables": variables},
        **more,
    }


FORMAT = {"type": "string", "string": {"type": "Format", "fmt": "%v"}}
MULTIPLY = {"type": "math", "math": {"type": "Multiply", "multiply": 2}}
BAD = patch("spec.strung", "spec.string")
WHAT_IS_BAD = (
    'spec.resources[0].patches[0].fromFieldPath: Invalid value: "spec.strung": '
    "field 'strung' is not valid according to the schema"
)


def faults(told, crds=find):
    return [str(fault) for fault in schema_faults.faults(told["spec"], crds)]


@pytest.mark.parametrize(
    "template",
    [
        pytest.param(bucket(patch("spec.string")), id="from here to the same path there"),
        pytest.param(bucket(patch("spec.integer", "spec.number")), id="an integer is a number"),
        pytest.param(bucket(patch("spec.integer", "spec.string", transforms=[FORMAT])), id="transformed"),
        pytest.param(bucket(patch("metadata.labels[x]", "metadata.annotations[y]")), id="metadata"),
        pytest.param(bucket(patch("status.string", type="ToCompositeFieldPath")), id="back"),
        pytest.param(bucket(combine("spec.integer", "spec.string", to="spec.string")), id="combined"),
        pytest.param(bucket(patch("any.thing", "spec.string", type="FromEnvironmentFieldPath")), id="an environment"),
        pytest.param(
            bucket(patch("spec.string", "any.thing", type="ToEnvironmentFieldPath")), id="into an environment"
        ),
        pytest.param(bucket(patch("spec.string", "spec.array[*]")), id="wildcards"),
        pytest.param(
            bucket(
                readinessChecks=[
                    {"type": "MatchString", "fieldPath": "status.string", "matchString": "x"},
                    {"type": "MatchTrue", "fieldPath": "status.boolean"},
                    {"type": "NonEmpty", "fieldPath": "status.array"},
                    {"type": "MatchCondition", "matchCondition": {"type": "Ready", "status": "True"}},
                ],
                connectionDetails=[{"name": "x", "type": "FromFieldPath", "fromFieldPath": "status.string"}],
            ),
            id="checks and details",
        ),
    ],
)
def test_what_the_schemas_have_is_no_fault(template):
    assert faults(composition(template)) == []


@pytest.mark.parametrize(
    ("template", "fault"),
    [
        pytest.param(bucket(BAD), WHAT_IS_BAD, id="no such source"),
        pytest.param(
            bucket(patch("spec.string"), patch("spec.string", "spec.tring")),
            'spec.resources[0].patches[1].toFieldPath: Invalid value: "spec.tring": '
            "field 'tring' is not valid according to the schema",
            id="no such target",
        ),
        pytest.param(
            bucket(patch("status.integer", type="ToCompositeFieldPath")),
            'spec.resources[0].patches[0].toFieldPath: Invalid value: "status.integer": '
            "field 'integer' is not valid according to the schema",
            id="the composite has no such status",
        ),
        pytest.param(
            bucket(patch("spec.integer", "spec.string")),
            "spec.resources[0].patches[0].transforms: Required value: the fromFieldPath does not have a type "
            "compatible with the toFieldPath according to their schemas and no transforms were provided: "
            "integer != string",
            id="another type",
        ),
        pytest.param(
            bucket(patch("spec.integer", "spec.boolean", transforms=[FORMAT])),
            'spec.resources[0].patches[0].transforms: Invalid value: "string": the provided transforms do not output a '
            "type compatible with the toFieldPath according to the schema: string != boolean",
            id="transformed to another type",
        ),
        pytest.param(
            bucket(patch("spec.integer", "spec.string", transforms=[FORMAT, MULTIPLY])),
            'spec.resources[0].patches[0].transforms[1]: Invalid value: "math": '
            "math transform can only be used with numeric types, got string",
            id="a transform that cannot take it",
        ),
        pytest.param(
            bucket(combine("spec.string", "spec.nope", to="spec.string")),
            'spec.resources[0].patches[0].combine.variables[1].fromFieldPath: Invalid value: "spec.nope": '
            "field 'nope' is not valid according to the schema",
            id="no such variable",
        ),
        pytest.param(
            bucket(combine("spec.string", to="spec.integer")),
            "spec.resources[0].patches[0].transforms: Required value: the fromFieldPath does not have a type "
            "compatible with the toFieldPath according to their schemas and no transforms were provided: "
            "string != integer",
            id="a combination is a string",
        ),
        pytest.param(
            bucket(readinessChecks=[{"type": "NonEmpty", "fieldPath": "status.nope"}]),
            'spec.resources[0].readinessChecks[0].fieldPath: Invalid value: "status.nope": '
            "field 'nope' is not valid according to the schema",
            id="a check of what is not there",
        ),
        pytest.param(
            bucket(readinessChecks=[{"type": "MatchInteger", "fieldPath": "status.string", "matchInteger": 1}]),
            'spec.resources[0].readinessChecks[0].fieldPath: Invalid value: "status.string": '
            "expected field path to be of type integer",
            id="a check of another type",
        ),
        pytest.param(
            bucket(connectionDetails=[{}, {"type": "FromFieldPath", "fromFieldPath": "status.nope"}]),
            'spec.resources[0].connectionDetails[1].fromFieldPath: Invalid value: "status.nope": '
            "field 'nope' is not valid according to the schema",
            id="a detail of what is not there",
        ),
    ],
)
def test_what_the_schemas_have_not_is_told_with_its_path(template, fault):
    assert faults(composition(template)) == [fault]


def test_a_patch_set_is_looked_at_where_it_is_used():
    sets = [{"name": "other", "patches": [BAD]}, {"name": "mine", "patches": [patch("spec.string"), BAD]}]
    used = {"type": "PatchSet", "patchSetName": "mine"}

    assert faults(composition(bucket(used), patch_sets=sets)) == [
        (
            'spec.resources[0].patches[0].patchSets[1].patches[1].fromFieldPath: Invalid value: "spec.strung": '
            "field 'strung' is not valid according to the schema"
        )
    ]
    assert faults(composition(bucket(patch("spec.string")), patch_sets=sets)) == []
    assert faults(composition(bucket({"type": "PatchSet", "patchSetName": "none"}), patch_sets=sets)) == []


def step(*resources, kind="Resources", **more):
    told = {"apiVersion": "pt.fn.crossplane.io/v1beta1", "kind": kind, "resources": list(resources), **more}
    return {"step": "s", "functionRef": {"name": "function-patch-and-transform"}, "input": told}


def test_the_inputs_of_patch_and_transform_are_looked_at_too():
    environment = {"patches": [patch("spec.nope", "x"), patch("spec.string", "x")]}
    baseless = {"name": "earlier", "patches": [patch("spec.string", "what.ever")]}

    told = composition(
        pipeline=[{"step": "first", "functionRef": {"name": "f"}}, step(baseless, bucket(BAD), environment=environment)]
    )

    assert faults(told) == [
        WHAT_IS_BAD.replace("spec.resources[0]", "spec.pipeline[1].input.resources[1]"),
        (
            'spec.pipeline[1].input.environment.patches[0].fromFieldPath: Invalid value: "spec.nope": '
            "field 'nope' is not valid according to the schema"
        ),
    ]
    assert schema_faults.kinds(told["spec"]) == (XR, BUCKET)


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(step(bucket(BAD), kind="Other"), id="of another kind"),
        pytest.param(step(bucket(BAD, nope=1)), id="that the function refuses"),
    ],
)
def test_other_inputs_are_not(one):
    assert faults(composition(pipeline=[one])) == []


def test_a_combination_whose_transforms_nobody_has_checked_is_none_of_ours():
    broken = combine("spec.string", to="spec.integer", transforms=[{"type": "convert"}])

    assert faults(composition(pipeline=[step(bucket(broken))])) == []


def test_each_kind_is_needed_once_the_composites_first():
    other = {"base": {"apiVersion": "s3.example.org/v9", "kind": "Bucket"}}

    assert schema_faults.kinds(composition(bucket(), bucket(), other, {"base": None})["spec"]) == (XR, BUCKET)


def test_a_version_that_a_crd_does_not_have_says_nothing():
    assert faults(composition(bucket(BAD)), lambda kind: crd(kind, v2={})) == []


NOT_FOUND = 'CustomResourceDefinition.apiextensions.k8s.io "Bucket.s3.example.org" not found'


def without_buckets(kind):
    return CRDS[XR] if kind == XR else None


@pytest.mark.parametrize(
    ("mode", "crds", "verdict"),
    [
        pytest.param(
            None,
            find,
            Verdict(warnings=(f'Composition "c" invalid for schema-aware validation: {WHAT_IS_BAD}',)),
            id="warned of, by default",
        ),
        pytest.param(
            "warn",
            find,
            Verdict(warnings=(f'Composition "c" invalid for schema-aware validation: {WHAT_IS_BAD}',)),
            id="warned of",
        ),
        pytest.param("loose", find, Verdict((WHAT_IS_BAD,)), id="refused, loosely"),
        pytest.param("strict", find, Verdict((WHAT_IS_BAD,)), id="refused, strictly"),
        pytest.param("warn", without_buckets, Verdict(warnings=(NOT_FOUND,)), id="no CRD: warned of"),
        pytest.param("loose", without_buckets, Verdict(warnings=(NOT_FOUND,)), id="no CRD: warned of, too"),
        pytest.param(
            "strict",
            without_buckets,
            Verdict((f"there were some errors while getting the needed CRDs: [{NOT_FOUND}]",)),
            id="no CRD: refused",
        ),
    ],
)
def test_how_strict_to_be_is_the_compositions_choice(mode, crds, verdict):
    assert schema_faults.judge(composition(bucket(BAD), mode=mode), crds) == verdict


@pytest.mark.parametrize("mode", ["STRICT", "off", ""])
def test_a_mode_that_is_none_is_refused(mode):
    why = f"cannot get validation mode: invalid schema-aware composition validation mode: {mode}"

    assert schema_faults.judge(composition(bucket(BAD), mode=mode), find) == Verdict((why,))


@pytest.mark.parametrize("mode", ["warn", "loose", "strict"])
def test_of_a_sound_composition_nothing_is_said(mode):
    assert schema_faults.judge(composition(bucket(patch("spec.string")), mode=mode), find) == Verdict()


fields = st.sampled_from(
    ["resources", "base", "patches", "type", "transforms", "string", "fromFieldPath", "toFieldPath"]
)
paths = st.sampled_from(["spec.string", "spec.integer", "spec.array[0]", "spec", "spec.nope", "[", "metadata.name", ""])
types = st.sampled_from(["FromCompositeFieldPath", "ToCompositeFieldPath", "FromEnvironmentFieldPath"])
patches = st.builds(
    patch,
    paths,
    st.none() | paths,
    st.none() | types,
    transforms=st.lists(st.sampled_from([FORMAT, MULTIPLY, {"type": "map"}]), max_size=2),
)


@given(st.lists(patches, max_size=3), st.sampled_from([None, "loose", "strict"]))
def test_whatever_a_patch_says_there_is_a_verdict(told, mode):
    assert isinstance(schema_faults.judge(composition(bucket(*told), mode=mode), find), Verdict)
    assert isinstance(schema_faults.judge(composition(pipeline=[step(bucket(*told))], mode=mode), find), Verdict)
