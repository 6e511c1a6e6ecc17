"""The bench asks for objects where they are."""

import pytest

from bench.claims import Kind, is_ready


@pytest.mark.parametrize(
    ("kind", "scope", "path"),
    [
        pytest.param(Kind("g", "v1", "things", "ns"), "namespaced", ("g", "v1", "ns", "things"), id="in a namespace"),
        pytest.param(Kind("g", "v1", "things"), "cluster", ("g", "v1", "things"), id="in the cluster"),
    ],
)
def test_a_kind_is_asked_for_by_its_scope(kind, scope, path):
    assert (kind.scope, kind.path) == (scope, path)


@pytest.mark.parametrize(("status", "ready"), [("True", True), ("False", False)])
def test_an_object_is_ready_when_it_says_so(status, ready):
    assert is_ready({"status": {"conditions": [{"type": "Ready", "status": status}]}}) is ready


def test_an_object_without_a_status_is_not_ready():
    assert not is_ready({})
