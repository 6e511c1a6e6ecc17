"""Where credentials come from: what a ProviderConfig says becomes what botocore signs with."""

import configparser
import os
import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from botocore.credentials import (
    AssumeRoleCredentialFetcher,
    AssumeRoleWithWebIdentityCredentialFetcher,
    Credentials,
    DeferredRefreshableCredentials,
    create_credential_resolver,
)
from botocore.exceptions import BotoCoreError
from botocore.utils import FileWebIdentityTokenLoader

from crosshead.aws.errors import Attempt, translate
from crosshead.base.errors import ForbiddenError, ReconcileError, StalledError
from crosshead.base.values import Object, SecretValue

REASON = "CannotConnectToProvider"
# Stable, because AWS repeats it in its error messages, and those end in conditions.
SESSION_NAME = "crosshead"
_SUPPORTED: Final = "Secret, IRSA, PodIdentity, WebIdentity, Environment and None"

# Makes a client of STS, as botocore's fetchers call it, in the partition of a role.
StsCreator = Callable[..., Any]
Sts = Callable[[str], StsCreator]

# Who was silent for longer than this is not asked again at once: whoever needs the credentials would wait as well.
SILENCE: Final = 1.0
PAUSE: Final = 15.0


def base(session: Any, config: Object, secret: Mapping[str, SecretValue], sts: Sts) -> Any:  # noqa: ANN401
    """Return the credentials that *config* names, before it assumes roles; None when there are none to be found."""
    source = str(_spec(config).get("source") or "None")
    if source not in _SOURCES:
        advice = f"it needs somebody else's control plane; supported are {_SUPPORTED}" if source == "Upbound" else ""
        text = f"source {source!r} is not supported: {advice or f'it should be one of {_SUPPORTED}'}"
        raise StalledError(REASON, f"{where(config)}: {text}")
    return _SOURCES[source](session, config, secret, sts)


def _from_secret(_: Any, config: Object, secret: Mapping[str, SecretValue], __: Sts) -> Any:  # noqa: ANN401
    ref = _spec(config).get("secretRef") or {}
    return from_ini(_text_of(config, ref, secret), f"{where(config)}: the Secret")


def _from_nowhere(*_: object) -> Any:  # noqa: ANN401
    """Return nobody's credentials: enough for an emulator, refused by AWS."""
    return Credentials("anonymous", "anonymous")


def _from_environment(session: Any, config: Object, *_: object) -> Any:  # noqa: ANN401
    """Return what a variable holds, as a credentials file does; without one, what botocore finds around us."""
    variable = (_spec(config).get("env") or {}).get("name")
    if not variable:
        return _around(session, config)
    text = os.environ.get(variable)
    if text is None:
        raise ForbiddenError(REASON, f"{where(config)}: the operator has no environment variable {variable!r}")
    return from_ini(text, f"{where(config)}: the environment variable {variable!r}")


def _from_service_account(session: Any, config: Object, _: object, sts: Sts) -> Any:  # noqa: ANN401
    """Return the credentials of the role of our ServiceAccount; we ask STS ourselves, at the endpoint of *config*."""
    role, path = os.environ.get("AWS_ROLE_ARN"), os.environ.get("AWS_WEB_IDENTITY_TOKEN_FILE")
    if not (role and path):
        return _around(session, config)
    name = os.environ.get("AWS_ROLE_SESSION_NAME")
    return _with_token(config, FileWebIdentityTokenLoader(path), role, name, sts)


def _around(session: Any, config: Object, *_: object) -> Any:  # noqa: ANN401
    """Return what botocore finds around us. An agent that hands credentials out may start later than we do."""
    try:
        return create_credential_resolver(session).load_credentials()
    except BotoCoreError as error:
        raise ForbiddenError(REASON, f"{where(config)}: {error}") from error


def _from_web_identity(_: Any, config: Object, secret: Mapping[str, SecretValue], sts: Sts) -> Any:  # noqa: ANN401
    wanted = _spec(config).get("webIdentity") or {}
    token = wanted.get("tokenConfig") or {}
    path, ref, role = (token.get("fs") or {}).get("path"), token.get("secretRef"), wanted.get("roleARN")
    if not (role and (ref if token.get("source") == "Secret" else path)):
        needs = "roleARN and tokenConfig, with source Secret and secretRef, or with source Filesystem and fs.path"
        raise StalledError(REASON, f"{where(config)}: webIdentity needs {needs}")
    loader: Callable[[], str]
    if token.get("source") == "Secret":
        text = _text_of(config, ref or {}, secret).strip()
        loader = lambda: text  # noqa: E731 (a file is read anew each time, a Secret is not)
    else:
        loader = FileWebIdentityTokenLoader(path)
    return _with_token(config, loader, role, wanted.get("roleSessionName"), sts)


def _with_token(config: Object, loader: Callable[[], str], role: str, name: str | None, sts: Sts) -> Any:  # noqa: ANN401
    fetcher = AssumeRoleWithWebIdentityCredentialFetcher(
        client_creator=sts(role),
        web_identity_token_loader=loader,
        role_arn=role,
        extra_args={"RoleSessionName": name or SESSION_NAME},
    )
    asking = _Asking(fetcher.fetch_credentials, f"assume role {role} with a web identity", config)
    return DeferredRefreshableCredentials(method="assume-role-with-web-identity", refresh_using=asking)


_Source = Callable[[Any, Object, Mapping[str, SecretValue], Sts], Any]
_SOURCES: Final[Mapping[str, _Source]] = MappingProxyType(
    {
        "None": _from_nowhere,
        "Secret": _from_secret,
        "WebIdentity": _from_web_identity,
        "Environment": _from_environment,
        "IRSA": _from_service_account,
        "InjectedIdentity": _from_service_account,
        "PodIdentity": _around,
    }
)


def assume(credentials: Any, role: Object, config: Object, sts: Sts) -> Any:  # noqa: ANN401
    """Return the credentials of *role*, one link of the `assumeRoleChain` of *config*, taken on with *credentials*."""
    arn = role.get("roleARN")
    if not arn:
        raise StalledError(REASON, f"{where(config)}: a link of assumeRoleChain has no roleARN")
    extra = {
        "RoleSessionName": SESSION_NAME,
        "ExternalId": role.get("externalID"),
        "Tags": [{"Key": tag["key"], "Value": tag["value"]} for tag in role.get("tags") or ()],
        "TransitiveTagKeys": list(role.get("transitiveTagKeys") or ()),
    }
    fetcher = AssumeRoleCredentialFetcher(
        client_creator=sts(arn),
        source_credentials=credentials,
        role_arn=arn,
        extra_args={name: value for name, value in extra.items() if value},
    )
    asking = _Asking(fetcher.fetch_credentials, f"assume role {arn}", config)
    return DeferredRefreshableCredentials(method="assume-role", refresh_using=asking)


class _Asking:
    """Asks STS, and says in our words what goes wrong; who was silent is left alone for a while."""

    def __init__(self, fetch: Callable[[], Any], what: str, config: Object) -> None:
        self._fetch = fetch
        self._attempt = Attempt(REASON, what, f"ProviderConfig {config['metadata']['name']!r}")
        self._silent_until = float("-inf")
        self._error: ReconcileError | None = None

    def __call__(self) -> Any:  # noqa: ANN401
        began = time.monotonic()
        if self._error is not None and began < self._silent_until:
            raise copied(self._error)
        try:
            return self._fetch()
        except Exception as error:
            worded = self._worded(error)
            ended = time.monotonic()
            if ended - began > SILENCE and isinstance(worded, ReconcileError):
                self._error, self._silent_until = copied(worded), ended + PAUSE
            raise worded from error

    def _worded(self, error: Exception) -> Exception:
        if isinstance(error, ReconcileError):
            return error  # of the role before, or of the Secret
        if isinstance(error, OSError) and not isinstance(error, BotoCoreError):
            what = f"cannot {self._attempt.operation} for {self._attempt.subject}: {error.strerror}: {error.filename}"
            return ForbiddenError(REASON, what)
        found = translate(error, self._attempt)
        # A role that does not exist is no resource that does not.
        return ForbiddenError(REASON, str(found)) if isinstance(found, LookupError | ValueError) else found


def may_change(config: Object) -> bool:
    """Whether there may be other credentials than there were, although *config* and its Secret say the same."""
    is_given = _spec(config).get("source") in {"Secret", "None"}
    return bool(not is_given or (config.get("spec") or {}).get("assumeRoleChain"))


def copied(error: ReconcileError) -> ReconcileError:
    """Return *error* anew: whoever catches it puts words of their own before it."""
    return type(error)(error.reason, error.message)


def _spec(config: Object) -> Object:
    return (config.get("spec") or {}).get("credentials") or {}


def where(config: Object) -> str:
    """Say whose credentials."""
    return f"credentials of ProviderConfig {config['metadata']['name']!r}"


def _text_of(config: Object, ref: Object, secret: Mapping[str, SecretValue]) -> str:
    place = f"Secret {ref.get('name')!r} in namespace {ref.get('namespace')!r}"
    value = secret.get(str(ref.get("key", "")))
    if value is None:
        raise StalledError(REASON, f"{where(config)}: {place} has no key {ref.get('key')!r}")
    try:
        return value.reveal().decode()
    except UnicodeDecodeError as error:
        raise StalledError(REASON, f"{where(config)}: key {ref.get('key')!r} of {place} is not text") from error


def from_ini(text: str, where: str) -> Credentials:
    """
    Return the credentials of the default profile of *text*, an AWS credentials file; never repeats what it says.

    What stands before the first profile is of the default one, and names are told apart without their case, as upstream
    has it.
    """
    # Python's own meaning of DEFAULT is another one: a section whose values all others have.
    parser = configparser.RawConfigParser(default_section="\0", strict=False)
    try:
        parser.read_string(f"[default]\n{text}")
        found = {key: value for name in parser.sections() if _is_default(name) for key, value in parser[name].items()}
        return Credentials(
            found["aws_access_key_id"].strip("\"'"),
            found["aws_secret_access_key"].strip("\"'"),
            found.get("aws_session_token", "").strip("\"'") or None,
        )
    except (configparser.Error, KeyError):
        # `from None`: the parser's message quotes the line, secret and all.
        wanted = "a profile [default] with aws_access_key_id and aws_secret_access_key"
        raise StalledError(REASON, f"{where} does not hold {wanted}") from None


def _is_default(section: str) -> bool:
    return section.strip().lower() in {"default", "profile default"}
