"""What a request asks for, and how it is refused in the form of its protocol."""

import json

import pytest

from crosshead.devel.emulation import answers, calls


def environ(service="", method="POST", path="/", **more):
    scope = f"Credential=AKIA/20261125/us-west-2/{service}/aws4_request"
    signed = {"HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 {scope}, Signature=0"} if service else {}
    path, _, query = path.partition("?")
    return {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        **signed,
        **more,
    }


@pytest.mark.parametrize(
    ("request_", "body", "name", "protocol"),
    [
        pytest.param(environ("rds"), b"Version=1&Action=CopyDBSnapshot", "rds:CopyDBSnapshot", "query", id="query"),
        pytest.param(
            environ("sts", "GET", "/?Action=GetCallerIdentity"), b"", "sts:GetCallerIdentity", "query", id="get"
        ),
        pytest.param(environ("ec2"), b"Action=DescribeVpcs", "ec2:DescribeVpcs", "ec2", id="ec2"),
        pytest.param(
            environ("kms", HTTP_X_AMZ_TARGET="TrentService.ListKeys"), b"{}", "kms:ListKeys", "json", id="json"
        ),
        pytest.param(environ("s3", "PUT", "/b?tagging"), b"<x/>", "s3:PutBucketTagging", "s3", id="s3"),
        pytest.param(environ("eks", "GET", "/clusters"), b"", "eks:ListClusters", "rest", id="rest-json"),
        pytest.param(environ("eks", "GET", "/no/such/thing"), b"", "eks:", "rest", id="an unknown path"),
        pytest.param(environ("nosuchservice", "GET", "/x"), b"", "nosuchservice:", "rest", id="an unknown service"),
    ],
)
def test_a_request_tells_what_it_asks_for(request_, body, name, protocol):
    call = calls.read(request_, body)

    assert (call.name, call.protocol, call.region, call.key) == (name, protocol, "us-west-2", "AKIA")


def test_an_unsigned_request_is_for_s3():
    call = calls.read(environ("", "GET", "/bucket/key"), b"")

    assert (call.name, call.key) == ("s3:GetObject", "")


@pytest.mark.parametrize(
    ("request_", "body", "expected"),
    [
        pytest.param(
            environ("rds"),
            b"Action=X",
            "<ErrorResponse><Error><Type>Sender</Type><Code>C&lt;</Code><Message>a &amp; b</Message></Error>",
            id="query",
        ),
        pytest.param(environ("ec2"), b"Action=X", "<Response><Errors><Error><Code>C&lt;</Code>", id="ec2"),
        pytest.param(environ("s3"), b"", "<Error><Code>C&lt;</Code><Message>a &amp; b</Message>", id="s3"),
    ],
)
def test_an_error_in_xml_says_what_it_was_given(request_, body, expected):
    answer = answers.error(calls.read(request_, body), "C<", "a & b", 418)

    assert answer.status == 418
    assert answer.body.decode().startswith(expected)


def test_an_error_in_json_says_what_it_was_given():
    answer = answers.error(calls.read(environ("eks", "GET", "/clusters"), b""), "Boom", "loud")

    assert json.loads(answer.body) == {"__type": "Boom", "message": "loud"}
    assert ("x-amzn-ErrorType", "Boom") in answer.headers
