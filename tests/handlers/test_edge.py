"""What kopf carries for us."""

import asyncio

import kopf
import pytest

from crosshead.base.objects import Kind, Ref
from crosshead.handlers import edge


class FakeEngine:
    """Remembers what kopf's handlers have asked of it."""

    def __init__(self):
        self.calls = []

    def start(self):
        self.calls.append("start")

    def stop(self):
        self.calls.append("stop")

    def add(self, ref):
        self.calls.append(ref)

    def login(self):
        return kopf.ConnectionInfo(server="https://example.org")

    def troubles(self):
        return {"workers": "a worker has ended"}


@pytest.fixture
def engine():
    return FakeEngine()


@pytest.fixture
def activities(engine):
    """The handlers by name, without kopf around them."""
    registry = edge.registry_for(engine)
    handlers = [*registry._activities._handlers, *registry._watching._handlers]
    return {handler.fn.__name__: handler.fn for handler in handlers}


def test_kopf_starts_and_stops_the_engine(engine, activities):
    asyncio.run(activities["start"]())
    asyncio.run(activities["stop"]())

    assert engine.calls == ["start", "stop"]


def test_an_event_of_an_xrd_is_a_key_on_the_queue_and_nothing_else(engine, activities):
    body = {"metadata": {"name": "xthings.example.org"}}

    assert asyncio.run(activities["definition"](body=body)) is None
    kind = Kind("apiextensions.crossplane.io/v1", "CompositeResourceDefinition")
    assert engine.calls == [Ref(kind, "xthings.example.org")]


def test_kopf_logs_in_as_we_do_and_probes_what_ails_us(activities):
    assert activities["login"]().server == "https://example.org"
    assert activities["probe"]() == {"workers": "a worker has ended"}


def test_kopf_writes_nothing_of_its_own():
    settings = edge.settings()

    assert (settings.posting.enabled, settings.peering.standalone, settings.scanning.disabled) == (False, True, True)
