"""
What gRPC says when a call fails, in words of ours that stay the same while the problem does.

gRPC's own details name addresses in changing order, ports of ours and byte counts; a condition built from them would
change for ever. They are only looked at for what kind of trouble it is.
"""

from typing import Final

import grpc

from crosshead.base.errors import ReconcileError, StalledError, TransientError
from crosshead.functions.runtimes import REASON

_LONGEST: Final = 300

# What occurs in the details of UNAVAILABLE, in the order in which it is looked for, and what it means.
_TROUBLES: Final = (
    ("certificate_verify_failed", "its TLS certificate does not come from our authority"),
    ("hostname verification", "its TLS certificate is for another name"),
    ("wrong_version_number", "it does not speak TLS"),
    ("alert", "it refused the TLS handshake"),
    ("handshake", "the TLS handshake failed"),
    ("connection refused", "connection refused"),
    ("name or service not known", "its name cannot be resolved"),
    ("domain name not found", "its name cannot be resolved"),
    ("dns resolution failed", "its name cannot be resolved"),
    ("name resolution", "its name cannot be resolved"),
    ("misformatted domain name", "it is no gRPC target"),
    ("timed out", "nothing answers there"),
    ("timeout", "nothing answers there"),
    ("http1", "what listens there does not speak gRPC"),
    ("http/1", "what listens there does not speak gRPC"),
    ("settings", "what listens there does not speak gRPC"),
    ("reset by peer", "the connection broke"),
    ("broken pipe", "the connection broke"),
    ("socket closed", "the connection broke"),
    ("goaway", "the connection broke"),
)
# Trouble that trying again at once does not mend.
_LASTING: Final = frozenset(
    {"what listens there does not speak gRPC", *(words for _, words in _TROUBLES if "TLS" in words)}
)
_STALLED: Final = frozenset(
    {
        grpc.StatusCode.FAILED_PRECONDITION,
        grpc.StatusCode.INVALID_ARGUMENT,
        grpc.StatusCode.OUT_OF_RANGE,
        grpc.StatusCode.PERMISSION_DENIED,
        grpc.StatusCode.UNAUTHENTICATED,
        grpc.StatusCode.UNIMPLEMENTED,
    }
)


class Failure(Exception):  # noqa: N818 (it is not yet one of our errors: who was called is not known here)
    """A call failed with gRPC's *code* and its *details*, which are not for people."""

    def __init__(self, code: grpc.StatusCode, details: str) -> None:
        super().__init__(f"{code.name}: {details}")
        self.code = code
        self.details = details

    @property
    def code_name(self) -> str:
        """The code as Go prints it, and as dashboards know it."""
        return "Canceled" if self.code is grpc.StatusCode.CANCELLED else self.code.name.title().replace("_", "")


def error(failure: Failure, function: str, target: str, timeout: float) -> ReconcileError:
    """Return the error to raise for the *failure* of a call of *function* at *target* that had *timeout* seconds."""
    text = f'cannot run Function "{function}": rpc error: code = {failure.code_name} desc = '
    match failure.code:
        case grpc.StatusCode.DEADLINE_EXCEEDED:
            return TransientError(REASON, f"{text}no answer from {target} within {timeout:g} s")
        case grpc.StatusCode.UNAVAILABLE:
            return TransientError(REASON, f"{text}cannot reach {target}: {_trouble(failure)}")
        case grpc.StatusCode.RESOURCE_EXHAUSTED:
            return _exhausted(failure, text, target)
        case grpc.StatusCode.UNIMPLEMENTED:
            served = "serves neither v1 nor v1beta1 of apiextensions.fn.proto's FunctionRunnerService"
            return StalledError(REASON, f"{text}{target} {served}")
        case code:
            kind = StalledError if code in _STALLED else TransientError
            return kind(REASON, f"{text}{_short(failure.details)}")


def is_lasting(failure: Failure) -> bool:
    """Whether trying again at once cannot help."""
    return _trouble(failure) in _LASTING


def _trouble(failure: Failure) -> str:
    details = failure.details.lower()
    return next((words for sign, words in _TROUBLES if sign in details), "unavailable")


def _exhausted(failure: Failure, text: str, target: str) -> ReconcileError:
    if "larger than max" not in failure.details:
        return TransientError(REASON, f"{text}{_short(failure.details)}")
    if "SERVER" not in failure.details:
        return StalledError(REASON, f"{text}{target} answered with a larger message than we take")
    return StalledError(REASON, f"{text}the request is larger than {target} takes")


def _short(details: str) -> str:
    line = " ".join(details.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
