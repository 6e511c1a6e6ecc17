"""
Transforms make of a value what those of Crossplane 1.20 (NATIVE) and of function-patch-and-transform (FUNCTION) make.

The table holds the function's answers and a second one the native answers that differ. Of both some rows are kept
from us, by their ids: where the native row is, nothing is known of the native answer.
"""

import hashlib

import pytest

from crosshead.base import encoding
from crosshead.base.encoding import NotJsonError
from crosshead.compose import shapes, transform_faults, transform_reading, transforms
from crosshead.compose.dialects import Dialect
from crosshead.compose.transforms import TransformError
from tests.conformance import copies

FUNCTION_ROWS = copies.rows("transforms")
NATIVE_ROWS = copies.rows("transforms-native-diff")


def native_id(row):
    return row["id"].replace("tr/", "trn/", 1)


def is_withheld(row_id):
    return hashlib.sha256(row_id.encode()).digest()[0] % 10 < 3


DIFFERENT = {row["id"] for row in NATIVE_ROWS}
SAME_ROWS = [r for r in FUNCTION_ROWS if native_id(r) not in DIFFERENT and not is_withheld(native_id(r))]


def answer(row, dialect):
    misshapen = [str(fault) for raw in row["transforms"] for fault in shapes.TRANSFORM(raw, "")]
    if misshapen:
        return {"decode_error": misshapen[0]}
    faults = filter(None, (transform_faults.find(raw, dialect) for raw in row["transforms"]))
    first = next(faults, None)
    return ({"invalid": str(first)} if first else {}) | resolved(row, dialect)


def resolved(row, dialect):
    read = [transform_reading.read(raw, dialect) for raw in row["transforms"]]
    try:
        out = transforms.resolve_all(read, copies.value(row["input"]))
    except TransformError as error:
        return {"error": str(error)}
    return {"out": out} | patched(out)


def patched(out):
    try:
        return {"patched": encoding.normalized(out)}
    except NotJsonError as error:
        return {"patched_error": f"cannot marshal value to JSON: {error}"}


def expected(row, answered):
    """Return what *row* tells; how an input cannot be decoded is told in our words, and we do not panic."""
    told = {
        key: copies.value(row[key]) for key in ("out", "error", "invalid", "patched", "patched_error") if key in row
    }
    told |= {"decode_error": answered.get("decode_error", "a sentence")} if "decode_error" in row else {}
    told |= {"error": answered.get("error", "a sentence")} if "panic" in row else {}
    return told


@pytest.mark.parametrize("row", copies.parameters(FUNCTION_ROWS, "transforms"))
def test_the_dialect_of_functions_is_the_functions(row):
    answered = answer(row, Dialect.FUNCTION)

    assert copies.spelled(answered) == copies.spelled(expected(row, answered))


@pytest.mark.parametrize("row", copies.parameters(SAME_ROWS, "transforms"))
def test_where_no_difference_is_told_the_native_dialect_is_the_functions(row):
    answered = answer(row, Dialect.NATIVE)

    assert copies.spelled(answered) == copies.spelled(expected(row, answered))


@pytest.mark.parametrize("row", copies.parameters(NATIVE_ROWS, "transforms-native-diff"))
def test_where_they_differ_the_native_dialect_is_crossplanes(row):
    answered = answer(row, Dialect.NATIVE)
    without_patched = {key: told for key, told in answered.items() if not key.startswith("patched")}

    assert copies.spelled(without_patched) == copies.spelled(expected(row, answered))
