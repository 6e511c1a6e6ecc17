import pytest

from crosshead.compose import patch_reading
from crosshead.compose.dialects import Dialect
from crosshead.compose.functions import patch_and_transform_sinks as sinks
from crosshead.compose.functions.patch_and_transform_sinks import Sink
from crosshead.compose.patches import PatchError

OBJECT = {"kind": "K", "n": 3, "list": [1]}
SOURCE = {"n": 3, "list": [1], "word": "w"}


def patch(source, target, policy="Replace"):
    raw = {"fromFieldPath": source, "toFieldPath": target, "policy": {"toFieldPath": policy}}
    return patch_reading.read(raw, Dialect.FUNCTION)


def test_what_is_read_from_a_request_are_doubles():
    assert repr(sinks.reader(SOURCE)("n")) == "3.0"


def test_numbers_of_a_request_are_doubles_until_something_is_written():
    sink = Sink.of_request(OBJECT)
    before = repr(sink.get("n"))

    sink.apply(patch("word", "w"), sinks.reader(SOURCE))

    assert (before, repr(sink.get("n"))) == ("3.0", "3")


@pytest.mark.parametrize(
    ("sink", "appended"),
    [
        pytest.param(Sink.of_request(OBJECT), [1, 1], id="to a list of doubles, which equals no integer"),
        pytest.param(Sink({**OBJECT, "list": [1]}), [1], id="to a list of integers, which has it"),
    ],
)
def test_what_is_appended_depends_on_the_kind_of_number(sink, appended):
    sink.apply(patch("list", "list", "AppendArray"), sinks.reader(SOURCE))

    assert sink.result()["list"] == appended


def test_the_object_of_a_request_stays_as_it_is():
    obj = {"kind": "K", "spec": {"a": 1}}
    sink = Sink.of_request(obj)

    sink.apply(patch("n", "spec.a"), sinks.reader({"n": 2}))

    assert obj == {"kind": "K", "spec": {"a": 1}}
    assert sink.result() == {"kind": "K", "spec": {"a": 2}}


@pytest.mark.parametrize(
    ("target", "words"),
    [
        pytest.param(
            "kind", """cannot patch to object: Object 'Kind' is missing in '{"kind":3,"list":[1]}'""", id="to one place"
        ),
        pytest.param("[*]", """Object 'Kind' is missing in '{"kind":3,"list":3}'""", id="wherever a wildcard leads"),
    ],
)
def test_an_object_without_kind_cannot_be(target, words):
    with pytest.raises(PatchError) as caught:
        Sink({"kind": "K", "list": [1]}).apply(patch("n", target), sinks.reader(SOURCE))

    assert str(caught.value) == words


@pytest.mark.parametrize(
    ("draft", "observed", "named"),
    [
        pytest.param({}, {"metadata": {"name": "n"}}, {"metadata": {"name": "n"}}, id="a name"),
        pytest.param(
            {"metadata": {"namespace": "old", "labels": {}}},
            {"metadata": {"name": "n"}},
            {"metadata": {"name": "n", "labels": {}}},
            id="a name, and no namespace",
        ),
        pytest.param({"metadata": {"name": "old"}}, {}, {"metadata": {}}, id="no name"),
        pytest.param({}, {"metadata": {"name": 3}}, {}, id="a name that is none"),
        pytest.param({}, {"metadata": "x"}, {}, id="metadata that are none"),
        pytest.param({"metadata": "x"}, {"metadata": {"name": "n"}}, {"metadata": "x"}, id="nowhere to put it"),
    ],
)
def test_what_exists_keeps_its_name(draft, observed, named):
    sink = Sink(draft)

    sink.name_as(observed)

    assert sink.result() == named
