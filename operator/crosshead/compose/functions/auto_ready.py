"""
function-auto-ready 0.7: what exists and is healthy is ready, unless an earlier step has an opinion.

Health checks in CEL (its feature gate `CELHealthcheckCustomizations`, off by default) are accepted and not used.
"""

from dataclasses import replace
from typing import Final

from crosshead.base.names import READY
from crosshead.compose.functions import health, inputs, replies, statuses
from crosshead.compose.functions.inputs import InputError
from crosshead.compose.protocol import Ready, Request, Resource, Response, respond

_INPUT: Final = inputs.document(
    "v1beta1.Input",
    ttl=inputs.TEXT,
    celHealthCheckCustomization=inputs.maps(inputs.TEXT),
    celHealthCheckCustomizationFrom=inputs.TEXT,
)


def run(request: Request) -> Response:
    """Return the response of function-auto-ready."""
    try:
        inputs.read(request, _INPUT)
    except InputError as error:
        return replies.refuse(request, f"invalid input: {error}")
    observed = request.observed.resources
    judged = {name: _judge(desired, observed.get(name)) for name, desired in request.desired.resources.items()}
    return replies.with_resources(respond(request), judged)


def _judge(desired: Resource, observed: Resource | None) -> Resource:
    if observed is None or desired.ready is not Ready.UNSPECIFIED:
        return desired
    # A resource that its health check fails is ready all the same when it says so itself.
    is_ready = health.is_healthy(observed.resource) or statuses.is_true(observed.resource, READY)
    return replace(desired, ready=Ready.TRUE) if is_ready else desired
