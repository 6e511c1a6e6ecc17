"""
Clients of AWS' services, kept: by account (credentials and endpoint), region and service.

A botocore session costs a tenth of a second and 13 MB when it loads the service models itself, a client a fraction of
that. So all sessions share one loader, an account has one session for as long as its ProviderConfig and Secret say the
same, and no reconcile ever builds either. Clients may be shared by threads, sessions may not: they are built one at
a time. An account whose credentials nobody hands out holds up nobody: one worker waits for them, the others are told.
"""

import hashlib
import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import botocore.session
from botocore.credentials import CredentialProvider, CredentialResolver
from botocore.exceptions import BotoCoreError
from botocore.signers import RequestSigner

from crosshead.aws import credentials, endpoints, wiring
from crosshead.aws.codes import is_expired, is_throttle
from crosshead.aws.credentials import REASON
from crosshead.aws.doors import Doors
from crosshead.aws.errors import Attempt, translate, words
from crosshead.aws.minting import Voucher
from crosshead.aws.pacing import Paces
from crosshead.base import objects
from crosshead.base.errors import ForbiddenError, ThrottledError
from crosshead.base.values import Object, SecretValue

T = TypeVar("T")
Seconds = float

_ATTEMPTS: Final = 3
# The account that emulators are in.
_NOBODY: Final = "000000000000"
_UNUSED: Final[Seconds] = 3600.0
_SWEEPING: Final[Seconds] = 60.0
# Roles are not assumed again sooner than that, however often AWS refuses what came of it.
_TRUSTED: Final[Seconds] = 30.0


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
    signed_at: Seconds
    used_at: Seconds
    # Whether AWS does not know the credentials any more, and there may be others.
    expired: bool = False
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
    # Raises ThrottledError when AWS has complained that we ask too fast, and others are before us.
    begin: Callable[[], None] = lambda: None
    # Tells accounts apart.
    account: str = ""


class Clients:
    """All clients of this process."""

    def __init__(self, now: Callable[[], Seconds] = time.monotonic, paces: Paces | None = None) -> None:
        self._now = now
        self._paces = paces or Paces()
        self._lock = threading.Lock()
        self._plain: Any = botocore.session.Session()
        self._wiring = wiring.Wiring()
        self._accounts: dict[str, _Account] = {}
        self._doors = Doors(now)
        self._regions = _regions(self._plain)
        self._swept_at = now()

    def get(self, config: Object, secret: Mapping[str, SecretValue], service: str, region: str) -> "Pair":
        """
        Return the clients of *service* in *region* for the account of *config*.

        :raises StalledError: when the configuration cannot work.
        :raises ForbiddenError: when there are no credentials, now.
        :raises TransientError: when nobody hands them out, now.
        """
        endpoints.require_region(config, region, self._regions)
        account = self._account(config, secret)
        patient = self._kept(account, service, region, _ATTEMPTS)
        return Pair(
            patient,
            lambda: self._kept(account, service, region, 1),
            lambda headers, seconds: self._vouched(account, region, headers, seconds),
            lambda: self._begin((account.fingerprint, region, service)),
            account.fingerprint,
        )

    def number(self, config: Object, secret: Mapping[str, SecretValue], region: str) -> str:
        """
        Return the number of the account of *config*: AWS is asked once for all its regions.

        :raises ReconcileError: when AWS does not say.
        """
        spec = objects.spec(config)
        if spec.get("skip_requesting_account_id") or spec.get("skip_credentials_validation"):
            return _NOBODY
        account = self._account(config, secret)

        def ask() -> str:
            account.number = account.number or self._asked(account, region)
            return account.number

        return account.number or self._one_at_a_time(config, account.fingerprint, ask)

    def partition(self, region: str, config: Object) -> str:
        """Return the partition that *region* is in; AWS' main one for a region that botocore does not know."""
        if given := endpoints.partition(config):
            return given
        with self._lock:
            try:
                return str(self._plain.get_partition_for_region(region))
            except BotoCoreError:
                return "aws"

    def _asked(self, account: _Account, region: str) -> str:
        subject = f"ProviderConfig {objects.name(account.config)!r}"
        try:
            return str(self._kept(account, "sts", region, _ATTEMPTS).get_caller_identity()["Account"])
        except Exception as error:
            raise translate(error, Attempt(REASON, "get caller identity", subject)) from error

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
                client = wiring.make(account.session, account.config, service, region, attempts)
                self._wiring.share(client)
                wiring.listen(client, self._ears(account, service, region))
                account.clients[key] = client
            return account.clients[key]

    def _begin(self, place: tuple[str, str, str]) -> None:
        wait, said = self._paces.begin(place)
        if wait:
            _, region, service = place
            raise ThrottledError(REASON, f"requests to {service} in {region} wait for their turn: {said}", wait)

    def _ears(self, account: _Account, service: str, region: str) -> wiring.Ears:
        place = (account.fingerprint, region, service)

        def answered(code: str, message: str) -> None:
            if is_throttle(code):
                self._paces.complain(place, words(code, message))
            if is_expired(code):
                account.expired = credentials.may_change(account.config)

        return wiring.Ears(lambda: self._paces.spend(place), answered)

    def _account(self, config: Object, secret: Mapping[str, SecretValue]) -> _Account:
        fingerprint = _fingerprint(config, secret)
        self._sweep()
        return self._known(config, fingerprint) or self._one_at_a_time(
            config, fingerprint, lambda: self._known(config, fingerprint) or self._new(config, secret, fingerprint)
        )

    def _known(self, config: Object, fingerprint: str) -> _Account | None:
        with self._lock:
            known = self._accounts.get(_name(config))
            if known is None or known.fingerprint != fingerprint:
                return None
            if known.expired and self._now() - known.signed_at > _TRUSTED:
                return None
            known.used_at = self._now()
            return known

    def _new(self, config: Object, secret: Mapping[str, SecretValue], fingerprint: str) -> _Account:
        session = self._signed_in(config, secret)
        now = self._now()
        account = _Account(fingerprint, config, session, signed_at=now, used_at=now)
        with self._lock:
            former = self._accounts.get(_name(config))
            self._accounts[_name(config)] = account
        if former is not None:
            self._paces.forget(former.fingerprint)
        return account

    def _one_at_a_time(self, config: Object, fingerprint: str, ask: Callable[[], T]) -> T:
        return self._doors.pass_one(_name(config), fingerprint, credentials.where(config), ask)

    def _sweep(self) -> None:
        """Let go of the accounts that nobody uses any more."""
        now = self._now()
        with self._lock:
            if now - self._swept_at < _SWEEPING:
                return
            self._swept_at = now
            gone = [name for name, account in self._accounts.items() if now - account.used_at > _UNUSED]
            forgotten = [self._accounts.pop(name) for name in gone]
        for name, account in zip(gone, forgotten, strict=True):
            self._doors.forget(name)
            self._paces.forget(account.fingerprint)

    def _session(self) -> Any:  # noqa: ANN401
        with self._lock:
            session = botocore.session.Session()
        session.register_component("data_loader", self._plain.get_component("data_loader"))
        return session

    def _signed_in(self, config: Object, secret: Mapping[str, SecretValue]) -> Any:  # noqa: ANN401
        session = self._session()
        sts = self._sts(config)
        found = credentials.base(session, config, secret, sts)
        if found is None:
            raise ForbiddenError(REASON, f"{credentials.where(config)}: there are none to be found")
        for role in objects.spec(config).get("assumeRoleChain") or ():
            found = credentials.assume(found, role, config, sts)
        # Now and here, so that whatever is wrong is told of the ProviderConfig and not of each request.
        found.get_frozen_credentials()
        session.register_component("credential_provider", CredentialResolver([_Given(found)]))
        return session

    def _sts(self, config: Object) -> credentials.Sts:
        """Return what makes clients of STS that assume a role."""

        def for_role(role: str) -> credentials.StsCreator:
            region = endpoints.home(role, self._plain.get_config_variable("region"))

            def create(service: str, **options: Any) -> Any:  # noqa: ANN401
                # botocore adds a config of its own where requests are not signed.
                tuning = wiring.STS_TUNING.merge(options.pop("config", None) or wiring.STS_TUNING)
                url = endpoints.endpoint(config, service, region)
                wanted = {**options, "region_name": region, "endpoint_url": url, "config": tuning}
                return self._session().create_client(service, **wanted)

            return create

        return for_role


def _name(config: Object) -> str:
    return f"{objects.namespace(config)}/{objects.name(config)}"


def _regions(session: Any) -> frozenset[str]:  # noqa: ANN401
    partitions = session.get_component("data_loader").load_data("partitions")["partitions"]
    return frozenset(region for partition in partitions for region in partition["regions"])


def _fingerprint(config: Object, secret: Mapping[str, SecretValue]) -> str:
    said = json.dumps(objects.spec(config), sort_keys=True, default=str).encode()
    digest = hashlib.sha256(said)
    for key, value in sorted(secret.items()):
        digest.update(key.encode() + b"\0" + hashlib.sha256(value.reveal()).digest())
    return digest.hexdigest()
