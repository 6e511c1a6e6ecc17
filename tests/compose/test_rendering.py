from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosshead.base.errors import StalledError
from crosshead.compose import rendering
from tests.compose.templates import ARN, BASE, COMPOSITE, OBSERVED, REGION, REQUIRED, SIZE, planned, template


def render_one(observed=None, composite=COMPOSITE, **more):
    plan = planned(template(**more))
    name = plan.templates[0].name
    [desired] = rendering.render(plan, composite, {name: observed} if observed else {}).resources
    return desired


def test_a_template_becomes_a_resource():
    desired = render_one(patches=[REGION, SIZE])

    assert desired.error is None
    assert desired.object == {
        **BASE,
        "metadata": {
            "name": "db-abcde-4cd8cf8e48cf",
            "generateName": "db-abcde-",
            "labels": {"crossplane.io/composite": "db-abcde"},
            "annotations": {"crossplane.io/composition-resource-name": "r"},
            "ownerReferences": [
                {
                    "apiVersion": "e.org/v1",
                    "kind": "XDb",
                    "name": "db-abcde",
                    "uid": "u",
                    "controller": True,
                    "blockOwnerDeletion": True,
                }
            ],
        },
        "spec": {"forProvider": {"engine": "postgres", "region": "us-east-1", "allocatedStorage": 20}},
    }


def test_a_resource_that_cannot_be_rendered_keeps_its_place():
    plan = planned(template("a"), template("b", patches=[REQUIRED]), template("c"))

    rendered = rendering.render(plan, COMPOSITE, {})

    assert [(one.name, one.object is None) for one in rendered.resources] == [("a", False), ("b", True), ("c", False)]
    assert rendered.get("b").error == (
        'cannot apply the "FromCompositeFieldPath" patch at index 0: spec.nope: no such field'
    )
    assert rendered.get("d") is None


def test_what_exists_keeps_its_name():
    kept = render_one(OBSERVED).object["metadata"]

    assert (kept["name"], kept["namespace"], kept["generateName"]) == ("given", "ns", "x-")


def test_what_exists_without_a_prefix_gets_none():
    bare = {**OBSERVED, "metadata": {"name": "given"}}

    assert render_one(bare, base={**BASE, "metadata": {"namespace": "ns"}}).object["metadata"].keys() == {
        "name",
        "labels",
        "annotations",
        "ownerReferences",
    }


def test_a_name_in_a_template_names_nothing():
    base = {**BASE, "metadata": {"name": "fixed", "namespace": "ns", "labels": {"own": "x"}}}

    metadata = render_one(base=base).object["metadata"]

    assert metadata["name"] == "db-abcde-4cd8cf8e48cf"
    assert metadata["namespace"] == "ns"
    assert metadata["labels"]["own"] == "x"


def test_a_name_that_is_patched_in_is_respected():
    patch = {"fromFieldPath": "metadata.name", "toFieldPath": "metadata.name"}

    assert render_one(patches=[patch]).object["metadata"]["name"] == "db-abcde"


def test_a_new_version_of_the_same_kind_is_no_other_kind():
    newer = {**BASE, "apiVersion": "rds.aws.upbound.io/v1beta2"}

    assert render_one(OBSERVED, base=newer).object["apiVersion"] == "rds.aws.upbound.io/v1beta2"


@pytest.mark.parametrize(
    ("target", "value", "words"),
    [
        pytest.param("metadata", "spec.region", "metadata: not an object", id="no metadata"),
        pytest.param("kind", "spec.gb", "kind: not a string", id="no kind"),
        pytest.param("metadata.labels", "spec.gb", "metadata.labels is not an object", id="no labels"),
        pytest.param("metadata.name", "kind", "invalid name 'XDb': a lowercase RFC 1123 subdomain", id="no name"),
    ],
)
def test_an_object_that_cannot_exist_is_an_error(target, value, words):
    desired = render_one(patches=[{"fromFieldPath": value, "toFieldPath": target}])

    assert desired.object is None
    assert desired.error.startswith(words)


def test_a_change_of_kind_is_an_error():
    other = {**OBSERVED, "apiVersion": "v1", "kind": "Secret"}

    assert render_one(other).error == (
        "cannot change the kind or group of a composed resource from v1, Kind=Secret"
        " to rds.aws.upbound.io/v1beta1, Kind=Instance (possible composed resource template mismatch)"
    )


def test_without_the_prefix_label_nothing_can_be_named():
    unlabelled = {**COMPOSITE, "metadata": {"name": "x", "uid": "u"}}

    assert "cannot find top-level composite resource name label" in render_one(composite=unlabelled).error


def test_templates_without_names_are_told_apart_by_their_place():
    rendered = rendering.render(planned(template(""), template("")), COMPOSITE, {})

    names = [one.object["metadata"]["name"] for one in rendered.resources]
    assert [one.name for one in rendered.resources] == ["0", "1"]
    assert len(set(names)) == 2
    assert "annotations" not in rendered.resources[0].object["metadata"]


def test_patch_sets_are_applied_in_place():
    patch_sets = [{"name": "common", "patches": [REGION]}]
    plan = planned(template(patches=[{"type": "PatchSet", "patchSetName": "common"}, SIZE]), patchSets=patch_sets)

    [desired] = rendering.render(plan, COMPOSITE, {}).resources

    assert desired.object["spec"]["forProvider"]["region"] == "us-east-1"
    assert desired.object["spec"]["forProvider"]["allocatedStorage"] == 20


def test_nothing_that_goes_in_is_changed():
    spec = {"resources": [template(patches=[REGION, ARN])]}
    observed = {"r": {**OBSERVED, "status": {"arn": "arn:x"}}}
    before = deepcopy((spec, COMPOSITE, observed))

    plan = rendering.plan(spec)
    rendered = rendering.render(plan, COMPOSITE, observed)
    rendering.conclude(plan, COMPOSITE, rendered, observed, {})

    assert (spec, COMPOSITE, observed) == before


@given(st.permutations(list(COMPOSITE)), st.permutations(list(BASE)), st.permutations(["base", "name", "patches"]))
def test_the_order_of_fields_does_not_count(of_composite, of_base, of_template):
    composite = {key: COMPOSITE[key] for key in of_composite}
    told = template(base={key: BASE[key] for key in of_base}, patches=[REGION, SIZE])

    rendered = rendering.render(planned({key: told[key] for key in of_template}), composite, {})

    assert rendered == rendering.render(planned(template(patches=[REGION, SIZE])), COMPOSITE, {})


def test_rendering_what_was_rendered_changes_nothing():
    plan = planned(template(patches=[REGION, SIZE]))
    first = rendering.render(plan, COMPOSITE, {})

    again = rendering.render(plan, COMPOSITE, {"r": first.resources[0].object})

    assert again == first


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        pytest.param(
            {"resources": [{"name": 1}]}, 'spec.resources[0].name: Invalid value: "int64": must be a string', id="shape"
        ),
        pytest.param(
            {"resources": [template(patches=[{}])]},
            "spec.resources[0].patches[0].fromFieldPath: Required value: fromFieldPath must be set for patch type ",
            id="sense",
        ),
    ],
)
def test_a_composition_with_faults_stalls(spec, words):
    with pytest.raises(StalledError) as caught:
        rendering.plan(spec)

    assert caught.value.reason == "ComposeResources"
    assert caught.value.message == f"invalid composition: {words}"


def test_what_the_schema_fills_in_is_filled_in():
    patch = {**REGION, "transforms": [{"type": "string", "string": {"fmt": "%s!"}}]}

    desired = render_one(patches=[patch], readinessChecks=[{"type": "MatchCondition", "matchCondition": {}}])

    assert desired.object["spec"]["forProvider"]["region"] == "us-east-1!"


def nested(depth):
    value = 1
    for _ in range(depth):
        value = {"a": value}
    return value


def recursing(_):
    raise RecursionError


def test_what_is_nested_too_deeply_is_refused_with_our_errors(monkeypatch):
    plan = planned(template(patches=[]))
    with pytest.raises(StalledError, match=r"^invalid composition: spec\.resources: nested too deeply$"):
        planned(template(base={**BASE, "spec": nested(3000)}))
    with pytest.raises(StalledError, match="the composite resource is nested too deeply"):
        rendering.conclude(plan, {**COMPOSITE, "spec": nested(3000)}, rendering.render(plan, COMPOSITE, {}), {}, {})

    monkeypatch.setattr(rendering, "normalized", recursing)

    assert rendering.render(plan, COMPOSITE, {}).resources[0].error == "nested too deeply"
