"""
The composites of a cluster, reconciled in this process: what a pass costs, without a queue, watches and writes.

The cache is filled once from the API server. Whatever wants to write ends the bench: the composites must be at rest.
"""

import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NoReturn

from crosshead.base import objects
from crosshead.base.objects import Kind, Ref
from crosshead.base.values import Object, SecretValue
from crosshead.functions.registry import BuiltIns
from crosshead.functions.runner import FunctionRunner
from crosshead.kube.cache import ObjectCache
from crosshead.kube.client import KubeApi
from crosshead.kube.connecting import connect
from crosshead.kube.shrinking import shrink
from crosshead.managed.facts import Facts
from crosshead.reconcilers import composites
from crosshead.reconcilers.composites import Memory
from crosshead.reconcilers.ports import World
from crosshead.reconcilers.remembered import Remembered
from crosshead.runtime.clocks import SystemClock, SystemDice


@dataclass(frozen=True, slots=True)
class NoChangePasses:
    """
    CPU seconds of one pass of each of *count* composites.

    *composing* is what it costs to compose them, *remembered* what it costs to see that there is no need to.
    """

    count: int
    composing: float
    remembered: float


def measure(kubeconfig: Path, xrd: Ref, composite: Kind, others: Sequence[Kind]) -> Mapping[str, NoChangePasses]:
    """
    Reconcile all composites of the kind *composite*, by the name of their composition.

    *others* are the kinds that these passes look at, too.
    """
    with closing(connect(kubeconfig, maxsize=1)) as connection:
        cache = ObjectCache(shrink)
        api = KubeApi(connection, cache)
        for kind in (xrd.kind, composite, *others):
            _fill(cache, api, kind)
        return _measure(cache, api, xrd, composite)


def _fill(cache: ObjectCache, api: KubeApi, kind: Kind) -> None:
    cache.open(kind)
    page = api.list_page(kind)
    items = [*page.items]
    while page.rest:
        page = api.list_page(kind, rest=page.rest)
        items += page.items
    cache.replace(kind, items, page.version)


def _measure(cache: ObjectCache, api: KubeApi, xrd: Ref, composite: Kind) -> Mapping[str, NoChangePasses]:
    definition = cache.get(xrd)
    if definition is None:
        raise LookupError(f"there is no {xrd}")
    refs: dict[str, list[Ref]] = {}
    for obj in cache.list(composite):
        refs.setdefault(objects.spec(obj)["compositionRef"]["name"], []).append(objects.ref_of(obj))
    world = _world(cache, api)
    return {composition: _passes(some, definition, world) for composition, some in refs.items()}


def _passes(refs: Sequence[Ref], xrd: Object, world: World) -> NoChangePasses:
    memory = Memory()

    def round_of(memory: Memory) -> float:
        began = time.process_time()
        for ref in refs:
            composites.reconcile(ref, xrd, memory, world)
        return time.process_time() - began

    # The first round reads the compositions, and imports what they need: nothing to be compared.
    round_of(memory)
    composing = round_of(replace(memory, remembered=Remembered()))
    remembered = round_of(memory)
    if len(memory.remembered) != len(refs):
        raise AssertionError(f"only {len(memory.remembered)} of {len(refs)} composites are at rest")
    return NoChangePasses(len(refs), composing, remembered)


def _world(cache: ObjectCache, api: KubeApi) -> World:
    nothing = _Nothing()
    return World(
        cache=cache,
        api=_ReadOnly(api),
        events=nothing,
        watches=nothing,
        requests=nothing,
        provider=nothing,
        functions=FunctionRunner(cache, BuiltIns()),
        clock=SystemClock(),
        dice=SystemDice(),
    )


@dataclass(frozen=True, slots=True)
class _ReadOnly:
    """Satisfies Api, but for writes: there must be none."""

    api: KubeApi
    asked: list[Ref] = field(default_factory=list)

    def fetch(self, ref: Ref) -> Object | None:
        return self.api.fetch(ref)

    def is_namespaced(self, kind: Kind) -> bool:
        return self.api.is_namespaced(kind)

    def create(self, obj: Object) -> NoReturn:
        _refuse(objects.ref_of(obj))

    def replace(self, obj: Object) -> NoReturn:
        _refuse(objects.ref_of(obj))

    def apply(self, obj: Object, owner: str, *, status: bool = False) -> NoReturn:
        del owner, status
        _refuse(objects.ref_of(obj))

    def patch(self, ref: Ref, changes: Object, *, status: bool = False) -> NoReturn:
        del changes, status
        _refuse(ref)

    def delete(self, obj: Object, *, foreground: bool = False) -> NoReturn:
        del foreground
        _refuse(objects.ref_of(obj))


def _refuse(ref: Ref) -> NoReturn:
    raise AssertionError(f"{ref} was to be written: the composites are not at rest")


class _Nothing:
    """Satisfies Watches, Requests, Recorder and Provider, for composites that need none of them."""

    def start(self, kind: Kind) -> None: ...

    def stop(self, kind: Kind) -> None: ...

    def refusal(self, kind: Kind) -> None: ...

    def add(self, ref: Ref, *, delay: float = 0.0) -> None: ...

    def normal(self, obj: Object, reason: str, message: str) -> None: ...

    def warning(self, obj: Object, reason: str, message: str) -> None: ...

    def facts(self, kind: Kind) -> Facts | None: ...

    def connect(self, kind: Kind, parameters: Object, config: Object, secret: Mapping[str, SecretValue]) -> NoReturn:
        raise NotImplementedError
