"""A request for function-go-templating is answered as the real function answers it, texts of errors included."""

import pytest

from crosshead.compose import numbers
from crosshead.functions import go_templating, wire
from tests.conformance import copies

ROWS = copies.rows("gotemplating")

CONFIG_MAP = """apiVersion: v1
kind: ConfigMap
metadata:
  annotations:
    {{{{ setResourceNameAnnotation "{name}" }}}}
"""
HIDDEN = '{{ fail "this must not be read" }}'
FILES = {
    "templates/a.yaml": '{{ define "lbl" }}app: x{{ end }}' + CONFIG_MAP.format(name="a") + "data: {f: a}\n",
    "templates/b.yaml": CONFIG_MAP.format(name="b") + '  labels: { {{ include "lbl" . }} }\n',
    "templates/sub/c.txt": CONFIG_MAP.format(name="c"),
    "templates/.hidden.yaml": HIDDEN,
    "templates/.git/d.yaml": HIDDEN,
    "empty/.keep": "",
}


@pytest.fixture(scope="module")
def disk(tmp_path_factory):
    """The disk that the function had when it was asked."""
    root = tmp_path_factory.mktemp("disk")
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def told(response, row):
    """Return *response* as it can be compared: numbers by value, and of unstable texts what does not vary."""
    written = wire.response_to_json(response)
    results = written.get("results", [])
    if row.get("unstable"):
        results = [{**result, "message": result["message"].partition("json:")[0]} for result in results]
    return numbers.doubled({**written, "results": results})


@pytest.mark.parametrize("row", copies.parameters(ROWS, "gotemplating"))
def test_the_answer_is_the_functions(row, disk):
    answered = go_templating.run(wire.request_from_json(row["request"]), disk)

    assert told(answered, row) == told(wire.response_from_json(row["response"]), row)
