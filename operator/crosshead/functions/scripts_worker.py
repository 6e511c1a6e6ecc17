"""
The process in which Python scripts of compositions run: `functions.workers` starts it where people ask for scripts.

It is no sandbox. It keeps a script out of the operator's memory, credentials and environment, and lets it be ended.
"""

import asyncio
import inspect
import os
import resource
from collections.abc import Callable, Coroutine, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any, BinaryIO, Final

from crossplane.function import response
from crossplane.function.proto.v1 import run_function_pb2 as fnv1

_LENGTH: Final = 8
_MEMORY: Final = 1 << 30
_VERBS: Final = ("compose", "operate")


def main() -> None:
    """Answer questions until there are none."""
    asked, said = apart(0, "rb"), apart(1, "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    reply(said, b"")
    while length := asked.read(_LENGTH):
        reply(said, answer(asked.read(int.from_bytes(length))))


def apart(stream: int, mode: str) -> BinaryIO:
    """Return a standard stream that scripts cannot disturb by printing or reading."""
    return os.fdopen(os.dup(stream), mode)  # type: ignore[return-value] # binary by its mode


def reply(said: BinaryIO, text: bytes) -> None:
    """Write one answer."""
    said.write(len(text).to_bytes(_LENGTH) + text)
    said.flush()


def answer(question: bytes) -> bytes:
    """Return the response of the function whose name stands before the request."""
    name, _, raw = question.partition(b"\n")
    request = fnv1.RunFunctionRequest.FromString(raw)
    try:
        return asyncio.run(_FUNCTIONS[name.decode()](request)).SerializeToString()
    except (Exception, SystemExit) as error:  # noqa: BLE001 (a script may do anything)
        return refuse(request, f"the script failed: {type(error).__name__}: {error}").SerializeToString()


async def python(request: fnv1.RunFunctionRequest) -> fnv1.RunFunctionResponse:
    """Run the script's `compose` or `operate`, as function-python does."""
    if "script" not in request.input:
        return refuse(request, "missing script")
    script = ModuleType("script")
    exec(compile(str(request.input["script"]), "script", "exec"), script.__dict__)  # noqa: S102 (that is what it is for)
    verbs = [verb for verb in _VERBS if hasattr(script, verb)]
    if len(verbs) != 1:
        return refuse(request, "script must define exactly one function: compose or operate")
    answered = response.to(request)
    outcome = getattr(script, verbs[0])(request, answered)
    if inspect.isawaitable(outcome):
        await outcome
    return answered


async def pythonic(request: fnv1.RunFunctionRequest) -> fnv1.RunFunctionResponse:
    """Let crossplane-function-pythonic itself answer."""
    try:
        function = import_module("crossplane.pythonic.function")
    except ImportError:
        return refuse(request, "the Python package crossplane-function-pythonic is not installed beside the operator")
    answered: fnv1.RunFunctionResponse = await function.FunctionRunner().RunFunction(request, None)
    return answered


def refuse(request: fnv1.RunFunctionRequest, message: str) -> fnv1.RunFunctionResponse:
    """Return the response that only says what is wrong."""
    answered = response.to(request)
    response.fatal(answered, message)
    return answered


_FUNCTIONS: Final[Mapping[str, Callable[[fnv1.RunFunctionRequest], Coroutine[Any, Any, fnv1.RunFunctionResponse]]]] = {
    "python": python,
    "pythonic": pythonic,
}


if __name__ == "__main__":
    main()
