"""The few things that every function does to its response."""

from collections.abc import Mapping
from dataclasses import replace

from crosshead.base.values import Json, Object
from crosshead.compose.protocol import Request, Resource, Response, Result, Severity, Target, respond


def fatal(response: Response, message: str) -> Response:
    """Return *response* with a result that ends the pipeline."""
    return _with_result(response, Severity.FATAL, message)


def normal(response: Response, message: str) -> Response:
    """Return *response* with a result for people to read."""
    return _with_result(response, Severity.NORMAL, message)


def _with_result(response: Response, severity: Severity, message: str) -> Response:
    result = Result(severity, message, target=Target.COMPOSITE)
    return replace(response, results=(*response.results, result))


def refuse(request: Request, message: str) -> Response:
    """Return the response to *request* that only says what is wrong with it."""
    return fatal(respond(request), message)


def with_resources(response: Response, resources: Mapping[str, Resource]) -> Response:
    """Return *response* with *resources* as the only desired composed ones."""
    return replace(response, desired=replace(response.desired, resources=resources))


def with_context(response: Response, key: str, value: Json) -> Response:
    """Return *response* with *value* as the entry *key* of its context."""
    return replace(response, context={**(response.context or {}), key: value})


def composite(request: Request) -> Object:
    """Return the observed composite of *request*, empty when there is none."""
    return request.observed.composite.resource if request.observed.composite else {}
