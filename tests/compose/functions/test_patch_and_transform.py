"""What the function makes of whole requests; `tests/conformance` holds what the real one does."""

from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosshead.compose.functions import patch_and_transform
from crosshead.compose.functions.patch_and_transform import ENVIRONMENT
from crosshead.compose.protocol import Ready, Request, Resource, Response, Severity, State
from tests.base.strategies import JSON, OBJECTS

XR = {
    "apiVersion": "example.org/v1",
    "kind": "XR",
    "metadata": {"name": "xr", "uid": "u"},
    "spec": {"size": "small", "gb": 20, "tags": {"a": "b"}, "text": "x"},
}
BASE = {"apiVersion": "example.org/v1", "kind": "Thing", "spec": {"fixed": 1}}
THING = {
    **BASE,
    "metadata": {"name": "thing-1", "namespace": "team"},
    "status": {"arn": "arn:1", "port": 5432, "conditions": [{"type": "Ready", "status": "True"}]},
}
PLAIN_ENVIRONMENT = {"apiVersion": "internal.crossplane.io/v1alpha1", "kind": "Environment"}


def patch(kind, source, target, **more):
    return {"type": kind, "fromFieldPath": source, "toFieldPath": target, **more}


def required(kind, source, target):
    return patch(kind, source, target, policy={"fromFieldPath": "Required"})


def template(*patches, name="r", base=BASE, **more):
    return {"name": name, **({"base": base} if base else {}), "patches": list(patches), **more}


def request(*templates, observed=None, desired=None, context=None, xr=XR, **told):
    resources = {"r": Resource(observed, {"password": b"hunter2"})} if observed else {}
    return Request(
        observed=State(Resource(xr), resources),
        desired=desired or State(),
        input={"resources": list(templates), **told},
        context=context,
        tag="t",
    )


def run(*templates, **more):
    return patch_and_transform.run(request(*templates, **more))


def messages(response):
    return [(result.severity, result.message) for result in response.results]


def test_a_resource_is_its_base_with_the_patches_applied():
    response = run(template(patch("FromCompositeFieldPath", "spec.size", "spec.class")))

    assert response.desired.resources == {"r": Resource({**BASE, "spec": {"fixed": 1, "class": "small"}})}
    assert response.desired.composite == Resource({"apiVersion": "example.org/v1", "kind": "XR"})
    assert response.context == {ENVIRONMENT: PLAIN_ENVIRONMENT}
    assert (response.results, response.ttl, response.tag) == ((), 60.0, "t")


def test_what_exists_keeps_its_name_and_tells_the_composite():
    details = [
        {"name": "port", "type": "FromFieldPath", "fromFieldPath": "status.port"},
        {"name": "pw", "type": "FromConnectionSecretKey", "fromConnectionSecretKey": "password"},
    ]

    response = run(
        template(patch("ToCompositeFieldPath", "status.arn", "status.arn"), connectionDetails=details), observed=THING
    )

    assert response.desired.resources["r"] == Resource(
        {**BASE, "metadata": {"name": "thing-1", "namespace": "team"}}, ready=Ready.TRUE
    )
    assert response.desired.composite.resource["status"] == {"arn": "arn:1"}
    assert response.desired.composite.connection_details == {"port": b"5432", "pw": b"hunter2"}


def test_what_does_not_exist_yet_tells_the_composite_nothing():
    response = run(template(required("ToCompositeFieldPath", "status.arn", "status.arn")))

    assert "status" not in response.desired.composite.resource
    assert response.results == ()


def test_patches_see_doubles():
    percent_d = [{"type": "string", "string": {"type": "Format", "fmt": "%d"}}]

    response = run(template(patch("FromCompositeFieldPath", "spec.gb", "spec.gb", transforms=percent_d)))

    assert response.desired.resources["r"].resource["spec"]["gb"] == "%!d(float64=20)"


def test_resources_of_other_functions_stay_and_one_can_be_patched():
    desired = State(
        Resource({"status": {"old": 1}}, {"k": b"v"}, Ready.TRUE),
        {"r": Resource({"kind": "K", "n": 1}, ready=Ready.TRUE), "other": Resource({"kind": "O"}, {"a": b"b"})},
    )

    response = run(template(patch("FromCompositeFieldPath", "spec.size", "size"), base=None), desired=desired)

    assert response.desired.resources == {
        "r": Resource({"kind": "K", "n": 1, "size": "small"}),
        "other": Resource({"kind": "O"}),
    }
    identity = {"apiVersion": "example.org/v1", "kind": "XR"}
    assert response.desired.composite == Resource({"status": {"old": 1}, **identity}, {"k": b"v"})


@pytest.mark.parametrize(
    ("context", "environment"),
    [
        pytest.param(None, PLAIN_ENVIRONMENT, id="no context"),
        pytest.param({ENVIRONMENT: "x"}, PLAIN_ENVIRONMENT, id="no environment"),
        pytest.param({ENVIRONMENT: {"a": 1}}, {"a": 1, **PLAIN_ENVIRONMENT}, id="an environment without type"),
        pytest.param(
            {ENVIRONMENT: {"apiVersion": "a/b/c", "kind": "K"}}, PLAIN_ENVIRONMENT, id="an API version that is none"
        ),
        pytest.param({ENVIRONMENT: {"apiVersion": "/"}}, PLAIN_ENVIRONMENT, id="an empty API version"),
        pytest.param({ENVIRONMENT: {"kind": "K"}}, {"kind": "K"}, id="a kind will do"),
        pytest.param({ENVIRONMENT: {"apiVersion": "v1"}}, {"apiVersion": "v1"}, id="an API version, too"),
    ],
)
def test_the_environment_goes_back_into_the_context(context, environment):
    response = run(template(), context=context)

    assert response.context == {**(context or {}), ENVIRONMENT: environment}


def test_the_environment_is_patched_first_and_from_both_sides():
    first = [
        patch("FromCompositeFieldPath", "spec.size", "size"),
        patch("ToCompositeFieldPath", "size", "status.size"),
        patch("FromCompositeFieldPath", "spec.nope", "nope"),
    ]
    patches = [
        patch("FromEnvironmentFieldPath", "size", "spec.size"),
        patch("ToEnvironmentFieldPath", "status.arn", "arn"),
    ]

    response = run(template(*patches), observed=THING, environment={"patches": first})

    assert response.context[ENVIRONMENT] == {"size": "small", "arn": "arn:1", **PLAIN_ENVIRONMENT}
    assert response.desired.composite.resource["status"] == {"size": "small"}
    assert response.desired.resources["r"].resource["spec"]["size"] == "small"


def test_a_new_resource_waits_for_what_it_requires_and_others_do_not():
    missing = required("FromCompositeFieldPath", "spec.nope", "spec.x")

    response = run(template(missing), template(name="s"))

    assert response.desired.resources.keys() == {"s"}
    assert response.desired.composite.ready is Ready.FALSE
    told = (
        'not adding new composed resource "r" to desired state because "FromCompositeFieldPath" patch at index 0 has'
        " 'policy.fromFieldPath: Required': spec.nope: no such field"
    )
    assert messages(response) == [(Severity.WARNING, told)]


def test_a_resource_that_exists_stays_without_what_it_requires():
    missing = required("FromCompositeFieldPath", "spec.nope", "spec.x")

    response = run(template(missing, patch("FromCompositeFieldPath", "spec.size", "spec.y")), observed=THING)

    assert response.desired.resources["r"].resource["spec"] == {"fixed": 1, "y": "small"}
    assert response.desired.composite.ready is Ready.UNSPECIFIED
    told = (
        'cannot render composed resource "r" "FromCompositeFieldPath" patch at index 0: ignoring'
        " 'policy.fromFieldPath: Required' because 'to' resource already exists: spec.nope: no such field"
    )
    assert messages(response) == [(Severity.WARNING, told)]


def test_a_missing_source_is_no_matter_unless_it_is_required():
    response = run(template(patch("FromCompositeFieldPath", "spec.nope", "spec.x")))

    assert response.desired.resources["r"].resource == BASE
    assert response.results == ()


def test_so_is_a_wildcard_that_leads_to_null():
    base = {**BASE, "spec": {"list": None}}
    wide = patch("FromCompositeFieldPath", "spec.size", "spec.list[*]")

    response = run(template(wide, base=base), environment={"patches": [wide]}, context={ENVIRONMENT: base})

    assert response.desired.resources["r"].resource == base
    assert response.context == {ENVIRONMENT: base}


@pytest.mark.parametrize(
    ("check", "ready"),
    [
        pytest.param({"type": "None"}, Ready.TRUE, id="nothing to check"),
        pytest.param({"type": "NonEmpty", "fieldPath": "status.nope"}, Ready.UNSPECIFIED, id="not ready"),
    ],
)
def test_readiness_is_told_of_what_exists(check, ready):
    response = run(template(readinessChecks=[check]), observed=THING)

    assert response.desired.resources["r"].ready is ready


def test_an_integer_never_matches_as_there_are_none():
    check = {"type": "MatchInteger", "fieldPath": "status.port", "matchInteger": 5432}

    response = run(template(readinessChecks=[check]), observed=THING)

    told = (
        'cannot check readiness of composed resource "r": cannot run readiness check at index 0: status.port:'
        " not a (int64) number"
    )
    assert messages(response) == [(Severity.WARNING, told)]
    assert response.desired.resources["r"].ready is Ready.UNSPECIFIED


def test_a_modern_composite_gets_its_details_as_a_secret_too():
    xr = {**XR, "spec": {"crossplane": {}}}
    details = [{"name": "k", "type": "FromValue", "value": "v"}]

    response = run(template(connectionDetails=details), observed=THING, xr=xr)

    assert response.desired.composite.connection_details == {"k": b"v"}
    assert response.desired.resources["xr-connection-secret"].resource["data"] == {"k": "dg=="}


CONVERT = [{"type": "convert", "convert": {"toType": "int"}}]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        pytest.param(
            Request(),
            "invalid Function input: resources: Required value: resources or environment patches are required",
            id="no input",
        ),
        pytest.param(
            request(template(base="x")),
            (
                'cannot parse base template of composed resource "r": json: cannot unmarshal string into Go value of'
                " type map[string]interface {}"
            ),
            id="a base that is none",
        ),
        pytest.param(
            request(template(base=None)),
            'composed resource "r" has no base template, and was not produced by a previous Function in the pipeline',
            id="no base",
        ),
        pytest.param(
            request(template(patch("FromCompositeFieldPath", "spec.text", "spec.x", transforms=CONVERT))),
            (
                'cannot render composed resource "r" "FromCompositeFieldPath" patch at index 0: transform at index 0'
                ' returned error: convert transform could not resolve: strconv.ParseInt: parsing "x": invalid syntax'
            ),
            id="a patch that fails",
        ),
        pytest.param(
            request(environment={"patches": [required("FromCompositeFieldPath", "spec.nope", "x")]}),
            'cannot apply the "FromCompositeFieldPath" environment patch at index 0: spec.nope: no such field',
            id="a required patch of the environment",
        ),
        pytest.param(
            request(environment={"patches": [patch("FromCompositeFieldPath", "spec.text.x", "x")]}),
            'cannot apply the "FromCompositeFieldPath" environment patch at index 0: spec.text: not an object',
            id="a patch of the environment that fails",
        ),
        pytest.param(
            request(template(readinessChecks=[{"type": "MatchCondition"}]), observed=THING),
            (
                'cannot check readiness of composed resource "r": cannot run readiness check at index 0: no'
                " matchCondition is given"
            ),
            id="a check that crashes the function",
        ),
        pytest.param(
            request(
                template(connectionDetails=[{"name": "k", "type": "FromValue", "value": "v"}]),
                observed=THING,
                xr={"spec": {"crossplane": {}}},
                writeConnectionSecretToRef={"patches": [{"type": "PatchSet"}]},
            ),
            (
                "cannot compose connection secret: cannot generate connection secret reference: cannot apply connection"
                " secret patches: unsupported patch type PatchSet at index 0"
            ),
            id="a secret that cannot be composed",
        ),
        pytest.param(
            request(template(base={"kind": "K", "n": 10**400})),
            "json: unsupported value: +Inf",
            id="a number that is too large, in the input",
        ),
        pytest.param(
            request(template(), context={ENVIRONMENT: {"n": 10**400}}),
            "json: unsupported value: +Inf",
            id="a number that is too large, in the request",
        ),
    ],
)
def test_what_is_wrong_is_told_and_the_desired_state_stays(asked, words):
    response = patch_and_transform.run(asked)

    assert messages(response) == [(Severity.FATAL, words)]
    assert (response.desired, response.context) == (asked.desired, asked.context)


def test_warnings_before_the_end_are_told_as_well():
    waits = template(required("FromCompositeFieldPath", "spec.nope", "spec.x"))

    response = run(waits, template(name="s", base=None))

    assert [severity for severity, _ in messages(response)] == [Severity.WARNING, Severity.FATAL]


def nested(depth):
    value = {}
    for _ in range(depth):
        value = {"a": value}
    return value


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(request(template(base={"kind": "K", "a": nested(2000)})), id="the input"),
        pytest.param(request(template(), context={ENVIRONMENT: nested(2000)}), id="the request"),
    ],
)
def test_what_is_nested_without_end_is_refused(asked):
    [result] = patch_and_transform.run(asked).results

    assert result.severity is Severity.FATAL
    assert result.message.endswith("objects are nested too deeply")


def test_an_input_that_was_read_once_serves_any_request():
    prepared = patch_and_transform.prepare({"resources": [template(patch("FromCompositeFieldPath", "spec.a", "a"))]})

    answers = [prepared.run(request(xr={**XR, "spec": {"a": {"b": letter}}})) for letter in "xy"]

    assert [answer.desired.resources["r"].resource["a"]["b"] for answer in answers] == ["x", "y"]


def test_requests_with_inputs_that_only_look_alike_are_answered_each_by_its_own():
    alike, other = ({"resources": [template(name=name)]} for name in "ab")
    asked = [Request(observed=State(Resource(XR)), input=told) for told in (alike, other, alike, deepcopy(alike))]

    answers = [patch_and_transform.run(each) for each in asked]

    assert [list(answer.desired.resources) for answer in answers] == [["a"], ["b"], ["a"], ["a"]]


def test_a_request_is_not_changed():
    desired = State(Resource({"status": {"l": [1]}}), {"r": Resource({"kind": "K", "l": [1]})})
    patches = [
        patch("FromCompositeFieldPath", "spec.tags", "l[1]"),
        patch("ToCompositeFieldPath", "status.arn", "status.l[1]"),
        patch("ToEnvironmentFieldPath", "status.arn", "e.x"),
    ]
    asked = request(template(*patches, base=None), observed=THING, desired=desired, context={ENVIRONMENT: {"e": {}}})
    before = deepcopy(asked)

    response = patch_and_transform.run(asked)

    assert response.results == ()
    assert asked == before


PATHS = st.text(alphabet="ab.[]*0'", min_size=1, max_size=6) | st.sampled_from(
    ["spec", "spec.a", "status.a[0]", "a", "a[*]", "[*]", "kind", "metadata.name"]
)
FIELD_KINDS = ["FromCompositeFieldPath", "ToCompositeFieldPath", "FromEnvironmentFieldPath", "ToEnvironmentFieldPath"]
COMBINE_KINDS = ["CombineFromComposite", "CombineToComposite", "CombineFromEnvironment", "CombineToEnvironment"]
POLICIES = st.fixed_dictionaries(
    {},
    optional={
        "fromFieldPath": st.sampled_from(["Optional", "Required"]),
        "toFieldPath": st.sampled_from(["Replace", "MergeObjects", "ForceMergeObjectsAppendArrays"]),
    },
)
TRANSFORMS = st.sampled_from(
    [
        {"type": "math", "math": {"type": "Multiply", "multiply": 3}},
        {"type": "string", "string": {"type": "Format", "fmt": "%d %v %+q"}},
        {"type": "string", "string": {"type": "Join", "join": {"separator": ","}}},
        {"type": "string", "string": {"type": "Convert", "convert": "ToJson"}},
        {"type": "convert", "convert": {"toType": "float64", "format": "none"}},
        {"type": "map", "map": {"": 1, "a": None}},
        {"type": "match", "match": {"patterns": [{"type": "regexp", "regexp": "a+", "result": {"x": 1}}]}},
    ]
)
COMBINES = st.fixed_dictionaries(
    {
        "strategy": st.just("string"),
        "string": st.fixed_dictionaries({"fmt": st.text(alphabet="%sdvx -+#05.*", max_size=6)}),
        "variables": st.lists(st.fixed_dictionaries({"fromFieldPath": PATHS}), min_size=1, max_size=2),
    }
)


def patches_of(*kinds):
    return st.lists(
        st.fixed_dictionaries(
            {"type": st.sampled_from(kinds), "fromFieldPath": PATHS, "toFieldPath": PATHS, "combine": COMBINES},
            optional={"policy": POLICIES, "transforms": st.lists(TRANSFORMS, max_size=2)},
        ),
        max_size=3,
    )


TEMPLATES = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["r", "s"]),
        "base": OBJECTS.map(lambda obj: {**obj, "kind": "K"}) | st.just({"kind": "K", "a": [1, {"b": 2}]}),
        "patches": patches_of(*FIELD_KINDS, *COMBINE_KINDS),
    }
)
SENSIBLE_INPUTS = st.fixed_dictionaries(
    {
        "resources": st.lists(TEMPLATES, min_size=1, max_size=2),
        "environment": st.fixed_dictionaries({"patches": patches_of(*FIELD_KINDS, *COMBINE_KINDS[:2])}),
        "writeConnectionSecretToRef": st.fixed_dictionaries({"patches": patches_of(*FIELD_KINDS, *COMBINE_KINDS)}),
    }
)
# As much as a request holds when nobody means well: any JSON in any place of an input.
WILD_INPUTS = st.dictionaries(
    st.sampled_from(["resources", "patchSets", "environment", "metadata", "writeConnectionSecretToRef", "x"]),
    JSON
    | st.lists(
        st.dictionaries(
            st.sampled_from(["name", "base", "patches", "connectionDetails", "readinessChecks"]),
            JSON | st.lists(st.dictionaries(st.sampled_from(["type", "fromFieldPath", "combine", "policy"]), JSON)),
            max_size=3,
        ),
        max_size=2,
    ),
    max_size=3,
)


@given(SENSIBLE_INPUTS | WILD_INPUTS, OBJECTS, OBJECTS, OBJECTS)
def test_whatever_is_asked_there_is_an_answer(told, xr, thing, environment):
    asked = Request(
        observed=State(Resource(xr), {"r": Resource({"spec": thing, "status": thing})}),
        desired=State(Resource({"status": thing}, {"k": b"v"}), {"s": Resource(thing)}),
        input=told,
        context={ENVIRONMENT: environment},
    )
    before = deepcopy(asked)

    response = patch_and_transform.run(asked)

    assert isinstance(response, Response)
    assert asked == before
