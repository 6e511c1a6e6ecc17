"""What a request to AWS asks for, read from its HTTP form alone."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias
from urllib.parse import parse_qs

from botocore.exceptions import BotoCoreError
from moto.core.request import Request
from moto.core.routing import get_service_router
from werkzeug.exceptions import HTTPException

Environ: TypeAlias = dict[str, Any]
Protocol: TypeAlias = Literal["query", "ec2", "json", "s3", "rest"]

# The scope of a SigV4 signature: key id / date / region / service / "aws4_request".
_SCOPE = re.compile(r"Credential=(?P<key>[^/,\s]+)/\d+/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request")
_ACTION = re.compile(rb"(?:^|&)Action=(\w+)")


@dataclass(frozen=True, slots=True)
class Call:
    """One request: *service* is its signing name, *operation* the name boto3's models give it ("" if unknown)."""

    method: str
    path: str
    service: str
    operation: str
    region: str
    key: str
    protocol: Protocol
    body: bytes = b""

    @property
    def name(self) -> str:
        """`rds:DescribeDBInstances`, as IAM policies write it."""
        return f"{self.service}:{self.operation}"


def read(environ: Environ, body: bytes) -> Call:
    """Read what the request in *environ* asks for; an unsigned one is S3's, as only S3 takes those."""
    scope = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    signed = scope.groupdict() if scope else {"key": "", "region": "us-east-1", "service": "s3"}
    protocol = _protocol(environ, signed["service"], body)
    query = environ.get("QUERY_STRING", "")
    return Call(
        method=environ["REQUEST_METHOD"],
        path=environ["PATH_INFO"] + (f"?{query}" if query else ""),
        operation=_operation(environ, signed, protocol, body),
        protocol=protocol,
        body=body,
        **signed,
    )


def _protocol(environ: Environ, service: str, body: bytes) -> Protocol:
    if "HTTP_X_AMZ_TARGET" in environ:
        return "json"
    if service == "s3":
        return "s3"
    if _ACTION.search(body) or "Action" in parse_qs(environ.get("QUERY_STRING", "")):
        return "ec2" if service == "ec2" else "query"
    return "rest"


def _operation(environ: Environ, signed: Mapping[str, str], protocol: Protocol, body: bytes) -> str:
    if protocol == "json":
        return str(environ["HTTP_X_AMZ_TARGET"].rpartition(".")[2])
    if protocol in {"s3", "rest"}:
        return _routed(environ, signed["service"])
    found = _ACTION.search(body)
    return found.group(1).decode() if found else parse_qs(environ["QUERY_STRING"])["Action"][0]


def _routed(environ: Environ, service: str) -> str:
    """Name the operation of a REST service by its method, path and query; "" when it has none of that form."""
    try:
        operation, _ = get_service_router(service).match(Request(dict(environ)))
    except (BotoCoreError, HTTPException, NotImplementedError, LookupError, ValueError):
        return ""
    name: str = operation.name
    return name
