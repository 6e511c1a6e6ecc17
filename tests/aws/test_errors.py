import pytest
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
    ReadTimeoutError,
)
from botocore.parsers import ResponseParserError

from crosshead.aws.errors import Attempt, code_of, translate
from crosshead.base.errors import (
    AbsentError,
    AlreadyExistsError,
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


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        *((code, ThrottledError) for code in ("Throttling", "RequestLimitExceeded", "SlowDown", "ThrottlingException")),
        *((code, TransientError) for code in ("InternalFailure", "ServiceUnavailable", "RequestTimeout")),
        *(
            (code, AbsentError)
            for code in ("DBInstanceNotFound", "DBSubnetGroupNotFoundFault", "InvalidVpcID.NotFound")
        ),
        *((code, AbsentError) for code in ("NoSuchBucket", "404", "NoSuchPublicAccessBlockConfiguration")),
        *((code, AbsentError) for code in ("ServerSideEncryptionConfigurationNotFoundError", "NoSuchTagSet")),
        *((code, NotReadyError) for code in ("InvalidDBInstanceState", "InvalidDBSubnetGroupStateFault")),
        *((code, NotReadyError) for code in ("DependencyViolation", "CacheSubnetGroupInUse", "OperationAborted")),
        *((code, NotReadyError) for code in ("InvalidReplicationGroupState", "InvalidCacheParameterGroupState")),
        *((code, AlreadyExistsError) for code in ("DBInstanceAlreadyExists", "BucketAlreadyOwnedByYou")),
        *((code, AlreadyExistsError) for code in ("InvalidGroup.Duplicate", "DBSubnetGroupAlreadyExists")),
        *((code, TransientError) for code in ("InsufficientDBInstanceCapacity", "StorageQuotaExceeded")),
        *((code, TransientError) for code in ("VpcLimitExceeded", "SnapshotQuotaExceeded")),
        *((code, ForbiddenError) for code in ("AccessDenied", "UnauthorizedOperation", "ExpiredToken", "403")),
        *((code, ForbiddenError) for code in ("InvalidClientTokenId", "SignatureDoesNotMatch")),
        *((code, StalledError) for code in ("InvalidParameterValue", "ValidationError", "BucketAlreadyExists", "301")),
        *((code, StalledError) for code in ("BucketNotEmpty", "SomethingNew")),
    ],
)
def test_a_code_says_what_to_do(code: str, expected: type[Exception]) -> None:
    assert type(translate(answered(code), ATTEMPT)).__mro__[:-1].count(expected) == 1


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
        pytest.param("InvalidRequest", "Versioning must be 'Enabled' on the bucket", id="no versions yet"),
    ],
)
def test_what_has_not_spread_yet_is_waited_for(code: str, message: str) -> None:
    assert type(translate(answered(code, message), ATTEMPT)) is NotReadyError


@pytest.mark.parametrize(
    ("raised", "expected", "words"),
    [
        pytest.param(
            EndpointConnectionError(endpoint_url="http://127.0.0.1:1"),
            TransientError,
            'AWS cannot be reached (EndpointConnectionError): Could not connect to the endpoint URL: "http://127.0.0.1:1"',
            id="nobody answers",
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
