"""The hashes in `tests/conformance` prove whole documents; here are the corners."""

import json

import pytest
import yaml
from hypothesis import given

from crosshead.base import goyaml
from tests.base.strategies import SETTLED


def as_texts(value):
    """Return *value* with every scalar as the text that YAML has for it."""
    match value:
        case dict():
            return {key: as_texts(item) for key, item in value.items()}
        case list():
            return [as_texts(item) for item in value]
        case str():
            return value
        case _:
            return json.dumps(value)


@given(SETTLED)
def test_what_is_written_is_yaml_for_the_same(value):
    # Without guessing types: Go and Python guess differently, which is what `goyaml` is about.
    assert yaml.load(goyaml.encode(value), Loader=yaml.BaseLoader) == as_texts(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(None, "null\n", id="nothing"),
        pytest.param({}, "{}\n", id="an empty object"),
        pytest.param({"a": {"b": [1, None]}}, "a:\n  b:\n  - 1\n  - null\n", id="nested"),
        pytest.param([2.0, 1e21, True], "- 2\n- 1e+21\n- true\n", id="numbers and booleans"),
        pytest.param({"a": ""}, 'a: ""\n', id="empty text"),
        pytest.param({"a": "true"}, 'a: "true"\n', id="a word that means something"),
        pytest.param({"a": "NO"}, 'a: "NO"\n', id="a word that meant something in YAML 1.1"),
        pytest.param({"a": "1_000"}, 'a: "1_000"\n', id="a number with underscores"),
        pytest.param({"a": "2024-01-01"}, 'a: "2024-01-01"\n', id="a date"),
        pytest.param({"a": "1:30"}, 'a: "1:30"\n', id="a number to base sixty"),
        pytest.param({"a": "v1"}, "a: v1\n", id="plain text"),
        pytest.param({"a": "%s-x"}, "a: '%s-x'\n", id="text that cannot begin a plain one"),
        pytest.param({"a": "x\ny\n"}, "a: |\n  x\n  y\n", id="lines"),
        pytest.param({"a": "x \ny"}, 'a: "x \\ny"\n', id="lines with spaces at their end"),
        pytest.param({"a": "x\t\x01\x85"}, 'a: "x\\t\\x01\\N"\n', id="control characters"),
        pytest.param({"a": "\ufeff😀"}, 'a: "\\uFEFF\\U0001F600"\n', id="what libyaml cannot print"),
        pytest.param({"a": "日 \u2028"}, 'a: "日 \\L"\n', id="a separator of lines"),
    ],
)  # fmt: skip
def test_values_are_written_as_gos_yaml_writes_them(value, text):
    assert goyaml.encode(value) == text


def test_long_quoted_text_is_folded_at_the_first_space_after_the_edge():
    word = "x" * 50

    text = goyaml.encode({"a": f"\t{word} {word} b  c {word}"})

    assert text == f'a: "\\t{word} {word}\n  b  c {word}"\n'


def test_a_fold_before_a_second_space_is_marked():
    word = "x" * 90

    assert goyaml.encode({"a": f"\t{word}  b"}) == f'a: "\\t{word}\n  \\ b"\n'


@pytest.mark.parametrize(
    ("keys", "order"),
    [
        pytest.param(["b", "a"], ["a", "b"], id="letters"),
        pytest.param(["a10", "a9"], ["a9", "a10"], id="numbers by their value"),
        pytest.param(["a", "-"], ["-", "a"], id="letters last"),
        pytest.param(["a/b", "a-b", "ab"], ["a-b", "a/b", "ab"], id="signs by their number"),
        pytest.param(["ab", "a"], ["a", "ab"], id="the shorter one first"),
        pytest.param(["a01", "a1"], ["a1", "a01"], id="leading zeros last"),
        pytest.param(["a100", "a10", "a20"], ["a10", "a20", "a100"], id="zeros inside numbers count"),
        pytest.param(["a110", "a101"], ["a101", "a110"], id="the digits before count too"),
        pytest.param(["a010", "a001"], ["a001", "a010"], id="zeros before do not"),
        pytest.param(["a00", "a0"], ["a0", "a00"], id="nothing but zeros"),
        pytest.param(["B", "a"], ["B", "a"], id="capitals first"),
    ],
)
def test_keys_are_in_the_order_of_gos_yaml(keys, order):
    text = goyaml.encode(dict.fromkeys(keys, 1))

    assert [line.partition(":")[0].strip("'") for line in text.splitlines()] == order
