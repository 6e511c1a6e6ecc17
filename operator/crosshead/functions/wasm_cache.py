"""
Compile WebAssembly modules once: the native code is kept in a folder that nobody else can write.

What stands there is run as it is, so a folder or file that others could have written is refused, never repaired.
"""

import hashlib
import logging
import os
import stat
import tempfile
from importlib.metadata import version
from pathlib import Path
from platform import machine
from typing import Final

from wasmtime import Engine, Module, WasmtimeError

from crosshead.base.errors import StalledError

REASON: Final = "RunFunction"
_PRIVATE: Final = 0o700
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO

_log = logging.getLogger(__name__)


def default_folder() -> Path:
    """Return where compiled modules are kept on this machine. A relative path in the variable is ignored."""
    given = os.environ.get("XDG_CACHE_HOME", "")
    root = Path(given) if given.startswith("/") else Path.home() / ".cache"
    return root / "crosshead" / "wasm"


def load(engine: Engine, wasm: Path, folder: Path) -> Module:
    """
    Return the module *wasm* ready to run, from *folder* when it has been compiled before.

    Raises `StalledError` when *folder* or what it holds is not ours alone. Where nothing can be written the module
    is compiled for this process only.
    """
    code = wasm.read_bytes()
    kept = folder / f"{_key(code)}.cwasm"
    known = _known(engine, kept)
    if known:
        return known
    _log.info("compiling %s, which takes some seconds, once", wasm.name)
    module = Module(engine, code)
    _keep(bytes(module.serialize()), kept)
    return module


def _key(code: bytes) -> str:
    """Native code is bound to the module, to the version that compiled it, and to the kind of processor."""
    return hashlib.sha256(b"\0".join((code, version("wasmtime").encode(), machine().encode()))).hexdigest()[:32]


def _known(engine: Engine, kept: Path) -> Module | None:
    if not kept.exists():
        return None
    _refuse_unless_ours(kept.parent)
    _refuse_unless_ours(kept)
    try:
        return Module.deserialize_file(engine, str(kept))
    except WasmtimeError:  # a processor that lacks something, or a file cut short
        _log.warning("%s cannot be used here", kept)
        return None


def _keep(native: bytes, kept: Path) -> None:
    try:
        kept.parent.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        _refuse_unless_ours(kept.parent)
        _write(native, kept)
    except OSError as error:
        _log.warning("cannot keep compiled code in %s (%s): every start compiles it again", kept.parent, error.strerror)


def _write(native: bytes, kept: Path) -> None:
    """Write whole or not at all; `mkstemp` gives a file that only its owner can read and write."""
    handle, draft = tempfile.mkstemp(dir=kept.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(native)
        Path(draft).replace(kept)
    except OSError:
        Path(draft).unlink(missing_ok=True)
        raise


def _refuse_unless_ours(path: Path) -> None:
    status = path.lstat()
    if stat.S_ISLNK(status.st_mode) or status.st_uid != os.geteuid() or status.st_mode & _OTHERS:
        message = f"compiled code is not taken from {path}: it must be ours, no link, and closed to others (chmod go=)"
        raise StalledError(REASON, message)
