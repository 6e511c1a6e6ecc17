"""The operator as a process: it begins, leads, hands over, and ends as a well-behaved one does."""

import subprocess
import sys
import time

import pytest
import urllib3

from crosshead.devel import programs
from crosshead.devel.control_plane import ControlPlane
from crosshead.devel.loopback import Reservation
from crosshead.devel.processes import Server, last_lines
from tests.journeys.stage import CORE, eventually, serve

LEASE = ("--lease-namespace=default", "--lease-name=crosshead-test", "--lease-duration=3s")


@pytest.fixture(scope="module")
def kubectl(own_kubectl):
    serve(own_kubectl, *CORE)
    return own_kubectl


@pytest.fixture
def replica(own_control_plane, kubectl, tmp_path):  # noqa: ARG001 (the kinds must be there first)
    """Make replicas of the operator; all end with the test."""
    made = []

    def make(name):
        port = Reservation()
        command = (
            sys.executable,
            "-m",
            "crosshead",
            "run",
            f"--kubeconfig={own_control_plane.kubeconfig}",
            f"--health-port={port.port}",
            *LEASE,
        )
        made.append((Server(command, tmp_path / f"{name}.log"), port))
        made[-1][0].start()
        return made[-1][0], f"http://127.0.0.1:{port.port}"

    yield make
    for server, port in made:
        server.stop()
        port.release()


def status(url):
    try:
        return urllib3.request("GET", url, retries=False, timeout=2.0).status
    except urllib3.exceptions.HTTPError:
        return 0


def holder(kubectl):
    return kubectl("get", "lease", "crosshead-test", "-o", "jsonpath={.spec.holderIdentity}", "--ignore-not-found")


def leads(kubectl, server):
    return holder(kubectl).endswith(f"_{server.pid}")


def test_one_leads_and_when_it_is_killed_the_other_does(replica, kubectl):
    first, _ = replica("first")
    eventually(lambda: leads(kubectl, first), f"the first leads: {last_lines(first.log)}")
    second, url = replica("second")
    eventually(lambda: status(f"{url}/readyz") == 200, f"the standby is ready: {last_lines(second.log)}")
    assert leads(kubectl, first)

    first.kill()

    eventually(lambda: leads(kubectl, second), "the second leads", patience=15)
    eventually(lambda: b"crosshead_reconcile_total" in _metrics(url), "the second works")


def _metrics(url):
    return urllib3.request("GET", f"{url}/metrics", retries=False, timeout=2.0).data


def test_a_clean_stop_hands_the_lease_over_and_ends_well(replica, kubectl):
    server, _ = replica("only")
    eventually(lambda: leads(kubectl, server), f"it leads: {last_lines(server.log)}")
    began = time.monotonic()

    server.ask_to_end()
    eventually(lambda: not server.alive, "it has ended", patience=20)

    assert server.status == 0, last_lines(server.log)
    assert time.monotonic() - began < 15
    assert holder(kubectl) == ""


@pytest.mark.parametrize("moment", [0.0, 0.05, 0.15, 0.3])
def test_a_stop_that_comes_while_it_begins_ends_well_too(replica, kubectl, moment):
    server, _ = replica("early")
    # The Lease is its own a while before it works.
    while not leads(kubectl, server):
        server.check()
    time.sleep(moment)

    server.ask_to_end()

    eventually(lambda: not server.alive, "it has ended", patience=20)
    assert server.status == 0, last_lines(server.log)
    assert "Traceback" not in server.log.read_text()
    assert holder(kubectl) == ""


def test_a_standby_that_never_led_ends_well(replica, kubectl):
    first, _ = replica("first")
    eventually(lambda: leads(kubectl, first), f"the first leads: {last_lines(first.log)}")
    second, url = replica("second")
    eventually(lambda: status(f"{url}/readyz") == 200, f"the standby is ready: {last_lines(second.log)}")

    second.ask_to_end()

    eventually(lambda: not second.alive, "it has ended", patience=20)
    assert second.status == 0, last_lines(second.log)
    assert "Traceback" not in second.log.read_text()
    assert leads(kubectl, first)


def test_a_cluster_without_our_kinds_is_told_in_one_line(tmp_path):
    with ControlPlane(programs.find(print)) as plane:
        command = (sys.executable, "-m", "crosshead", "run", f"--kubeconfig={plane.kubeconfig}", "--health-port=0")
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path)

    assert ended.returncode == 1
    assert "apply the files of crds/ first" in ended.stderr.strip().splitlines()[-1]
    assert "Traceback" not in ended.stderr


def test_an_api_server_that_is_not_there_is_told_in_one_line(tmp_path):
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text(
        "{apiVersion: v1, kind: Config, current-context: c, contexts: [{name: c, context: {cluster: c, user: u}}],"
        " clusters: [{name: c, cluster: {server: 'https://127.0.0.1:1'}}], users: [{name: u, user: {}}]}"
    )
    command = (sys.executable, "-m", "crosshead", "run", f"--kubeconfig={kubeconfig}", "--health-port=0")

    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert ended.returncode == 1
    assert "127.0.0.1" in ended.stderr.strip().splitlines()[-1]
    assert "Traceback" not in ended.stderr
