"""
The edge to kopf: what it carries for us, and nothing more.

kopf carries the process: settings, login, start-up, clean-up, probes, and the watch of XRDs, a kind that is always
there and whose objects carry our finalizers. An event only puts a key on the queue. No handler returns a value (kopf
would write it into a status), and none of kopf's finalizers, annotations, indexes, daemons or timers are used
(docs/decisions/0001).
"""

import asyncio
from collections.abc import Mapping
from typing import Any, Protocol

import kopf

from crosshead.base import objects
from crosshead.base.objects import Ref
from crosshead.reconcilers.directory import XRD


class Engine(Protocol):
    """The operator proper, as kopf's handlers see it."""

    def start(self) -> None:
        """Begin to watch and to reconcile; returns when everything has begun."""

    def stop(self) -> None:
        """End cleanly; returns when nothing of ours runs any more."""

    def add(self, ref: Ref) -> None:
        """Have *ref* reconciled."""

    def login(self) -> kopf.ConnectionInfo:
        """Return how our own client reaches the API server: kopf must not find another one."""

    def troubles(self) -> Mapping[str, str]:
        """Return what is wrong with us by part, empty when we are well."""


def registry_for(engine: Engine) -> kopf.OperatorRegistry:
    """Return kopf's handlers, bound to *engine*."""
    registry = kopf.OperatorRegistry()

    @kopf.on.login(registry=registry)
    def login(**_: Any) -> kopf.ConnectionInfo:  # noqa: ANN401 (kopf's keywords)
        return engine.login()

    @kopf.on.startup(registry=registry)
    async def start(**_: Any) -> None:  # noqa: ANN401
        await asyncio.to_thread(engine.start)

    @kopf.on.cleanup(registry=registry)
    async def stop(**_: Any) -> None:  # noqa: ANN401
        await asyncio.to_thread(engine.stop)

    @kopf.on.probe(id="troubles", registry=registry)
    def probe(**_: Any) -> Mapping[str, str]:  # noqa: ANN401
        return engine.troubles()

    @kopf.on.event(XRD.group, XRD.version, "compositeresourcedefinitions", registry=registry)
    async def definition(body: kopf.Body, **_: Any) -> None:  # noqa: ANN401
        engine.add(Ref(XRD, objects.name(body)))

    return registry


def settings() -> kopf.OperatorSettings:
    """Return kopf's settings: fixed kinds, no events of its own, no peering (a Lease of ours elects)."""
    chosen = kopf.OperatorSettings()
    chosen.posting.enabled = False
    chosen.peering.standalone = True
    chosen.scanning.disabled = True
    chosen.watching.inactivity_timeout = 75
    return chosen
