"""What people choose about functions, for every word of the command line that runs some."""

import argparse
from pathlib import Path
from typing import Final

from crosshead.functions import registry

ALL: Final = "all"
WITHOUT_BUILT_INS: Final = (
    "built-in functions that must not run in this process, separated by commas, or `all`: "
    "their packages run where the cluster says"
)
CLIENT_CERTIFICATES: Final = (
    "folder with tls.crt, tls.key and ca.crt: who we are to functions over mutual TLS, and whom we believe"
)
TEMPLATES: Final = "folder that go-templating's `source: FileSystem` reads below, links out of it excluded"


def shut_out(text: str) -> frozenset[str]:
    """Return the names of the built-ins that *text* lists; `function-` may be left out."""
    named = [word.strip() for word in text.split(",") if word.strip()]
    if named == [ALL]:
        return frozenset(registry.WELL_KNOWN)
    found = {word: word if word in registry.WELL_KNOWN else f"function-{word}" for word in named}
    for word, name in found.items():
        if name not in registry.WELL_KNOWN:
            known = ", ".join(sorted(registry.WELL_KNOWN))
            raise argparse.ArgumentTypeError(f"there is no built-in function {word!r}: {ALL}, or some of {known}")
    return frozenset(found.values())


def folder(text: str) -> Path | None:
    """Return the folder that *text* names, None when it names none."""
    if not text:
        return None
    if not Path(text).is_dir():
        raise argparse.ArgumentTypeError(f"{text!r} is no folder")
    return Path(text)
