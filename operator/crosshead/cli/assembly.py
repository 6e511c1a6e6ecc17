"""The operator put together: the only place where ports meet their adapters."""

import argparse
import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta

import kopf

from crosshead.aws.provider import AwsProvider
from crosshead.base import conditions, names, objects
from crosshead.base.errors import ReconcileError, StalledError, TransientError
from crosshead.base.objects import Kind, Ref
from crosshead.base.values import Object
from crosshead.cli.calling import CompositionFunctions, client_credentials
from crosshead.definitions import reading
from crosshead.definitions.packages import FUNCTION, FUNCTION_REVISION, RUNTIME_CONFIG
from crosshead.functions.certificates import CertificateAuthority
from crosshead.functions.registry import BuiltIns
from crosshead.kube.cache import ObjectCache
from crosshead.kube.client import KubeApi
from crosshead.kube.connecting import connect
from crosshead.kube.events import EventRecorder
from crosshead.kube.shrinking import shrink
from crosshead.kube.watches import KindWatches
from crosshead.reconcilers.directory import XRD, Directory
from crosshead.reconcilers.dispatch import Dispatcher
from crosshead.reconcilers.function_runtimes import Installer
from crosshead.reconcilers.interests import Interests
from crosshead.reconcilers.lanes import Place, lane
from crosshead.reconcilers.nop import NOP_RESOURCE, NopProvider
from crosshead.reconcilers.ports import Pace, World
from crosshead.reconcilers.provider_configs import COUNTING, USAGE_OF, USAGES, delays
from crosshead.reconcilers.providers import Providers
from crosshead.reconcilers.revisions import COMPOSITION, REVISION
from crosshead.reconcilers.routing import Router
from crosshead.runtime.clocks import SystemClock, SystemDice
from crosshead.runtime.lanes import Lanes, Room
from crosshead.runtime.metrics import Metrics
from crosshead.runtime.outcomes import BackOff, Failures
from crosshead.runtime.queue import WorkQueue
from crosshead.runtime.workers import Workers

FIXED = (
    XRD,
    COMPOSITION,
    REVISION,
    *USAGE_OF,
    *sorted(USAGES),
    FUNCTION,
    FUNCTION_REVISION,
    RUNTIME_CONFIG,
)

_log = logging.getLogger(__name__)
_STUCK = 300.0
# So many times as many reconciles may wait for the outside as may work inside the cluster: they cost nothing meanwhile.
_AWAY = 4


class Operator:
    """Watches, queue and workers of one process. `start` and `stop` are called once each, from kopf's handlers."""

    def __init__(self, arguments: argparse.Namespace, metrics: Metrics) -> None:
        self.metrics = metrics
        self.cache = ObjectCache(shrink)
        self._room = Room(home=arguments.workers, lane=arguments.workers, away=_AWAY * arguments.workers)
        self._threads = int(self._room.home + self._room.away)
        self.connection = connect(arguments.kubeconfig, maxsize=self._threads + 4)
        self.api = KubeApi(self.connection, self.cache, told=metrics.requested)
        self.queue: WorkQueue[Ref] = WorkQueue(lanes=Lanes(self._lane_of, self._room))
        self._events = EventRecorder(self.api)
        self._clock, dice = SystemClock(), SystemDice()
        aws = AwsProvider(arguments.creation_grace.total_seconds())
        self._managed = (*aws.kinds(), NOP_RESOURCE)
        self._provider = Providers((aws, NopProvider(self._clock, self.cache)))
        self._arguments = arguments
        self._watches: KindWatches | None = None
        self._workers: Workers[Ref] | None = None
        self._directory = Directory(self.cache)
        self._dice = dice
        self._synced = threading.Event()
        self._stopping = threading.Event()
        # Held by whoever starts or stops a part: a signal may come while we begin.
        self._turn = threading.Lock()
        self._interests = Interests()
        self._built_ins = BuiltIns(scripts=arguments.enable_python_functions, without=arguments.without_built_ins)
        self._namespace: str = arguments.packages_namespace
        credentials = client_credentials(arguments.tls_client_certs_dir, self._namespace, self.api)
        self._functions = CompositionFunctions(self.cache, self._built_ins, credentials, metrics, self._events)
        self._router = Router(self.cache, self._directory, self._provider, self._interests)
        self.cache.subscribe(self._changed)
        self.cache.subscribe_sync(self._synced_kind)

    def check(self) -> None:
        """Raise `StalledError` when there is no API server, or it lacks the kinds that the operator is made of."""
        try:
            missing = [kind for kind in FIXED if not self._is_served(kind)]
        except TransientError as error:
            raise StalledError("Unreachable", f"cannot reach {self.connection.host}: {error.message}") from error
        if missing:
            kinds = ", ".join(sorted(kind.group_kind for kind in missing))
            raise StalledError("MissingKinds", f"the cluster does not know {kinds}: apply the files of crds/ first")

    def start(self) -> None:
        """Fill the caches, then begin to work: nobody decides on half of what there is. Once stopped, do nothing."""
        with self._turn:
            if self._stopping.is_set():
                return
            self._watches = KindWatches(self.api, self.cache)
            self._events.start()
        # First what says which kinds there are: those that are not there cost nothing.
        self._watch(self._watches, FIXED, self._watches.all_synced)
        # A kind that we may not look at is its own trouble only: it shows on what is of that kind, or needs it.
        self._watch(self._watches, [*self._managed, *self._defined_kinds()], self._watches.all_settled)
        workers = self._make_workers(self._watches)
        with self._turn:
            if self._stopping.is_set():
                return
            self._workers = workers
            workers.start()
        self._synced.set()

    def stop(self) -> None:
        """Finish what is under way, tell the last events, hang up."""
        with self._turn:
            self._stopping.set()
        if self._workers is not None:
            self._workers.stop(timeout=10.0)
        if self._watches is not None:
            self._watches.stop_all()
        self._functions.close()
        self._events.stop()
        self.connection.close()

    def add(self, ref: Ref) -> None:
        """Have *ref* reconciled."""
        self.queue.add(ref)

    def login(self) -> kopf.ConnectionInfo:
        """Return how our own client reaches the API server."""
        credentials = self.connection.credentials
        scheme, _, token = credentials.headers().get("Authorization", "").partition(" ")
        return kopf.ConnectionInfo(
            server=credentials.host,
            insecure=credentials.is_insecure,
            scheme=scheme or None,
            token=token or None,
            ca_path=credentials.files.get("ca_path"),
            certificate_path=credentials.files.get("certificate_path"),
            private_key_path=credentials.files.get("private_key_path"),
        )

    def troubles(self) -> Mapping[str, str]:
        """Return what a restart could mend, by part."""
        if self._watches is None or self._workers is None:
            return {}
        found = {f"watch of {kind}": "does not move" for kind in self._watches.stuck()}
        found.update({f"reconcile of {ref}": f"runs for {took:.0f} s" for ref, took in self._workers.stuck(_STUCK)})
        if not self._workers.is_alive():
            found["workers"] = "a worker has ended"
        return found

    def unreadiness(self) -> Mapping[str, str]:
        """Return what keeps us from being of use, by part."""
        if not self._synced.is_set():
            return {"caches": "not filled yet"}
        return self.troubles()

    def _is_served(self, kind: Kind) -> bool:
        try:
            self.api.discovery.find(kind)
        except LookupError:
            return False
        return True

    def _watch(self, watches: KindWatches, kinds: Iterable[Kind], are_known: Callable[[], bool]) -> None:
        """Watch *kinds*, and return when all that there are have been listed."""
        for kind in kinds:
            watches.start(kind)
        while not are_known() and not self._stopping.wait(0.01):
            pass

    def _defined_kinds(self) -> list[Kind]:
        kinds = []
        for xrd in self.cache.list(XRD):
            if conditions.is_true(xrd, names.ESTABLISHED):
                claim = reading.claim_kind(xrd)
                kinds.extend([reading.composite_kind(xrd), *([claim] if claim else [])])
        return kinds

    def _changed(self, old: Object | None, new: Object | None) -> None:
        obj = new or old
        # A hundred usages that come within a second are one count.
        delay = COUNTING if obj is not None and objects.kind_of(obj) in USAGES else 0.0
        for ref in self._router.keys(old, new):
            self.queue.add(ref, delay=delay)

    def _lane_of(self, ref: Ref) -> Place | None:
        return lane(ref, self.cache, self._provider)

    def _synced_kind(self, kind: Kind) -> None:
        for ref in self._router.keys_of_synced(kind):
            self.queue.add(ref)

    def _make_workers(self, watches: KindWatches) -> Workers[Ref]:
        installer = Installer(self._built_ins, CertificateAuthority(), self._namespace)
        chosen = self._arguments
        pace = Pace(chosen.poll_interval, chosen.poll_jitter, chosen.creation_grace)
        world = World(
            cache=self.cache,
            api=self.api,
            events=self._events,
            watches=watches,
            requests=self.queue,
            provider=self._provider,
            functions=self._functions,
            clock=self._clock,
            dice=self._dice,
            pace=pace,
            cluster=self._cluster_uid(),
        )
        return Workers(
            self.queue,
            Dispatcher(world, self._directory, self._interests, installer).reconcile,
            count=self._threads,
            pace_of=self._pace_of,
            failures=Failures(self._generation),
            told=lambda ref, result, took: self.metrics.reconciled(ref.kind.group_kind, result, took),
        )

    def _cluster_uid(self) -> str:
        """Return what tells this cluster from all others; "" when we may not know, and then nothing is inherited."""
        try:
            found = self.api.fetch(Ref(Kind("v1", "Namespace"), "kube-system"))
        except ReconcileError as error:
            _log.warning("what was left in AWS will not be taken over: cannot tell this cluster: %s", error.message)
            return ""
        return objects.uid(found) if found is not None else ""

    def _generation(self, ref: Ref) -> int:
        obj = self.cache.get(ref)
        return objects.generation(obj) if obj is not None else 0

    def _pace_of(self, ref: Ref) -> BackOff:
        chosen = self._arguments
        first: timedelta = chosen.backoff_first
        ceiling: timedelta = chosen.backoff_ceiling
        if self._provider.facts(ref.kind) is not None:
            managed = self.cache.get(ref)
            first, ceiling = delays(managed, self.cache, first, chosen.backoff_ceiling_external)
        return BackOff(first.total_seconds(), ceiling.total_seconds(), chosen.backoff_jitter)
