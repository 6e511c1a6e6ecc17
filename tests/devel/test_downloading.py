"""Downloads are verified or not used; where there is no way out, that is known within three seconds."""

import hashlib
import http.server
import io
import socket
import tarfile
import threading
import time

import pytest

from crosshead.devel import downloading
from crosshead.devel.downloading import DownloadError, Origins
from crosshead.devel.locations import Binaries
from crosshead.devel.releases import Release

MANAGER = b"#!/bin/sh\necho manager\n"
MANAGER_PATH = "/kubernetes/v1.99.0/bin/linux/amd64/kube-controller-manager"
ARCHIVE_PATH = "/archives/envtest-v1.99.0/envtest-v1.99.0-linux-amd64.tar.gz"


def archive(*names):
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as tar:
        for name in names:
            member = tarfile.TarInfo(f"controller-tools/envtest/{name}")
            member.size = len(name)
            tar.addfile(member, io.BytesIO(name.encode()))
    return content.getvalue()


ARCHIVE = archive("etcd", "kubectl", "kube-apiserver")


def sha512(content):
    return hashlib.sha512(content).hexdigest()


def release(content=ARCHIVE):
    return Release("1.99.0", "amd64", sha512(content))


@pytest.fixture
def files():
    """What the server has; tests change it."""
    return {MANAGER_PATH: MANAGER, f"{MANAGER_PATH}.sha512": sha512(MANAGER).encode(), ARCHIVE_PATH: ARCHIVE}


@pytest.fixture
def origins(files):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            content = files.get(self.path)
            self.send_response(404 if content is None else 200)
            self.send_header("Content-Length", str(len(content or b"")))
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, *_words):
            """Stay silent."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}"
        yield Origins(f"{address}/archives", f"{address}/kubernetes")
        server.shutdown()
        thread.join()


@pytest.fixture
def silent():
    """A server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        yield Origins(f"{address}/archives", f"{address}/kubernetes")


def test_the_three_programs_are_put_in_place(origins, tmp_path):
    said = []

    downloading.download(release(), tmp_path, said.append, origins)

    assert Binaries.in_folder(tmp_path).missing == ()
    assert (tmp_path / "kube-controller-manager").read_bytes() == MANAGER
    assert sorted(path.name for path in tmp_path.iterdir()) == ["etcd", "kube-apiserver", "kube-controller-manager"]
    assert [words.split()[0] for words in said] == ["downloading", "downloading"]


def test_the_controller_manager_can_be_had_alone(origins, tmp_path):
    downloading.download_controller_manager(release(), tmp_path, print, origins)

    assert [path.name for path in tmp_path.iterdir()] == ["kube-controller-manager"]


@pytest.mark.parametrize(
    ("path", "content", "words"),
    [
        pytest.param(ARCHIVE_PATH, b"other", "has the SHA-512 sum .*, expected", id="a changed archive"),
        pytest.param(MANAGER_PATH, b"other", "has the SHA-512 sum .*, expected", id="a changed controller manager"),
        pytest.param(f"{MANAGER_PATH}.sha512", b"", "has the SHA-512 sum .*, expected …", id="no checksum published"),
        pytest.param(MANAGER_PATH, None, "404", id="no such controller manager"),
    ],
)
def test_what_is_not_as_published_is_not_used(origins, files, tmp_path, path, content, words):
    files[path] = content

    with pytest.raises(DownloadError, match=words):
        downloading.download(release(), tmp_path, print, origins)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(archive("etcd"), "holds no kube-apiserver", id="incomplete"),
        pytest.param(b"<html>", "cannot download Kubernetes 1.99.0", id="no archive at all"),
    ],
)
def test_an_archive_without_the_programs_is_an_error(origins, files, tmp_path, content, words):
    files[ARCHIVE_PATH] = content

    with pytest.raises(DownloadError, match=words):
        downloading.download(release(content), tmp_path, print, origins)


def test_a_server_that_does_not_answer_is_given_up_within_three_seconds(silent, tmp_path):
    started = time.monotonic()

    with pytest.raises(DownloadError, match="did not answer within 3 s"):
        downloading.download(release(), tmp_path, print, silent)

    assert time.monotonic() - started < 8


def test_where_nothing_listens_it_is_given_up_at_once(tmp_path):
    nowhere = Origins("http://127.0.0.1:1/archives", "http://127.0.0.1:1/kubernetes")

    with pytest.raises(DownloadError, match="refused"):
        downloading.download(release(), tmp_path, print, nowhere)
    with pytest.raises(DownloadError, match="refused"):
        downloading.download_controller_manager(release(), tmp_path, print, nowhere)


def test_the_official_addresses():
    origins = Origins()

    assert origins.archive(release()).endswith(
        "/controller-tools/releases/download" + ARCHIVE_PATH.removeprefix("/archives")
    )
    assert origins.controller_manager(release()).endswith("/release" + MANAGER_PATH.removeprefix("/kubernetes"))
