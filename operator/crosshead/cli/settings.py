"""The settings of `crosshead run`: flags first, then the environment (`CROSSHEAD_POLL_INTERVAL`), then the default."""

import argparse
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from crosshead.cli import choices
from crosshead.managed import polling


def duration(text: str) -> timedelta:
    """Return the duration that *text* says as Go writes them (`10m`, `1h30m`, `500ms`)."""
    try:
        return polling.parse_duration(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{error}; a duration is written like 10m, 1h30m or 500ms") from error


def fraction(text: str) -> float:
    """Return the number between 0 and 1 that *text* says."""
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1")
    return value


def https_url(text: str) -> str:
    """Return *text*, which is the URL of a host and a port of ours; port 0 takes a free one."""
    parts = urlsplit(text)
    if text and (parts.scheme != "https" or not parts.hostname or parts.port is None or parts.path.strip("/")):
        raise argparse.ArgumentTypeError(f"{text!r} is not like https://127.0.0.1:9443")
    return text


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting, as flag and as environment variable; *crossplanes* is the variable that Crossplane has for it."""

    flag: str
    default: str
    parse: Callable[[str], Any]
    help: str
    metavar: str = ""
    crossplanes: str = ""

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"CROSSHEAD_{self.flag.upper().replace('-', '_')}"


SETTINGS = (
    Setting(
        "poll-interval",
        "10m",
        duration,
        "how often external resources are checked; per resource: crossplane.io/poll-interval",
    ),
    Setting("poll-jitter", "0.05", fraction, "fraction of the poll interval to spread checks by"),
    Setting(
        "creation-grace",
        "30s",
        duration,
        "how long AWS may not show what was created: until then it is not created again",
    ),
    Setting("backoff-first", "1s", duration, "delay after the first failure of an object"),
    Setting("backoff-ceiling", "60s", duration, "longest delay between tries of claims, composites and definitions"),
    Setting("backoff-ceiling-external", "5m", duration, "longest delay between tries of managed resources"),
    Setting("backoff-jitter", "0.1", fraction, "fraction of each delay to spread retries by"),
    Setting("workers", "4", int, "objects reconciled at once: in the cluster, and in each account, service and region"),
    Setting("health-address", "127.0.0.1", str, "address of /healthz, /readyz and /metrics"),
    Setting("health-port", "8081", int, "port of /healthz, /readyz and /metrics; 0 takes a free one"),
    Setting("lease-namespace", "crossplane-system", str, "namespace of the Lease that elects the active replica"),
    Setting("lease-name", "crosshead", str, "name of that Lease"),
    Setting("lease-duration", "15s", duration, "how long a silent leader is waited for"),
    Setting("packages-namespace", "crossplane-system", str, "namespace that Functions are installed into"),
    Setting(
        "tls-client-certs-dir",
        "",
        choices.folder,
        f"{choices.CLIENT_CERTIFICATES}; else the Secret crossplane-tls-client of the packages' namespace",
        metavar="DIR",
        crossplanes="TLS_CLIENT_CERTS_DIR",
    ),
    Setting("without-built-ins", "", choices.shut_out, choices.WITHOUT_BUILT_INS, metavar="NAMES"),
    Setting("webhook-service", "", str, "Service by which the API server reaches our webhooks", metavar="NAME"),
    Setting("webhook-url", "", https_url, "URL at which to serve them instead, without a Service", metavar="URL"),
    Setting("webhook-port", "9443", int, "port of the webhooks behind the Service"),
    Setting("log-level", "warning", str, "debug, info, warning or error"),
)


def add_arguments(parser: argparse.ArgumentParser, environ: Mapping[str, str] = os.environ) -> None:
    """Add every setting to *parser*; the environment supplies the defaults."""
    for one in SETTINGS:
        default = environ.get(one.variable) or environ.get(one.crossplanes) or one.default
        variables = " or ".join(filter(None, (one.variable, one.crossplanes)))
        text = f"{one.help} (default {one.default or 'none'}; {variables})"
        metavar = one.metavar or one.default
        parser.add_argument(f"--{one.flag}", type=one.parse, default=default, help=text, metavar=metavar)
