from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    NoCredentialsError,
    ParamValidationError,
    ReadTimeoutError,
    ResponseStreamingError,
)
from botocore.parsers import ResponseParserError

from crosshead.aws.codes import ExistsError, SpreadingError, is_expired
from crosshead.aws.errors import Attempt, code_of, translate
from crosshead.base.errors import (
    AbsentError,
    ForbiddenError,
    NotReadyError,
    StalledError,
    ThrottledError,
    TransientError,
)

ATTEMPT = Attempt("CannotCreateExternalResource", "create db instance", "Instance 'orders'")


def answered(code: str, message: str = "no", status: int = 400) -> ClientError:
    return ClientError(
        {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}},
        "CreateDBInstance",
    )


# By what is to be done about them. Those of one line belong to one service.
THROTTLED = """
    Throttling ThrottlingException ThrottledException RequestThrottledException TooManyRequestsException
    ProvisionedThroughputExceededException TransactionInProgressException RequestLimitExceeded BandwidthLimitExceeded
    RequestThrottled SlowDown PriorRequestNotComplete EC2ThrottledException
"""
TRANSIENT = """
    RequestTimeout RequestTimeoutException InternalFailure InternalError ServiceUnavailable ServiceUnavailableException
    TemporaryRedirect
"""
ABSENT = """
    DBInstanceNotFound DBClusterNotFoundFault DBSubnetGroupNotFoundFault DBParameterGroupNotFound
    CacheClusterNotFound ReplicationGroupNotFoundFault CacheSubnetGroupNotFoundFault CacheParameterGroupNotFound
    UserNotFound UserGroupNotFound
    NoSuchBucket 404 NoSuchTagSet NoSuchPublicAccessBlockConfiguration ServerSideEncryptionConfigurationNotFoundError
    NoSuchEntity NotFoundException ResourceNotFoundException
    InvalidVpcID.NotFound InvalidSubnetID.NotFound InvalidGroup.NotFound
"""
WAITING = """
    InvalidDBInstanceState InvalidDBClusterStateFault InvalidDBSubnetGroupStateFault InvalidDBParameterGroupState
    InvalidReplicationGroupState InvalidCacheClusterState InvalidUserGroupState InvalidCacheParameterGroupState
    CacheSubnetGroupInUse
    OperationAborted DependencyViolation DeleteConflict ResourceInUseException QueueDeletedRecently
    ConcurrentModificationException
"""
EXISTS = """
    DBInstanceAlreadyExists DBSubnetGroupAlreadyExists ReplicationGroupAlreadyExists CacheSubnetGroupAlreadyExists
    BucketAlreadyOwnedByYou EntityAlreadyExists ResourceExistsException InvalidGroup.Duplicate
"""
# Terminal, as far as we can tell: asked again every few minutes, and at once when something changes.
STALLED = """
    InvalidParameterValue InvalidParameterCombination InvalidParameter ValidationError ValidationException InvalidSubnet
    DBSubnetGroupDoesNotCoverEnoughAZs StorageTypeNotSupported InvalidLocationConstraint BucketAlreadyExists
    PermanentRedirect MalformedXML MalformedPolicy MalformedPolicyDocument 301 BucketNotEmpty SomethingNew
    InsufficientDBInstanceCapacity InsufficientCacheClusterCapacity InstanceQuotaExceeded StorageQuotaExceeded
    SnapshotQuotaExceeded VpcLimitExceeded LimitExceeded LimitExceededException
"""
FORBIDDEN = """
    AccessDenied AccessDeniedException UnauthorizedOperation ExpiredToken ExpiredTokenException InvalidClientTokenId
    SignatureDoesNotMatch UnrecognizedClientException AuthFailure InvalidAccessKeyId InvalidSignatureException
    RequestTimeTooSkewed RequestExpired 403
"""


def rows(codes: str, expected: type[Exception]) -> list[tuple[str, type[Exception]]]:
    return [(code, expected) for code in codes.split()]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        *rows(THROTTLED, ThrottledError),
        *rows(TRANSIENT, TransientError),
        *rows(ABSENT, AbsentError),
        *rows(WAITING, NotReadyError),
        *rows(EXISTS, ExistsError),
        *rows(STALLED, StalledError),
        *rows(FORBIDDEN, ForbiddenError),
    ],
)
def test_a_code_says_what_to_do(code: str, expected: type[Exception]) -> None:
    assert type(translate(answered(code), ATTEMPT)) is expected


@pytest.mark.parametrize("code", ["ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId"])
def test_credentials_may_be_good_no_more(code: str) -> None:
    assert (is_expired(code), is_expired("AccessDenied")) == (True, False)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        pytest.param("RequestTimeTooSkewed", "The difference between ... is too large", id="S3"),
        pytest.param("RequestExpired", "Request has expired", id="EC2"),
        pytest.param(
            "SignatureDoesNotMatch",
            "Signature expired: 20260101T000000Z is now earlier than 20260102T000000Z",
            id="others: we are late",
        ),
        pytest.param(
            "InvalidSignatureException",
            "Signature not yet current: 20260102T000000Z is still later than 20260101T000000Z",
            id="others: we are early",
        ),
    ],
)
def test_a_clock_that_is_wrong_is_told_of_without_any_time(code: str, message: str) -> None:
    assert str(translate(answered(code, message), ATTEMPT)).endswith(
        f"AWS answered {code}: our clock and that of AWS differ too much: set the clock of this machine"
    )


@pytest.mark.parametrize(
    ("response", "words"),
    [
        pytest.param(
            {"Error": {"Code": "301"}, "ResponseMetadata": {"HTTPHeaders": {"x-amz-bucket-region": "eu-west-1"}}},
            "the bucket is in eu-west-1, and not where spec.forProvider.region says",
            id="a look at the head says it in a header",
        ),
        pytest.param(
            {"Error": {"Code": "AuthorizationHeaderMalformed", "Region": "eu-west-1"}},
            "the bucket is in eu-west-1, and not where spec.forProvider.region says",
            id="the body says it",
        ),
        pytest.param(
            {"Error": {"Code": "PermanentRedirect", "Message": "use the endpoint"}},
            "the bucket is in another region, and not where spec.forProvider.region says",
            id="nothing says it",
        ),
        pytest.param({"Error": {"Code": "400", "Message": "Bad"}}, "AWS answered 400: Bad", id="something else"),
    ],
)
def test_a_bucket_in_another_region(response: dict[str, Any], words: str) -> None:
    error = translate(ClientError(response, "HeadBucket"), ATTEMPT)

    assert type(error) is StalledError
    assert str(error).endswith(words)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        pytest.param(400, StalledError, id="our fault"),
        pytest.param(500, TransientError, id="theirs"),
        pytest.param(503, TransientError, id="busy"),
        pytest.param(0, TransientError, id="nobody knows"),
    ],
)
def test_an_unknown_code_is_judged_by_its_status(status: int, expected: type[Exception]) -> None:
    assert type(translate(answered("Unheard", status=status), ATTEMPT)) is expected


@pytest.mark.parametrize(
    ("code", "message"),
    [
        pytest.param(
            "InvalidParameterValue",
            "IAM role ARN value is invalid or does not include the required permissions for: ENHANCED_MONITORING",
            id="a role that has not spread",
        ),
        pytest.param("MalformedPolicy", "Invalid principal in policy", id="a principal that has not spread"),
        pytest.param(
            "InvalidArgument",
            "Unable to validate the following destination configurations",
            id="a permission that has not spread",
        ),
        pytest.param("AccessDenied", "because public policies are blocked by BlockPublicPolicy", id="still private"),
        pytest.param("AccessControlListNotSupported", "The bucket does not allow ACLs", id="no ACLs yet"),
        pytest.param("InvalidTargetBucketForLogging", "The target bucket does not exist", id="no bucket for logs yet"),
        pytest.param("KMSKeyNotAccessibleFault", "The KMS key is disabled or not found", id="a key just made"),
        pytest.param("InvalidRequest", "Versioning must be 'Enabled' on the bucket", id="no versions yet"),
    ],
)
def test_what_has_not_spread_yet_is_waited_for(code: str, message: str) -> None:
    assert type(translate(answered(code, message), ATTEMPT)) is SpreadingError


@pytest.mark.parametrize(
    ("raised", "expected", "words"),
    [
        pytest.param(
            EndpointConnectionError(endpoint_url="http://127.0.0.1:1"),
            TransientError,
            'AWS cannot be reached (EndpointConnectionError): Could not connect to the endpoint URL: "http://127.0.0.1:1"',
            id="nobody answers",
        ),
        pytest.param(
            EndpointConnectionError(endpoint_url="http://nowhere.test", error="Failed to resolve 'nowhere.test'"),
            TransientError,
            '"http://nowhere.test" (no such host is known)',
            id="nobody is there",
        ),
        pytest.param(
            ResponseStreamingError(error="IncompleteRead(10 bytes read, 20 more expected)"),
            TransientError,
            "the answer is damaged: it broke off on the way",
            id="half an answer",
        ),
        pytest.param(
            HTTPClientError(error="<Connection object at 0x7f00>: broken"),
            TransientError,
            "An HTTP Client raised an unhandled exception: broken",
            id="an address in memory is no news",
        ),
        pytest.param(ConnectTimeoutError(endpoint_url="x"), TransientError, "(ConnectTimeoutError)", id="too slow"),
        pytest.param(ReadTimeoutError(endpoint_url="x"), TransientError, "(ReadTimeoutError)", id="hangs"),
        pytest.param(
            ResponseParserError("invalid XML received:\nb'<html>"),
            TransientError,
            "the answer is not AWS': it cannot be parsed",
            id="not AWS",
        ),
        pytest.param(NoCredentialsError(), ForbiddenError, "there are no usable credentials", id="no credentials"),
        pytest.param(
            ParamValidationError(report='Missing required parameter in input: "Bucket"'),
            StalledError,
            "the request is malformed: Parameter validation failed: Missing required parameter",
            id="malformed",
        ),
    ],
)
def test_what_is_no_answer_of_aws(raised: Exception, expected: type[Exception], words: str) -> None:
    translated = translate(raised, ATTEMPT)

    assert type(translated) is expected
    assert words in str(translated)
    assert "\n" not in str(translated)


def test_a_bug_stays_a_bug() -> None:
    bug = ZeroDivisionError()

    assert translate(bug, ATTEMPT) is bug


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        pytest.param("Not here (Request ID: 4d5e, Host ID: a+b/c=)", "Not here", id="S3"),
        pytest.param("Not here RequestId: 4d5e-11", "Not here", id="others"),
        pytest.param("Not\n  here.", "Not here", id="more than one line"),
        pytest.param(
            "You are not authorized. Encoded authorization failure message: AbC-_123=",
            "You are not authorized",
            id="EC2's letter to the administrator, another one each time",
        ),
    ],
)
def test_a_text_is_the_same_each_time(message: str, shown: str) -> None:
    assert str(translate(answered("Odd", message), ATTEMPT)).endswith(f"AWS answered Odd: {shown}")


def test_a_text_says_what_where_and_why() -> None:
    error = translate(answered("InvalidParameterValue", "bad class"), ATTEMPT)

    assert isinstance(error, StalledError)
    assert (error.reason, str(error)) == (
        "CannotCreateExternalResource",
        "cannot create db instance for Instance 'orders': AWS answered InvalidParameterValue: bad class",
    )


@pytest.mark.parametrize(
    ("error", "code"),
    [
        pytest.param(answered("Throttling"), "Throttling", id="AWS has answered"),
        pytest.param(ReadTimeoutError(endpoint_url="x"), "", id="AWS has not answered"),
        pytest.param(ValueError(), "", id="another matter"),
    ],
)
def test_a_code_is_there_when_aws_has_answered(error: Exception, code: str) -> None:
    assert code_of(error) == code
