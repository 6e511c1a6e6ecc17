import socket
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from math import inf
from threading import Event
from typing import Any

import pytest
import urllib3
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError, EndpointConnectionError

from crosshead.aws.errors import Attempt, translate
from crosshead.aws.pacing import Paces
from crosshead.aws.sessions import Clients
from crosshead.base.errors import ForbiddenError, StalledError, ThrottledError
from crosshead.base.values import SecretValue
from tests.aws.lives import KEYS, config

URL = "http://127.0.0.1:9"


def ini(key: str) -> dict[str, SecretValue]:
    return {"creds": SecretValue(f"[default]\naws_access_key_id={key}\naws_secret_access_key=s3cr3t\n")}


def credentials(client: Any) -> tuple[str, str, str | None]:
    frozen = client._request_signer._credentials.get_frozen_credentials()
    return frozen.access_key, frozen.secret_key, frozen.token


def test_a_client_is_made_once() -> None:
    clients = Clients()

    first, second = (clients.get(config(URL), KEYS, "rds", "us-east-1") for _ in range(2))

    assert first.patient is second.patient
    assert first.once() is second.once()
    assert first.once() is not first.patient


def test_regions_and_services_have_their_own() -> None:
    clients = Clients()

    made = {
        id(clients.get(config(URL), KEYS, service, region).patient)
        for service, region in (("rds", "us-east-1"), ("rds", "eu-west-1"), ("s3", "us-east-1"))
    }

    assert len(made) == 3


def test_many_threads_get_the_same_client() -> None:
    clients = Clients()
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: id(clients.get(config(URL), KEYS, "rds", "us-east-1").patient), range(32)))

    assert len(made) == 1


def test_a_rotated_secret_makes_new_clients_and_forgets_the_old() -> None:
    clients = Clients()
    old = clients.get(config(URL), ini("old"), "rds", "us-east-1").patient

    new = clients.get(config(URL), ini("new"), "rds", "us-east-1").patient

    assert (credentials(old)[0], credentials(new)[0]) == ("old", "new")
    assert len(clients._accounts) == 1


def test_the_models_of_the_services_are_loaded_once() -> None:
    clients = Clients()

    loaders = {
        id(clients.get({**config(URL), "metadata": {"name": name}}, KEYS, "rds", "us-east-1").patient._loader)
        for name in ("one", "two")
    }

    assert len(loaders) == 1


def test_a_create_is_tried_once() -> None:
    pair = Clients().get(config(URL), KEYS, "ec2", "us-east-1")

    tries = [client.meta.config.retries["total_max_attempts"] for client in (pair.patient, pair.once())]

    assert tries == [3, 1]


def test_nobodys_credentials_are_enough_for_an_emulator() -> None:
    client = Clients().get(config(URL, credentials={"source": "None"}), {}, "rds", "us-east-1").patient

    assert credentials(client)[0] == "anonymous"


def test_the_environment_is_asked_when_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDENV")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s3cr3t")

    client = Clients().get(config(URL, credentials={"source": "Environment"}), {}, "rds", "us-east-1").patient

    assert credentials(client)[:2] == ("AKIDENV", "s3cr3t")


SURROUNDINGS = (
    "AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
)  # fmt: skip


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> pytest.MonkeyPatch:
    """Surroundings in which there are no credentials."""
    for name in SURROUNDINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("HOME", str(tmp_path))
    return monkeypatch


def test_credentials_that_appear_later_are_found_then(nowhere: pytest.MonkeyPatch) -> None:
    clients, where = Clients(), config(URL, credentials={"source": "Environment"})
    with pytest.raises(ForbiddenError, match=r"ProviderConfig 'default'.*none to be found"):
        clients.get(where, {}, "rds", "us-east-1")

    nowhere.setenv("AWS_ACCESS_KEY_ID", "late")
    nowhere.setenv("AWS_SECRET_ACCESS_KEY", "s3cr3t")

    assert credentials(clients.get(where, {}, "rds", "us-east-1").patient)[0] == "late"


def test_an_agent_that_hands_out_no_credentials_yet_is_told_of(nowhere: pytest.MonkeyPatch) -> None:
    nowhere.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"{URL}/credentials")
    nowhere.setattr("botocore.utils.ContainerMetadataFetcher.SLEEP_TIME", 0)

    with pytest.raises(ForbiddenError, match=r"ProviderConfig 'default'.*Error"):
        Clients().get(config(URL, credentials={"source": "PodIdentity"}), {}, "rds", "us-east-1")


def test_whoever_looks_for_credentials_holds_up_no_other_account(nowhere: pytest.MonkeyPatch) -> None:
    asked, found = Event(), Event()

    def slow(_: Any) -> Any:
        asked.set()
        assert found.wait(10)

    nowhere.setattr("botocore.credentials.CredentialResolver.load_credentials", slow)
    clients = Clients()
    with ThreadPoolExecutor(1) as pool:
        searching = pool.submit(clients.get, config(URL, credentials={"source": "PodIdentity"}), {}, "rds", "us-east-1")
        assert asked.wait(10)
        nowhere.undo()

        other = clients.get({**config(URL), "metadata": {"name": "other"}}, ini("other"), "rds", "us-east-1")
        found.set()

        assert credentials(other.patient)[0] == "other"
        assert isinstance(searching.exception(10), ForbiddenError)


@pytest.mark.parametrize(
    ("credentials", "secret", "words"),
    [
        pytest.param(
            {"source": "Secret", "secretRef": {"namespace": "aws", "name": "keys", "key": "creds"}},
            {},
            "Secret 'keys' in namespace 'aws' has no key 'creds'",
            id="a key that is not there",
        ),
        pytest.param(
            {"source": "Secret", "secretRef": {"namespace": "aws", "name": "keys", "key": "creds"}},
            {"creds": SecretValue("hunter2")},
            r"the Secret does not hold a profile \[default\] with aws_access_key_id and aws_secret_access_key",
            id="no credentials file",
        ),
        pytest.param(
            {"source": "Secret", "secretRef": {"namespace": "aws", "name": "keys", "key": "creds"}},
            {"creds": SecretValue(b"\xff")},
            "key 'creds' of Secret 'keys' in namespace 'aws' is not text",
            id="bytes",
        ),
        pytest.param(
            {"source": "Upbound"},
            {},
            "source 'Upbound' is not supported: it needs somebody else's control plane; supported are Secret",
            id="a source of somebody else's",
        ),
        pytest.param(
            {"source": "WebIdentity"},
            {},
            "webIdentity needs roleARN and tokenConfig, with source Secret",
            id="half a web identity",
        ),
    ],
)
def test_credentials_that_cannot_work_stall(credentials: Any, secret: dict[str, SecretValue], words: str) -> None:
    with pytest.raises(StalledError, match=words) as caught:
        Clients().get(config(URL, credentials=credentials), secret, "rds", "us-east-1")

    assert str(caught.value).startswith("credentials of ProviderConfig 'default': ")
    assert "hunter2" not in f"{caught.value!r}{caught.value.__cause__!r}"


def named(name: str) -> dict[str, Any]:
    return {**config(URL), "metadata": {"name": name}}


def test_all_clients_share_their_connections() -> None:
    """Each of its own would hold all certificate authorities."""
    clients = Clients()

    used = {
        id(clients.get(named(account), KEYS, service, region).patient._endpoint.http_session)
        for account, service, region in (
            ("one", "rds", "us-east-1"),
            ("one", "s3", "us-east-1"),
            ("one", "rds", "eu-west-1"),
            ("two", "rds", "us-east-1"),
        )
    }

    assert len(used) == 1


def test_requests_are_sent_at_once() -> None:
    """The kernel would hold the second half of a request back until the first is acknowledged: 40 ms."""
    client = Clients().get(config(URL), KEYS, "rds", "us-east-1").patient

    options = client._endpoint.http_session._socket_options

    assert (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1) in options


def test_another_proxy_is_another_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    clients = Clients()
    direct = clients.get(named("one"), KEYS, "rds", "us-east-1").patient
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:8")
    proxied = clients.get(named("two"), KEYS, "rds", "us-east-1").patient

    assert direct._endpoint.http_session is not proxied._endpoint.http_session


def test_an_account_that_nobody_uses_is_forgotten_after_an_hour() -> None:
    time = [0.0]
    clients = Clients(now=lambda: time[0])
    old = clients.get(named("old"), KEYS, "sqs", "us-east-1").patient
    kept = clients.get(named("kept"), KEYS, "sqs", "us-east-1").patient
    time[0] = 3000.0
    assert clients.get(named("kept"), KEYS, "sqs", "us-east-1").patient is kept
    time[0] = 3700.0

    assert clients.get(named("kept"), KEYS, "sqs", "us-east-1").patient is kept
    assert clients.get(named("old"), KEYS, "sqs", "us-east-1").patient is not old


FROM_ENVIRONMENT = {"source": "Environment", "env": {"name": "OURS"}}


@pytest.mark.parametrize(
    ("code", "later", "source", "renewed"),
    [
        pytest.param("ExpiredToken", 31.0, FROM_ENVIRONMENT, True, id="AWS does not know them any more"),
        pytest.param("ExpiredToken", 5.0, FROM_ENVIRONMENT, False, id="they are new"),
        pytest.param("AccessDenied", 31.0, FROM_ENVIRONMENT, False, id="AWS knows them"),
        pytest.param("ExpiredToken", 31.0, None, False, id="the same Secret has no others"),
    ],
)
def test_credentials_that_aws_does_not_know_any_more_are_looked_for_again(
    monkeypatch: pytest.MonkeyPatch, code: str, later: float, source: Any, *, renewed: bool
) -> None:
    monkeypatch.setenv("OURS", "[default]\naws_access_key_id = a\naws_secret_access_key = s\n")
    time = [0.0]
    clients = Clients(now=lambda: time[0])
    where = config(URL, credentials=source) if source else config(URL)
    old = clients.get(where, KEYS, "sqs", "us-east-1").patient

    old.meta.events.emit("response-received.sqs.ListQueues", parsed_response={"Error": {"Code": code}})
    time[0] = later

    assert (clients.get(where, KEYS, "sqs", "us-east-1").patient is not old) == renewed


def test_a_complaint_of_aws_slows_down_all_who_ask_the_same() -> None:
    paces = Paces()
    clients = Clients(paces=paces)
    pair, other = (clients.get(named(name), ini(name), "sqs", "us-east-1") for name in ("one", "two"))

    error = {"Code": "RequestThrottled", "Message": "Too fast."}
    pair.patient.meta.events.emit("response-received.sqs.ListQueues", parsed_response={"Error": error})

    assert paces.per_second((pair.account, "us-east-1", "sqs")) == pytest.approx(5, rel=0.1)
    assert paces.per_second((other.account, "us-east-1", "sqs")) == inf


def ask_in_vain(client: Any, times: int) -> None:
    for _ in range(times):
        with pytest.raises(EndpointConnectionError):
            client.list_queues()


def test_who_would_be_too_fast_is_told_when_to_begin() -> None:
    paces = Paces(now=lambda: 100.0)
    pair = Clients(paces=paces).get(config(URL), KEYS, "sqs", "us-east-1")
    place = (pair.account, "us-east-1", "sqs")
    pair.begin()
    paces.complain(place, "AWS answered RequestThrottled: Too fast")
    pair.begin()
    ask_in_vain(pair.once(), 10)

    with pytest.raises(ThrottledError) as caught:
        pair.begin()

    assert caught.value.retry_after == pytest.approx(2)
    words = "requests to sqs in us-east-1 wait for their turn: AWS answered RequestThrottled: Too fast"
    assert (caught.value.reason, str(caught.value)) == ("CannotConnectToProvider", words)


def test_a_bucket_is_not_followed_to_another_region() -> None:
    client = Clients().get(config(URL), KEYS, "s3", "us-east-1").once()
    asked: list[str] = []

    def elsewhere(request: Any, **_: object) -> Any:
        asked.append(request.url)
        headers = {"x-amz-bucket-region": "eu-west-1"}
        return AWSResponse(request.url, 301, headers, urllib3.HTTPResponse(BytesIO(), preload_content=False))

    client.meta.events.register("before-send", elsewhere)
    with pytest.raises(ClientError) as caught:
        client.head_bucket(Bucket="b")

    assert len(asked) == 1
    text = str(translate(caught.value, Attempt("R", "head bucket", "Bucket 'b'")))
    assert text.endswith("the bucket is in eu-west-1, and not where spec.forProvider.region says")
