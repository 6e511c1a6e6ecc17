"""
The built-in functions: which there are, for which packages they stand in, and where their code is.

A built-in is a module `NAME` of `crosshead.compose.functions` (pure ones) or of `crosshead.functions` that has a
`run(request) -> Response`. It is imported when it is first needed: most compositions need two of them.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
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

_READS_FILES: Final = frozenset({"function-go-templating"})
# In this order: here is what gives a pure one more than it has.
_ROOMS: Final = ("crosshead.functions", "crosshead.compose.functions")
_PURE: Final = _ROOMS[1]
# Go's templates without sprig know neither clock nor dice.
_AS_GOOD_AS_PURE: Final = frozenset({"function-status-transformer"})
# What registries and dependency resolution put before a function's own name.
_PREFIXES: Final = ("crossplane-contrib-", "upbound-", "crossplane-", "crosshead-")


class BuiltIns:
    """
    The built-ins that may be used.

    :param table: the names of packages and the modules that stand in for them; those that do not exist are left out.
    :param scripts: whether those in `SCRIPTS` are among them.
    :param without: the names of those that are not.
    :param templates: the folder that templates may be read below; without one they cannot be read from files.
    """

    def __init__(
        self,
        table: Mapping[str, str] = WELL_KNOWN,
        *,
        scripts: bool = False,
        without: Collection[str] = (),
        templates: Path | None = None,
    ) -> None:
        self._templates = templates
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

    def is_pure(self, name: str) -> bool:
        """Whether the built-in *name* answers the same request in the same way, always: it knows no clock, no dice."""
        return name in _AS_GOOD_AS_PURE or self._modules[name].startswith(f"{_PURE}.")

    def get(self, name: str) -> BuiltIn:
        """Return the built-in *name*, which must be one of `names`."""
        run: Callable[..., Response] = import_module(self._modules[name]).run
        return partial(run, root=self._templates) if name in _READS_FILES else run


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
