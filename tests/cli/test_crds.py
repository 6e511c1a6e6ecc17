"""The CRDs in the repository are those that the models say."""

from pathlib import Path

import pytest
import yaml

from crosshead.base import objects
from crosshead.cli import crds

FOLDER = Path(__file__).parents[2] / "crds"
MADE = {crds.file_name(crd): crds.text(crd) for crd in crds.all_crds()}


@pytest.mark.parametrize("name", sorted(MADE))
def test_a_file_is_fresh(name):
    assert (FOLDER / name).read_text(encoding="utf-8") == MADE[name], "stale: run `make crds`"


def test_there_is_no_file_too_many():
    assert {path.name for path in FOLDER.glob("*.yaml")} == set(MADE)


def test_no_two_kinds_have_one_file():
    assert len(MADE) == len(crds.all_crds())


def test_the_files_are_written_into_a_folder_that_need_not_exist(tmp_path):
    written = crds.write_crds(tmp_path / "new")

    assert {path.name: path.read_text(encoding="utf-8") for path in written} == MADE


def test_a_file_reads_back_as_the_crd():
    crd = crds.all_crds()[0]

    assert yaml.safe_load(crds.text(crd)) == crd
    assert objects.name(crd) == "compositeresourcedefinitions.apiextensions.crossplane.io"
