"""
Expressions of the Common Expression Language over a request, checked and evaluated by Google's own C++ runtime.

That has the type checker of the Go runtime that Crossplane's functions use, and nearly its words: where they differ
the words of Go are put in their place. `observed` and `desired` are messages of the protocol, so their fields are
spelt as in the .proto file; `context` is an object. Importing this costs 0.1 s: only for those who need it.
"""

import re
from dataclasses import dataclass
from enum import Enum
from functools import cache, lru_cache
from typing import Any, Final

from cel_expr_python import cel as runtime  # type: ignore[import-untyped] # it ships stubs, but no py.typed
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory, struct_pb2

from crosshead.base import regexps
from crosshead.base.regexps import RegexpError
from crosshead.base.values import Object
from crosshead.compose.protocol import Ready, Request, Resource, State

_PACKAGE: Final = "apiextensions.fn.proto.v1"
_STATE: Final = f"{_PACKAGE}.State"
_STRUCT: Final = "google.protobuf.Struct"
_READY: Final = {ready: number for number, ready in enumerate(Ready)}


class Stage(Enum):
    """What could not be done with an expression."""

    PARSE = "parse"
    CHECK = "type-check"
    EVALUATE = "evaluate"


class CelError(ValueError):
    """An expression that cannot be parsed, checked or evaluated; *stage* says which."""

    def __init__(self, stage: Stage, message: str) -> None:
        super().__init__(message)
        self.stage = stage


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression. *type* is what it gives, as Go spells it."""

    source: str
    type: str
    compiled: Any


@lru_cache(maxsize=256)
def compile(source: str) -> Expression:  # noqa: A001 (always said with the module's name)
    """Return the expression *source*, checked."""
    # The runtime does not say at which of its two stages it fails.
    _compiled(source, Stage.PARSE)
    compiled = _compiled(source, Stage.CHECK)
    return Expression(source, _type(compiled.return_type().name()), compiled)


def _compiled(source: str, stage: Stage) -> Any:  # noqa: ANN401 (the runtime's own type)
    try:
        return _environment().compile(source, disable_check=stage is Stage.PARSE)
    except RuntimeError as error:
        raise CelError(stage, _issues(source, str(error))) from error


def evaluate(expression: Expression, request: Request) -> Any:  # noqa: ANN401 (whatever the expression gives)
    """Return what *expression* gives for *request*."""
    context = _message(_STRUCT)
    context.update(request.context or {})
    data = {"observed": _state(request.observed), "desired": _state(request.desired), "context": context}
    try:
        result = expression.compiled.eval(data=data)
    except RuntimeError as error:  # more turns than the runtime allows
        raise CelError(Stage.EVALUATE, _unwrapped(str(error))) from error
    if result.type() == runtime.Type.ERROR:
        raise CelError(Stage.EVALUATE, _failure(result.value()))
    return result.value()


def _state(state: State) -> Any:  # noqa: ANN401 (a message made from a descriptor)
    message = _message(_STATE)
    if state.composite:
        _fill(message.composite, state.composite)
    for name, resource in state.resources.items():
        _fill(message.resources[name], resource)
    return message


def _fill(message: Any, resource: Resource) -> None:  # noqa: ANN401 (a message made from a descriptor)
    message.resource.update(resource.resource)
    message.connection_details.update(resource.connection_details)
    message.ready = _READY[resource.ready]


def _message(name: str) -> Any:  # noqa: ANN401 (a message made from a descriptor)
    return message_factory.GetMessageClass(_pool().FindMessageTypeByName(name))()


@cache
def _environment() -> Any:  # noqa: ANN401 (the runtime's own type)
    state = runtime.Type(_STATE)
    variables = {"observed": state, "desired": state, "context": runtime.Type(_STRUCT)}
    return runtime.NewEnv(_pool(), variables=variables)


@cache
def _pool() -> Any:  # noqa: ANN401 (protobuf's own type)
    """Return the types that expressions know: those of the protocol that hold a state, and no other."""
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(struct_pb2.DESCRIPTOR.serialized_pb)
    pool.AddSerializedFile(json_format.ParseDict(_TYPES, descriptor_pb2.FileDescriptorProto()).SerializeToString())
    return pool


def _field(name: str, number: int, type: str, type_name: str = "", *, is_repeated: bool = False) -> Object:
    label = "LABEL_REPEATED" if is_repeated else "LABEL_OPTIONAL"
    field = {"name": name, "number": number, "label": label, "type": f"TYPE_{type}"}
    return {**field, "typeName": f".{type_name}"} if type_name else field


def _map(name: str, type: str, type_name: str = "") -> Object:
    fields = [_field("key", 1, "STRING"), _field("value", 2, type, type_name)]
    return {"name": name, "options": {"mapEntry": True}, "field": fields}


_TYPES: Final = {
    "name": "crosshead/state.proto",
    "package": _PACKAGE,
    "syntax": "proto3",
    "dependency": ["google/protobuf/struct.proto"],
    "enumType": [{"name": "Ready", "value": [{"name": r.value, "number": n} for r, n in _READY.items()]}],
    "messageType": [
        {
            "name": "Resource",
            "nestedType": [_map("ConnectionDetailsEntry", "BYTES")],
            "field": [
                _field("resource", 1, "MESSAGE", _STRUCT),
                _field(
                    "connection_details", 2, "MESSAGE", f"{_PACKAGE}.Resource.ConnectionDetailsEntry", is_repeated=True
                ),
                _field("ready", 3, "ENUM", f"{_PACKAGE}.Ready"),
            ],
        },
        {
            "name": "State",
            "nestedType": [_map("ResourcesEntry", "MESSAGE", f"{_PACKAGE}.Resource")],
            "field": [
                _field("composite", 1, "MESSAGE", f"{_PACKAGE}.Resource"),
                _field("resources", 2, "MESSAGE", f"{_PACKAGE}.State.ResourcesEntry", is_repeated=True),
            ],
        },
    ],
}

_WRAPPING: Final = re.compile(r"[A-Z_]+: (.*?)(?: \[[A-Z_]+\])?", re.DOTALL)
_UNKNOWN: Final = re.compile(
    r"ERROR: <input>:(\d+):(\d+): undeclared reference to '(\w+)((?:\.\w+)+)'(.*\n)( \| .*\n \| )\.*\^"
)
_TYPE_NAMES: Final = {
    "BOOL": "bool",
    "BYTES": "bytes",
    "DOUBLE": "double",
    "DURATION": "google.protobuf.Duration",
    "DYN": "dyn",
    "INT": "int",
    "LIST": "list",
    "MAP": "map",
    "NULL": "null_type",
    "STRING": "string",
    "TIMESTAMP": "google.protobuf.Timestamp",
    "TYPE": "type",
    "UINT": "uint",
}
_FAILURES: Final = (
    (re.compile(r'Key not found in map : "?(.*?)"?'), r"no such key: \1"),
    (re.compile(r"Index error: index=(-?\d+) size=\d+"), r"index out of bounds: \1"),
    (re.compile(r"No matching overloads found : .*"), r"no such overload"),
    (re.compile(r"divide by zero"), r"division by zero"),
    (re.compile(r"cannot convert (\w+) to (\w+)"), r"type conversion error from '\1' to '\2'"),
)


def _type(told: str) -> str:
    """Return the name that Go has for a type (`list(int)`), from the one that C++ has (`LIST<INT>`)."""
    named = re.sub(r"(?<![.\w])[A-Z]+(?![.\w])", lambda found: _TYPE_NAMES.get(found[0], found[0]), told)
    return named.replace("<", "(").replace(">", ")")


def _unwrapped(told: str) -> str:
    found = _WRAPPING.fullmatch(told)
    return found[1] if found else told


def _issues(source: str, told: str) -> str:
    issues = _UNKNOWN.sub(_only_first, _unwrapped(told))
    # The end of nothing is at column 0.
    return issues if source else issues.replace("<input>:1:1:", "<input>:1:0:", 1)


def _only_first(found: re.Match[str]) -> str:
    """Blame the name before the first point of a path, where it stands, as Go does; C++ blames the whole path."""
    line, column, first, rest, told, shown = found.groups()
    at = int(column) - len(first) - len(rest.rpartition(".")[0])
    return f"ERROR: <input>:{line}:{at}: undeclared reference to '{first}'{told}{shown}{'.' * (at - 1)}^"


def _failure(told: str) -> str:
    failure = _unwrapped(told)
    for form, words in _FAILURES:
        if found := form.fullmatch(failure):
            return found.expand(words)
    return _regexp_failure(failure) if failure.startswith("invalid regular expression: ") else failure


def _regexp_failure(failure: str) -> str:
    source = failure.rpartition(": ")[2]
    try:
        regexps.compile(source)
    except RegexpError as error:
        return str(error)
    return failure
