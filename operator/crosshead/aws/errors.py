"""What botocore raises becomes what our errors say to do about it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    EndpointConnectionError,
    FlexibleChecksumError,
    IncompleteReadError,
    NoCredentialsError,
    ParamValidationError,
    PartialCredentialsError,
    ResponseStreamingError,
    SSOError,
)
from botocore.parsers import ResponseParserError

from crosshead.aws.codes import kind_of, sentence
from crosshead.base.errors import ForbiddenError, ReconcileError, StalledError, TransientError


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was attempted: the reason that events give when it fails, AWS' word for it, and on what."""

    reason: str
    operation: str
    subject: str
    # Names the field that AWS complains about, given its message; "" when it cannot tell.
    blame: Callable[[str], str] = lambda _: ""


# Another one each time.
_UNSTABLE: Final = re.compile(
    r"\s*[(,]?\s*\b(?:request|host) ?id: ?[\w+/=-]+\)?"
    r"|\s*Encoded authorization failure message: \S+"
    r"|<[^<>]* at 0x[0-9a-f]+>:? ?",
    re.IGNORECASE,
)
_UNKNOWN_HOST: Final = ("resolve", "Name or service not known", "getaddrinfo")


def translate(error: Exception, attempt: Attempt) -> Exception:
    """Return *error* as one of ours; itself when it is a bug of ours, which no retry would heal."""
    match error:
        case ClientError():
            return _refused(error.response, attempt)
        case BotoCoreError() | ResponseParserError():
            kind, what = _unanswered(error)
            return kind(attempt.reason, _text(attempt, what))
        case _:
            return error


def code_of(error: Exception) -> str:
    """Return AWS' code for *error*; "" when AWS has not answered with one."""
    return str(error.response.get("Error", {}).get("Code", "")) if isinstance(error, ClientError) else ""


def words(code: str, message: str) -> str:
    """Return what is told of AWS' *code* and *message*, whatever was attempted."""
    said = _flat(message)
    return sentence(code, said, {})


def _unanswered(error: Exception) -> tuple[type[ReconcileError], str]:
    match error:
        case ParamValidationError():
            return StalledError, f"the request is malformed: {_flat(error)}"
        case NoCredentialsError() | PartialCredentialsError() | CredentialRetrievalError() | SSOError():
            return ForbiddenError, f"there are no usable credentials: {_flat(error)}"
        case ResponseParserError():
            # A load balancer's HTML, half an XML document. What it says is no news and may be long.
            return TransientError, "the answer is not AWS': it cannot be parsed"
        case IncompleteReadError() | ResponseStreamingError() | FlexibleChecksumError():
            # Where it broke off is another place each time.
            return TransientError, "the answer is damaged: it broke off on the way"
        case _:
            return TransientError, f"AWS cannot be reached ({type(error).__name__}): {_flat(error)}{_cause(error)}"


def _cause(error: Exception) -> str:
    """Say more than botocore does of an endpoint that cannot be reached."""
    why = str(error.kwargs.get("error")) if isinstance(error, EndpointConnectionError) else ""
    return " (no such host is known)" if any(words in why for words in _UNKNOWN_HOST) else ""


def _refused(response: Any, attempt: Attempt) -> Exception:  # noqa: ANN401 (botocore has no types)
    code = str(response.get("Error", {}).get("Code", ""))
    said = _flat(response.get("Error", {}).get("Message", ""))
    status = int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    kind = kind_of(code, said, status)
    message = _text(attempt, sentence(code, said, response) + attempt.blame(said))
    return kind(attempt.reason, message) if issubclass(kind, ReconcileError) else kind(message)


def _text(attempt: Attempt, what: str) -> str:
    return f"cannot {attempt.operation} for {attempt.subject}: {what}"


def _flat(text: object) -> str:
    return " ".join(_UNSTABLE.sub("", str(text)).split()).rstrip(".")
