"""
What the reconcile of a key asks outside the cluster: keys of the same account, service and region share a lane.

One account's expired endpoint, or one service's outage in one region, then holds up those that need it and nobody else.
"""

from dataclasses import dataclass

from crosshead.base import objects
from crosshead.base.objects import Ref
from crosshead.reconcilers.ports import Cache, Provider
from crosshead.reconcilers.provider_configs import config_of


@dataclass(frozen=True, slots=True)
class Place:
    """Who is asked: the service, in whose account (by ProviderConfig), and where."""

    service: str
    config: Ref
    region: str


def lane(ref: Ref, cache: Cache, provider: Provider) -> Place | None:
    """Return the lane of *ref*; None when its reconcile asks the API server alone."""
    facts = provider.facts(ref.kind)
    managed = cache.get(ref)
    if managed is None or facts is None or facts.provider != "aws":
        return None
    region = (objects.spec(managed).get("forProvider") or {}).get("region")
    return Place(ref.kind.api_version.partition("/")[0], config_of(managed), str(region))
