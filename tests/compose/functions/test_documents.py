"""YAML means what it means to kubectl, and nothing that JSON cannot say."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from crosshead.compose.functions import documents
from crosshead.compose.functions.documents import Document, DocumentError, TooLargeError

BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n" for old, new in zip("abcdef", "bcdefg", strict=True)
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1), ("-7", -7), ("0", 0), ("0644", 420), ("0o10", 8), ("0x1F", 31), ("0b11", 3), ("1_000", 1000),
        ("1.5", 1.5), ("1e3", 1000.0), (".5", 0.5), ("08", 8.0),
        ("yes", True), ("Off", False), ("n", "n"), ("~", None), ("", None), ("null", None),
        ("'5'", "5"), ("1:30", "1:30"), ("2020-01-01", "2020-01-01"), ("1.2.3", "1.2.3"), (".nan", ".nan"),
        ("|\n  a\n  b\n", "a\nb\n"),
    ],
)  # fmt: skip
def test_a_scalar_is_read(text, value):
    read = documents.read(f"k: {text}")["k"]

    assert (read, type(read)) == (value, type(value))


def test_objects_and_arrays_are_read():
    assert documents.read("a: &a {k: [1, {x: y}]}\nb:\n  <<: *a\n  z: 1\n") == {
        "a": {"k": [1, {"x": "y"}]},
        "b": {"k": [1, {"x": "y"}], "z": 1},
    }


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("1: a", "line 5: the key '1' is no text: quote it"),
        ("[a]: 1", "is no text: quote it"),
        ("a: 1\na: 2", "line 6: the key 'a' is there twice"),
        ("a: !!binary aGk=", "line 5: the tag 'tag:yaml.org,2002:binary' means nothing here"),
        ("a: !!python/object/apply:os.system [x]", "means nothing here"),
        ("a: !!int x", "line 5: invalid literal"),
        ("a: .inf", "line 5: '.inf' is no number in JSON"),
        ("a: [", "line 5: expected the node content, but found '<stream end>'"),
        ("a: *b", "line 5: found undefined alias 'b'"),
        ("a: &a\n  b: *a\n", "line 5: found unconstructable recursive node"),
        ("a: \x00", "line 5: unacceptable character"),
        ("a: {b: c}}", "line 5: "),
        ("a", None),
        ("--- a\n--- b", "line 6: but found another document"),
    ],
)
def test_what_json_cannot_say_is_refused(text, complaint):
    try:
        told = str(documents.read(text, 5))
    except DocumentError as error:
        told = str(error)

    assert (complaint or "a") in told


@pytest.mark.parametrize("text", [BOMB, "[" * 5000, f"a: &a {'x' * 10_000}\nb: [{', '.join(['*a'] * 3000)}]"])
def test_what_nobody_means_is_too_large(text):
    with pytest.raises(TooLargeError):
        documents.read(text)


def test_a_text_is_many_documents():
    text = "# nothing\n---\na: 1\n---  # more\n\n\nb: 2\n---\n\n---\nc: 3"

    assert list(documents.read_all(text)) == [
        Document({"a": 1}, 3),
        Document({"b": 2}, 7),
        Document({"c": 3}, 11),
    ]


def test_what_is_wrong_in_a_later_document_is_found_where_it_is():
    with pytest.raises(DocumentError, match="line 4: expected"):
        list(documents.read_all("a: 1\n---\nb: 2\nc: ["))


@given(some.text(alphabet="ab: -[]{}&*!|>'\"%@#\n\t~0.", max_size=40))
def test_nothing_but_our_error_comes_out(text):
    try:
        value = list(documents.read_all(text))
    except DocumentError:
        value = []

    assert documents.measure([one.value for one in value])
