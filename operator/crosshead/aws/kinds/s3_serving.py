"""
S3: a bucket on the web, and the log of who has asked it for what.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteHosting.html
"""

import json
from typing import Final

from crosshead.aws.calls import Call, Delete
from crosshead.aws.comparing import document
from crosshead.aws.descriptor import Field, Shown
from crosshead.aws.kinds.s3_grants import GRANTS
from crosshead.aws.kinds.s3_places import WEBSITE_DOMAIN
from crosshead.aws.kinds.s3_settings import BOTH, HELD, OWNER, look, removed, setting, whole
from crosshead.aws.pointing import BUCKET, EXTERNAL_NAME, one
from crosshead.aws.shapes import NUMBER, TEXT, Block, Member, Texts
from crosshead.base.errors import StalledError
from crosshead.base.values import Json

_CORS: Final = setting(
    "BucketCorsConfiguration",
    "bucketcorsconfigurations",
    read=look("get_bucket_cors"),
    put="put_bucket_cors",
    delete=removed("delete_bucket_cors"),
    fields=(
        whole(
            "corsRule",
            Block(
                (
                    Member("allowedHeaders", "AllowedHeaders", Texts()),
                    Member("allowedMethods", "AllowedMethods", Texts()),
                    Member("allowedOrigins", "AllowedOrigins", Texts()),
                    Member("exposeHeaders", "ExposeHeaders", Texts()),
                    Member("id", "ID"),
                    Member("maxAgeSeconds", "MaxAgeSeconds", NUMBER),
                )
            ),
            "CORSConfiguration.CORSRules",
            "CORSRules",
        ),
        OWNER,
    ),
    required=("corsRule",),
)

_KEY_FORMAT: Final = Block(
    (
        Member(
            "partitionedPrefix",
            "PartitionedPrefix",
            Block((Member("partitionDateSource", "PartitionDateSource"),), single=True),
        ),
        Member("simplePrefix", "SimplePrefix", Block((), single=True)),
    ),
    single=True,
)

_LOGGING: Final = setting(
    "BucketLogging",
    "bucketloggings",
    versions=BOTH,
    pointing=EXTERNAL_NAME,
    read=look("get_bucket_logging", "LoggingEnabled"),
    put="put_bucket_logging",
    delete=Delete(call=Call("put_bucket_logging", {**HELD, "BucketLoggingStatus": "`{}`"})),
    fields=(
        whole("targetBucket", TEXT, "BucketLoggingStatus.LoggingEnabled.TargetBucket", "TargetBucket"),
        whole("targetPrefix", TEXT, "BucketLoggingStatus.LoggingEnabled.TargetPrefix", "TargetPrefix"),
        whole("targetGrant", GRANTS, "BucketLoggingStatus.LoggingEnabled.TargetGrants", "TargetGrants", absent=[]),
        whole(
            "targetObjectKeyFormat",
            _KEY_FORMAT,
            "BucketLoggingStatus.LoggingEnabled.TargetObjectKeyFormat",
            "TargetObjectKeyFormat",
            absent=[],
        ),
        OWNER,
    ),
    required=("targetPrefix",),
    references=(one("targetBucket", BUCKET, EXTERNAL_NAME),),
)

_ROUTES: Final = Block(
    (
        Member(
            "condition",
            "Condition",
            Block(
                (
                    Member("httpErrorCodeReturnedEquals", "HttpErrorCodeReturnedEquals"),
                    Member("keyPrefixEquals", "KeyPrefixEquals"),
                ),
                single=True,
            ),
        ),
        Member(
            "redirect",
            "Redirect",
            Block(
                (
                    Member("hostName", "HostName"),
                    Member("httpRedirectCode", "HttpRedirectCode"),
                    Member("protocol", "Protocol"),
                    Member("replaceKeyPrefixWith", "ReplaceKeyPrefixWith"),
                    Member("replaceKeyWith", "ReplaceKeyWith"),
                ),
                single=True,
            ),
        ),
    )
)


def _parsed(routes: Json) -> Json:
    """The same routes may be declared as one text, in AWS' own words."""
    try:
        return json.loads(routes)
    except ValueError:
        raise StalledError("InvalidRoutes", "spec.forProvider.routingRules is not a list in JSON") from None


def _page(name: str, aws: str, *members: Member) -> Field:
    return whole(name, Block(members, single=True), f"WebsiteConfiguration.{aws}", aws, absent=[])


_WEBSITE: Final = setting(
    "BucketWebsiteConfiguration",
    "bucketwebsiteconfigurations",
    versions=BOTH,
    read=look("get_bucket_website"),
    put="put_bucket_website",
    delete=removed("delete_bucket_website"),
    fields=(
        _page("errorDocument", "ErrorDocument", Member("key", "Key")),
        _page("indexDocument", "IndexDocument", Member("suffix", "Suffix")),
        _page(
            "redirectAllRequestsTo",
            "RedirectAllRequestsTo",
            Member("hostName", "HostName"),
            Member("protocol", "Protocol"),
        ),
        whole("routingRule", _ROUTES, "WebsiteConfiguration.RoutingRules", "RoutingRules", absent=[], late=False),
        whole(
            "routingRules",
            TEXT,
            "WebsiteConfiguration.RoutingRules",
            "RoutingRules && to_string(RoutingRules)",
            late=False,
            absent="",
            same=document,
            wrap=_parsed,
        ),
        OWNER,
    ),
    shown=(
        Shown("websiteDomain", WEBSITE_DOMAIN),
        Shown("websiteEndpoint", f"join('.', [id, {WEBSITE_DOMAIN}])"),
    ),
)

KINDS: Final = (_CORS, _LOGGING, _WEBSITE)
