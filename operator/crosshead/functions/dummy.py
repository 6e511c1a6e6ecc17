"""
function-dummy: answers what its input says, merged over an answer that changes nothing.

Upstream's own end-to-end tests are written with it, and it is the quickest way to try what a response does.
"""

from dataclasses import replace

from crosshead.base.errors import StalledError
from crosshead.compose.protocol import Request, Response, Result, Severity, respond
from crosshead.functions import messages, wire


def run(request: Request) -> Response:
    """Answer the `response` of the request's input, a RunFunctionResponse in proto3 JSON."""
    answer = respond(request)
    try:
        told = wire.response_from_json((request.input or {}).get("response") or {})
    except StalledError as error:
        fatal = Result(Severity.FATAL, f"cannot get Function input from *v1.RunFunctionRequest: {error.message}")
        return replace(answer, results=(fatal,))
    message = messages.response_to_message(answer)
    # Protobuf's own rules: lists grow, maps get the new entries, the rest is replaced where it is said.
    message.MergeFrom(messages.response_to_message(told))
    return messages.response_from_message(message)
