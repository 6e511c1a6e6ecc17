"""
The tables that are our own data: copied from beside the repository, compressed, so that they are always at hand.

A number without point and exponent is an integer to Go, any other is a double; what JSON cannot express is spelled
`{"$float": "NaN"}` and `{"$bytes": "<base64>"}`.
"""

import base64
import gzip
import json
from pathlib import Path

import pytest

from crosshead.base import encoding
from tests.conformance.not_covered import NOT_COVERED

HOME = Path(__file__).parent / "data"


def rows(name):
    """Return the rows of the table *name*. Lines end with a line feed only: texts may hold other separators."""
    text = gzip.decompress((HOME / f"{name}.jsonl.gz").read_bytes()).decode()
    return [json.loads(line) for line in text.split("\n") if line]


def parameters(rows, table):
    """Return *rows* as parameters of a test, without those that *table*'s list of exceptions names."""
    left_out = NOT_COVERED.get(table, {})
    return [pytest.param(row, id=row["id"]) for row in rows if row["id"] not in left_out]


def value(told):
    """Return the value that a table tells."""
    match told:
        case {"$float": text}:
            return float(text)
        case {"$bytes": text}:
            return encoding.text(base64.b64decode(text))
        case dict():
            return {key: value(item) for key, item in told.items()}
        case list():
            return [value(item) for item in told]
        case _:
            return told


def spelled(result):
    """Return *result* so that equal texts mean the same to Go: 1 is not 1.0, NaN is NaN, 0 is not -0."""
    return json.dumps(result, sort_keys=True)
