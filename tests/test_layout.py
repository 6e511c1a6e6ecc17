"""The repository keeps its shape, and nothing in it points at the machine it was written on."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from crosshead.cli import settings

ROOT = Path(__file__).parents[1]
TOP_LEVEL = (
    "operator",
    "crds",
    "compositions",
    "examples",
    "tests",
    "docs",
    "deploy",
    "bench",
    "Dockerfile",
    "pyproject.toml",
    "Makefile",
    "README.md",
    "CHANGELOG.md",
    "LICENSE",
    ".ci/run",
)
# Spelt in pieces, so that this file passes its own test.
FOREIGN = re.compile(
    r"https?://(?:[\w.-]+\.)?(?:py[p]i|pythonho[s]ted|npmjs|proxy\.golang)\.(?:org|com)"
    r"|index-url[= ]https?:"
    r"|(?<![\w.:$~}-])/(?:work|root|home/\w+)/"
)


def tracked() -> list[Path]:
    """Return the text files that are in the repository, or would be after `git add .`."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for name in listing.stdout.splitlines() if (path := ROOT / name).is_file() and is_text(path)]


def is_text(path: Path) -> bool:
    return b"\0" not in path.read_bytes()[:4096]


def manifests() -> list[Path]:
    folders = ("compositions", "crds", "deploy", "examples")
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.yaml"))


def documents() -> list[Path]:
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("name", TOP_LEVEL)
def test_the_top_level_is_as_announced(name):
    assert (ROOT / name).exists()


def test_the_folder_operator_is_not_a_package():
    """With an `__init__.py` it would shadow the standard library's `operator` and break Python itself."""
    assert not (ROOT / "operator/__init__.py").exists()


def test_every_folder_of_the_package_is_a_package():
    folders = {path.parent for path in (ROOT / "operator/crosshead").rglob("*.py")}

    assert {str(folder.relative_to(ROOT)) for folder in folders if not (folder / "__init__.py").exists()} == set()


def test_no_file_names_a_package_registry_or_a_path_of_one_machine():
    texts = {str(path.relative_to(ROOT)): path.read_text(errors="replace") for path in tracked()}

    found = {name: match.group() for name, text in texts.items() if (match := FOREIGN.search(text))}

    assert found == {}


@pytest.mark.parametrize("script", [".ci/run", "requirements/install.sh"])
def test_scripts_can_be_run_and_stop_at_the_first_failure(script):
    path = ROOT / script

    assert path.stat().st_mode & 0o111
    assert "set -euo pipefail" in path.read_text()


@pytest.mark.parametrize("path", manifests(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_manifest_is_a_list_of_whole_objects(path):
    documents = list(yaml.safe_load_all(path.read_text()))

    assert documents != []
    assert [d for d in documents if not {"apiVersion", "kind"} <= d.keys()] == []


@pytest.mark.parametrize("path", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda path: path.stem)
def test_every_requirement_is_pinned_and_hashed(path):
    text = path.read_text().replace("\\\n", " ")

    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]

    assert [line for line in lines if "==" not in line or "--hash=sha256:" not in line] == []


@pytest.mark.parametrize("setting", settings.SETTINGS, ids=lambda setting: setting.flag)
def test_the_reference_tells_every_setting_with_its_default(setting):
    reference = (ROOT / "docs/reference/operator.md").read_text()

    assert f"| `--{setting.flag}` | {setting.default} | `{setting.variable}` |" in reference


@pytest.mark.parametrize("path", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(path):
    links = re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text())

    assert [link for link in links if not (path.parent / link).exists()] == []
