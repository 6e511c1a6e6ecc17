"""
Clients of AWS' services, kept: by account (credentials and endpoint), region and service.

A botocore session costs a tenth of a second and 13 MB when it loads the service models itself, a client a fraction of
that. So all sessions share one loader, an account has one session for as long as its ProviderConfig and Secret say the
same, and no reconcile ever builds either. Clients may be shared by threads, sessions may not: they are built one at
a time.
"""

import hashlib
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import botocore.session
from botocore.config import Config
from botocore.credentials import CredentialProvider, CredentialResolver
from botocore.exceptions import BotoCoreError
from botocore.signers import RequestSigner

from crosshead.aws import credentials
from crosshead.aws.errors import Attempt, translate
from crosshead.aws.minting import Voucher
from crosshead.base import objects
from crosshead.base.errors import ForbiddenError, StalledError
from crosshead.base.values import Object, SecretValue

_TUNING: Final = {
    # Three tries of a look: who does not answer is told of within a minute.
    "connect_timeout": 5,
    "read_timeout": 20,
    # As many as workers may call at once; the default of 10 would make them queue.
    "max_pool_connections": 32,
    "user_agent_extra": "crosshead",
}


_ATTEMPTS: Final = 3
# The account that emulators are in.
_NOBODY: Final = "000000000000"


class _Given(CredentialProvider):  # type: ignore[misc]  # botocore has no types
    """Hands a session the credentials that we have found for it."""

    METHOD = CANONICAL_NAME = "crosshead"

    def __init__(self, found: Any) -> None:  # noqa: ANN401
        super().__init__()
        self._found = found

    def load(self) -> Any:  # noqa: ANN401
        return self._found


@dataclass(slots=True)
class _Account:
    """What one ProviderConfig stands for, as long as *fingerprint* stays."""

    fingerprint: str
    config: Object
    session: Any
    clients: dict[tuple[str, str, int], Any] = field(default_factory=dict)
    number: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """
    Two clients of the same service: one that tries again, and one that does not.

    botocore tries again when a connection breaks, and AWS may have heard it nevertheless: a second VPC is a second VPC.
    """

    patient: Any
    once: Callable[[], Any]
    # Signs, for others to find out who we are.
    vouch: Voucher
    # Tells accounts apart.
    account: str = ""


class Clients:
    """All clients of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._plain: Any = botocore.session.Session()
        self._accounts: dict[str, _Account] = {}
        self._doors: dict[str, threading.Lock] = {}

    def get(self, config: Object, secret: Mapping[str, SecretValue], service: str, region: str) -> "Pair":
        """
        Return the clients of *service* in *region* for the account of *config*.

        :raises StalledError: when the configuration cannot work.
        :raises ForbiddenError: when there are no credentials, now.
        """
        account = self._account(config, secret)
        patient = self._kept(account, service, region, _ATTEMPTS)
        return Pair(
            patient,
            lambda: self._kept(account, service, region, 1),
            lambda headers, seconds: self._vouched(account, region, headers, seconds),
            account.fingerprint,
        )

    def number(self, config: Object, secret: Mapping[str, SecretValue], region: str) -> str:
        """
        Return the number of the account of *config*.

        :raises ReconcileError: when AWS does not say.
        """
        if objects.spec(config).get("skip_requesting_account_id"):
            return _NOBODY
        account = self._account(config, secret)
        if not account.number:
            attempt = Attempt(credentials.REASON, "get caller identity", f"ProviderConfig {objects.name(config)!r}")
            try:
                account.number = str(self._kept(account, "sts", region, _ATTEMPTS).get_caller_identity()["Account"])
            except Exception as error:
                raise translate(error, attempt) from error
        return account.number

    def _vouched(self, account: _Account, region: str, headers: Mapping[str, str], seconds: int) -> str:
        """Return a URL that asks STS who we are, with *headers*, which whoever asks it must send, too."""
        sts = self._kept(account, "sts", region, _ATTEMPTS)
        question = {
            "method": "GET",
            "url": f"{sts.meta.endpoint_url.rstrip('/')}/?Action=GetCallerIdentity&Version=2011-06-15",
            "body": {},
            "headers": dict(headers),
            "context": {},
        }
        with self._lock:
            whose = account.session.get_credentials()
        events = account.session.get_component("event_emitter")
        signer = RequestSigner(sts.meta.service_model.service_id, region, "sts", "v4", whose, events)
        return str(signer.generate_presigned_url(question, "", expires_in=seconds, region_name=region))

    def _kept(self, account: _Account, service: str, region: str, attempts: int) -> Any:  # noqa: ANN401
        key = (service, region, attempts)
        with self._lock:
            if key not in account.clients:
                account.clients[key] = _client(account, service, region, attempts)
            return account.clients[key]

    def partition(self, region: str) -> str:
        """Return the partition that *region* is in; AWS' main one for a region that botocore does not know."""
        with self._lock:
            try:
                return str(self._plain.get_partition_for_region(region))
            except BotoCoreError:
                return "aws"

    def _account(self, config: Object, secret: Mapping[str, SecretValue]) -> _Account:
        name = f"{objects.namespace(config)}/{objects.name(config)}"
        fingerprint = _fingerprint(config, secret)
        with self._lock:
            door = self._doors.setdefault(name, threading.Lock())
        # To look for credentials may take seconds, of this account only.
        with door:
            known = self._accounts.get(name)
            if known is None or known.fingerprint != fingerprint:
                known = self._accounts[name] = _Account(fingerprint, config, self._signed_in(config, secret))
            return known

    def _session(self) -> Any:  # noqa: ANN401
        with self._lock:
            session = botocore.session.Session()
        session.register_component("data_loader", self._plain.get_component("data_loader"))
        return session

    def _signed_in(self, config: Object, secret: Mapping[str, SecretValue]) -> Any:  # noqa: ANN401
        session = self._session()

        def sts(*args: Any, **options: Any) -> Any:  # noqa: ANN401
            return self._session().create_client(
                *args, **{"region_name": "us-east-1", **options}, endpoint_url=_endpoint(config, "sts", "us-east-1")
            )

        found = credentials.base(session, config, secret, sts)
        if found is None:
            raise ForbiddenError(credentials.REASON, f"{credentials.where(config)}: there are none to be found")
        for role in objects.spec(config).get("assumeRoleChain") or ():
            found = credentials.assume(found, role, sts)
        session.register_component("credential_provider", CredentialResolver([_Given(found)]))
        return session


def _fingerprint(config: Object, secret: Mapping[str, SecretValue]) -> str:
    said = json.dumps(objects.spec(config), sort_keys=True, default=str).encode()
    digest = hashlib.sha256(said)
    for key, value in sorted(secret.items()):
        digest.update(key.encode() + b"\0" + hashlib.sha256(value.reveal()).digest())
    return digest.hexdigest()


def _client(account: _Account, service: str, region: str, attempts: int) -> Any:  # noqa: ANN401
    config = account.config
    try:
        return account.session.create_client(
            service,
            region_name=region,
            endpoint_url=_endpoint(config, service, region),
            config=_tuning(config, attempts),
        )
    except (BotoCoreError, ValueError) as error:
        where = f"ProviderConfig {objects.name(config)!r}"
        raise StalledError(
            credentials.REASON, f"{where} makes no client of {service} in {region!r}: {error}"
        ) from error


def _tuning(config: Object, attempts: int) -> Config:
    spec = objects.spec(config)
    # The name of a bucket before the host of an emulator resolves nowhere.
    path_style = spec.get("s3_use_path_style") or (spec.get("endpoint") or {}).get("hostnameImmutable")
    retries = {"mode": "standard", "total_max_attempts": attempts}
    return Config(**_TUNING, retries=retries, **({"s3": {"addressing_style": "path"}} if path_style else {}))


def _endpoint(config: Object, service: str, region: str) -> str | None:
    """Return where *service* is to be found; None for where it always is. Without `services`, all are meant."""
    endpoint = objects.spec(config).get("endpoint") or {}
    url = endpoint.get("url") or {}
    services = endpoint.get("services") or ()
    if services and service not in services:
        return None
    if url.get("type") == "Static":
        return str(url["static"]) if url.get("static") else None
    if url.get("type") == "Dynamic" and url.get("dynamic"):
        dynamic = url["dynamic"]
        return f"{dynamic['protocol']}://{service}.{region}.{dynamic['host']}"
    return None
