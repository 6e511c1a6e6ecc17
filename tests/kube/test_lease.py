import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import crosshead
from crosshead.base import objects
from crosshead.base.errors import AlreadyExistsError, ConflictError
from crosshead.base.objects import Ref
from crosshead.base.values import Object
from crosshead.devel.control_plane import ControlPlane
from crosshead.kube.client import KubeApi
from crosshead.kube.connecting import connect
from crosshead.kube.discovery import LEASE
from crosshead.kube.errors import UnreachableError
from crosshead.kube.lease import LeaseApi, LeaseElector, Terms
from tests.kube.proxy import Proxy, kubeconfig_through
from tests.kube.waiting import eventually, throughout

HERE = Ref(LEASE, "crosshead", "default")
SWIFT = Terms(duration=1.0, deadline=0.6, retry=0.1)


class FakeLeases:
    """One Lease in memory, under optimistic locking; each candidate can be cut off, or left hanging."""

    def __init__(self) -> None:
        self.lease: Object | None = None
        self.cut: set[str] = set()
        self.hanging: set[str] = set()
        self.lock = threading.Lock()
        self.writes = 0

    def holder(self) -> str:
        return str(objects.spec(self.lease or {}).get("holderIdentity") or "")


class View:
    """The API server as one candidate sees it."""

    def __init__(self, leases: FakeLeases, who: str) -> None:
        self.leases, self.who = leases, who

    def fetch(self, ref: Ref) -> Object | None:
        assert ref == HERE
        self._reach()
        return self.leases.lease

    def create(self, obj: Object) -> Object:
        self._reach()
        with self.leases.lock:
            if self.leases.lease is not None:
                raise AlreadyExistsError("exists")
            return self._store(obj)

    def replace(self, obj: Object) -> Object:
        self._reach()
        with self.leases.lock:
            if objects.resource_version(obj) != objects.resource_version(self.leases.lease or {}):
                raise ConflictError("Conflict", "somebody was faster")
            return self._store(obj)

    def _store(self, obj: Object) -> Object:
        self.leases.writes += 1
        self.leases.lease = {**obj, "metadata": {**obj["metadata"], "resourceVersion": str(self.leases.writes)}}
        return self.leases.lease

    def _reach(self) -> None:
        while self.who in self.leases.hanging:
            time.sleep(0.02)
        if self.who in self.leases.cut:
            raise UnreachableError("cut")


@dataclass
class Candidate:
    """An elector and what it said, and when."""

    elector: LeaseElector
    won: list[float] = field(default_factory=list)
    lost: list[float] = field(default_factory=list)


Enter = Callable[..., Candidate]


@pytest.fixture
def leases() -> FakeLeases:
    return FakeLeases()


@pytest.fixture
def enter(leases: FakeLeases) -> Iterator[Enter]:
    """Have a candidate take part."""
    entered: list[Candidate] = []

    def start(who: str, api: LeaseApi | None = None, ref: Ref = HERE) -> Candidate:
        won: list[float] = []
        lost: list[float] = []
        elector = LeaseElector(
            api or View(leases, who),
            ref,
            who,
            on_won=lambda: won.append(time.monotonic()),
            on_lost=lambda: lost.append(time.monotonic()),
            terms=SWIFT,
        )
        elector.start()
        entered.append(Candidate(elector, won, lost))
        return entered[-1]

    yield start
    leases.hanging.clear()
    [candidate.elector.stop() for candidate in entered]


def test_who_comes_first_leads_and_the_other_waits(leases, enter):
    one = enter("one")
    assert eventually(one.elector.is_leading)

    two = enter("two")

    assert throughout(lambda: one.elector.is_leading() and not two.elector.is_leading(), 1.5)
    assert leases.holder() == "one"
    assert (len(one.won), two.won) == (1, [])


def test_who_stops_gives_the_lease_away_at_once(enter):
    one = enter("one")
    assert eventually(one.elector.is_leading)
    two = enter("two")

    one.elector.stop()

    assert eventually(two.elector.is_leading, within=0.6)
    assert not one.elector.is_leading()
    assert one.lost == []


@pytest.mark.parametrize("fate", ["cut", "hanging"])
def test_who_is_cut_off_knows_it_before_anybody_else_leads(leases, enter, fate):
    one = enter("one")
    assert eventually(one.elector.is_leading)
    two = enter("two")
    time.sleep(0.3)

    getattr(leases, fate).add("one")

    assert eventually(two.elector.is_leading, within=4.0)
    assert len(one.lost) == 1
    assert one.lost[0] < two.won[0]
    assert not one.elector.is_leading()


def test_who_has_lost_does_not_give_away_what_its_work_may_still_need(leases, enter):
    one = enter("one")
    assert eventually(one.elector.is_leading)
    leases.cut.add("one")
    assert eventually(lambda: one.lost != [])

    leases.cut.clear()
    one.elector.stop()

    assert leases.holder() == "one"


def test_who_has_lost_does_not_come_back(leases, enter):
    one = enter("one")
    assert eventually(one.elector.is_leading)
    leases.cut.add("one")
    assert eventually(lambda: one.lost != [])

    leases.cut.clear()

    assert throughout(lambda: not one.elector.is_leading(), 1.5)
    assert (len(one.won), len(one.lost)) == (1, 1)


def test_a_short_trouble_is_survived(leases, enter):
    one = enter("one")
    assert eventually(one.elector.is_leading)

    leases.cut.add("one")
    time.sleep(0.25)
    leases.cut.clear()

    assert throughout(one.elector.is_leading, 1.5)
    assert one.lost == []


def test_a_lease_of_a_dead_holder_is_taken_when_it_has_run_out(leases, enter):
    View(leases, "dead").create(
        {"metadata": {"name": "crosshead"}, "spec": {"holderIdentity": "dead", "leaseDurationSeconds": 1}}
    )
    began = time.monotonic()

    one = enter("one")

    assert eventually(one.elector.is_leading)
    assert one.won[0] - began >= 1.0
    assert objects.spec(leases.lease)["leaseTransitions"] == 1


def test_who_has_never_begun_can_be_stopped(leases):
    elector = LeaseElector(View(leases, "one"), HERE, "one", on_won=print, on_lost=print, terms=SWIFT)

    elector.stop()
    elector.start()

    assert not eventually(elector.is_leading, 1.0)
    assert leases.writes == 0


def test_two_that_begin_at_once_do_not_both_lead(enter):
    candidates = [enter(who) for who in ("one", "two", "three")]

    assert eventually(lambda: any(c.elector.is_leading() for c in candidates))
    assert throughout(lambda: sum(c.elector.is_leading() for c in candidates) == 1, 1.0)


def test_the_same_candidate_takes_its_own_lease_back_at_once(leases, enter):
    View(leases, "one").create({"metadata": {"name": "crosshead"}, "spec": {"holderIdentity": "one"}})

    one = enter("one")

    assert eventually(one.elector.is_leading, within=0.5)


@pytest.mark.parametrize(
    "terms", [(15.0, 15.0, 2.0), (15.0, 10.0, 10.0), (15.0, 10.0, 0.0)], ids=["no time to end", "one try", "no pause"]
)
def test_terms_under_which_two_could_lead_are_refused(terms):
    with pytest.raises(ValueError, match="a lease needs"):
        Terms(*terms)


@pytest.mark.control_plane
def test_a_real_lease_changes_hands(direct: KubeApi, enter):
    place = Ref(LEASE, "crosshead-test", "default")
    one = enter("one", direct.within(0.4), place)
    assert eventually(one.elector.is_leading)
    two = enter("two", direct.within(0.4), place)
    assert throughout(lambda: not two.elector.is_leading(), 1.2)

    one.elector.stop()

    assert eventually(two.elector.is_leading)
    assert objects.spec(direct.fetch(place) or {})["leaseTransitions"] == 1


PROGRAM = """
import sys, time
from crosshead.base.objects import Ref
from crosshead.kube.client import KubeApi
from crosshead.kube.connecting import connect
from crosshead.kube.discovery import LEASE
from crosshead.kube.lease import LeaseElector, Terms

api = KubeApi(connect(sys.argv[1]), timeout=0.4)
terms = Terms(duration=1.0, deadline=0.6, retry=0.1)
place = Ref(LEASE, "crosshead-killed", "default")
LeaseElector(api, place, "child", on_won=lambda: print("won", flush=True), on_lost=lambda: None, terms=terms).start()
time.sleep(60)
"""


@pytest.mark.control_plane
def test_the_lease_of_a_process_that_was_killed_is_taken_over(plane: ControlPlane, direct: KubeApi, enter):
    source = str(Path(crosshead.__file__).parent.parent)
    command = [sys.executable, "-c", PROGRAM, str(plane.kubeconfig)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": source}) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"won\n"
        heir = enter("heir", direct.within(0.4), Ref(LEASE, "crosshead-killed", "default"))
        held = throughout(lambda: not heir.elector.is_leading(), 1.5)
        child.kill()
        killed = time.monotonic()

    assert held
    assert eventually(heir.elector.is_leading)
    # No sooner than the Lease runs out: the child may have renewed it a retry period before its death.
    assert 0.8 <= heir.won[0] - killed <= 3.0


@pytest.mark.control_plane
def test_who_is_parted_from_a_real_api_server_knows_it_before_the_heir_leads(
    plane: ControlPlane, direct: KubeApi, enter, tmp_path: Path
):
    place = Ref(LEASE, "crosshead-parted", "default")
    with Proxy(urlsplit(plane.serving_url).port or 0) as proxy:
        parted = KubeApi(connect(kubeconfig_through(proxy, plane, tmp_path)), timeout=0.4)
        one = enter("one", parted, place)
        assert eventually(one.elector.is_leading)
        heir = enter("heir", direct.within(0.4), place)
        time.sleep(0.5)

        proxy.swallow()

        assert eventually(heir.elector.is_leading)
        assert one.lost
        assert one.lost[0] < heir.won[0]
