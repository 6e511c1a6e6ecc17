"""
The built-in functions: which there are, for which packages they stand in, and where their code is.

A built-in is a module `NAME` of `crosshead.compose.functions` (pure ones) or of `crosshead.functions` that has a
`run(request) -> Response`. It is imported when it is first needed: most compositions need two of them.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Final

from crosshead.compose.protocol import Request, Response

BuiltIn = Callable[[Request], Response]

# What a package's name ends with, and the module that stands in for it.
WELL_KNOWN: Final[Mapping[str, str]] = {
    "function-auto-ready": "auto_ready",
    "function-cel-filter": "cel_filter",
    "function-deletion-protection": "deletion_protection",
    "function-dummy": "dummy",
    "function-environment-configs": "environment_configs",
    "function-extra-resources": "extra_resources",
    "function-go-templating": "go_templating",
    "function-jinja": "jinja",
    "function-kcl": "kcl",
    "function-patch-and-transform": "patch_and_transform",
    "function-python": "python",
    "function-pythonic": "pythonic",
    "function-sequencer": "sequencer",
    "function-status-transformer": "status_transformer",
    "function-tag-manager": "tag_manager",
}
# They run whatever Python the author of a composition writes, inside the operator: only where people ask for it.
SCRIPTS: Final = frozenset({"function-python", "function-pythonic"})

_ROOMS: Final = ("crosshead.compose.functions", "crosshead.functions")
# What registries and dependency resolution put before a function's own name.
_PREFIXES: Final = ("crossplane-contrib-", "upbound-", "crossplane-", "crosshead-")


class BuiltIns:
    """
    The built-ins that may be used.

    :param table: the names of packages and the modules that stand in for them; those that do not exist are left out.
    :param scripts: whether those in `SCRIPTS` are among them.
    :param without: the names of those that are not.
    """

    def __init__(
        self, table: Mapping[str, str] = WELL_KNOWN, *, scripts: bool = False, without: Collection[str] = ()
    ) -> None:
        shut = {*without, *(() if scripts else SCRIPTS)}
        self._modules = {name: found for name, module in table.items() if name not in shut and (found := _find(module))}

    def names(self) -> Sequence[str]:
        """Return their names, sorted."""
        return sorted(self._modules)

    def find(self, package: str) -> str | None:
        """
        Return the name of the built-in that stands in for *package*, None when there is none.

        The registry and the organisation do not matter, nor does the version: mirrors are common.
        """
        name = bare_name(package)
        return name if name in self._modules else None

    def get(self, name: str) -> BuiltIn:
        """Return the built-in *name*, which must be one of `names`."""
        run: BuiltIn = import_module(self._modules[name]).run
        return run


def bare_name(package: str) -> str:
    """Return the function's own name in the reference *package*: no registry, organisation, tag, digest or prefix."""
    name = package.partition("@")[0].rpartition("/")[2].partition(":")[0]
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    return name


def _find(module: str) -> str | None:
    candidates = (f"{room}.{module}" for room in _ROOMS)
    return next((path for path in candidates if _exists(path)), None)


def _exists(path: str) -> bool:
    try:
        return find_spec(path) is not None
    except ModuleNotFoundError:  # not even its room
        return False
