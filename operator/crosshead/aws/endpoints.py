"""Where the services are: what a ProviderConfig says of endpoints, signatures and regions."""

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final

from crosshead.aws.credentials import REASON
from crosshead.base import objects
from crosshead.base.errors import StalledError
from crosshead.base.values import Object

# Services that have one endpoint for all regions.
_GLOBAL: Final = frozenset({"iam"})
# What else botocore's names of services are called.
_CALLED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"logs": ("cloudwatchlogs", "cloudwatchlog"), "resourcegroupstaggingapi": ("tagging", "resourcegroupstagging")}
)
# Where the roles of a partition are assumed; in the main one, where the operator runs.
_HOMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "aws-cn": "cn-north-1",
        "aws-us-gov": "us-gov-west-1",
        "aws-eusc": "eusc-de-east-1",
        "aws-iso": "us-iso-east-1",
        "aws-iso-b": "us-isob-east-1",
        "aws-iso-e": "eu-isoe-west-1",
        "aws-iso-f": "us-isof-south-1",
    }
)
_MAIN_HOME: Final = "us-east-1"


def endpoint(config: Object, service: str, region: str) -> str | None:
    """Return where *service* is to be found; None for where it always is. Without `services`, all are meant."""
    wanted = objects.spec(config).get("endpoint") or {}
    url = wanted.get("url") or {}
    services = wanted.get("services") or ()
    if services and not {service, *_CALLED.get(service, ())} & set(services):
        return None
    match url.get("type"):
        case "Static":
            return str(url["static"]) if url.get("static") else None
        case "Dynamic" if dynamic := url.get("dynamic"):
            place = service if service in _GLOBAL else f"{service}.{region}"
            return f"{dynamic['protocol']}://{place}.{dynamic['host']}"
        case _:
            return None


def signing(config: Object) -> Mapping[str, str]:
    """Return what requests are signed for, by botocore's words, when that is not what they are sent to."""
    wanted = objects.spec(config).get("endpoint") or {}
    said = {"region": wanted.get("signingRegion"), "signing_name": wanted.get("signingName")}
    return {word: str(value) for word, value in said.items() if value}


def addresses_by_path(config: Object) -> bool:
    """Whether buckets stand in the path of a URL: the name of a bucket before an emulator's host resolves nowhere."""
    spec = objects.spec(config)
    return bool(spec.get("s3_use_path_style") or (spec.get("endpoint") or {}).get("hostnameImmutable"))


def partition(config: Object) -> str | None:
    """Return the partition that ARNs name, when *config* says so."""
    return (objects.spec(config).get("endpoint") or {}).get("partitionId")


def home(role: str, default: str | None) -> str:
    """Return the region in which *role*, an ARN, is assumed: AWS knows it only in its own partition."""
    parts = role.split(":")
    named = _HOMES.get(parts[1] if len(parts) > 1 else "")
    return named or (default if default and default not in _HOMES.values() else _MAIN_HOME)


def require_region(config: Object, region: str, known: Collection[str]) -> None:
    """Raise StalledError when *region* is none that AWS has, unless *config* will have any."""
    if region in known or objects.spec(config).get("skip_region_validation"):
        return
    near = get_close_matches(region, sorted(known), n=3, cutoff=0.7)
    advice = f"did you mean {' or '.join(near)}? " if near else ""
    raise StalledError(
        REASON,
        f"AWS has no region {region!r}: {advice or 'correct spec.forProvider.region. '}"
        f"If it does, set skip_region_validation in ProviderConfig {objects.name(config)!r}",
    )
