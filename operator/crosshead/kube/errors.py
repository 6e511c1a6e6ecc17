"""
What the API server's refusals mean, said once: HTTP status and Status object become the errors of `base.errors`.

The texts are stable: sorted where the server sorts by chance, without the addresses and ports of one moment.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from crosshead.base.errors import (
    AbsentError,
    AlreadyExistsError,
    ConflictError,
    ForbiddenError,
    InvalidObjectError,
    StalledError,
    ThrottledError,
    TransientError,
)
from crosshead.base.values import Object
from crosshead.kube.messages import Answer

# The ephemeral port of a connection between the API server and a webhook.
_SOCKETS = re.compile(r"(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-fA-F:]+\]):\d+->")
_LONGEST = 4096
# Server-side apply calls an object that its schema does not allow an internal error (500).
_UNTYPED = "failed to create typed patch object"
# The words depend on whether the API server or its store notices.
_OTHER_UID = re.compile("UID in (the )?precondition")


class UnreachableError(TransientError):
    """The API server cannot be reached, or the connection was lost."""

    def __init__(self, message: str) -> None:
        super().__init__("Unreachable", message)


class ExpiredError(TransientError):
    """The API server no longer knows the resource version that we asked it to go on from (410)."""


def refusal(answer: Answer) -> Exception:
    """Return the error that *answer*, whose status is 400 or more, stands for."""
    status = _status(answer)
    error = refusal_of(status, answer.status)
    if isinstance(error, ThrottledError):
        error.retry_after = max(error.retry_after, _seconds(answer.headers.get("Retry-After", "")))
    return error


def refusal_of(status: Object, code: int = 0) -> Exception:  # noqa: PLR0911 (a table, one row per meaning)
    """Return the error that a Status object stands for, with *code* where it holds none."""
    code = int(status.get("code") or code)
    reason = str(status.get("reason") or f"HTTP{code}")
    message = _message(status)
    match code:
        case _ if message.startswith(_UNTYPED):
            return InvalidObjectError("Invalid", message)
        case 400 | 422:
            return InvalidObjectError(reason, message)
        case 401 | 403:
            return ForbiddenError(reason, message)
        case 404:
            return AbsentError(message)
        case 409:
            return AlreadyExistsError(message) if reason == "AlreadyExists" else ConflictError(reason, message)
        case 410:
            return ExpiredError(reason, message)
        case 429:
            return ThrottledError(reason, message, _delay(status))
        # 408: it was busy. 405: it says so of a kind that is on its way out, also when that is back in a moment.
        case _ if 400 < code < 500 and code not in {405, 408}:
            return StalledError(reason, message)
        case _:
            return TransientError(reason, message)


def is_precondition_failure(error: Exception) -> bool:
    """Whether a write was refused because the object of that name is another one than we meant."""
    return isinstance(error, ConflictError) and _OTHER_UID.search(error.message) is not None


def _status(answer: Answer) -> Object:
    try:
        status = orjson.loads(answer.body)
    except ValueError:
        status = None
    if isinstance(status, Mapping) and status.get("kind") == "Status":
        return status
    # "404 page not found" and the pages of proxies: no Status, and nothing worth quoting beyond the first line.
    first = answer.body[:200].decode(errors="replace").strip().partition("\n")[0]
    return {"code": answer.status, "message": first or f"the API server answered HTTP {answer.status}"}


def _message(status: Object) -> str:
    details = status.get("details") or {}
    causes = details.get("causes") or ()
    text = str(status.get("message") or status.get("reason") or "the API server refused without a word")
    if len(causes) > 1 and ": [" in text:
        text = f"{text.partition(': [')[0]}: [{', '.join(_in_order(causes))}]"
    head, *lines = text.splitlines() or [""]
    return _SOCKETS.sub("", " ".join([head, *sorted(" ".join(line.split()) for line in lines)]))[:_LONGEST]


def _in_order(causes: Sequence[Any]) -> Sequence[str]:
    # The server walks maps: without sorting, the same refusal has other words each time.
    return sorted(f"{cause.get('field', '')}: {cause.get('message', '')}" for cause in causes)


def _delay(status: Object) -> float:
    return float((status.get("details") or {}).get("retryAfterSeconds") or 0)


def _seconds(header: str) -> float:
    return float(header) if header.isdigit() else 0.0
