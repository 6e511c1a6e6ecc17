"""
The core in Go: Go's own templates in a WebAssembly module (`gotemplate/`, built at set-up), one host per process.

Who needs it asks; nobody else pays for importing wasmtime and loading the module (0.3 s).
"""

import threading
from functools import cache
from pathlib import Path
from typing import Final

from crosshead.base.errors import StalledError
from crosshead.functions.wasm import Host

CORE: Final = Path(__file__).parent / "gotemplate" / "gotemplate.wasm"
# Two threads that find no core yet must not both compile it.
_STARTING: Final = threading.Lock()


def core() -> Host:
    """Return the host of the core, started when it is first asked for. Raises `StalledError` when it was not built."""
    with _STARTING:
        return _started()


def prepare() -> None:
    """Compile the core into the cache of this machine, so that no composition has to wait for it."""
    core()


@cache
def _started() -> Host:
    if not CORE.exists():
        raise StalledError("RunFunction", f"the core of go-templating is not built ({CORE.name}): run `make setup`")
    return Host(CORE)
