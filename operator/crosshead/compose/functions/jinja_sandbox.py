"""
Render Jinja templates that nobody has vouched for: no files, no network, no Python, and an end in sight.

Jinja's own sandbox keeps templates away from Python's internals. This goes further: of an object only what is named
here can be reached, there are no dice and no clock, and everything that takes time or makes something costs. When the
budget is spent the template is stopped (`jinja_budget` keeps the accounts).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from types import CodeType
from typing import Any, Final

import jinja2
from jinja2.exceptions import SecurityError
from jinja2.runtime import LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Cycler, Joiner, Namespace

from crosshead.base import gojson
from crosshead.base.encoding import normalized
from crosshead.compose.functions import documents
from crosshead.compose.functions.jinja_budget import LARGEST_TEXT, Budget, BudgetError, Watched, largest_range

_NAME: Final = "<template>"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What can be reached of a value: nothing that makes much of little (`ljust`, `format`), or changes it.
_METHODS: Final[Sequence[tuple[type, frozenset[str]]]] = (
    (
        str,
        _words(
            "capitalize casefold count endswith find isalnum isalpha isdecimal isdigit islower isnumeric isspace "
            "isupper lower lstrip partition removeprefix removesuffix rfind rpartition rsplit rstrip split splitlines "
            "startswith strip swapcase title upper"
        ),
    ),
    (dict, _words("get items keys values")),
    (list, _words("count index")),
    (tuple, _words("count index")),
)
_OWN: Final = (LoopContext, Macro, Namespace, Cycler, Joiner)
# Those of Jinja's filters that neither throw dice nor make much of little.
_FILTERS: Final = _words(
    "abs capitalize count d default dictsort first float groupby int items last length list lower map max min reject "
    "rejectattr reverse select selectattr sort sum title trim truncate unique upper wordcount"
)
# Those tests that would tell a template what there is around it.
_TESTS_LEFT_OUT: Final = frozenset(("callable", "filter", "test"))


class TemplateError(ValueError):
    """A template that cannot be read, or fails; *line* is where, counted from 1, 0 when nobody knows."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"template line {line}: {message}" if line else f"template: {message}")
        self.line = line


def render(source: str, variables: Mapping[str, Any], filters: Mapping[str, Callable[..., Any]]) -> str:
    """Return what the template *source* makes of *variables*; *filters* come on top of Jinja's harmless ones."""
    environment = _Environment(filters)
    try:
        code = _compiled(source, frozenset(filters))
        template = jinja2.Template.from_code(environment, code, environment.make_globals(dict(variables)))
        return _joined(environment, template.generate())
    except jinja2.TemplateSyntaxError as error:
        raise TemplateError(error.lineno, error.message or "") from error
    except Exception as error:  # whatever Python raises in a template is the template's fault
        raise TemplateError(_line(error), _told(error)) from error


@lru_cache(maxsize=256)
def _compiled(source: str, filters: frozenset[str]) -> CodeType:
    # Only the names of the filters go into the code.
    code: CodeType = _Environment(dict.fromkeys(filters, spelled)).compile(source, filename=_NAME)
    return code


def _joined(environment: "_Environment", pieces: Iterable[str]) -> str:
    made, size = [], 0
    for piece in environment.turns(pieces):
        size += len(piece)
        if size > LARGEST_TEXT:
            raise BudgetError(f"more than {LARGEST_TEXT} characters of output")
        made.append(piece)
    return "".join(made)


def _line(error: Exception) -> int:
    line, trace = 0, error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename == _NAME:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _told(error: Exception) -> str:
    match error:
        case jinja2.TemplateNotFound():
            return f"there is no template {error.name!r} to include: a template stands alone here"
        case RecursionError():
            return "nested too deeply"
        case _:
            return str(error) or type(error).__name__


def spelled(value: Any) -> str:  # noqa: ANN401 (whatever a template handles)
    """Return *value* as YAML spells it: texts as they are, everything else as JSON."""
    if isinstance(value, str | jinja2.Undefined):
        return str(value)
    if value is None or isinstance(value, bool | int | float | dict | list | tuple):
        documents.measure(value)
        return gojson.encode(normalized(value))
    if isinstance(value, Iterable):
        raise TypeError("this can be looped over, not printed: make a list of it first")
    raise TypeError(f"{type(value).__name__} cannot be printed")


class _Environment(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset(("+", "*", "**", "%"))

    def __init__(self, filters: Mapping[str, Callable[..., Any]]) -> None:
        super().__init__(
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            undefined=jinja2.StrictUndefined,
            finalize=spelled,
            extensions=["jinja2.ext.loopcontrols"],
            optimized=False,  # it would compute what is constant without looking at the price
            loader=jinja2.FunctionLoader(lambda _: None),
        )
        self.budget = Budget()
        # What `Watched` leads here.
        self.turns, self.weighed = self.budget.turns, self.budget.weighed
        harmless = {name: self.filters[name] for name in _FILTERS}
        own = {"indent": self.indented, "join": self.joined, "replace": self.replaced, "string": spelled}
        self.filters = {**harmless, **own, "round": _rounded, **filters}
        self.tests = {name: test for name, test in self.tests.items() if name not in _TESTS_LEFT_OUT}
        self.globals = {"cycler": Cycler, "dict": dict, "joiner": Joiner, "namespace": Namespace, "range": _range}

    def _parse(self, source: str, name: str | None, filename: str | None) -> Any:  # noqa: ANN401 (Jinja's own type)
        return Watched().visit(super()._parse(source, name, filename)).set_environment(self)

    def concat(self, pieces: Iterable[str]) -> str:  # of a block; Jinja has a plain join here
        """Return *pieces* as one text."""
        parts = list(pieces)
        self.budget.afford(sum(map(len, parts)))
        return "".join(parts)

    def joined_parts(self, *parts: Any) -> str:  # noqa: ANN401 (whatever a template handles)
        """Return *parts* as one text, each spelled as the output spells it: what `~` does."""
        return self.concat(spelled(part) for part in parts)

    def joined(self, parts: Iterable[Any], separator: str = "", attribute: str | None = None) -> str:
        """Return *parts*, or an attribute of each, as one text with *separator* between them."""
        chosen = parts if attribute is None else (self.getitem(part, attribute) for part in parts)
        texts = [spelled(part) for part in self.turns(chosen)]
        self.budget.afford(sum(map(len, texts)) + len(separator) * len(texts))
        return separator.join(texts)

    def replaced(self, text: str, old: str, new: str) -> str:
        """Return *text* with *new* in place of *old*."""
        self.budget.afford(len(text) + text.count(old) * len(new))
        return text.replace(old, new)

    def indented(self, text: str, width: int = 4, first: bool = False) -> str:  # noqa: FBT001, FBT002 (Jinja's own)
        """Return *text* with its lines *width* blanks further right: not empty ones, and the first one when asked."""
        self.budget.afford(len(text) + (text.count("\n") + 1) * max(width, 0))
        head, *rest = text.split("\n")
        moved = [line and " " * width + line for line in rest]
        return "\n".join([" " * width + head if first else head, *moved])

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401 (Jinja's types)
        """Do what Python does, unless that is too much, or the formatting of text."""
        if operator == "%" and isinstance(left, str):
            raise SecurityError("texts are put together with ~, not with %")
        self.budget.foresee(operator, left, right)
        return self.weighed(super().call_binop(context, operator, left, right))

    def call(self, context: Any, called: Any, /, *arguments: Any, **named: Any) -> Any:  # noqa: ANN401 (Jinja's types)
        """Call *called*, at a price."""
        self.budget.spend(1)
        return self.weighed(super().call(context, called, *arguments, **named))

    def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401 (Jinja's types)
        """Return a field of *obj*: `spec.items` is a field when there is one, and a method only else."""
        if isinstance(obj, Mapping):
            return obj[attribute] if attribute in obj else super().getattr(obj, attribute)
        # Its methods look at all of it.
        return super().getattr(self.weighed(obj), attribute)

    def wrap_str_format(self, value: Any) -> None:  # noqa: ANN401 (Jinja's types)
        """Make no exception for `str.format`: it can make any amount of text out of a few characters."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ANN401, ARG002 (Jinja's types)
        """Whether a template may reach *attr* of *obj*: only what is known to be harmless."""
        if isinstance(obj, _OWN):
            return not attr.startswith("_")
        return any(attr in methods for kind, methods in _METHODS if isinstance(obj, kind))

    def is_safe_callable(self, obj: Any) -> bool:  # noqa: ANN401 (Jinja's types)
        """Whether a template may call *obj*: what it can reach is meant to be called, but for types."""
        return not isinstance(obj, type) or obj in (Cycler, Joiner, Namespace, dict)


def _rounded(number: float, precision: int = 0) -> float:
    return round(number, max(min(precision, 30), -30))


def _range(*bounds: int) -> Iterator[int] | range:
    made = range(*bounds)
    largest_range(made)
    return made
