"""
Where the tables of Crossplane's observed behaviour are, and how they are read.

They live beside the repository, not in it. Without them the tests that read them say so in one line and are left
out; under CI their absence is a failure.
"""

import json
import os
from pathlib import Path

import pytest

HOME = Path(__file__).parents[3] / "shared" / "conformance"


def documents(folder):
    """Return the content of each JSON file in *folder*."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(find(folder).glob("*.json"))]


def rows(file):
    """Return the rows of the JSON Lines *file*. Lines end with a line feed only: texts may hold other separators."""
    return [json.loads(line) for line in find(file).read_text(encoding="utf-8").split("\n") if line]


def find(name):
    """Return where *name* is."""
    path = HOME / name
    if path.exists():
        return path
    message = f"the conformance tables are not here (../shared/conformance/{name}): these tests are left out"
    if os.environ.get("CI") == "true":
        pytest.fail(message, pytrace=False)
    pytest.skip(message, allow_module_level=True)
