"""What is sent back, and AWS's errors in the wire form of each protocol."""

import json
from dataclasses import dataclass, replace
from typing import Literal
from xml.sax.saxutils import escape

from crosshead.devel.emulation.calls import Call, Protocol

# AWS names what it answers everybody; a fixed id keeps answers reproducible.
REQUEST_ID = "00000000-0000-4000-8000-000000000000"

_XML = (("Content-Type", "text/xml"),)

# The same two refusals have a different name in nearly every protocol.
_DENIED: dict[Protocol, str] = {
    "query": "AccessDenied",
    "ec2": "UnauthorizedOperation",
    "json": "AccessDeniedException",
    "s3": "AccessDenied",
    "rest": "AccessDeniedException",
}
_THROTTLED: dict[Protocol, str] = {
    "query": "Throttling",
    "ec2": "RequestLimitExceeded",
    "json": "ThrottlingException",
    "s3": "SlowDown",
    "rest": "ThrottlingException",
}
_MESSAGES = {
    **dict.fromkeys(_DENIED.values(), "User is not authorized to perform this operation"),
    **dict.fromkeys(_THROTTLED.values(), "Rate exceeded"),
}
_STATUS = {
    "AccessDenied": 403,
    "UnauthorizedOperation": 403,
    "RequestLimitExceeded": 503,
    "SlowDown": 503,
    "ServiceUnavailable": 503,
    "InternalFailure": 500,
    "InternalError": 500,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """
    What one request gets.

    *cut*: "close" ends the connection without a word, "reset" tears it down as a crashed peer does; "" sends the rest.
    """

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    cut: Literal["", "close", "reset"] = ""

    def cut_short(self) -> "Answer":
        """Return this answer with the second half of its body missing, and nothing to show for it in the headers."""
        return replace(self, body=self.body[: len(self.body) // 2])


def error(call: Call, code: str, message: str = "", status: int | None = None) -> Answer:
    """
    Refuse *call* as AWS would.

    The codes "AccessDenied" and "Throttling" are spelled as the protocol of *call* spells them.
    """
    code = {"AccessDenied": _DENIED, "Throttling": _THROTTLED}.get(code, {}).get(call.protocol, code)
    message = message or _MESSAGES.get(code, "The request cannot be processed")
    headers, body = _wire_form(call.protocol, code, message)
    # A HEAD request has no body to read a code from: all that its sender learns is the status.
    return Answer(status or _STATUS.get(code, 400), headers, b"" if call.method == "HEAD" else body.encode())


def html(status: int) -> Answer:
    """Answer as a proxy does that has lost what is behind it: no XML parser can read this."""
    page = f"<!doctype html>\n<title>{status} Service Unavailable</title>\n<h1>no healthy upstream</h1>\n<hr>proxy\n"
    return Answer(status, (("Content-Type", "text/html"),), page.encode())


def document(content: object, status: int = 200) -> Answer:
    """Answer with *content* as JSON."""
    return Answer(status, (("Content-Type", "application/json"),), json.dumps(content).encode())


def _wire_form(protocol: Protocol, code: str, message: str) -> tuple[tuple[tuple[str, str], ...], str]:
    inner = f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
    match protocol:
        case "query":
            error_ = f"<Error><Type>Sender</Type>{inner}</Error>"
            return _XML, f"<ErrorResponse>{error_}<RequestId>{REQUEST_ID}</RequestId></ErrorResponse>"
        case "ec2":
            errors = f"<Errors><Error>{inner}</Error></Errors>"
            return _XML, f"<Response>{errors}<RequestID>{REQUEST_ID}</RequestID></Response>"
        case "s3":
            return _XML, f"<Error>{inner}<RequestId>{REQUEST_ID}</RequestId></Error>"
        case "json" | "rest":
            headers = (("Content-Type", "application/x-amz-json-1.1"), ("x-amzn-ErrorType", code))
            return headers, json.dumps({"__type": code, "message": message})
