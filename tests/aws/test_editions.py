"""The two families, and the two forms of blocks of which there is one."""

from dataclasses import replace

import pytest

from crosshead.aws import editions, forms
from crosshead.aws.editions import CLUSTER, NAMESPACED
from crosshead.aws.forms import Form
from crosshead.aws.kinds import ec2_routing
from crosshead.aws.kinds.s3 import KINDS
from crosshead.aws.shapes import FLAG, TEXT, Block, Member
from crosshead.base.objects import Kind
from crosshead.managed.external import Declared
from tests.aws import lives
from tests.aws.lives import Land

ENCRYPTION = next(d for d in KINDS if d.kind == "BucketServerSideEncryptionConfiguration")
SHAPES = {
    "rule": Block(
        (Member("default", "Default", Block((Member("key", "Key"),), single=True)), Member("on", "On", FLAG))
    ),
    "status": Block((Member("word", "Word", TEXT),), single=True),
    # AWS has a list, upstream one.
    "destination": Block((Member("name", "Name"),), lone=True),
    # AWS has one, upstream a list.
    "configuration": Block((Member("name", "Name"),), single=True, lone=False),
}
LISTS = {
    "rule": [{"default": [{"key": "a"}], "on": True}, {"default": []}],
    "status": [{"word": "Enabled"}],
    "destination": [{"name": "d"}],
    "configuration": [{"name": "c"}],
    "other": {"a": [1]},
}
OBJECTS = {
    "rule": [{"default": {"key": "a"}, "on": True}, {"default": None}],
    "status": {"word": "Enabled"},
    "destination": {"name": "d"},
    "configuration": [{"name": "c"}],
    "other": {"a": [1]},
}


def test_what_there_is_one_of_is_written_as_an_object_however_deep():
    assert forms.written(SHAPES, LISTS, Form.OBJECTS) == OBJECTS


@pytest.mark.parametrize("form", list(Form))
def test_what_is_in_a_form_already_stays(form):
    once = forms.written(SHAPES, LISTS, form)

    assert forms.written(SHAPES, once, form) == once


def test_objects_become_lists_of_one():
    back = forms.written(SHAPES, {k: v for k, v in OBJECTS.items() if k != "rule"}, Form.LISTS)

    assert back == {k: v for k, v in LISTS.items() if k != "rule"}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param("rule[*].default[0].key", "rule[*].default.key", id="inside a list"),
        pytest.param("status[0].word", "status.word", id="at the top"),
        pytest.param("configuration[0].name", "configuration[0].name", id="a list stays a list"),
        pytest.param("unknown[0].name", "unknown[0].name", id="what is not known"),
    ],
)
def test_paths_lose_the_index_of_what_there_is_one_of(path, expected):
    assert forms.path(SHAPES, path, Form.OBJECTS) == expected
    assert forms.path(SHAPES, path, Form.LISTS) == path


def test_the_first_version_has_lists_and_later_ones_have_objects():
    served = list(editions.of_cluster(replace(ENCRYPTION, versions=("v1beta1", "v1beta2"))))

    assert [(one.version, one.form) for one in served] == [("v1beta1", Form.LISTS), ("v1beta2", Form.OBJECTS)]


@pytest.mark.parametrize(
    ("edition", "is_known"),
    [
        pytest.param(CLUSTER, True, id="the first version"),
        pytest.param(replace(CLUSTER, version="v1beta2", form=Form.OBJECTS), False, id="a later one"),
        pytest.param(NAMESPACED, False, id="the namespaced one"),
    ],
)
def test_what_only_the_first_version_has_only_it_points_with(edition, is_known):
    route = next(one for one in ec2_routing.KINDS if one.kind == "Route")

    pointed = {one.field for one in editions.references(route, edition)}

    assert ("instanceId" in pointed) is is_known


def test_a_namespaced_kind_points_at_its_like():
    (cluster, *_), (namespaced, *_) = (editions.facts(ENCRYPTION, e).references for e in (CLUSTER, NAMESPACED))

    assert cluster.target == Kind("s3.aws.upbound.io/v1beta1", "Bucket")
    assert namespaced.target == Kind("s3.aws.m.upbound.io/v1beta1", "Bucket")


def test_a_namespaced_resource_is_lived_in_objects(land: Land, name: str) -> None:
    versioning = Kind("s3.aws.m.upbound.io/v1beta1", "BucketVersioning")
    parameters = {"region": lives.REGION, "bucket": land.bucket, "versioningConfiguration": {"status": "Enabled"}}
    declared = Declared(versioning, name, f"uid-of-{name}", "", parameters, parameters, namespace="shop")
    external = land.provider.connect(versioning, parameters, lives.config(land.url), lives.KEYS)

    created = replace(declared, external_name=external.create(declared).external_name)
    seen = external.observe(created)
    suspended = lives.changed(created, versioningConfiguration={"status": "Suspended"})
    external.update(suspended, external.observe(suspended))

    assert (seen.exists, seen.drift, seen.late) == (True, (), {})
    assert seen.at_provider["versioningConfiguration"] == {"status": "Enabled"}
    assert external.observe(suspended).at_provider["versioningConfiguration"] == {"status": "Suspended"}
    external.delete(created)


def test_a_namespaced_resource_says_in_its_tags_where_it_lives(land: Land, name: str) -> None:
    bucket = Kind("s3.aws.m.upbound.io/v1beta1", "Bucket")
    parameters = {"region": lives.REGION}
    declared = Declared(bucket, name, f"uid-of-{name}", "", parameters, parameters, namespace="shop")
    config = {**lives.config(land.url), "kind": "ClusterProviderConfig"}
    external = land.provider.connect(bucket, parameters, config, lives.KEYS)

    external.create(declared)
    tags = external.observe(declared).at_provider["tags"]

    assert tags["crossplane-kind"] == "bucket.s3.aws.m.upbound.io"
    assert tags["crossplane-namespace"] == "shop"
    assert tags["crossplane-providerconfig-kind"] == "ClusterProviderConfig"
    external.delete(declared)
