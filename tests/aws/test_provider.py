from typing import Any

import botocore.session
import pytest

from crosshead.aws.catalogue import KINDS
from crosshead.aws.descriptor import Descriptor
from crosshead.aws.provider import AwsProvider
from crosshead.aws.scenes import search
from crosshead.base.errors import StalledError
from crosshead.base.objects import Kind
from crosshead.managed.facts import Naming
from crosshead.reconcilers.ports import External, Provider
from tests.aws.lives import KEYS, config

INSTANCE = Kind("rds.aws.upbound.io/v1beta1", "Instance")
EACH = pytest.mark.parametrize("descriptor", [pytest.param(d, id=f"{d.service} {d.kind}") for d in KINDS])


@pytest.fixture(scope="module")
def provider() -> AwsProvider:
    return AwsProvider()


@pytest.fixture(scope="module")
def session() -> Any:
    return botocore.session.Session()


def test_it_is_what_the_reconcilers_ask_for(provider: AwsProvider) -> None:
    port: Provider = provider
    external: External = port.connect(INSTANCE, {"region": "us-east-1"}, config("http://127.0.0.1:9"), KEYS)

    assert external is not None


def test_it_knows_its_kinds(provider: AwsProvider) -> None:
    assert len(provider.kinds()) == 2 * len(KINDS)
    assert INSTANCE in provider.kinds()
    assert Kind("rds.aws.m.upbound.io/v1beta1", "Instance") in provider.kinds()
    assert provider.facts(Kind("rds.aws.upbound.io/v9", "Instance")) is None


def test_it_knows_what_the_life_cycle_must_know(provider: AwsProvider) -> None:
    facts = provider.facts(INSTANCE)

    assert facts is not None
    assert (facts.plural, facts.naming, facts.tagged) == ("instances", Naming.BY_PROVIDER, True)
    password = facts.secret_inputs[0]
    assert (password.field, password.argument, password.generate) == (
        "passwordSecretRef",
        "password",
        "autoGeneratePassword",
    )
    groups = next(r for r in facts.references if r.field == "vpcSecurityGroupIds")
    assert (groups.ref, groups.selector, groups.many) == ("vpcSecurityGroupIdRefs", "vpcSecurityGroupIdSelector", True)


def test_without_a_region_there_is_nowhere_to_look(provider: AwsProvider) -> None:
    with pytest.raises(StalledError, match=r"Instance names no region: set spec.forProvider.region"):
        provider.connect(INSTANCE, {}, config("http://127.0.0.1:9"), KEYS)


def first(descriptor: Descriptor) -> str:
    return descriptor.updates[0].call.operation if descriptor.updates else ""


@EACH
def test_every_member_that_a_descriptor_names_is_aws(descriptor: Descriptor, session: Any) -> None:
    """A misspelt member would be refused by AWS, or worse, left out. What stands in brackets is no member."""
    model = session.get_service_model(descriptor.client or descriptor.service)
    members = {
        operation: set(model.operation_model(operation).input_shape.members)
        for operation in model.operation_names
        if model.operation_model(operation).input_shape is not None
    }
    mine = {operation.lower(): names for operation, names in members.items()}
    creates = set().union(*(mine[c.call.operation.replace("_", "")] for c in descriptor.creates))
    updates = set().union(*(mine[u.call.operation.replace("_", "")] for u in descriptor.updates), {"NewReplicaCount"})

    assert {f.create.partition(".")[0] for f in descriptor.fields if f.create[:1] not in {"", "("}} - creates == set()
    # What is planned, or told as a change, is not sent under this name.
    planned = {u.call.operation for u in descriptor.updates if u.plan}
    sent = [
        f
        for f in descriptor.fields
        if f.modify[:1] not in {"", "("} and not f.change and (f.via or first(descriptor)) not in planned
    ]
    assert {f.modify.partition(".")[0] for f in sent} - updates == set()


@EACH
def test_every_path_of_a_descriptor_is_jmespath(descriptor: Descriptor) -> None:
    paths = [f.read for f in descriptor.fields if f.read] + [s.read for s in descriptor.shown]
    paths += [*descriptor.connection.values(), descriptor.identity]

    found = {path: search(path, {"id": "i", "region": "r", "partition": "p", "account": "1"}) for path in paths}

    assert set(found) == set(paths)


@EACH
def test_every_call_of_a_descriptor_exists(descriptor: Descriptor, session: Any) -> None:
    known = {
        name.lower() for name in session.get_service_model(descriptor.client or descriptor.service).operation_names
    }
    calls = [read.call for read in descriptor.reads] + [create.call for create in descriptor.creates]
    calls += [update.call for update in descriptor.updates] + [*descriptor.after, *descriptor.delete.before]
    calls += [descriptor.delete.call]

    assert {call.operation.replace("_", "") for call in calls} - known == set()


@EACH
def test_no_field_is_named_twice(descriptor: Descriptor) -> None:
    names = [field.name for field in descriptor.fields]

    assert len(names) == len(set(names))
