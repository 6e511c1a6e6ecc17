"""Fields that an old API server turns into null where an apply takes them away."""

import pytest

from crosshead.base.errors import InvalidObjectError
from crosshead.kube import clearing
from tests.kube.fake_api_server import Reply, refused
from tests.kube.things import NAMESPACED, thing

NULL = '{path}: Invalid value: "null": {path} in body must be of type {type}: "null"'


def fault(*paths, type="object"):
    """Return what the API server says of fields that it has made null."""
    causes = [NULL.format(path=path, type=type) for path in paths]
    text = causes[0] if len(causes) == 1 else f"[{', '.join(causes)}]"
    return f'Thing "one" is invalid: {text}'


@pytest.mark.parametrize(
    ("message", "changes"),
    [
        pytest.param(fault("spec.cache"), {"spec": {"cache": None}}, id="an object"),
        pytest.param(fault("spec.list", type="array"), {"spec": {"list": None}}, id="a list"),
        pytest.param(fault("spec.a.b", "spec.a.c"), {"spec": {"a": {"b": None, "c": None}}}, id="several"),
        pytest.param(fault("spec.a[0].b"), None, id="a part of a list cannot be patched"),
        pytest.param(f"{fault('spec.a')}, spec.b: Required value", None, id="something else is wrong, too"),
        pytest.param("spec.b: Required value", None, id="something else is wrong"),
    ],
)
def test_what_stands_in_the_way_is_cleared_away(message, changes):
    found = clearing.patch(InvalidObjectError("Invalid", message), {"metadata": {}})

    assert found == changes


def test_only_the_object_that_was_meant_is_cleared():
    found = clearing.patch(InvalidObjectError("Invalid", fault("spec.a")), {"metadata": {"uid": "u"}})

    assert found == {"metadata": {"uid": "u"}, "spec": {"a": None}}


def test_an_apply_that_takes_a_field_away_is_tried_again_without_it(server, api):
    server.script(
        "PATCH", f"{NAMESPACED}/one", refused(422, "Invalid", fault("spec.a")), Reply(thing()), Reply(thing())
    )

    api.apply(thing(), "me")

    forms = [seen.headers["Content-Type"] for seen in server.seen if seen.method == "PATCH"]
    assert forms == ["application/apply-patch+yaml", "application/merge-patch+json", "application/apply-patch+yaml"]


def test_one_that_is_invalid_all_the_same_is_refused(server, api):
    server.script("PATCH", f"{NAMESPACED}/one", refused(422, "Invalid", "spec.b: Required value"))

    with pytest.raises(InvalidObjectError, match="Required value"):
        api.apply(thing(), "me")
    assert server.count("PATCH") == 1
