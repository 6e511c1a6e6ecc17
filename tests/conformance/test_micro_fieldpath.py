"""Field paths lead where Crossplane's lead, and fail with its words."""

from copy import deepcopy

import pytest

from crosshead.base import drafts, fieldpaths, merging
from crosshead.base.fieldpaths import FieldPathError, NotFoundError
from tests.conformance import copies

ROWS = copies.rows("fieldpath")
RESULTS = ("segments", "string", "out", "paths", "error", "notFound", "object_after")


def parse(row, _):
    path = fieldpaths.parse(row["path"])
    segments = [{"index": s} if isinstance(s, int) else {"field": s} for s in path.segments]
    return {"string": str(path), "segments": segments}


def get(row, obj):
    if "as" in row:
        return {"out": fieldpaths.get_as(obj, row["path"], row["as"])}
    return {"out": fieldpaths.get(obj, row["path"])}


def expand(row, obj):
    return {"paths": sorted(map(str, fieldpaths.expand(obj, row["path"])))}


def assign(row, obj):
    drafts.assign(obj, row["path"], row["value"])
    return {}


def merge(row, obj):
    drafts.merge(obj, row["path"], row["value"], merging.read_options(row.get("mergeOptions")))
    return {}


def remove(row, obj):
    drafts.remove(obj, row["path"])
    return {}


DO = {"parse": parse, "get": get, "expand": expand, "set": assign, "merge": merge, "delete": remove}


def outcome(row, obj):
    try:
        return DO[row["op"]](row, obj)
    except NotFoundError as error:
        return {"error": str(error), "notFound": True}
    except FieldPathError as error:
        return {"error": str(error)}


@pytest.mark.parametrize("row", copies.parameters(ROWS, "fieldpath"))
def test_a_path_leads_where_crossplanes_does(row):
    obj = deepcopy(row.get("object"))

    result = outcome(row, obj)

    expected = {key: row[key] for key in RESULTS if key in row}
    expected |= {"paths": sorted(expected["paths"])} if "paths" in expected else {}
    result |= {"object_after": obj} if "object_after" in row else {}
    assert copies.spelled(result) == copies.spelled(expected)
