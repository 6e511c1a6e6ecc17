"""EC2 networks that cannot be pulled away from under what lives in them."""

from collections.abc import Iterator
from typing import Any

import moto.ec2.models as moto_ec2
import moto.ec2.urls as moto_urls
from moto.ec2.exceptions import DependencyViolationError
from moto.elasticache.models import elasticache_backends
from moto.rds.models import rds_backends

from crosshead.devel.emulation.gateways import EC2Response, Gateways
from crosshead.devel.emulation.timeline import Timeline


class EC2Backend(Gateways):
    """The networks of one account and region."""

    # moto looks for it beside the module of the class, which ours is not.
    _url_module = moto_urls

    def delete_security_group(self, name: str | None = None, group_id: str | None = None) -> None:
        """Delete a group that guards nothing."""
        if group_id and (group_id in self._guarding() or self._is_referred_to(group_id)):
            raise DependencyViolationError(f"resource {group_id} has a dependent object")
        super().delete_security_group(name, group_id)

    def delete_subnet(self, subnet_id: str) -> Any:  # noqa: ANN401  # moto's
        """Delete a subnet in which nothing lives."""
        if subnet_id in self._inhabited() or self.gateways_in(subnet_id):
            raise DependencyViolationError(f"The subnet '{subnet_id}' has dependencies and cannot be deleted.")
        return super().delete_subnet(subnet_id)

    def delete_vpc(self, vpc_id: str) -> Any:  # noqa: ANN401  # moto's
        """Delete a network that no gateway is attached to."""
        if any(one.vpc and one.vpc.id == vpc_id for one in self.internet_gateways.values()):
            raise DependencyViolationError(f"The vpc '{vpc_id}' has dependencies and cannot be deleted.")
        return super().delete_vpc(vpc_id)

    def _is_referred_to(self, group_id: str) -> bool:
        """Whether a rule of another group lets this one in."""
        others = (group for groups in self.groups.values() for group in groups.values() if group.id != group_id)
        rules = (rule for group in others for rule in (*group.ingress_rules, *group.egress_rules))
        return any((rule.source_group or {}).get("GroupId") == group_id for rule in rules)

    def _guarding(self) -> set[str]:
        """Return the security groups of databases and caches, whose network interfaces use them."""
        databases = rds_backends[self.account_id][self.region_name].databases.values()
        caches = elasticache_backends[self.account_id][self.region_name].replication_groups.values()
        return {
            *(group for database in databases for group in database.vpc_security_group_ids),
            *(group for cache in caches for group in cache.security_group_ids),
        }

    def _inhabited(self) -> set[str]:
        """Return the subnets where databases and caches have network interfaces: all of their groups, to be safe."""
        return {*self._of_databases(), *self._of_caches()}

    def _of_databases(self) -> Iterator[str]:
        for database in rds_backends[self.account_id][self.region_name].databases.values():
            if (group := getattr(database, "db_subnet_group", None)) is not None:
                yield from (subnet["SubnetIdentifier"] for subnet in group.subnets)

    def _of_caches(self) -> Iterator[str]:
        backend = elasticache_backends[self.account_id][self.region_name]
        for cache in backend.replication_groups.values():
            if (group := backend.cache_subnet_groups.get(cache.subnet_group_name)) is not None:
                yield from group.subnet_ids


def install(timeline: Timeline) -> None:
    """Put this EC2 in the place of moto's."""
    EC2Backend.timeline = timeline
    moto_urls.url_paths["{0}/"] = EC2Response.dispatch
    moto_ec2.ec2_backends.backend = EC2Backend
