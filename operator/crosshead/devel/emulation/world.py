"""Puts the corrected services in the place of moto's, and keeps moto's world: warm it up, reset it, maintain it."""

import io
import os

# Read by moto on import: images of virtual machines are never asked for here, and take a second to load;
# every DB instance leaves automated snapshots behind, and a bench makes more than the default limit of them.
os.environ.setdefault("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
os.environ.setdefault("MOTO_RDS_SNAPSHOT_LIMIT", "1000000")
os.environ.setdefault("MOTO_DISABLE_GLOBAL_CORS", "true")

from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from crosshead.devel.emulation import (
    buckets,
    cache_backend,
    cache_responses,
    domains,
    eks_responses,
    functions,
    identities,
    keys,
    log_groups,
    messages,
    networks,
    rds,
    tables,
    trust,
    vaults,
)
from crosshead.devel.emulation.gate import Application, Gate
from crosshead.devel.emulation.timeline import Timeline

# Cheap calls that make moto import a service, and botocore's model of it, before somebody waits for that.
_WARM_UP = (
    ("rds", b"Action=DescribeDBInstances&Version=2014-10-31"),
    ("rds", b"Action=DescribeDBSubnetGroups&Version=2014-10-31"),
    ("elasticache", b"Action=DescribeReplicationGroups&Version=2015-02-02"),
    ("ec2", b"Action=DescribeVpcs&Version=2016-11-15"),
    ("sts", b"Action=GetCallerIdentity&Version=2011-06-15"),
    ("iam", b"Action=ListRoles&Version=2010-05-08"),
    ("s3", b""),
)


def create(timeline: Timeline) -> Application:
    """Return AWS as a WSGI application whose resources change with *timeline*."""
    for service in (
        rds,
        cache_responses,
        buckets,
        networks,
        identities,
        eks_responses,
        functions,
        keys,
        log_groups,
        tables,
        vaults,
        messages,
        domains,
        trust,
    ):
        service.install(timeline)
    application: Application = DomainDispatcherApplication(create_backend_app)
    return application


def warm_up(gate: Gate) -> None:
    """Call every service once that is used here."""
    for service, body in _WARM_UP:
        gate.answer(_environ(service, body), body)
    gate.journal.forget()


def maintain() -> None:
    """Let the maintenance windows of all databases and caches come: what is pending is applied."""
    rds.maintain()
    cache_backend.maintain()


def reset() -> None:
    """Forget every resource of every account."""
    BackendDict.reset()
    reset_model_data()


def _environ(service: str, body: bytes) -> dict[str, object]:
    return {
        "REQUEST_METHOD": "POST" if body else "GET",
        "PATH_INFO": "/",
        "RAW_URI": "/",
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 Credential=warm/20260101/us-east-1/{service}/aws4_request, "
        "SignedHeaders=host, Signature=none",
        "CONTENT_TYPE": "application/x-www-form-urlencoded; charset=utf-8",
        "wsgi.input": io.BytesIO(body),
        "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(),
    }
