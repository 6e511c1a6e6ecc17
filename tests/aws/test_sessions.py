from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from crosshead.aws.sessions import Clients
from crosshead.base.errors import ForbiddenError, StalledError
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


@pytest.mark.parametrize(
    ("endpoint", "url"),
    [
        pytest.param({"url": {"type": "Static", "static": URL}}, URL, id="an address for all services"),
        pytest.param({"url": {"type": "Static", "static": URL}, "services": ["rds"]}, URL, id="for this service"),
        pytest.param(
            {"url": {"type": "Static", "static": URL}, "services": ["s3"]},
            "https://rds.us-east-1.amazonaws.com",
            id="for another service",
        ),
        pytest.param(
            {"url": {"type": "Dynamic", "dynamic": {"protocol": "http", "host": "aws.example.org"}}},
            "http://rds.us-east-1.aws.example.org",
            id="an address per service and region",
        ),
        pytest.param({"url": {"type": "Auto"}}, "https://rds.us-east-1.amazonaws.com", id="as AWS has it"),
    ],
)
def test_where_a_service_is(endpoint: dict[str, Any], url: str) -> None:
    client = Clients().get(config(URL, endpoint=endpoint), KEYS, "rds", "us-east-1").patient

    assert client.meta.endpoint_url == url


@pytest.mark.parametrize(
    ("spec", "style"),
    [
        pytest.param({"s3_use_path_style": True, "endpoint": {}}, {"addressing_style": "path"}, id="asked for"),
        pytest.param({}, {"addressing_style": "path"}, id="an emulator's host does not change"),
        pytest.param({"endpoint": {}}, None, id="as AWS has it"),
    ],
)
def test_how_buckets_are_addressed(spec: dict[str, Any], style: dict[str, str] | None) -> None:
    client = Clients().get(config(URL, **spec), KEYS, "s3", "us-east-1").patient

    assert client.meta.config.s3 == style


@pytest.mark.parametrize(
    ("region", "partition"), [("us-east-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")]
)
def test_partitions(region: str, partition: str) -> None:
    assert Clients().partition(region) == partition


def test_a_region_that_nobody_knows_is_in_the_main_partition() -> None:
    assert Clients().partition("mars") == "aws"


def test_a_role_is_assumed_with_what_comes_before_it() -> None:
    chain = [{"roleARN": "arn:aws:iam::1:role/one", "externalID": "x", "tags": [{"key": "a", "value": "b"}]}]
    client = Clients().get(config(URL, assumeRoleChain=chain), KEYS, "rds", "us-east-1").patient

    assert client._request_signer._credentials.method == "assume-role"


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


def test_a_web_identity_is_taken_from_a_file(tmp_path: Any) -> None:
    identity = {
        "roleARN": "arn:aws:iam::1:role/x",
        "tokenConfig": {"source": "Filesystem", "fs": {"path": str(tmp_path)}},
    }
    wanted = {"source": "WebIdentity", "webIdentity": identity}

    client = Clients().get(config(URL, credentials=wanted), {}, "rds", "us-east-1").patient

    assert client._request_signer._credentials.method == "assume-role-with-web-identity"


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
        pytest.param({"source": "Upbound"}, {}, "source 'Upbound' is not supported", id="a source of somebody else's"),
        pytest.param({"source": "WebIdentity"}, {}, "webIdentity needs roleARN", id="half a web identity"),
    ],
)
def test_credentials_that_cannot_work_stall(credentials: Any, secret: dict[str, SecretValue], words: str) -> None:
    with pytest.raises(StalledError, match=words) as caught:
        Clients().get(config(URL, credentials=credentials), secret, "rds", "us-east-1")

    assert str(caught.value).startswith("credentials of ProviderConfig 'default': ")
    assert "hunter2" not in f"{caught.value!r}{caught.value.__cause__!r}"


def test_a_region_that_cannot_be_one_stalls() -> None:
    with pytest.raises(StalledError, match="makes no client of rds in 'not a region'"):
        Clients().get(config(URL), KEYS, "rds", "not a region")
