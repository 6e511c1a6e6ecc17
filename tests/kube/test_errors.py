import json
from typing import Any

import pytest

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
from crosshead.kube.errors import ExpiredError, is_precondition_failure, refusal
from crosshead.kube.messages import Answer


def answer(code: int, message: str = "no", reason: str = "", **details: Any) -> Answer:
    status = {"kind": "Status", "code": code, "reason": reason, "message": message, "details": details}
    return Answer(code, {}, json.dumps(status).encode())


@pytest.mark.parametrize(
    ("code", "reason", "error"),
    [
        pytest.param(400, "BadRequest", InvalidObjectError, id="400"),
        pytest.param(401, "Unauthorized", ForbiddenError, id="401"),
        pytest.param(403, "Forbidden", ForbiddenError, id="403"),
        pytest.param(404, "NotFound", AbsentError, id="404"),
        pytest.param(405, "MethodNotAllowed", TransientError, id="405, as of a kind on its way out"),
        pytest.param(415, "UnsupportedMediaType", StalledError, id="415"),
        pytest.param(408, "Timeout", TransientError, id="408"),
        pytest.param(409, "AlreadyExists", AlreadyExistsError, id="409: it exists"),
        pytest.param(409, "Conflict", ConflictError, id="409: somebody wrote first"),
        pytest.param(410, "Expired", ExpiredError, id="410"),
        pytest.param(413, "RequestEntityTooLarge", StalledError, id="413"),
        pytest.param(422, "Invalid", InvalidObjectError, id="422"),
        pytest.param(429, "TooManyRequests", ThrottledError, id="429"),
        pytest.param(500, "InternalError", TransientError, id="500"),
        pytest.param(503, "ServiceUnavailable", TransientError, id="503"),
        pytest.param(504, "Timeout", TransientError, id="504"),
        pytest.param(302, "", TransientError, id="a redirect"),
    ],
)
def test_every_status_has_a_meaning(code, reason, error):
    assert type(refusal(answer(code, "no", reason))) is error


def test_reason_and_words_are_the_api_servers():
    error = refusal(answer(422, 'Bucket "b" is invalid: spec.size: too big', "Invalid"))

    assert str(error) == 'Bucket "b" is invalid: spec.size: too big'
    assert error.reason == "Invalid"


def test_several_causes_come_in_the_same_order_each_time():
    def refused(*causes: tuple[str, str]) -> str:
        words = ", ".join(": ".join(cause) for cause in causes)
        message = f'Thing.example.org "a" is invalid: [{words}]'
        return str(refusal(answer(422, message, causes=[{"field": f, "message": m} for f, m in causes])))

    one, two = ("spec.a", "Required value"), ("spec.b", 'Invalid value: "x": must be [1]')

    assert refused(two, one) == refused(one, two)
    assert refused(one, two).endswith('is invalid: [spec.a: Required value, spec.b: Invalid value: "x": must be [1]]')


def test_the_fields_that_an_apply_may_not_hold_come_in_the_same_order_each_time():
    message = "failed to create typed patch object: errors:\n  .spec.b: not declared\n  .spec.a: not declared"

    error = refusal(answer(500, message))

    assert isinstance(error, InvalidObjectError)
    assert str(error) == ("failed to create typed patch object: errors: .spec.a: not declared .spec.b: not declared")


def test_the_ports_of_one_moment_are_left_out():
    error = refusal(answer(500, "failed calling webhook: read tcp 10.0.0.7:51234->10.0.0.9:443: reset"))

    assert str(error) == "failed calling webhook: read tcp 10.0.0.9:443: reset"


@pytest.mark.parametrize(
    ("throttled", "seconds"),
    [
        pytest.param(answer(429, retryAfterSeconds=3), 3.0, id="in the Status"),
        pytest.param(Answer(429, {"Retry-After": "7"}, b"slow down"), 7.0, id="in the header"),
        pytest.param(Answer(429, {"Retry-After": "soon"}, b"slow down"), 0.0, id="in words"),
        pytest.param(Answer(429, {}, b"slow down"), 0.0, id="nowhere"),
    ],
)
def test_who_asks_for_patience_says_how_much(throttled, seconds):
    assert refusal(throttled).retry_after == seconds


@pytest.mark.parametrize(
    ("body", "words"),
    [
        pytest.param(b"404 page not found\n", "404 page not found", id="text"),
        pytest.param(b"<html>\n<h1>Bad gateway", "<html>", id="a page of a proxy"),
        pytest.param(b"", "the API server answered HTTP 502", id="nothing"),
        pytest.param(b"[1]", "[1]", id="JSON that is no Status"),
        pytest.param(b'{"kind": "Status"}', "the API server refused without a word", id="a Status without words"),
        pytest.param(b"\xff\xfe", "\ufffd\ufffd", id="no text at all"),
    ],
)
def test_an_answer_that_is_no_status_is_quoted_briefly(body, words):
    assert str(refusal(Answer(502, {}, body))) == words


@pytest.mark.parametrize(
    "words",
    [
        "Precondition failed: UID in precondition: a, UID in object meta: b",
        "the UID in the precondition (a) does not match the UID in record (b)",
    ],
)
def test_another_object_of_that_name_is_told_from_a_mere_conflict(words):
    assert is_precondition_failure(ConflictError("Conflict", words))
    assert not is_precondition_failure(TransientError("X", words))
    assert not is_precondition_failure(ConflictError("Conflict", "the object has been modified"))
