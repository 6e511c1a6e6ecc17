"""The public compositions that the real functions rendered, and what came out: read in place, compared by meaning."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

Document = dict[str, Any]
_ANNOTATION = "crossplane.io/composition-resource-name"


@dataclass(frozen=True, slots=True)
class Round:
    """One rendering of one case: its inputs, and the documents or the error text that came out."""

    case: str
    name: str
    folder: Path
    composite: Document
    composition: Document
    functions: Sequence[Document]
    observed: Sequence[Document]
    extra: Sequence[Document]
    credentials: Sequence[Document]
    expected: Sequence[Document] | None
    error: str | None
    again: Sequence[Document]
    secrets: Sequence[Document]

    @property
    def id(self) -> str:
        """What the round is called in lists."""
        return f"{self.case}#{self.name}"

    def is_random(self, difference: str) -> bool:
        """Whether the real functions differ from themselves there: a second run of theirs shows it."""
        if not self.again or self.expected is None:
            return False
        # What is thrown dice for in one resource is in its siblings, even where the dice fell alike twice.
        found = differences(by_meaning(self.expected), by_meaning(self.again))
        return _field(difference) in {_field(one) for one in found}


def rounds(root: Path) -> Iterator[Round]:
    """Yield every round of every case that was rendered."""
    for entry in json.loads((root / "index.json").read_text()):
        folder = root / entry["case"]
        if entry["status"] not in ("ok", "error") or not (folder / "composition.yaml").exists():
            continue
        for expected in sorted([*folder.glob("expected-*.yaml"), *folder.glob("expected-error*.txt")]):
            yield _round(entry["case"], folder, expected)


def _round(case: str, folder: Path, expected: Path) -> Round:
    name = expected.stem.removeprefix("expected-").removeprefix("error").removeprefix("-") or "1"
    failed = expected.suffix == ".txt"
    return Round(
        case=case,
        name=name,
        folder=folder,
        composite=_documents(_first(folder, _composites(name)))[0],
        composition=_documents(folder / "composition.yaml")[0],
        functions=_documents(folder / "functions.yaml"),
        observed=_documents(folder / _observed(name)),
        extra=_documents(folder / "extra.yaml"),
        credentials=_documents(folder / "credentials.yaml"),
        expected=None if failed else _documents(expected),
        error=expected.read_text() if failed else None,
        again=_documents(folder / f"again-{name}.yaml"),
        secrets=_documents(folder / f"connection-secrets-{name}.yaml"),
    )


def _composites(name: str) -> Sequence[str]:
    return (f"xr-{name}.yaml", "xr.yaml")


def _observed(name: str) -> str:
    return {"2": "observed.yaml", "3": "observed-3.yaml"}.get(
        name, f"observed-{name}.yaml" if "own" in name else "none"
    )


def _first(folder: Path, names: Sequence[str]) -> Path:
    return next(folder / name for name in names if (folder / name).exists())


def _documents(path: Path) -> list[Document]:
    if not path.exists():
        return []
    return [d for d in yaml.load_all(path.read_text(), yaml.CSafeLoader) if d]


def resource_name(document: Document) -> str:
    """Return what a composed resource is called in its composition, empty for other documents."""
    annotations = (document.get("metadata") or {}).get("annotations") or {}
    return str(annotations.get(_ANNOTATION) or "")


def by_meaning(documents: Sequence[Document]) -> dict[str, Document]:
    """Return *documents* by what they are."""
    found: dict[str, Document] = {}
    for index, document in enumerate(documents):
        named = resource_name(document)
        key = f"composed {named}" if named else document["kind"]
        found[f"{key} {index}" if document["kind"] == "Result" or key in found else key] = document
    return found


def differences(expected: Any, found: Any, path: str = "") -> list[str]:
    """Return where *found* differs from *expected*, as a reader wants it told."""
    if isinstance(expected, dict) and isinstance(found, dict):
        keys = sorted(expected.keys() | found.keys(), key=str)
        return [line for key in keys for line in _difference(expected, found, key, path)]
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        return [
            line
            for i, (a, b) in enumerate(zip(expected, found, strict=True))
            for line in differences(a, b, f"{path}[{i}]")
        ]
    return [] if _same(expected, found) else [f"{path}: expected {expected!r}, found {found!r}"]


def _field(difference: str) -> str:
    """Return the path of a difference below its document."""
    return difference.partition(":")[0].lstrip(".").partition(".")[2]


def _difference(expected: Document, found: Document, key: Any, path: str) -> list[str]:
    if key not in found:
        return [f"{path}.{key}: missing, expected {expected[key]!r}"]
    if key not in expected:
        return [f"{path}.{key}: not expected, found {found[key]!r}"]
    return differences(expected[key], found[key], f"{path}.{key}")


def _same(one: Any, other: Any) -> bool:
    return one == other and isinstance(one, bool) == isinstance(other, bool)
