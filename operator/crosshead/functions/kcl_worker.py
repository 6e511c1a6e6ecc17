"""
The process in which KCL programs run: `functions.workers` starts it, with nothing but the standard library and kcl-lib.

Before the first program it gives up opening files and sockets; programs that import what reaches the disk are refused
as well, for some of that needs no open file.
"""

import json
import resource
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from kcl_lib import api  # type: ignore[import-untyped]

_LENGTH: Final = 8
_MEMORY: Final = 1 << 30
_FILE: Final = "main.k"
# All that KCL brings along but `file`.
ALLOWED: Final = frozenset(
    {
        *("base32", "base64", "collection", "crypto", "datetime", "json", "manifests"),
        *("math", "net", "regex", "runtime", "template", "units", "yaml"),
    }
)


def main() -> None:
    """Answer questions until there are none."""
    said, sys.stdout = sys.stdout.buffer, sys.stderr
    answer({"source": "warm = [1]", "params": {}})
    give_up_the_outside()
    reply(said, b"")
    while length := sys.stdin.buffer.read(_LENGTH):
        question = json.loads(sys.stdin.buffer.read(int.from_bytes(length)))
        reply(said, json.dumps(answer(question)).encode())


def reply(said: BinaryIO, text: bytes) -> None:
    """Write one answer."""
    said.write(len(text).to_bytes(_LENGTH) + text)
    said.flush()


def give_up_the_outside() -> None:
    """Have no file but the three that are open, and no more memory than a program deserves."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def answer(question: dict[str, Any]) -> dict[str, Any]:
    """Return the documents that the program makes, or the error that ended it."""
    program = api.API()
    try:
        forbidden = sorted(set(imports(program, question["source"])) - ALLOWED)
        if forbidden:
            return {"error": f"import of {forbidden[0]}: only KCL's own modules that reach no files can be imported"}
        done = program.exec_program(arguments(question))
    except Exception as error:  # noqa: BLE001 (kcl-lib raises nothing else)
        return {"error": str(error).strip()}
    return {"error": done.err_message.strip()} if done.err_message else {"documents": done.json_result}


def arguments(question: dict[str, Any]) -> api.ExecProgramArgs:
    """Return what runs the program with its parameters."""
    params = api.Argument(name="params", value=json.dumps(question["params"]))
    return api.ExecProgramArgs(k_filename_list=[_FILE], k_code_list=[question["source"]], args=[params])


def imports(program: api.API, source: str) -> Iterator[str]:
    """Yield what *source* imports, wherever it does."""
    yield from _imports(json.loads(program.parse_file(api.ParseFileArgs(path=_FILE, source=source)).ast_json))


def _imports(node: Any) -> Iterator[str]:  # noqa: ANN401 (a syntax tree as JSON)
    if isinstance(node, list):
        for item in node:
            yield from _imports(item)
    elif isinstance(node, dict):
        if node.get("type") == "Import":
            yield ("." if node.get("rawpath", "").startswith(".") else "") + str(node["path"]["node"])
        for item in node.values():
            yield from _imports(item)


if __name__ == "__main__":
    main()
