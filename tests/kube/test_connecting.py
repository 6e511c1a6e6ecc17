import threading
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from crosshead.base.errors import StalledError, ThrottledError
from crosshead.kube import credentials
from crosshead.kube.connecting import Connection, connect
from crosshead.kube.credentials import Credentials
from crosshead.kube.errors import UnreachableError
from crosshead.kube.messages import Request
from tests.kube.fake_api_server import HELD, Reply, refused
from tests.kube.waiting import eventually


@pytest.fixture
def kubeconfig(server, tmp_path: Path) -> Path:
    return write(tmp_path / "kubeconfig", server.url, {"token": "from-file"})


def write(path: Path, url: str, user: dict[str, Any]) -> Path:
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "c", "cluster": {"server": url}}],
        "users": [{"name": "u", "user": user}],
        "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
        "current-context": "x",
    }
    path.write_text(yaml.safe_dump(config))
    return path


def test_a_kubeconfig_says_where_and_who(server, kubeconfig):
    server.script("GET", "/version", Reply({}))

    connect(kubeconfig).send(Request("GET", "/version"))

    assert server.seen[-1].headers["Authorization"] == "Bearer from-file"
    assert server.seen[-1].headers["User-Agent"] == "crosshead"


def test_the_environment_names_the_kubeconfig(server, kubeconfig, monkeypatch):
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig))

    assert connect().host == server.url


def test_in_a_pod_the_service_account_is_used(tmp_path, monkeypatch):
    monkeypatch.delenv("KUBECONFIG", raising=False)
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "10.0.0.1")
    token = tmp_path / "token"
    token.write_text("x")
    monkeypatch.setattr(credentials, "_IN_CLUSTER_TOKEN", token)

    # The rest of what a pod has is missing here: that it is asked for is the proof.
    with pytest.raises(StalledError, match="Service"):
        connect()


def test_a_kubeconfig_that_is_not_there_is_named(tmp_path):
    with pytest.raises(StalledError, match="cannot find out how to reach the API server"):
        connect(tmp_path / "nowhere")


def test_a_program_may_say_who_we_are(server, tmp_path):
    program = tmp_path / "login"
    answer = '{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": "made"}}'
    program.write_text(f"#!/bin/sh\necho '{answer}'\n")
    program.chmod(0o700)
    exec_ = {
        "apiVersion": "client.authentication.k8s.io/v1",
        "command": str(program),
        "interactiveMode": "Never",
    }
    server.script("GET", "/version", Reply({}))

    connect(write(tmp_path / "kubeconfig", server.url, {"exec": exec_})).send(Request("GET", "/version"))

    assert server.seen[-1].headers["Authorization"] == "Bearer made"


def test_a_token_that_is_refused_is_read_anew_and_tried_once_more(server, kubeconfig, monkeypatch):
    monkeypatch.setattr(credentials, "_RELOAD_EVERY", 0.0)
    server.script("GET", "/version", refused(401), Reply({"ok": True}))
    connection = connect(kubeconfig)
    write(kubeconfig, server.url, {"token": "new"})

    answer = connection.send(Request("GET", "/version"))

    assert answer.status == 200
    assert [seen.headers["Authorization"] for seen in server.seen] == ["Bearer from-file", "Bearer new"]


def test_a_token_that_stays_refused_is_not_read_again_and_again(server, kubeconfig):
    server.script("GET", "/version", refused(401))
    connection = connect(kubeconfig)

    codes = [connection.send(Request("GET", "/version")).status for _ in range(5)]

    assert codes == [401] * 5
    assert len(server.seen) == 5


@pytest.mark.parametrize(
    ("keep", "second"),
    [
        pytest.param(0.0, "Bearer 2", id="when it is asked"),
        pytest.param(60.0, "Bearer 1", id="which is not at every request"),
    ],
)
def test_a_token_that_expires_is_renewed_by_its_owner(server, keep, second):
    tokens = iter(["Bearer 1", "Bearer 2"])

    def load(into: Any) -> None:
        into.host = server.url
        into.api_key["BearerToken"] = ""
        into.refresh_api_key_hook = lambda config: config.api_key.update(BearerToken=next(tokens))

    known = Credentials(load, keep)

    assert [known.headers(), known.headers()] == [{"Authorization": "Bearer 1"}, {"Authorization": second}]


def test_without_a_token_nothing_is_claimed(server):
    def load(into: Any) -> None:
        into.host = server.url

    assert Credentials(load).headers() == {}


def test_a_refused_connection_is_told_in_words_that_stay_the_same(tmp_path):
    connection = connect(write(tmp_path / "kubeconfig", "http://127.0.0.1:1", {"token": "x"}))

    with pytest.raises(UnreachableError, match=r"^cannot GET at the API server: connection refused$"):
        connection.send(Request("GET", "/version"))


def test_a_server_that_speaks_no_tls_is_told_in_words(server, tmp_path):
    connection = connect(write(tmp_path / "kubeconfig", server.url.replace("http", "https"), {"token": "x"}))

    with pytest.raises(UnreachableError, match=r"^cannot GET at the API server: the TLS connection failed$"):
        connection.send(Request("GET", "/version"))


def test_more_requests_than_connections_wait_their_turn_but_not_for_ever(server, connection):
    server.script("GET", "/slow", HELD)
    threads = [threading.Thread(target=_swallow, args=(connection, 2.0)) for _ in range(4)]
    [thread.start() for thread in threads]
    assert eventually(lambda: len(server.seen) == 4)

    with pytest.raises(ThrottledError, match="too many requests"):
        connection.send(Request("GET", "/slow"), timeout=0.2)

    server.hang_up()
    [thread.join() for thread in threads]


def _swallow(connection: Connection, timeout: float) -> None:
    with pytest.raises(UnreachableError):
        connection.send(Request("GET", "/slow"), timeout)


def test_a_stream_gives_lines_as_they_come_and_drops_an_unfinished_one(server, connection):
    server.script("WATCH", "/things", Reply(lines=(b'{"a"', b': 1}\n{"b": 2}\n{"c"')))

    with connection.open(Request("GET", "/things", {"watch": "1"}), silence=2.0) as stream:
        assert list(stream) == [b'{"a": 1}', b'{"b": 2}']


def test_a_stream_that_falls_silent_is_given_up(server, connection):
    server.script("WATCH", "/things", HELD)

    with connection.open(Request("GET", "/things", {"watch": "1"}), silence=0.3) as stream:
        began = time.monotonic()
        with pytest.raises(UnreachableError, match="cannot watch at the API server: it does not answer in time"):
            list(stream)

    assert 0.2 < time.monotonic() - began < 10.0


def test_a_stream_can_be_closed_by_another_thread(server, connection):
    server.script("WATCH", "/things", HELD)

    with connection.open(Request("GET", "/things", {"watch": "1"}), silence=30.0) as stream:
        threading.Timer(0.1, stream.close).start()
        began = time.monotonic()
        with pytest.raises(UnreachableError):
            list(stream)

    assert time.monotonic() - began < 10.0
    stream.close()
