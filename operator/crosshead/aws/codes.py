"""
What AWS' error codes say to do: the only place that knows them.

A code is looked up in the table; a code that stands nowhere is judged by its form, then by its HTTP status.
"""

from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import Any, Final

from crosshead.base.errors import (
    AbsentError,
    AlreadyExistsError,
    ForbiddenError,
    NotReadyError,
    StalledError,
    ThrottledError,
    TransientError,
)


class ExistsError(AlreadyExistsError):
    """AWS has something of this name; the text says so."""


class SpreadingError(NotReadyError):
    """What the request refers to has not spread in AWS yet, or never will: wait for a while, not for ever."""


_THROTTLED = (
    "Throttling ThrottlingException ThrottledException RequestThrottled RequestThrottledException RequestLimitExceeded "
    "TooManyRequestsException SlowDown BandwidthLimitExceeded PriorRequestNotComplete EC2ThrottledException "
    "ProvisionedThroughputExceededException TransactionInProgressException ThrottlingError RequestRateExceeded 429"
)
_TRANSIENT = (
    "RequestTimeout RequestTimeoutException InternalFailure InternalError InternalServiceError ServiceUnavailable "
    "InternalServerError ServiceUnavailableException Unavailable IDPCommunicationError TemporaryRedirect 307"
)
_ABSENT = "NotFound NoSuchBucket NoSuchEntity NotFoundException ResourceNotFoundException NonExistentQueue 404"
_WAITING = (
    "OperationAborted DependencyViolation DeleteConflict ResourceInUseException ResourceInUse CacheSubnetGroupInUse "
    "ResourceConflictException ConcurrentModification ConcurrentModificationException "
    "QueueDeletedRecently AWS.SimpleQueueService.QueueDeletedRecently "
    "DefaultUserAssociatedToUserGroup HostedZoneNotEmpty OperationAbortedException TooManyUpdates "
    "IncorrectState IncorrectInstanceState OperationNotPageable"
)
_EXISTS = "BucketAlreadyOwnedByYou EntityAlreadyExists ResourceExistsException InvalidGroup.Duplicate"
# The clock of this machine is not that of AWS; requests are signed with the time.
_SKEWED = "RequestTimeTooSkewed RequestExpired RequestInTheFuture"
# Credentials that were good once, or for somebody else: others may have taken their place.
_EXPIRED = "ExpiredToken ExpiredTokenException InvalidClientTokenId UnrecognizedClientException InvalidAccessKeyId"
_FORBIDDEN = (
    f"{_EXPIRED} {_SKEWED} AccessDenied AccessDeniedException UnauthorizedOperation SignatureDoesNotMatch "
    "InvalidSignatureException AuthFailure InvalidToken OptInRequired IncompleteSignature MissingAuthenticationToken "
    "AuthorizationError AuthorizationErrorException UnauthorizedAccess NotAuthorized ForbiddenException "
    "InvalidIdentityToken IDPRejectedClaim RegionDisabledException AllAccessDisabled AccountProblem NotSignedUp 401 403"
)
# Who asks for more than is needed may do without the answer.
NOT_ALLOWED: Final = frozenset(
    {"AccessDenied", "AccessDeniedException", "UnauthorizedException", "UnauthorizedOperation"}
)
_ELSEWHERE = "PermanentRedirect AuthorizationHeaderMalformed IllegalLocationConstraintException 301 302 400"
_STALLED = f"{_ELSEWHERE} BucketAlreadyExists BucketNotEmpty"

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
    # AWS has refused for certain, and what it lacks does not come within seconds: ask again every few minutes.
    ("*QuotaExceeded*", StalledError),
    ("*LimitExceeded*", StalledError),
    ("Insufficient*Capacity*", StalledError),
    ("*AlreadyExists*", ExistsError),
    ("*.Duplicate", ExistsError),
    ("Invalid*State", NotReadyError),
    ("Invalid*StateFault", NotReadyError),
    ("Invalid*StateException", NotReadyError),
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
    ("InvalidParameterException", "could not be assumed"),
    ("InvalidParameterValue", "Invalid IAM Instance Profile"),
    # A key that was just made.
    ("KMSKeyNotAccessible*", ""),
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
        "403": "the credentials do not allow it, or it belongs to another account",
    }
)


def kind_of(code: str, said: str, status: int) -> type[Exception]:
    """Return our error for *code*, with what AWS *said* and the HTTP *status* of it."""
    if any(fnmatchcase(code, form) and words in said for form, words in _PROPAGATION):
        return SpreadingError
    if code in _CLASSES:
        return _CLASSES[code]
    by_form = next((kind for form, kind in _FORMS if fnmatchcase(code, form)), None)
    return by_form or (TransientError if status >= 500 or not status else StalledError)


def sentence(code: str, said: str, response: Any) -> str:  # noqa: ANN401 (botocore has no types)
    """Return what to tell people of *response*, which has *code* and says *said*."""
    # A signature that has expired says so in words only, with other times each time.
    if code in _SKEWED.split() or "ignature expired" in said or "ignature not yet current" in said:
        return f"AWS answered {code}: our clock and that of AWS differ too much: set the clock of this machine"
    return _elsewhere(code, response) or _SENTENCES.get(code, f"AWS answered {code}: {said}")


def is_throttle(code: str) -> bool:
    """Whether AWS says with *code* that we ask too fast."""
    return _CLASSES.get(code) is ThrottledError


def is_expired(code: str) -> bool:
    """Whether AWS says with *code* that it does not know our credentials any more."""
    return code in _EXPIRED.split()


def _elsewhere(code: str, response: Any) -> str:  # noqa: ANN401 (botocore has no types)
    """Return where a bucket is, when that is why we are sent away."""
    if code not in _ELSEWHERE.split():
        return ""
    headers = response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    region = headers.get("x-amz-bucket-region") or response.get("Error", {}).get("Region", "")
    if not region and code not in {"PermanentRedirect", "301", "302"}:
        return ""
    return f"the bucket is in {region or 'another region'}, and not where spec.forProvider.region says"
