"""The tables of `tests/conformance` have the words; here is that each kind is checked, in both dialects."""

import pytest

from crosshead.compose import transform_faults
from crosshead.compose.dialects import Dialect


def match(**pattern):
    return {"type": "match", "match": {"patterns": [pattern]}}


def string(**config):
    return {"type": "string", "string": config}


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        ({}, "type"),
        ({"type": "map"}, "map"),
        ({"type": "map", "map": {}}, "map.pairs"),
        ({"type": "match", "match": {}}, "match.patterns"),
        (match(literal=None), "match.patterns[0].literal"),
        (match(type="regexp"), "match.patterns[0].regexp"),
        (match(type="regexp", regexp="("), "match.patterns[0].regexp"),
        (match(type="glob"), "match.patterns[0].type"),
        ({"type": "math", "math": {"type": "Div"}}, "math.type"),
        ({"type": "math", "math": {}}, "math.multiply"),
        (string(type="Nope"), "string.type"),
        (string(), "string.fmt"),
        (string(type="Regexp", regexp={}), "string.regexp.match"),
        (string(type="Regexp", regexp={"match": "["}), "string.regexp.match"),
        (string(type="Join"), "string.join"),
        ({"type": "convert", "convert": {}}, "convert.toType"),
        ({"type": "convert", "convert": {"toType": "int", "format": "x"}}, "convert.format"),
    ],
)
def test_a_fault_is_found_where_it_is(raw, path):
    assert transform_faults.find(raw).path == path


@pytest.mark.parametrize(
    "raw",
    [
        {"type": "map", "map": {"a": 1}},
        match(literal="a"),
        match(type="regexp", regexp="a"),
        {"type": "math", "math": {"type": "ClampMax", "clampMax": 0}},
        string(fmt=""),
        string(type="Regexp", regexp={"match": "a"}),
        {"type": "convert", "convert": {"toType": "int", "format": "none"}},
    ],
)
def test_what_can_work_has_no_fault(raw):
    assert transform_faults.find(raw) is None


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        pytest.param({"type": "math", "math": {"multiply": 2}}, "math.type", id="math has no default"),
        pytest.param(string(fmt="%s"), "string.type", id="nor have strings"),
        pytest.param(string(type="Replace"), "string.replace", id="replace needs something"),
        pytest.param(string(type="Replace", replace={}), "string.replace.search", id="and something to look for"),
    ],
)
def test_functions_are_stricter(raw, path):
    assert transform_faults.find(raw, Dialect.FUNCTION).path == path


def test_functions_may_replace():
    assert transform_faults.find(string(type="Replace", replace={"search": "a"}), Dialect.FUNCTION) is None
