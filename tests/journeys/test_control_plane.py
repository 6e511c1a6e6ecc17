"""The API server dies, and our own kinds go and come again: the operator goes on, or ends and can be restarted."""

import json
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
import urllib3
import yaml

from crosshead.devel import programs
from crosshead.devel.control_plane import ControlPlane
from crosshead.devel.locations import find_kubectl
from crosshead.devel.loopback import Reservation
from crosshead.devel.processes import Server, last_lines
from tests.journeys.nops import GROUP, NAMESPACE, NOP, composition, down, nop, resource, thing, xrd
from tests.journeys.stage import CORE, eventually, serve

CLAIM, COMPOSITE = resource("Boat"), resource("XBoat")
XRDS = "compositeresourcedefinitions.apiextensions.crossplane.io"
CONVERTED = "s3.aws.upbound.io"


class Place:
    """A control plane of this test's own, and an operator on it."""

    def __init__(self, plane, folder):
        self.plane = plane
        self._port = Reservation()
        command = (sys.executable, "-m", "crosshead", "run", f"--kubeconfig={plane.kubeconfig}",
                   f"--health-port={self._port.port}", "--no-leader-election", "--backoff-ceiling=5s")  # fmt: skip
        self.operator = Server(command, folder / "operator.log")
        self._kubectl = (str(find_kubectl()), f"--kubeconfig={plane.kubeconfig}", f"--cache-dir={folder / 'kubectl'}")

    def close(self):
        self.operator.stop()
        self._port.release()
        sys.stdout.write(last_lines(self.operator.log, 40))  # pytest shows it where a journey failed

    def kubectl(self, *words, stdin=""):
        command = [*self._kubectl, *words]
        done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, f"kubectl {' '.join(words)}: {done.stderr}"
        return done.stdout

    def apply(self, *manifests):
        self.kubectl("apply", "-f", "-", stdin=yaml.safe_dump_all(manifests))

    def install(self):
        serve(self.kubectl, *CORE, CONVERTED)
        self.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}})

    def list(self, kind):
        return json.loads(self.kubectl("get", kind, "-A", "-o", "json"))["items"]

    def start(self):
        self.operator.start()
        eventually(lambda: self.answers("readyz"), f"the operator is ready: {last_lines(self.operator.log)}", 30.0)

    def answers(self, probe):
        self.operator.check()
        try:
            url = f"http://127.0.0.1:{self._port.port}/{probe}"
            return urllib3.request("GET", url, retries=False, timeout=2.0).status == 200
        except urllib3.exceptions.HTTPError:
            return False

    def settled(self, sizes):
        """Whether there are exactly the claims of *sizes*, ready, and of each exactly what it composes."""
        claims = {c["metadata"]["name"]: c for c in self.list(CLAIM)}
        ready = {n for n, c in claims.items() for s in _conditions(c) if (s["type"], s["status"]) == ("Ready", "True")}
        made = {(o["metadata"]["labels"]["crossplane.io/claim-name"], o["spec"]["forProvider"]["fields"].get("size"))
                for o in self.list(NOP)}  # fmt: skip
        references = {r["name"] for x in self.list(COMPOSITE) for r in x["spec"].get("resourceRefs", ())}
        exist = {o["metadata"]["name"] for o in self.list(NOP)}
        return set(claims) == ready == set(sizes) and made == set(sizes.items()) and exist == references


def _conditions(obj):
    return obj.get("status", {}).get("conditions", ())


@contextmanager
def own_place(folder):
    with ControlPlane(programs.find(print)) as plane:
        place = Place(plane, folder)
        place.install()
        try:
            yield place
        finally:
            place.close()


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with own_place(tmp_path_factory.mktemp("place")) as running:
        yield running


def boats(sizes):
    return [thing("Boat", name, size=size) for name, size in sizes.items()]


FLEET = {f"boat{number}": "small" for number in range(6)}


@pytest.fixture
def fleet(place):
    """Six claims, ready."""
    place.operator.stop()
    place.start()
    place.apply(xrd("XBoat", "Boat"), composition("boats", "XBoat", nop("hull", down()), nop("mast", down())))
    place.kubectl("wait", "--for=condition=Offered", f"xrd/xboats.{GROUP}", "--timeout=30s")
    place.apply(*boats(FLEET))
    eventually(lambda: place.settled(FLEET), "all are ready")


def test_nothing_needs_to_be_set_up_for_an_operator_on_the_machine_of_its_api_server(place):
    assert "crossplane-system" not in {namespace["metadata"]["name"] for namespace in place.list("namespaces")}

    place.start()

    asked = "jsonpath={.spec.conversion.webhook.clientConfig.url}"
    crd = ("crd", "buckets.s3.aws.upbound.io", "-o", asked)
    eventually(lambda: place.kubectl("get", *crd).startswith("https://127.0.0.1:"), "buckets are converted")


@pytest.mark.usefixtures("fleet")
def test_an_api_server_that_is_killed_and_comes_back_costs_nothing(place):
    """What was under way is finished, what was asked for right after is done, and nothing is left over."""
    place.kubectl("delete", CLAIM, "boat0", "boat1", "-n", NAMESPACE, "--wait=false")
    place.apply(*boats({"boat2": "big", "new0": "small"}))

    place.plane.kill_apiserver()
    time.sleep(3)
    assert place.answers("healthz"), "an API server that is away is no reason to restart the operator"
    place.plane.start_apiserver()
    place.kubectl("delete", CLAIM, "boat3", "-n", NAMESPACE, "--wait=false")
    place.apply(*boats({"boat4": "big", "new1": "small"}))

    wanted = {"boat2": "big", "boat4": "big", "boat5": "small", "new0": "small", "new1": "small"}
    eventually(lambda: place.settled(wanted), f"all is as declared: {last_lines(place.operator.log)}")
    assert place.operator.alive
    place.kubectl("delete", CLAIM, "--all", "-n", NAMESPACE, "--wait=false")
    eventually(lambda: not place.list(NOP) and not place.list(CLAIM), "all are gone")


@pytest.mark.usefixtures("fleet")
def test_an_operator_whose_own_kind_is_taken_away_ends_and_can_be_started_again(place):
    """Whoever deletes the CRD of XRDs deletes every XRD; kopf cannot go on, and half an operator must not."""
    place.kubectl("delete", "crd", XRDS, "--wait=false")

    eventually(lambda: not place.operator.alive, f"it has ended: {last_lines(place.operator.log)}", 40)
    assert place.operator.status == 1
    assert place.list(NOP) == []
    place.kubectl("wait", "--for=delete", f"crd/{XRDS}", "--timeout=30s")
    place.install()

    place.start()

    place.apply(xrd("XBoat", "Boat"), composition("boats", "XBoat", nop("hull", down()), nop("mast", down())))
    place.kubectl("wait", "--for=condition=Offered", f"xrd/xboats.{GROUP}", "--timeout=30s")
    place.apply(*boats({"again": "small"}))
    eventually(lambda: place.settled({"again": "small"}), "it works")
