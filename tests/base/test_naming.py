import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosshead.base import naming
from crosshead.base.objects import Kind

SECRET = Kind("v1", "Secret")
ROLE = Kind("rbac.authorization.k8s.io/v1", "Role")


@given(st.text(), st.text(), st.text())
def test_a_childs_name_is_always_the_same_and_never_too_long(prefix, uid, child):
    name = naming.child_name(prefix, uid, child)

    assert name == naming.child_name(prefix, uid, child)
    assert len(name) <= 63
    assert re.fullmatch("(.*-)?[0-9a-f]{12}", name, re.DOTALL)


@pytest.mark.parametrize(
    ("prefix", "name"),
    [
        pytest.param("db", "db-2447fc20d672", id="a hyphen is added"),
        pytest.param("db-", "db-2447fc20d672", id="a hyphen is there"),
        pytest.param("x" * 63, "x" * 50 + "-2447fc20d672", id="a long prefix is cut"),
        pytest.param("", "2447fc20d672", id="no prefix"),
    ],
)
def test_a_child_is_named_after_its_parent(prefix, name):
    assert naming.child_name(prefix, "uid", "bucket") == name


@given(st.text(st.characters(codec="ascii"), min_size=1), st.text(min_size=1))
def test_children_of_one_parent_have_names_of_their_own(one, other):
    same = naming.child_name("p", "uid", one) == naming.child_name("p", "uid", other)

    assert same is (one == other)


@pytest.mark.parametrize(
    ("prefix", "base"), [("db-", "db-"), ("x" * 60, "x" * 58)], ids=["short enough", "cut to leave room"]
)
def test_there_is_room_for_random_characters(prefix, base):
    assert naming.random_base(prefix) == base


@pytest.mark.parametrize(
    ("name", "kind", "fault"),
    [
        pytest.param("a.b-c", SECRET, "", id="a good name"),
        pytest.param("a:b", ROLE, "", id="roles may have colons"),
        pytest.param("a:b", SECRET, "a lowercase RFC 1123", id="others may not"),
        pytest.param("a\n", SECRET, "a lowercase RFC 1123", id="a line break"),
        pytest.param("x" * 254, SECRET, "must be no more than 253 characters", id="too long"),
        pytest.param("", SECRET, "a lowercase RFC 1123", id="no name"),
    ],
)
def test_names_are_what_kubernetes_takes(name, kind, fault):
    assert naming.name_fault(name, kind)[: len(fault) or None] == fault


def test_the_field_owner_does_not_depend_on_version_or_namespace():
    one = {"apiVersion": "e.org/v1", "kind": "X", "metadata": {"name": "x", "namespace": "a"}}
    other = {"apiVersion": "e.org/v2", "kind": "X", "metadata": {"name": "x", "namespace": "b"}}

    assert naming.composed_owner(one) == naming.composed_owner(other)
