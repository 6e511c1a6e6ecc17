"""
Messages with groups of a regular expression in them, in the part of Go's templates that such messages use.

Fields (`{{ .Code }}`), text in quotes, integers, `print` and `printf`, pipes, comments, and the trimming of white
space. Whoever needs the rest of Go's templates hands `status_transformer.run` a renderer that knows them.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from crosshead.base import gofmt, goquotes
from crosshead.base.values import Json

Groups: TypeAlias = Mapping[str, str]
# Makes a message of a template and the groups; raises `MessageError`.
Renderer: TypeAlias = Callable[[str, Groups], str]

_ACTION: Final = re.compile(
    r"""\{\{(?P<left>-\s)?\s*
        (?:/\*.*?\*/ | (?P<body>(?:"(?:[^"\\\n]|\\.)*" | `[^`]*` | (?!\s-?\}\}|\}\})[^"`])*) )
        \s*?(?P<right>\s-)?\}\}""",
    re.DOTALL | re.VERBOSE,
)
_WORD: Final = re.compile(
    r"""\s*(?:(?P<field>(?:\.\w+)+) | (?P<dot>\.) | (?P<text>"(?:[^"\\\n]|\\.)*") | `(?P<raw>[^`]*)`
        | (?P<number>-?[0-9]{1,18})(?![0-9]) | (?P<name>\w+) | (?P<pipe>\|))\s*""",
    re.VERBOSE,
)
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}


class MessageError(ValueError):
    """A template that cannot be parsed or executed."""


def render(template: str, groups: Groups) -> str:
    """Return *template* with the values of *groups* in it."""
    return "".join(_pieces(template, groups))


def _pieces(template: str, groups: Groups) -> Iterator[str]:
    at, trims = 0, False
    while (opening := template.find("{{", at)) >= 0:
        action = _ACTION.match(template, opening)
        if action is None:
            raise _unparsed(template, opening, "unclosed action")
        yield _trimmed(template[at:opening], left=trims, right=bool(action["left"]))
        if action["body"] is not None:
            yield _printed(_Action(template, action.start("body"), action["body"]).value(groups))
        at, trims = action.end(), bool(action["right"])
    yield _trimmed(template[at:], left=trims, right=False)


def _unparsed(template: str, at: int, why: str) -> MessageError:
    return MessageError(f"cannot parse template: template: :{template.count(chr(10), 0, at) + 1}: {why}")


def _trimmed(text: str, *, left: bool, right: bool) -> str:
    text = text.lstrip(" \t\r\n") if left else text
    return text.rstrip(" \t\r\n") if right else text


def _printed(value: Json) -> str:
    return "<no value>" if value is None else gofmt.sprintf("%v", value)


class _Action:
    """What stands between `{{` and `}}`: commands, each of which gets the value of the one before."""

    def __init__(self, template: str, start: int, body: str) -> None:
        self.template = template
        self.start = start
        self.commands: list[list[re.Match[str]]] = [[]]
        at = start
        while at < start + len(body):
            word = _WORD.match(template, at, start + len(body))
            if word is None:
                raise self._refused(f"unexpected {goquotes.quote(template[at])} in command")
            if word["pipe"]:
                self.commands.append([])
            else:
                self.commands[-1].append(word)
            at = word.end()

    def _refused(self, why: str) -> MessageError:
        return _unparsed(self.template, self.start, why)

    def value(self, groups: Groups) -> Json:
        """Return what the last command gives."""
        piped: tuple[Json, ...] = ()
        for words in self.commands:
            if not words:
                raise self._refused("missing value for command")
            piped = (self._run(words, piped, groups),)
        return piped[0]

    def _run(self, words: Sequence[re.Match[str]], piped: tuple[Json, ...], groups: Groups) -> Json:
        first, *rest = words
        if not first["name"]:
            if rest or piped:
                raise self._refused(f"can't give argument to non-function {first[0].strip()}")
            return self._operand(first, groups)
        arguments = [*(self._operand(word, groups) for word in rest), *piped]
        match first["name"]:
            case "print":
                return "".join(map(_shown, arguments))
            case "printf" if arguments and isinstance(arguments[0], str):
                return gofmt.sprintf(arguments[0], *arguments[1:])
            case "printf":
                raise self._refused("wrong number or type of args for printf")
            case name:
                raise self._refused(f"function {goquotes.quote(name)} not defined")

    def _operand(self, word: re.Match[str], groups: Groups) -> Json:
        match word.lastgroup:
            case "field":
                return self._field(word, groups)
            case "dot":
                return dict(groups)
            case "text":
                return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[0]), word["text"][1:-1])
            case "raw":
                return word["raw"]
            case "number":
                return int(word["number"])
            case _:
                raise self._refused(f"function {goquotes.quote(word['name'])} not defined")

    def _field(self, word: re.Match[str], groups: Groups) -> Json:
        first, *further = word["field"][1:].split(".")
        value = groups.get(first)
        if value is None or not further:
            return value
        at = word.start("field") + len(first) + 1
        line, column = self.template.count("\n", 0, at) + 1, at - max(self.template.rfind("\n", 0, at), 0)
        where = f"template: :{line}:{column}: executing {goquotes.quote('')} at <{word['field']}>"
        raise MessageError(f"cannot execute template: {where}: can't evaluate field {further[0]} in type string")


def _shown(value: Json) -> str:
    return gofmt.sprintf("%v", value)
