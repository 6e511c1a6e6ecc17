import pytest

from crosshead.base.errors import AbsentError
from crosshead.base.objects import Kind
from crosshead.kube.discovery import LEASE, Discovery, Resource, group_path, is_built_in
from tests.kube.things import DISCOVERED, THING, crd, thing


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def discovery(asked: list[str]) -> Discovery:
    def read(path: str) -> dict[str, object]:
        asked.append(path)
        return DISCOVERED

    return Discovery(read)


def test_the_kinds_we_use_ourselves_are_known(discovery, asked):
    assert discovery.find(LEASE) == Resource(LEASE, "leases", namespaced=True)
    assert is_built_in(LEASE)
    assert asked == []


def test_other_kinds_are_asked_for_once(discovery, asked):
    assert discovery.find(THING) == discovery.find(THING) == Resource(THING, "things", namespaced=True)
    assert asked == ["/apis/example.org/v1"]


def test_what_was_forgotten_is_asked_for_again(discovery, asked):
    discovery.find(THING)

    discovery.forget(THING)
    discovery.find(THING)

    assert len(asked) == 2


def test_a_crd_says_it_for_free_until_it_is_gone(discovery, asked):
    other = crd()
    other["spec"]["names"]["plural"] = "thingies"

    discovery.learn(None, other)
    assert discovery.find(THING).plural == "thingies"
    assert asked == []

    discovery.learn(other, None)
    assert discovery.find(THING).plural == "things"


def test_what_is_no_crd_says_nothing(discovery):
    discovery.learn(None, thing())
    discovery.learn(None, None)

    assert discovery._crds == {}


def test_a_kind_that_nobody_serves_is_absent(discovery):
    with pytest.raises(AbsentError, match=r"serves no kind 'Nope' in 'example\.org/v1'"):
        discovery.find(Kind("example.org/v1", "Nope"))


@pytest.mark.parametrize(
    ("where", "path"),
    [
        pytest.param({}, "/apis/example.org/v1/things", id="all"),
        pytest.param({"name": "a", "namespace": "n"}, "/apis/example.org/v1/namespaces/n/things/a", id="one"),
        pytest.param(
            {"name": "a", "namespace": "n", "subresource": "status"},
            "/apis/example.org/v1/namespaces/n/things/a/status",
            id="its status",
        ),
        pytest.param(
            {"name": "a/b?c", "namespace": "n"}, "/apis/example.org/v1/namespaces/n/things/a%2Fb%3Fc", id="odd"
        ),
    ],
)
def test_a_path_leads_to(where, path):
    assert Resource(THING, "things", namespaced=True).path(**where) == path


def test_the_path_of_a_cluster_scoped_object_has_no_namespace():
    assert Resource(THING, "things", namespaced=False).path("a", "n") == "/apis/example.org/v1/things/a"


def test_the_core_group_has_a_root_of_its_own():
    assert group_path("v1") == "/api/v1"


def test_a_resource_knows_the_name_of_its_crd():
    assert Resource(THING, "things", namespaced=True).crd == "things.example.org"
