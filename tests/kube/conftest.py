from collections.abc import Iterator
from typing import Any

import pytest

from crosshead.devel import programs
from crosshead.devel.control_plane import ControlPlane
from crosshead.kube.cache import ObjectCache
from crosshead.kube.client import KubeApi
from crosshead.kube.connecting import Connection, connect
from crosshead.kube.credentials import Credentials
from tests.kube.fake_api_server import FakeApiServer, Reply
from tests.kube.things import DISCOVERED, THING


@pytest.fixture
def server() -> Iterator[FakeApiServer]:
    """An API server that serves `Thing`s, once it is told which."""
    with FakeApiServer() as fake:
        fake.script("GET", "/apis/example.org/v1", Reply(DISCOVERED))
        yield fake


@pytest.fixture
def connection(server: FakeApiServer) -> Iterator[Connection]:
    def load(into: Any) -> None:
        into.host = server.url
        into.api_key["BearerToken"] = "Bearer token-1"

    connection = Connection(Credentials(load), maxsize=4)
    yield connection
    connection.close()


@pytest.fixture
def cache() -> ObjectCache:
    """A cache that keeps `Thing`s."""
    cache = ObjectCache()
    cache.open(THING)
    return cache


@pytest.fixture
def api(connection: Connection, cache: ObjectCache) -> KubeApi:
    return KubeApi(connection, cache, timeout=5.0)


@pytest.fixture(scope="package")
def plane() -> Iterator[ControlPlane]:
    """A control plane of these tests' own: its API server is stopped, killed and started again."""
    with ControlPlane(programs.find(say=lambda _: None)) as plane:
        yield plane


@pytest.fixture
def direct(plane: ControlPlane) -> Iterator[KubeApi]:
    """The way past the proxy: what others do."""
    connection = connect(plane.kubeconfig)
    yield KubeApi(connection, timeout=10.0)
    connection.close()
