from copy import deepcopy
from functools import partial

import pytest

from crosshead.base import fieldpaths
from crosshead.base.fieldpaths import NotFoundError
from crosshead.compose import patch_reading, patches
from crosshead.compose.dialects import Dialect
from crosshead.compose.patches import Direction, PatchError

COMPOSITE = {"metadata": {"name": "db"}, "spec": {"size": "small", "gb": 20, "tags": {"a": "b"}, "nothing": None}}
DRAFT = {"spec": {"list": [{"v": 1}, {}], "tags": {"c": "d"}}}

UPPER = [{"type": "string", "string": {"type": "Convert", "convert": "ToUpper"}}]
MERGING = {"mergeOptions": {}}
REQUIRED = {"fromFieldPath": "Required"}


def patch(source, target=None, **more):
    return {"fromFieldPath": source} | ({"toFieldPath": target} if target is not None else {}) | more


def combine(*sources, fmt="%s-%s", **more):
    variables = [{"fromFieldPath": source} for source in sources]
    told = {"variables": variables, "strategy": "string", "string": {"fmt": fmt}}
    return {"type": "CombineFromComposite", "combine": told, "toFieldPath": "spec.out", **more}


def applied(*raws, draft=DRAFT):
    draft = deepcopy(draft)
    read = [patch_reading.read(raw) for raw in raws]
    written = patches.apply_all(read, Direction.FROM_COMPOSITE, COMPOSITE, draft)
    return draft, [str(path) for path in written]


@pytest.mark.parametrize(
    ("raw", "spec", "written"),
    [
        pytest.param(patch("spec.size"), {"size": "small"}, ["spec.size"], id="to the same place"),
        pytest.param(patch("spec.size", "spec.class"), {"class": "small"}, ["spec.class"], id="to another place"),
        pytest.param(patch("spec.gb", "spec.gb"), {"gb": 20}, ["spec.gb"], id="an integer stays one"),
        pytest.param(patch("spec.size", transforms=UPPER), {"size": "SMALL"}, ["spec.size"], id="transformed"),
        pytest.param(patch("spec.tags"), {"tags": {"a": "b"}}, ["spec.tags"], id="in place of what was there"),
        pytest.param(
            patch("spec.tags", policy=MERGING),
            {"tags": {"a": "b", "c": "d"}},
            ["spec.tags"],
            id="merged into what was there",
        ),
        pytest.param(patch("spec.nothing", "spec.n"), {"n": None}, ["spec.n"], id="null is something"),
        pytest.param(patch("spec.nope"), {}, [], id="nothing is there, and need not be"),
        pytest.param(patch("spec.nothing.deeper"), {}, [], id="nothing is below null"),
        pytest.param(
            patch("spec.gb", "spec.list[*].v"),
            {"list": [{"v": 20}, {}]},
            ["spec.list[0].v"],
            id="wherever the wildcard finds it",
        ),
        pytest.param(patch("spec.size", ""), {}, [""], id="nowhere"),
        pytest.param(combine("metadata.name", "spec.size"), {"out": "db-small"}, ["spec.out"], id="combined"),
        pytest.param(combine("spec.gb", fmt="%d GB"), {"out": "20 GB"}, ["spec.out"], id="combined as Go formats"),
        pytest.param(
            combine("spec.size", fmt="%s", transforms=UPPER),
            {"out": "SMALL"},
            ["spec.out"],
            id="combined and transformed",
        ),
        pytest.param(combine("spec.size", "spec.nope"), {}, [], id="combined only when all is there"),
        pytest.param(patch("spec.size", type="ToCompositeFieldPath"), {}, [], id="the other direction waits"),
    ],
)
def test_a_patch_changes_what_it_says_and_no_more(raw, spec, written):
    draft, paths = applied(raw)

    assert draft == {"spec": DRAFT["spec"] | spec}
    assert paths == written


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        pytest.param(patch("spec.nope", policy=REQUIRED), "spec.nope: no such field", id="required but not there"),
        pytest.param(combine("spec.nope", policy=REQUIRED), "spec.nope: no such field", id="required to combine"),
        pytest.param(patch("spec.size.deeper"), "spec.size: not an object", id="through a scalar"),
        pytest.param(
            patch("spec..x"), "cannot parse path \"spec..x\": unexpected '.' at position 5", id="from no path"
        ),
        pytest.param(
            patch("spec.size", "spec."),
            "cannot patch to object: cannot parse path \"spec.\": unexpected '.' at position 4",
            id="to no path",
        ),
        pytest.param(
            patch("spec.size", "spec.list.x"),
            "cannot patch to object: spec.list is not an object",
            id="into something else",
        ),
        pytest.param(
            patch("spec.size", "spec.nope[*]"),
            "cannot expand ToFieldPath spec.nope[*]",
            id="wherever the wildcard finds nothing",
        ),
        pytest.param(
            patch("spec.size", "spec.nope[*"),
            "cannot patch to object: cannot parse path \"spec.nope[*\": unterminated '[' at position 9",
            id="half a wildcard",
        ),
        pytest.param(
            patch("spec.size", "spec[*]."),
            "cannot parse path \"spec[*].\": unexpected '.' at position 7",
            id="a wildcard in no path",
        ),
        pytest.param(
            patch("spec.size", transforms=[{"type": "math", "math": {"multiply": 2}}]),
            (
                "transform at index 0 returned error: math transform could not resolve: input is"
                " required to be a number for math transformer, got string"
            ),
            id="a transform of the wrong type",
        ),
        pytest.param(
            patch("spec.size", transforms=[{"type": "convert", "convert": {"toType": "x"}}]),
            (
                "transform at index 0 returned error: convert transform could not resolve: toType:"
                ' Invalid value: "x": invalid type'
            ),
            id="a broken transform",
        ),
        pytest.param(combine(), "combine patch types require at least one variable", id="nothing to combine"),
        pytest.param(
            combine("spec.gb") | {"combine": {"variables": [{}], "strategy": "sum"}},
            "combine strategy sum is not supported",
            id="no such strategy",
        ),
        pytest.param(
            combine("spec.gb") | {"combine": {"variables": [{}], "strategy": "string"}},
            "given combine strategy string requires configuration",
            id="no format",
        ),
    ],
)
def test_a_patch_that_fails_says_which_and_why(raw, words):
    with pytest.raises(PatchError) as caught:
        applied(patch("spec.size"), raw)

    kind = raw.get("type") or "FromCompositeFieldPath"
    assert str(caught.value) == f'cannot apply the "{kind}" patch at index 1: {words}'


@pytest.mark.parametrize(
    ("raw", "is_absence"),
    [
        pytest.param(patch("spec.nope", policy=REQUIRED), True, id="not there"),
        pytest.param(patch("spec.size.x", policy=REQUIRED), False, id="not possible"),
    ],
)
def test_an_absence_is_told_apart_from_a_mistake(raw, is_absence):
    with pytest.raises(PatchError) as caught:
        applied(raw)

    assert caught.value.is_absence is is_absence


def test_a_value_that_json_cannot_express_reaches_no_object():
    infinite = [{"type": "convert", "convert": {"toType": "float64"}}]
    raw = combine("spec.size", fmt="inf%.0s", transforms=infinite)

    with pytest.raises(PatchError, match=r"index 0: cannot marshal value to JSON: json: unsupported value: \+Inf$"):
        applied(raw)


def test_a_variable_without_path_is_null():
    draft, _ = applied(combine("spec.size") | {"combine": {"variables": [{}], "strategy": "string", "string": {}}})

    assert draft["spec"]["out"] == "%!(EXTRA <nil>)"


def test_one_patch_alone_fails_with_the_bare_reason():
    with pytest.raises(NotFoundError, match=r"^spec.nope: no such field$"):
        patches.apply(patch_reading.read(patch("spec.nope", policy=REQUIRED)), partial(fieldpaths.get, COMPOSITE), {})


def test_patch_sets_are_put_in_place():
    sets = {"s": [patch("a"), patch("b")]}

    inlined = list(patch_reading.inlined([patch("0"), {"type": "PatchSet", "patchSetName": "s"}, patch("9")], sets))

    assert [raw["fromFieldPath"] for raw in inlined] == ["0", "a", "b", "9"]


def served(raw, draft=DRAFT):
    """Return the draft after the patch *raw* of a function, whose values are doubles."""
    draft = deepcopy(draft)
    patches.apply(patch_reading.read(raw, Dialect.FUNCTION), partial(fieldpaths.get, DOUBLES), draft)
    return draft["spec"]


DOUBLES = {"spec": {"gb": 20.0, "large": 2.0**53, "tags": {"c": "new", "a": "b"}, "items": [1.0, 2.0]}}
FLOAT = [{"type": "convert", "convert": {"toType": "float64"}}]


@pytest.mark.parametrize(
    ("raw", "spec"),
    [
        pytest.param(patch("spec.gb"), {"gb": 20}, id="a double without fraction becomes an integer"),
        pytest.param(patch("spec.large", "spec.n"), {"n": 2**53}, id="a large one, too"),
        pytest.param(
            patch("spec.large", "spec.n", transforms=[{"type": "convert", "convert": {"toType": "string"}}]),
            {"n": "9007199254740992"},
            id="a number in words",
        ),
        pytest.param(
            patch("spec.tags", policy={"toFieldPath": "Replace"}), {"tags": DOUBLES["spec"]["tags"]}, id="replaced"
        ),
        pytest.param(
            patch("spec.tags", policy={"toFieldPath": "MergeObjects"}), {"tags": {"c": "d", "a": "b"}}, id="merged"
        ),
        pytest.param(
            patch("spec.tags", policy={"toFieldPath": "ForceMergeObjects"}),
            {"tags": {"c": "new", "a": "b"}},
            id="merged by force",
        ),
        pytest.param(
            combine("spec.gb", fmt="%d", policy={"toFieldPath": "MergeObjects"}) | {"toFieldPath": "spec.keep"},
            {"keep": "kept"},
            id="a combination merges",
        ),
    ],
)
def test_functions_write_what_protobuf_leaves(raw, spec):
    draft = {"spec": {**DRAFT["spec"], "keep": "kept"}}

    assert served(raw, draft) == draft["spec"] | spec


def test_functions_compare_what_protobuf_leaves():
    raw = patch("spec.items", policy={"toFieldPath": "ForceMergeObjectsAppendArrays"})

    assert served(raw, {"spec": {"items": [3, 1]}}) == {"items": [3, 1, 2]}


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        pytest.param(
            patch("spec.nan", "spec.nope[*]", transforms=FLOAT),
            "cannot marshal value to JSON: json: unsupported value: NaN",
            id="no number, before the target is looked for",
        ),
        pytest.param(
            combine("spec.nan", fmt="%s", transforms=FLOAT),
            "cannot patch to object: cannot marshal value to JSON: json: unsupported value: NaN",
            id="no number in a combination",
        ),
        pytest.param(
            combine("spec.nan", fmt="%s", policy={"toFieldPath": "Nope"}),
            "invalid patch policy Nope",
            id="a policy that nobody checked",
        ),
    ],
)
def test_a_patch_of_a_function_fails_in_the_functions_words(raw, words):
    with pytest.raises(PatchError) as caught:
        patches.apply(patch_reading.read(raw, Dialect.FUNCTION), partial(fieldpaths.get, {"spec": {"nan": "nan"}}), {})

    assert str(caught.value) == words


@pytest.mark.parametrize(
    ("kind", "direction"),
    [
        ("FromEnvironmentFieldPath", Direction.FROM_ENVIRONMENT),
        ("ToEnvironmentFieldPath", Direction.TO_ENVIRONMENT),
        ("CombineFromEnvironment", Direction.FROM_ENVIRONMENT),
        ("CombineToEnvironment", Direction.TO_ENVIRONMENT),
    ],
)
def test_only_functions_know_the_environment(kind, direction):
    raw = combine("spec.gb") | patch("spec.gb", type=kind)

    assert patch_reading.read(raw, Dialect.FUNCTION).direction is direction
    assert kind not in {**patch_reading.FIELD_PATCHES[Dialect.NATIVE], **patch_reading.COMBINE_PATCHES[Dialect.NATIVE]}


def test_a_combination_that_no_object_could_hold_is_refused():
    with pytest.raises(PatchError, match=r"at index 0: cannot combine: the result would have more than 4000000 char"):
        applied(combine("spec.gb", "spec.gb", fmt="%1000000[1]d" * 5))


def nested(depth):
    value = 1
    for _ in range(depth):
        value = [value]
    return value


def test_what_is_nested_too_deeply_is_told():
    deep = {"spec": {"deep": nested(3000)}}
    read = [patch_reading.read(patch("spec.size")), patch_reading.read(patch("spec.deep", policy=MERGING))]

    with pytest.raises(
        PatchError, match=r'^cannot apply the "FromCompositeFieldPath" patch at index 1: the value is n'
    ):
        patches.apply_all(read, Direction.FROM_COMPOSITE, deep, {"spec": {"deep": nested(3000)}})
