"""Every source of credentials and every way to take on a role, over HTTP, with an STS that checks."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from crosshead.aws.credentials import from_ini
from crosshead.aws.sessions import Clients
from crosshead.aws.wiring import STS_TUNING
from crosshead.base.errors import ForbiddenError, StalledError, TransientError
from crosshead.base.values import SecretValue
from crosshead.devel.emulator import Emulator, EmulatorControl
from tests.aws.lives import KEYS, config

ACCOUNT = "123456789012"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
ROLE = f"arn:aws:iam::{ACCOUNT}:role"

Maker = Callable[..., str]


@pytest.fixture
def role(emulator: Emulator, name: str) -> Maker:
    """Makes a role that trusts *principal* under conditions, and returns its ARN."""
    iam = boto3.client(
        "iam",
        region_name="us-east-1",
        endpoint_url=emulator.url,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )

    def make(called: str, principal: str = ROOT, **conditions: Any) -> str:
        statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": principal}}
        policy = {"Version": "2012-10-17", "Statement": [{**statement, "Condition": conditions}]}
        made = iam.create_role(RoleName=f"{name}-{called}", AssumeRolePolicyDocument=json.dumps(policy))
        return str(made["Role"]["Arn"])

    return make


def who(clients: Clients, where: Any, secret: Any = KEYS) -> str:
    """Return who AWS says that we are."""
    return str(clients.get(where, secret, "sts", "us-east-1").patient.get_caller_identity()["Arn"])


def test_roles_are_assumed_one_from_the_other(emulator: Emulator, role: Maker) -> None:
    """The second trusts nobody but the first."""
    first = role("first")
    second = role("second", first)

    found = who(Clients(), config(emulator.url, assumeRoleChain=[{"roleARN": first}, {"roleARN": second}]))

    assert found == f"arn:aws:sts::{ACCOUNT}:assumed-role/{second.rpartition('/')[2]}/crosshead"


def test_a_role_is_assumed_by_nobody_but_whom_it_trusts(emulator: Emulator, role: Maker) -> None:
    second = role("second", role("first"))

    with pytest.raises(ForbiddenError) as caught:
        who(Clients(), config(emulator.url, assumeRoleChain=[{"roleARN": second}]))

    assert caught.value.reason == "CannotConnectToProvider"
    assert str(caught.value) == (
        f"cannot assume role {second} for ProviderConfig 'default': AWS answered AccessDenied: "
        f"User: arn:aws:sts::{ACCOUNT}:user/moto is not authorized to perform: sts:AssumeRole on resource: {second}"
    )


@pytest.mark.parametrize(
    ("condition", "link"),
    [
        pytest.param({"StringEquals": {"sts:ExternalId": "s3same"}}, {"externalID": "s3same"}, id="an external id"),
        pytest.param(
            {"StringEquals": {"aws:RequestTag/team": "orders"}},
            {"tags": [{"key": "team", "value": "orders"}]},
            id="tags",
        ),
        pytest.param(
            {"StringEquals": {"sts:TransitiveTagKeys": "team"}},
            {"tags": [{"key": "team", "value": "orders"}], "transitiveTagKeys": ["team"]},
            id="tags for the roles after it",
        ),
    ],
)
def test_a_role_gets_what_it_asks_for(emulator: Emulator, role: Maker, condition: Any, link: Any) -> None:
    arn = role("strict", **condition)

    assert arn.rpartition("/")[2] in who(Clients(), config(emulator.url, assumeRoleChain=[{"roleARN": arn, **link}]))
    with pytest.raises(ForbiddenError, match="AWS answered AccessDenied"):
        who(Clients(), config(emulator.url, assumeRoleChain=[{"roleARN": arn}]))


def test_a_link_without_a_role_stalls(emulator: Emulator) -> None:
    with pytest.raises(StalledError, match="a link of assumeRoleChain has no roleARN"):
        who(Clients(), config(emulator.url, assumeRoleChain=[{"externalID": "x"}]))


def web_identity(**token: Any) -> dict[str, Any]:
    return {"source": "WebIdentity", "webIdentity": {"roleARN": f"{ROLE}/web", "tokenConfig": token}}


def test_a_web_identity_is_taken_from_a_file(emulator: Emulator, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("a.b.c")
    source = web_identity(source="Filesystem", fs={"path": str(token)})

    assert who(Clients(), config(emulator.url, credentials=source), {}).endswith(":assumed-role/web/crosshead")


def test_a_web_identity_is_taken_from_a_secret(emulator: Emulator) -> None:
    source = web_identity(source="Secret", secretRef={"namespace": "aws", "name": "token", "key": "jwt"})
    where = config(emulator.url, credentials=source)

    assert who(Clients(), where, {"jwt": SecretValue("a.b.c\n")}).endswith(":assumed-role/web/crosshead")
    with pytest.raises(StalledError, match="Secret 'token' in namespace 'aws' has no key 'jwt'"):
        who(Clients(), where, {})


def test_a_token_that_is_not_there_is_named(emulator: Emulator, tmp_path: Path) -> None:
    token = tmp_path / "token"
    source = web_identity(source="Filesystem", fs={"path": str(token)})

    with pytest.raises(ForbiddenError) as caught:
        who(Clients(), config(emulator.url, credentials=source), {})

    assert str(caught.value) == (
        f"cannot assume role {ROLE}/web with a web identity for ProviderConfig 'default': "
        f"No such file or directory: {token}"
    )


def test_a_service_account_has_a_role(emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """IRSA; the web identity is presented to the STS of the ProviderConfig, and a chain follows it."""
    token = tmp_path / "token"
    token.write_text("a.b.c")
    monkeypatch.setenv("AWS_ROLE_ARN", f"{ROLE}/service")
    monkeypatch.setenv("AWS_WEB_IDENTITY_TOKEN_FILE", str(token))
    alone = config(emulator.url, credentials={"source": "IRSA"})
    onward = config(emulator.url, credentials={"source": "IRSA"}, assumeRoleChain=[{"roleARN": f"{ROLE}/onward"}])

    assert who(Clients(), alone, {}).endswith(":assumed-role/service/crosshead")
    assert who(Clients(), onward, {}).endswith(":assumed-role/onward/crosshead")


def test_a_variable_may_hold_a_credentials_file(monkeypatch: pytest.MonkeyPatch, emulator: Emulator) -> None:
    monkeypatch.setenv("OURS", "[default]\naws_access_key_id = AKIDOURS\naws_secret_access_key = s\n")
    source = {"source": "Environment", "env": {"name": "OURS"}}
    client = Clients().get(config(emulator.url, credentials=source), {}, "rds", "us-east-1").patient

    assert client._request_signer._credentials.access_key == "AKIDOURS"
    with pytest.raises(ForbiddenError, match="the operator has no environment variable 'THEIRS'"):
        who(Clients(), config(emulator.url, credentials={"source": "Environment", "env": {"name": "THEIRS"}}), {})


@contextmanager
def serving(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """Serve HTTP with *answer*, and yield the URL."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            answer(self)

        def do_POST(self) -> None:
            answer(self)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def test_an_agent_hands_out_the_credentials_of_a_pod(
    emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = tmp_path / "token"
    token.write_text("pod-token")
    keys = {"AccessKeyId": "AKIDPOD", "SecretAccessKey": "s", "Token": "t", "Expiration": "2099-01-01T00:00:00Z"}
    shown: list[str | None] = []

    def hand_out(request: BaseHTTPRequestHandler) -> None:
        shown.append(request.headers["Authorization"])
        body = json.dumps(keys).encode()
        request.send_response(200)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", str(token))
    with serving(hand_out) as url:
        monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"{url}/v1/credentials")
        where = config(emulator.url, credentials={"source": "PodIdentity"})
        client = Clients().get(where, {}, "rds", "us-east-1").patient

    assert client._request_signer._credentials.get_frozen_credentials().access_key == "AKIDPOD"
    assert shown == ["pod-token"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[default]\n{}", id="the default profile"),
        pytest.param("[DEFAULT]\n{}", id="in capitals"),
        pytest.param("[profile default]\n{}", id="as a configuration file has it"),
        pytest.param("{}", id="no profile at all"),
        pytest.param("[other]\naws_access_key_id = no\n\n[default]\n{}", id="another profile before it"),
        pytest.param("[default]\n{}\n[other]\naws_access_key_id = no\n", id="another profile after it"),
    ],
)
def test_what_a_credentials_file_says(text: str) -> None:
    keys = 'aws_access_key_id = AKID\naws_secret_access_key = "s%cr=t/+"\naws_session_token=t=='

    found = from_ini(text.format(keys), "here")

    assert (found.access_key, found.secret_key, found.token) == ("AKID", "s%cr=t/+", "t==")


@pytest.mark.parametrize("skip", ["skip_requesting_account_id", "skip_credentials_validation"])
def test_who_wants_no_questions_asked_is_in_the_account_of_emulators(
    emulator: Emulator, control: EmulatorControl, skip: str
) -> None:
    assert Clients().number(config(emulator.url, **{skip: True}), KEYS, "us-east-1") == "000000000000"
    assert control.count("sts:*") == 0


def test_the_number_of_an_account_is_asked_for_once(emulator: Emulator, control: EmulatorControl) -> None:
    clients = Clients()

    numbers = {clients.number(config(emulator.url), KEYS, region) for region in ("us-east-1", "eu-west-1")}

    assert numbers == {ACCOUNT}
    assert control.count("sts:GetCallerIdentity") == 1


def test_a_silent_sts_holds_up_one_worker_and_no_other_account(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others of its account are told at once, and all of them for a while after it was in vain."""
    asked, over = threading.Event(), threading.Event()
    outcome: list[Exception] = []
    clients = Clients()

    def hang(_: BaseHTTPRequestHandler) -> None:
        asked.set()
        over.wait(20)

    def sign_in() -> None:
        with pytest.raises(TransientError) as caught:
            clients.get(silent, KEYS, "rds", "us-east-1")
        outcome.append(caught.value)

    # Short, and still so long that it counts as silence.
    short = STS_TUNING.merge(Config(read_timeout=2.5, retries={"mode": "standard", "total_max_attempts": 1}))
    monkeypatch.setattr("crosshead.aws.wiring.STS_TUNING", short)
    with serving(hang) as url:
        silent = config(url, assumeRoleChain=[{"roleARN": f"{ROLE}/x"}])
        silent["metadata"] = {"name": "silent"}
        first = threading.Thread(target=sign_in)
        first.start()
        assert asked.wait(10)

        assert who(clients, config(emulator.url)).endswith("user/moto")
        with pytest.raises(TransientError, match="ProviderConfig 'silent': nobody has handed them out yet"):
            clients.get(silent, KEYS, "rds", "us-east-1")
        first.join(15)
        asked.clear()
        with pytest.raises(TransientError) as caught:
            clients.get(silent, KEYS, "rds", "eu-west-1")
        over.set()

    assert not asked.is_set()
    assert str(caught.value) == str(outcome[0])
    assert str(caught.value).startswith(
        f"cannot assume role {ROLE}/x for ProviderConfig 'silent': AWS cannot be reached"
    )
