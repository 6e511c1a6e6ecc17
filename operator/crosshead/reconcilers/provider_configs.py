"""
Reconcile a ProviderConfig: it stays for as long as somebody uses it, and shows by how many it is used.

Events alone lead here, of the ProviderConfig and of its usages; nothing is polled.
"""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from crosshead.base import names, objects
from crosshead.base.conditions import Condition
from crosshead.base.errors import AbsentError, NotReadyError
from crosshead.base.objects import Kind, Ref
from crosshead.base.values import Object
from crosshead.managed import polling
from crosshead.reconcilers import summaries
from crosshead.reconcilers.ports import Cache, Seconds, World

PROVIDER_CONFIG = Kind("aws.upbound.io/v1beta1", "ProviderConfig")
PROVIDER_CONFIG_USAGE = Kind("aws.upbound.io/v1beta1", "ProviderConfigUsage")
# Those of the namespaced family.
LOCAL_PROVIDER_CONFIG = Kind("aws.m.upbound.io/v1beta1", "ProviderConfig")
CLUSTER_PROVIDER_CONFIG = Kind("aws.m.upbound.io/v1beta1", "ClusterProviderConfig")
LOCAL_PROVIDER_CONFIG_USAGE = Kind("aws.m.upbound.io/v1beta1", "ProviderConfigUsage")

# By whom each kind of configuration is said to be used.
USAGE_OF: Final[Mapping[Kind, Kind]] = MappingProxyType(
    {
        PROVIDER_CONFIG: PROVIDER_CONFIG_USAGE,
        LOCAL_PROVIDER_CONFIG: LOCAL_PROVIDER_CONFIG_USAGE,
        CLUSTER_PROVIDER_CONFIG: LOCAL_PROVIDER_CONFIG_USAGE,
    }
)
USAGES: Final = frozenset(USAGE_OF.values())

# How long a change of the usages may wait to be counted, in seconds.
COUNTING: Final[Seconds] = 1.0
BLOCKED = "Blocking deletion while usages still exist"


def config_of(managed: Object) -> Ref:
    """Return the configuration of *managed*: what lives in a namespace may use one of the cluster, or one beside it."""
    return _named(objects.spec(managed).get("providerConfigRef") or {}, objects.namespace(managed))


def used_by(usage: Object) -> Ref:
    """Return the configuration whose use *usage* notes."""
    return _named(usage.get("providerConfigRef") or {}, objects.namespace(usage))


def _named(reference: Object, namespace: str) -> Ref:
    name = str(reference.get("name") or "default")
    if not namespace:
        return Ref(PROVIDER_CONFIG, name)
    if reference.get("kind") == LOCAL_PROVIDER_CONFIG.kind:
        return Ref(LOCAL_PROVIDER_CONFIG, name, namespace)
    return Ref(CLUSTER_PROVIDER_CONFIG, name)


def delays(managed: Object | None, cache: Cache, first: timedelta, longest: timedelta) -> tuple[timedelta, timedelta]:
    """
    Return how long to wait after the first failure of *managed*, and at most: as its configuration says, or as given.

    As the AWS provider ≥ 2.6 reads `reconciliationPolicy.exponentialFailureRateLimiter`.
    """
    config = cache.get(config_of(managed)) if managed is not None else None
    policy = objects.spec(config or {}).get("reconciliationPolicy") or {}
    said = policy.get("exponentialFailureRateLimiter") or {}
    return _duration(said.get("baseDelay"), first), _duration(said.get("maxDelay"), longest)


def _duration(text: str | None, default: timedelta) -> timedelta:
    try:
        return polling.parse_duration(text) if text else default
    except ValueError:
        return default  # API servers from 1.25 on refuse it


def reconcile(ref: Ref, world: World) -> Seconds | None:
    """Hold the ProviderConfig at *ref* while it is used, and let it go when it is not."""
    config = world.cache.get(ref)
    if config is None:
        return None
    if not world.cache.is_synced(USAGE_OF[ref.kind]):
        raise NotReadyError("UsageAccounting", f"cannot count the usages of {ref}: they are not known yet")
    users = _users(ref, world)
    if not objects.is_deleting(config):
        summaries.write_status(_held(config, world), world, changes={"users": users})
    elif users:
        terminating = Condition("Terminating", "True", "InUse", BLOCKED)
        summaries.write_status(config, world, terminating, changes={"users": users}, generation=None)
        world.events.warning(config, "InUse", BLOCKED)
    else:
        _let_go(config, world)
    return None


def _users(ref: Ref, world: World) -> int:
    """Count the usages of the ProviderConfig at *ref*; one that nobody controls is left over, and deleted."""
    usages = [u for u in world.cache.list(USAGE_OF[ref.kind], ref.namespace) if used_by(u) == ref]
    for usage in usages:
        if not objects.controller_uid(usage):
            world.api.delete(usage)
    return sum(bool(objects.controller_uid(usage)) for usage in usages)


def _held(config: Object, world: World) -> Object:
    finalizers = objects.finalizers(config)
    if names.IN_USE_FINALIZER in finalizers:
        return config
    return _patch_finalizers(config, [*finalizers, names.IN_USE_FINALIZER], world)


def _let_go(config: Object, world: World) -> None:
    finalizers = objects.finalizers(config)
    if names.IN_USE_FINALIZER in finalizers:
        try:
            _patch_finalizers(config, [f for f in finalizers if f != names.IN_USE_FINALIZER], world)
        except AbsentError:
            return  # gone already


def _patch_finalizers(config: Object, finalizers: list[str], world: World) -> Object:
    metadata = {"finalizers": finalizers, "resourceVersion": objects.resource_version(config)}
    return world.api.patch(objects.ref_of(config), {"metadata": metadata})
