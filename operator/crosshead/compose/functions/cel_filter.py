"""function-cel-filter 0.2: a desired resource that fits a filter by name is left out when its expression is false."""

from typing import Final

from crosshead.base import goquotes, regexps
from crosshead.base.regexps import Regexp, RegexpError
from crosshead.base.values import Object
from crosshead.compose.functions import cel, inputs, replies
from crosshead.compose.functions.cel import CelError, Stage
from crosshead.compose.functions.inputs import InputError
from crosshead.compose.protocol import Request, Response, respond

_FILTER: Final = inputs.struct("v1beta1.Filter", name=inputs.TEXT, expression=inputs.TEXT)
_INPUT: Final = inputs.document("v1beta1.Filters", filters=inputs.items(_FILTER))
_WORDS: Final = {
    Stage.PARSE: "cannot parse expression",
    Stage.CHECK: "cannot type-check expression",
    Stage.EVALUATE: "cannot evaluate CEL program",
}


class _FilterError(ValueError):
    """A filter that cannot be used."""


def run(request: Request) -> Response:
    """Return the response of function-cel-filter."""
    try:
        filters = inputs.read(request, _INPUT).get("filters") or ()
    except InputError as error:
        return replies.refuse(request, f"cannot get filters from *v1.RunFunctionRequest: {error}")
    try:
        # All are evaluated, whether they fit a resource or not.
        excluding = [pattern for index, told in enumerate(filters) for pattern in _excluded(request, told or {}, index)]
    except _FilterError as error:
        return replies.refuse(request, str(error))
    desired = request.desired.resources
    left = {name: one for name, one in desired.items() if not any(pattern.find(name) for pattern in excluding)}
    return replies.with_resources(respond(request), left)


def _excluded(request: Request, told: Object, index: int) -> tuple[Regexp, ...]:
    """Return the pattern of the names that the filter *told* leaves out, if it does."""
    source, expression = f"^{told.get('name') or ''}$", told.get("expression") or ""
    try:
        pattern = regexps.compile(source)
    except RegexpError as error:
        where = f"{goquotes.quote(source)} for filter {index}"
        raise _FilterError(f"cannot compile regular expression {where}: {error}") from error
    try:
        return () if _is_included(request, expression) else (pattern,)
    except _FilterError as error:
        where = f"{goquotes.quote(expression)} for filter {index}"
        raise _FilterError(f"cannot evaluate CEL expression {where}: {error}") from error


def _is_included(request: Request, source: str) -> bool:
    try:
        expression = cel.compile(source)
        if expression.type != "bool":
            told = f"must return a boolean, but will return {expression.type} instead"
            raise _FilterError(f"expression {goquotes.quote(source)} {told}")
        return bool(cel.evaluate(expression, request))
    except CelError as error:
        raise _FilterError(f"{_WORDS[error.stage]}: {error}") from error
