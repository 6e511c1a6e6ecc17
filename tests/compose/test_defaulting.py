import pytest

from crosshead.compose import defaulting


def in_resource(**fields):
    return {"resources": [{"name": "r", **fields}]}


def in_transform(transform):
    return in_resource(patches=[{"transforms": [transform]}])


@pytest.mark.parametrize(
    ("given", "completed"),
    [
        pytest.param({}, {}, id="nothing"),
        pytest.param(in_resource(), in_resource(), id="a bare resource"),
        pytest.param(
            in_transform({"type": "string", "string": {"fmt": "%s"}}),
            in_transform({"type": "string", "string": {"type": "Format", "fmt": "%s"}}),
            id="a string is formatted",
        ),
        pytest.param(
            in_transform({"match": {"patterns": [{"literal": "a"}, {"type": "regexp"}]}}),
            in_transform({"match": {"patterns": [{"type": "literal", "literal": "a"}, {"type": "regexp"}]}}),
            id="a pattern is literal",
        ),
        pytest.param(
            in_resource(readinessChecks=[{"matchCondition": {"type": "Synced"}}, {"type": "None"}]),
            in_resource(readinessChecks=[{"matchCondition": {"type": "Synced", "status": "True"}}, {"type": "None"}]),
            id="a condition is true",
        ),
        pytest.param(
            {"patchSets": [{"patches": [{"transforms": [{"string": {}}]}]}]},
            {"patchSets": [{"patches": [{"transforms": [{"string": {"type": "Format"}}]}]}]},
            id="in patch sets too",
        ),
        pytest.param({"resources": None, "mode": "Resources"}, {"resources": None, "mode": "Resources"}, id="null"),
    ],
)
def test_what_the_schema_would_fill_in_is_filled_in(given, completed):
    assert defaulting.with_defaults(given) == completed
