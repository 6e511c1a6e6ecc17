"""Every kind lives the same life: the same questions are asked of each, over HTTP, with the real client."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from crosshead.base.errors import StalledError
from crosshead.devel.emulator import EmulatorControl
from crosshead.managed.external import Declared
from tests.aws.lives import Land, Life, changed, create, settle
from tests.aws.living.catalogue import LIVES

EVERY = pytest.mark.parametrize("life", [pytest.param(life, id=life.id) for life in LIVES])
NO_SETTING = pytest.mark.parametrize("life", [pytest.param(life, id=life.id) for life in LIVES if not life.setting])
REFUSING = pytest.mark.parametrize("life", [pytest.param(life, id=life.id) for life in LIVES if life.refused])
TRACEABLE = pytest.mark.parametrize("life", [pytest.param(life, id=life.id) for life in LIVES if life.traceable])
TAGGED = pytest.mark.parametrize("life", [pytest.param(life, id=life.id) for life in LIVES if "tags" in life.change])


@pytest.fixture
def born(life: Life, land: Land, name: str) -> Iterator[Declared]:
    external = land.external(life.service, life.kind)
    declared = create(external, life.declared(land, name))
    settle(external, declared)
    yield declared
    external.delete(declared)


@NO_SETTING
def test_what_was_not_created_does_not_exist(life: Life, land: Land, name: str) -> None:
    assert not land.external(life.service, life.kind).observe(life.declared(land, name)).exists


@EVERY
def test_what_never_learnt_what_it_refers_to_does_not_exist(life: Life, land: Land, name: str) -> None:
    external = land.external(life.service, life.kind)
    declared = life.declared(land, name)
    pointed = {reference.field for reference in external.descriptor.references}
    known = {field: value for field, value in declared.parameters.items() if field not in pointed}
    declared = replace(declared, parameters=known, initial=known)

    external.delete(declared)

    assert not external.observe(declared).exists


@NO_SETTING
def test_what_has_a_name_that_aws_does_not_know_does_not_exist(life: Life, land: Land, name: str) -> None:
    declared = replace(life.declared(land, name), external_name=life.absent_name)

    assert not land.external(life.service, life.kind).observe(declared).exists


@EVERY
def test_what_was_just_created_is_available_and_as_declared(life: Life, land: Land, born: Declared) -> None:
    seen = land.external(life.service, life.kind).observe(born)

    assert (seen.exists, seen.ready.reason, seen.drift, seen.immutable) == (True, "Available", (), ())
    assert seen.external_name == born.external_name


@EVERY
def test_two_looks_at_the_same_thing_show_the_same(life: Life, land: Land, born: Declared) -> None:
    external = land.external(life.service, life.kind)

    assert external.observe(born) == external.observe(born)


@EVERY
def test_a_look_changes_nothing(life: Life, land: Land, born: Declared, control: EmulatorControl) -> None:
    land.external(life.service, life.kind).observe(born)

    asked = {operation.partition(":")[2] for operation in control.counts()}
    assert {operation for operation in asked if not operation.startswith(("Describe", "Get", "Head", "List"))} == set()


@EVERY
def test_what_aws_chose_is_no_drift_once_it_is_declared(life: Life, land: Land, born: Declared) -> None:
    external = land.external(life.service, life.kind)
    seen = external.observe(born)

    again = external.observe(changed(born, **seen.late))

    assert (again.drift, again.immutable, again.late) == ((), (), {})


@EVERY
def test_a_change_is_drift_until_it_is_made(life: Life, land: Land, born: Declared) -> None:
    external = land.external(life.service, life.kind)
    changes = life.changes(land)
    wanted = changed(born, **changes)

    seen = external.observe(wanted)
    external.update(wanted, seen)

    assert {drift.field for drift in seen.drift} == set(life.drifts or changes)
    assert settle(external, wanted).drift == ()


@REFUSING
def test_what_aws_never_changes_is_told_apart_from_drift(life: Life, land: Land, born: Declared) -> None:
    seen = land.external(life.service, life.kind).observe(changed(born, **life.refused))

    assert {drift.field for drift in seen.immutable} == set(life.refused)
    assert seen.drift == ()


@EVERY
def test_what_was_deleted_is_gone_and_can_be_deleted_again(life: Life, land: Land, name: str) -> None:
    external = land.external(life.service, life.kind)
    declared = create(external, life.declared(land, name))
    settle(external, declared)

    external.delete(declared)
    external.delete(declared)

    assert not external.observe(declared).exists


@EVERY
def test_it_is_imported_by_its_external_name(life: Life, land: Land, born: Declared) -> None:
    """Somebody else created it: only the annotation and the region are known, mostly."""
    bare = {name: born.parameters[name] for name in ("region", *life.imported)}
    imported = replace(born, name="imported", uid="another", parameters=bare, initial=bare)

    seen = land.external(life.service, life.kind).observe(imported)

    assert (seen.exists, seen.external_name, seen.immutable) == (True, born.external_name, ())


@TRACEABLE
def test_a_create_that_nobody_remembers_is_not_repeated(life: Life, land: Land, name: str) -> None:
    """The object knows no external name, AWS has the resource: it is found, and there is one."""
    external = land.external(life.service, life.kind)
    lost = life.declared(land, name)
    first = create(external, lost)

    found = settle(external, lost)
    second = external.create(lost)

    assert (found.exists, found.external_name, second.external_name) == (True, first.external_name, first.external_name)
    external.delete(first)
    assert not external.observe(lost).exists


@TAGGED
def test_it_says_whose_it_is(life: Life, land: Land, born: Declared) -> None:
    tags = land.external(life.service, life.kind).observe(born).at_provider["tags"]

    assert tags["crossplane-kind"] == f"{life.kind.lower()}.{life.service}.aws.upbound.io"
    assert (tags["crossplane-name"], tags["crossplane-providerconfig"]) == (born.name, "default")


@TAGGED
def test_a_tag_that_nobody_declared_is_removed(life: Life, land: Land, born: Declared) -> None:
    external = land.external(life.service, life.kind)
    more = changed(born, tags={"stray": "yes"})
    external.update(more, external.observe(more))

    less = changed(born, tags={})
    external.update(less, external.observe(less))

    seen = external.observe(less)
    assert ("stray" in seen.at_provider["tags"], seen.drift) == (False, ())
    assert seen.at_provider["tags"]["crossplane-uid"] == born.uid


def test_a_namesake_of_another_cluster_is_not_taken(land: Land, unnamed: Declared) -> None:
    external = land.external("rds", "Instance")
    create(external, unnamed)

    stranger = replace(unnamed, uid="somebody else")

    assert not external.observe(stranger).exists
    with pytest.raises(
        StalledError, match=r"not ours: to take it over, set the annotation crossplane.io/external-name"
    ):
        external.create(stranger)


def test_an_instance_is_imported_by_its_identifier_too(land: Land, unnamed: Declared) -> None:
    external = land.external("rds", "Instance")
    born = create(external, unnamed)

    seen = external.observe(replace(unnamed, uid="another", external_name=unnamed.name))

    assert seen.external_name == born.external_name
