"""The real thing: etcd, kube-apiserver and kube-controller-manager, as everything else here uses them."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crosshead.devel import programs, proving
from crosshead.devel.access import Access, RefusedError
from crosshead.devel.control_plane import ControlPlane
from crosshead.devel.locations import Binaries
from crosshead.devel.processes import ProcessError
from tests.devel.waiting import is_alive, until

# 127.0.0.1, least significant byte first.
LOOPBACK = "0100007F"
CONFIG_MAPS = "/api/v1/namespaces/default/configmaps"


@pytest.fixture(scope="module")
def own_plane():
    """A control plane whose servers may be stopped."""
    with ControlPlane(programs.find(print), apiserver_args=("--max-requests-inflight=77",)) as plane:
        yield plane


@pytest.fixture
def broken_programs(tmp_path):
    """An etcd that says why and ends."""
    (tmp_path / "etcd").write_text("#!/bin/sh\necho bad weather >&2\nexit 3\n")
    (tmp_path / "etcd").chmod(0o755)
    return Binaries(tmp_path / "etcd", tmp_path / "etcd", tmp_path / "etcd")


def config_map(name, **metadata):
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, **metadata}}


def names(access, path):
    return {item["metadata"]["name"] for item in json.loads(access.request("GET", path))["items"]}


def sockets(pids):
    """Return the inodes of the sockets of these processes."""
    links = [link.readlink().name for pid in pids for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()]
    return {name[len("socket:[") : -1] for name in links if name.startswith("socket:")}


def listening(pids):
    """Return the addresses that these processes listen on, as the kernel writes them."""
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:] + Path("/proc/net/tcp6").read_text().splitlines()[1:]
    ours = sockets(pids)
    rows = [line.split() for line in lines]
    return {row[1].partition(":")[0] for row in rows if row[3] == "0A" and row[9] in ours}


def test_it_is_ready_soon(record_property):
    started = time.monotonic()

    with ControlPlane(programs.find(print)) as plane:
        record_property("seconds_to_ready", time.monotonic() - started)
        assert plane.access.request("GET", "/readyz") == b"ok"

    # It takes 5 s on two cores; 10 s are promised, and twice that is left to a machine that others use too.
    assert time.monotonic() - started < 20


def test_an_administrator_may_do_everything(kubectl):
    assert kubectl("auth", "can-i", "*", "*").strip() == "yes"


@pytest.mark.parametrize(
    ("token", "status"),
    [pytest.param("", "403", id="nobody is forbidden"), pytest.param("wrong", "401", id="a wrong token is refused")],
)
def test_others_are_kept_out(control_plane, token, status):
    stranger = Access(control_plane.serving_url, control_plane.authority, token)

    with pytest.raises(RefusedError, match=status):
        stranger.request("GET", "/api/v1/namespaces")


def test_a_service_account_may_do_only_what_a_role_lets_it(kubectl):
    who = "--as=system:serviceaccount:default:reader"
    kubectl("create", "serviceaccount", "reader")
    kubectl("create", "role", "reader", "--verb=get", "--resource=pods")
    kubectl("create", "rolebinding", "reader", "--role=reader", "--serviceaccount=default:reader")

    assert kubectl("auth", "can-i", "get", "pods", who).strip() == "yes"
    with pytest.raises(AssertionError):
        kubectl("auth", "can-i", "delete", "pods", who)


def test_it_listens_on_loopback_only(control_plane):
    assert listening(control_plane.pids.values()) == {LOOPBACK}


def test_empty_strings_are_no_nulls(control_plane):
    proving.check_empty_strings(control_plane.access)


def test_dependents_are_garbage_collected(control_plane):
    access = control_plane.access
    owner = json.loads(access.request("POST", CONFIG_MAPS, config_map("owner")))
    reference = {"apiVersion": "v1", "kind": "ConfigMap", "name": "owner", "uid": owner["metadata"]["uid"]}
    access.request("POST", CONFIG_MAPS, config_map("dependent", ownerReferences=[reference]))

    access.request("DELETE", f"{CONFIG_MAPS}/owner")

    # Right after the start the collector may still be learning what there is.
    assert until(lambda: "dependent" not in names(access, CONFIG_MAPS), patience=60)


def test_a_deleted_namespace_goes_with_all_that_is_in_it(control_plane, kubectl):
    kubectl("create", "namespace", "passing")
    kubectl("create", "configmap", "inside", "--namespace=passing")

    kubectl("delete", "namespace", "passing", "--wait=false")

    assert until(lambda: "passing" not in names(control_plane.access, "/api/v1/namespaces"), patience=60)


def test_its_metrics_count_requests(control_plane):
    assert "apiserver_request_total{" in control_plane.metrics()


def test_its_certificates_and_tokens_are_private(control_plane):
    secret = [control_plane.kubeconfig, control_plane.folder / "tokens.csv", *control_plane.folder.glob("pki/*.key")]

    assert {oct(path.stat().st_mode & 0o777) for path in secret} == {"0o600"}


def test_two_run_side_by_side(control_plane, own_plane):
    own_plane.access.request("POST", CONFIG_MAPS, config_map("only-here"))

    assert own_plane.serving_url != control_plane.serving_url
    assert "only-here" in names(own_plane.access, CONFIG_MAPS)
    assert "only-here" not in names(control_plane.access, CONFIG_MAPS)


def test_arguments_are_handed_to_the_api_server(own_plane):
    command = Path(f"/proc/{own_plane.pids['kube-apiserver']}/cmdline").read_text()

    assert "--max-requests-inflight=77" in command.split("\0")


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(ControlPlane.stop_apiserver, id="stopped"),
        pytest.param(ControlPlane.kill_apiserver, id="killed"),
    ],
)
def test_the_api_server_comes_back_with_its_address_and_data(own_plane, end, request):
    before = own_plane.serving_url, own_plane.admin_token
    name = request.node.callspec.id
    own_plane.access.request("POST", CONFIG_MAPS, config_map(name))
    pid = own_plane.pids["kube-apiserver"]

    end(own_plane)

    assert not is_alive(pid)
    assert not own_plane.access.answers("/readyz")
    own_plane.start_apiserver()
    assert (own_plane.serving_url, own_plane.admin_token) == before
    assert name in names(own_plane.access, CONFIG_MAPS)


def test_after_a_stop_nothing_is_left():
    plane = ControlPlane(programs.find(print)).start()
    folder, pids = plane.folder, plane.pids
    assert len(pids) == 3

    plane.stop()

    assert not folder.exists()
    assert [pid for pid in pids.values() if is_alive(pid)] == []
    assert plane.pids == {}
    with pytest.raises(ProcessError, match="not running"):
        plane.access.request("GET", "/readyz")


def test_it_ends_with_the_process_that_started_it():
    """Even when that is killed, from a thread that has ended long ago."""
    script = (
        "import sys, threading, time\n"
        f"sys.path[:0] = {sys.path!r}\n"
        "from crosshead.devel import programs\n"
        "from crosshead.devel.control_plane import ControlPlane\n"
        "plane = ControlPlane(programs.find(print))\n"
        "thread = threading.Thread(target=plane.start); thread.start(); thread.join(); time.sleep(0.5)\n"
        "print(*plane.pids.values(), plane.folder, flush=True)\n"
        "time.sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        *words, folder = parent.stdout.readline().split()
        pids = [int(word) for word in words]
        assert [pid for pid in pids if not is_alive(pid)] == []

        parent.kill()

    assert len(pids) == 3
    assert until(lambda: not any(is_alive(pid) for pid in pids))
    # Its folder is removed by whoever starts next, later: here at once, to leave nothing behind.
    subprocess.run(["rm", "-rf", folder], check=True)


def test_a_failed_start_says_why_and_leaves_nothing(broken_programs, tmp_path):
    folder = tmp_path / "instance"
    folder.mkdir()
    plane = ControlPlane(broken_programs, folder)

    with pytest.raises(ProcessError, match=r"etcd ended with status 3: bad weather"):
        plane.start()

    assert plane.pids == {}
