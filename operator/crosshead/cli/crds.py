"""`crosshead crds`: writes the CRDs of our own kinds, generated from their models and descriptors, into a folder."""

import argparse
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import yaml

from crosshead.api.compositions import composition_crd, composition_revision_crd
from crosshead.api.definitions import definition_crd
from crosshead.api.environments import environment_config_crd
from crosshead.api.nops import nop_crd
from crosshead.api.packages import deployment_runtime_config_crd, function_crd, function_revision_crd
from crosshead.api.provider_configs import provider_config_crds, provider_config_usage_crds
from crosshead.api.usages import cluster_usage_crd, namespaced_usage_crd, usage_crd
from crosshead.base import objects
from crosshead.base.values import Draft, Object

_OWN: Final[Sequence[Callable[[], Draft]]] = (
    definition_crd,
    composition_crd,
    composition_revision_crd,
    environment_config_crd,
    usage_crd,
    namespaced_usage_crd,
    cluster_usage_crd,
    function_crd,
    function_revision_crd,
    deployment_runtime_config_crd,
    nop_crd,
)

_AWS: Final = "crosshead.aws.crds"


def add_parser(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `crds` to the command line."""
    parser = words.add_parser("crds", help="write the CRDs of all kinds into a folder", description=__doc__)
    parser.add_argument("--output-dir", metavar="DIR", type=Path, required=True, help="the folder to write to")
    parser.set_defaults(handle=_handle)


def _handle(arguments: argparse.Namespace) -> int:
    for path in write_crds(arguments.output_dir):
        print(path)
    return 0


def all_crds() -> list[Draft]:
    """Return the CRDs of all our kinds: Crossplane's core, the AWS provider's configuration and its managed kinds."""
    return [*(make() for make in _OWN), *provider_config_crds(), *provider_config_usage_crds(), *_managed_crds()]


def write_crds(directory: Path) -> list[Path]:
    """Write each CRD into a file `<group>_<plural>.yaml` of *directory*, and return the files."""
    directory.mkdir(parents=True, exist_ok=True)
    return [_write(crd, directory) for crd in all_crds()]


def file_name(crd: Object) -> str:
    """Return the name of the file that holds *crd*."""
    spec = objects.spec(crd)
    return f"{spec['group']}_{spec['names']['plural']}.yaml"


def text(crd: Object) -> str:
    """Return *crd* as its file shows it."""
    return "---\n" + yaml.dump(crd, Dumper=_PlainDumper, sort_keys=False, width=120, allow_unicode=True)


def _write(crd: Object, directory: Path) -> Path:
    path = directory / file_name(crd)
    path.write_text(text(crd), encoding="utf-8")
    return path


def _managed_crds() -> list[Draft]:
    # Imported only here, because descriptors load botocore's models, which takes its time.
    if find_spec(_AWS) is None:
        return []
    crds: list[Draft] = import_module(_AWS).managed_crds()
    return crds


class _PlainDumper(yaml.SafeDumper):
    """Writes what occurs twice twice: kubectl understands YAML's anchors, people reading a CRD less so."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 (the base class's signature)
        return True
