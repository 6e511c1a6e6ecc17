"""Where credentials come from: what a ProviderConfig says becomes what botocore signs with."""

import configparser
from collections.abc import Callable, Mapping
from typing import Any

from botocore.credentials import (
    AssumeRoleCredentialFetcher,
    AssumeRoleWithWebIdentityCredentialFetcher,
    Credentials,
    DeferredRefreshableCredentials,
    create_credential_resolver,
)
from botocore.exceptions import BotoCoreError
from botocore.utils import FileWebIdentityTokenLoader

from crosshead.base.errors import ForbiddenError, StalledError
from crosshead.base.values import Object, SecretValue

REASON = "CannotConnectToProvider"
# Stable, because AWS repeats it in its error messages, and those end in conditions.
SESSION_NAME = "crosshead"

# Makes a client of STS, as botocore's fetchers call it.
StsCreator = Callable[..., Any]


def base(session: Any, config: Object, secret: Mapping[str, SecretValue], sts: StsCreator) -> Any:  # noqa: ANN401
    """Return the credentials that *config* names, before it assumes roles; None when there are none to be found."""
    source = str(_spec(config).get("source") or "None")
    match source:
        case "Secret":
            return from_ini(_secret_text(config, secret), where(config))
        case "WebIdentity":
            return _web_identity(config, sts)
        case "None":
            # Nobody's: enough for an emulator, refused by AWS.
            return Credentials("anonymous", "anonymous")
        case "Environment" | "InjectedIdentity" | "IRSA" | "PodIdentity":
            return _loaded(session, config)
        case _:
            raise StalledError(REASON, f"{where(config)}: source {source!r} is not supported")


def _loaded(session: Any, config: Object) -> Any:  # noqa: ANN401
    """Return what botocore finds around us. An agent that hands credentials out may start later than we do."""
    try:
        return create_credential_resolver(session).load_credentials()
    except BotoCoreError as error:
        raise ForbiddenError(REASON, f"{where(config)}: {error}") from error


def _spec(config: Object) -> Object:
    return (config.get("spec") or {}).get("credentials") or {}


def where(config: Object) -> str:
    """Say whose credentials."""
    return f"credentials of ProviderConfig {config['metadata']['name']!r}"


def _secret_text(config: Object, secret: Mapping[str, SecretValue]) -> str:
    ref = _spec(config).get("secretRef") or {}
    place = f"Secret {ref.get('name')!r} in namespace {ref.get('namespace')!r}"
    value = secret.get(str(ref.get("key", "")))
    if value is None:
        raise StalledError(REASON, f"{where(config)}: {place} has no key {ref.get('key')!r}")
    try:
        return value.reveal().decode()
    except UnicodeDecodeError as error:
        raise StalledError(REASON, f"{where(config)}: key {ref.get('key')!r} of {place} is not text") from error


def from_ini(text: str, where: str) -> Credentials:
    """Return the credentials of the default profile of *text*, an AWS credentials file; never repeats what it says."""
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(text)
        profile = parser["default"]
        return Credentials(
            profile["aws_access_key_id"], profile["aws_secret_access_key"], profile.get("aws_session_token")
        )
    except (configparser.Error, KeyError):
        # `from None`: the parser's message quotes the line, secret and all.
        wanted = "a profile [default] with aws_access_key_id and aws_secret_access_key"
        raise StalledError(REASON, f"{where}: the Secret does not hold {wanted}") from None


def _web_identity(config: Object, sts: StsCreator) -> Any:  # noqa: ANN401
    wanted = _spec(config).get("webIdentity") or {}
    path = ((wanted.get("tokenConfig") or {}).get("fs") or {}).get("path")
    role = wanted.get("roleARN")
    if not (path and role):
        raise StalledError(REASON, f"{where(config)}: webIdentity needs roleARN and tokenConfig.fs.path")
    fetcher = AssumeRoleWithWebIdentityCredentialFetcher(
        client_creator=sts,
        web_identity_token_loader=FileWebIdentityTokenLoader(path),
        role_arn=role,
        extra_args={"RoleSessionName": wanted.get("roleSessionName") or SESSION_NAME},
    )
    return DeferredRefreshableCredentials(
        method="assume-role-with-web-identity", refresh_using=fetcher.fetch_credentials
    )


def assume(credentials: Any, role: Object, sts: StsCreator) -> Any:  # noqa: ANN401
    """Return the credentials of *role*, one link of `assumeRoleChain`, taken on with *credentials*."""
    tags = [{"Key": tag["key"], "Value": tag["value"]} for tag in role.get("tags") or ()]
    extra = {
        "RoleSessionName": SESSION_NAME,
        "ExternalId": role.get("externalID"),
        "Tags": tags,
        "TransitiveTagKeys": list(role.get("transitiveTagKeys") or ()),
    }
    fetcher = AssumeRoleCredentialFetcher(
        client_creator=sts,
        source_credentials=credentials,
        role_arn=role["roleARN"],
        extra_args={name: value for name, value in extra.items() if value},
    )
    return DeferredRefreshableCredentials(method="assume-role", refresh_using=fetcher.fetch_credentials)
