"""
What botocore raises becomes what our errors say to do about it: the only place that knows AWS' error codes.

A code is looked up in the table; a code that stands nowhere is judged by its form, then by its HTTP status.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import Any, Final

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    NoCredentialsError,
    ParamValidationError,
    PartialCredentialsError,
    SSOError,
)
from botocore.parsers import ResponseParserError

from crosshead.base.errors import (
    AbsentError,
    AlreadyExistsError,
    ForbiddenError,
    NotReadyError,
    ReconcileError,
    StalledError,
    ThrottledError,
    TransientError,
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was attempted: the reason that events give when it fails, AWS' word for it, and on what."""

    reason: str
    operation: str
    subject: str
    # Names the field that AWS complains about, given its message; "" when it cannot tell.
    blame: Callable[[str], str] = lambda _: ""


class ExistsError(AlreadyExistsError):
    """AWS has something of this name; the text says so."""


_THROTTLED = (
    "Throttling ThrottlingException ThrottledException RequestThrottled RequestThrottledException RequestLimitExceeded "
    "TooManyRequestsException SlowDown BandwidthLimitExceeded PriorRequestNotComplete EC2ThrottledException "
    "ProvisionedThroughputExceededException TransactionInProgressException"
)
_TRANSIENT = (
    "RequestTimeout RequestTimeoutException InternalFailure InternalError InternalServiceError ServiceUnavailable "
    "InternalServerError ServiceUnavailableException Unavailable"
)
_ABSENT = "NotFound NoSuchBucket NoSuchEntity NotFoundException ResourceNotFoundException NonExistentQueue 404"
_WAITING = (
    "OperationAborted DependencyViolation DeleteConflict ResourceInUseException ResourceInUse CacheSubnetGroupInUse "
    "ResourceConflictException "
    "QueueDeletedRecently AWS.SimpleQueueService.QueueDeletedRecently "
    "DefaultUserAssociatedToUserGroup HostedZoneNotEmpty OperationAbortedException TooManyUpdates "
    "IncorrectState IncorrectInstanceState KMSKeyNotAccessibleFault OperationNotPageable"
)
_EXISTS = "BucketAlreadyOwnedByYou EntityAlreadyExists ResourceExistsException InvalidGroup.Duplicate"
_FORBIDDEN = (
    "AccessDenied AccessDeniedException UnauthorizedOperation ExpiredToken ExpiredTokenException InvalidClientTokenId "
    "SignatureDoesNotMatch UnrecognizedClientException AuthFailure InvalidAccessKeyId InvalidToken OptInRequired "
    "IncompleteSignature MissingAuthenticationToken 401 403"
)
_STALLED = "BucketAlreadyExists PermanentRedirect 301 400 BucketNotEmpty"

_CLASSES: Final = MappingProxyType(
    {
        code: kind
        for codes, kind in (
            (_THROTTLED, ThrottledError),
            (_TRANSIENT, TransientError),
            (_ABSENT, AbsentError),
            (_WAITING, NotReadyError),
            (_EXISTS, ExistsError),
            (_FORBIDDEN, ForbiddenError),
            (_STALLED, StalledError),
        )
        for code in codes.split()
    }
)

# In this order: `SnapshotQuotaExceeded` is a limit, `InvalidDBInstanceState` is no invalid value.
_FORMS: Final = (
    ("*QuotaExceeded*", TransientError),
    ("*LimitExceeded*", TransientError),
    ("Insufficient*Capacity*", TransientError),
    ("*AlreadyExists*", ExistsError),
    ("*.Duplicate", ExistsError),
    ("Invalid*State", NotReadyError),
    ("Invalid*StateFault", NotReadyError),
    ("*InUse*", NotReadyError),
    ("NoSuch*Configuration", AbsentError),
    ("*NotFoundError", AbsentError),
    ("*NotFoundFault", AbsentError),
    ("*NotFound", AbsentError),
    ("NoSuch*", AbsentError),
)

# The same code means something else when the message says this: somebody's answer has not spread yet.
_PROPAGATION: Final = (
    ("InvalidParameterValue", "IAM role ARN value is invalid or does not include the required permissions"),
    ("MalformedPolicy*", "nvalid principal"),
    ("InvalidArgument", "Unable to validate the following destination configurations"),
    ("InvalidRequestException", "is not in ACTIVE status"),
    ("InvalidParameterValueException", "cannot be assumed by Lambda"),
    # Kinds of ours that are usually created side by side: whoever comes second must wait.
    ("AccessDenied", "BlockPublic"),
    ("AccessControlListNotSupported", ""),
    ("InvalidTargetBucketForLogging", ""),
    ("InvalidRequest", "ersioning must be"),
)

# What a code alone does not tell, in words of ours.
_SENTENCES: Final = MappingProxyType(
    {
        "BucketNotEmpty": "the bucket is not empty: empty it, or set spec.forProvider.forceDestroy to true",
        "BucketAlreadyExists": "another account owns a bucket of this name: bucket names are unique in all of AWS",
        "AccessControlListNotSupported": (
            "ACLs are off in this bucket: BucketOwnershipControls turn them on, with BucketOwnerPreferred for one"
        ),
        "301": "the bucket is in another region than spec.forProvider.region says",
        "403": "the credentials do not allow it, or it belongs to another account",
    }
)

_UNSTABLE: Final = re.compile(
    r"\s*[(,]?\s*\b(?:request|host) ?id: ?[\w+/=-]+\)?|\s*Encoded authorization failure message: \S+", re.IGNORECASE
)


def translate(error: Exception, attempt: Attempt) -> Exception:
    """Return *error* as one of ours; itself when it is a bug of ours, which no retry would heal."""
    match error:
        case ClientError():
            return _refused(error.response, attempt)
        case ParamValidationError():
            return StalledError(attempt.reason, _text(attempt, f"the request is malformed: {_flat(error)}"))
        case NoCredentialsError() | PartialCredentialsError() | CredentialRetrievalError() | SSOError():
            return ForbiddenError(attempt.reason, _text(attempt, f"there are no usable credentials: {_flat(error)}"))
        case ResponseParserError():
            # A load balancer's HTML, half an XML document. What it says is no news and may be long.
            return TransientError(attempt.reason, _text(attempt, "the answer is not AWS': it cannot be parsed"))
        case BotoCoreError():
            what = f"AWS cannot be reached ({type(error).__name__}): {_flat(error)}"
            return TransientError(attempt.reason, _text(attempt, what))
        case _:
            return error


def code_of(error: Exception) -> str:
    """Return AWS' code for *error*; "" when AWS has not answered with one."""
    return str(error.response.get("Error", {}).get("Code", "")) if isinstance(error, ClientError) else ""


def _refused(response: Any, attempt: Attempt) -> Exception:  # noqa: ANN401 (botocore has no types)
    code = str(response.get("Error", {}).get("Code", ""))
    said = _flat(_UNSTABLE.sub("", str(response.get("Error", {}).get("Message", ""))))
    status = int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    kind = _kind(code, said, status)
    told = _SENTENCES.get(code, f"AWS answered {code}: {said}")
    message = _text(attempt, told + attempt.blame(said))
    return kind(attempt.reason, message) if issubclass(kind, ReconcileError) else kind(message)


def _kind(code: str, said: str, status: int) -> type[Exception]:
    if any(fnmatchcase(code, form) and words in said for form, words in _PROPAGATION):
        return NotReadyError
    if code in _CLASSES:
        return _CLASSES[code]
    by_form = next((kind for form, kind in _FORMS if fnmatchcase(code, form)), None)
    return by_form or (TransientError if status >= 500 or not status else StalledError)


def _text(attempt: Attempt, what: str) -> str:
    return f"cannot {attempt.operation} for {attempt.subject}: {what}"


def _flat(text: object) -> str:
    return " ".join(str(text).split()).rstrip(".")
