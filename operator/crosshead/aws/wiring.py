"""Makes clients of AWS' services: tuned, over shared connections, overheard."""

import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from botocore.config import Config
from botocore.exceptions import BotoCoreError
from botocore.httpsession import URLLib3Session

from crosshead.aws import endpoints
from crosshead.aws.credentials import REASON
from crosshead.base import objects
from crosshead.base.errors import StalledError
from crosshead.base.values import Object

_CONNECT_SECONDS: Final = 5
_READ_SECONDS: Final = 20
# As many as workers may call at once; the default of 10 would make them queue.
_CONNECTIONS: Final = 32
# Services times regions: connections to hosts beyond these are closed, the longest unused first.
_HOSTS: Final = 128

_TUNING: Final = MappingProxyType(
    {
        # Three tries of a look: who does not answer is told of within a minute.
        "connect_timeout": _CONNECT_SECONDS,
        "read_timeout": _READ_SECONDS,
        "max_pool_connections": _CONNECTIONS,
        "user_agent_extra": "crosshead",
    }
)
# Of whoever hands out credentials: many wait for them.
STS_TUNING: Final = Config(
    connect_timeout=3,
    read_timeout=5,
    user_agent_extra="crosshead",
    retries={"mode": "standard", "total_max_attempts": 2},
)


@dataclass(frozen=True, slots=True)
class Ears:
    """What others want to know of a client: that it is about to call, and code and message of attempts that fail."""

    calling: Callable[[], None]
    answered: Callable[[str, str], None]


class _Connections(URLLib3Session):  # type: ignore[misc]  # botocore has no types
    """Connections to more hosts than botocore expects of one client."""

    def _get_pool_manager_kwargs(self, **extra: Any) -> Any:  # noqa: ANN401
        return super()._get_pool_manager_kwargs(num_pools=_HOSTS, **extra)


class Wiring:
    """
    The connections that all clients share: each of its own would hold all certificate authorities, 0.7 MB.

    Requests are signed one by one: what a connection is used for, and by whom, does not stick to it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connections: dict[str, _Connections] = {}

    def share(self, client: Any) -> None:  # noqa: ANN401
        """Have *client* use the connections of all."""
        # botocore offers no way to say so.
        endpoint = client._endpoint  # noqa: SLF001
        own = endpoint.http_session
        # Which proxy leads to a host depends on the host.
        proxies, verify = own._proxy_config._proxies, own._verify  # noqa: SLF001
        with self._lock:
            key = repr((sorted((proxies or {}).items()), verify))
            if key not in self._connections:
                self._connections[key] = _Connections(
                    verify=verify,
                    proxies=proxies,
                    timeout=(_CONNECT_SECONDS, _READ_SECONDS),
                    max_pool_connections=_CONNECTIONS,
                    # Without TCP_NODELAY, half of all requests wait 40 ms for an acknowledgement.
                    socket_options=[(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)],
                )
            endpoint.http_session = self._connections[key]


def make(session: Any, config: Object, service: str, region: str, attempts: int) -> Any:  # noqa: ANN401
    """
    Return a client that tries *attempts* times.

    :raises StalledError: when there is none of that name.
    """
    try:
        client = session.create_client(
            service,
            region_name=region,
            endpoint_url=endpoints.endpoint(config, service, region),
            config=_tuning(config, attempts),
        )
    except (BotoCoreError, ValueError) as error:
        where = f"ProviderConfig {objects.name(config)!r}"
        raise StalledError(REASON, f"{where} makes no client of {service} in {region!r}: {error}") from error
    _sign_for(client, endpoints.signing(config))
    # A bucket that is elsewhere is not the one that was declared: botocore would follow it there.
    client.meta.events.register("before-call.s3", _stay)
    return client


def listen(client: Any, ears: Ears) -> None:  # noqa: ANN401
    """Have *ears* told of all calls of *client*, those that botocore makes by itself included."""

    def calling(**_: object) -> None:
        ears.calling()

    def answered(parsed_response: Any, **_: object) -> None:  # noqa: ANN401
        if error := (parsed_response or {}).get("Error"):
            ears.answered(str(error.get("Code", "")), str(error.get("Message", "")))

    client.meta.events.register("before-call", calling)
    client.meta.events.register("response-received", answered)


def _sign_for(client: Any, what: Mapping[str, str]) -> None:  # noqa: ANN401
    def sign(request: Any, **_: object) -> None:  # noqa: ANN401
        request.context["signing"] = {**request.context.get("signing", {}), **what}

    if what:
        client.meta.events.register("before-sign", sign)


def _stay(context: Any, **_: object) -> None:  # noqa: ANN401
    context.get("s3_redirect", {})["redirected"] = True


def _tuning(config: Object, attempts: int) -> Config:
    retries = {"mode": "standard", "total_max_attempts": attempts}
    by_path = endpoints.addresses_by_path(config)
    return Config(**_TUNING, retries=retries, **({"s3": {"addressing_style": "path"}} if by_path else {}))
