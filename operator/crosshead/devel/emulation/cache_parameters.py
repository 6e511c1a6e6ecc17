"""ElastiCache parameter groups: those of the customer, and AWS's own, which always exist and never change."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.elasticache.exceptions import ElastiCacheException

_FAMILIES = ("redis6.x", "redis7", "valkey7", "valkey8", "memcached1.6")
_DEFAULT = re.compile(r"default\.(?P<family>[a-z]+[0-9.x]+?)(?P<sharded>\.cluster\.on)?")


@dataclass(eq=False)
class ParameterGroup:
    """A parameter group, and the parameters that its owner has set."""

    name: str
    family: str
    description: str
    arn: str
    parameters: dict[str, str] = field(default_factory=dict)

    def shape(self) -> dict[str, Any]:
        """Return the CacheParameterGroup of this group."""
        return {
            "CacheParameterGroupName": self.name,
            "CacheParameterGroupFamily": self.family,
            "Description": self.description,
            "IsGlobal": False,
            "ARN": self.arn,
        }

    def listing(self) -> list[dict[str, Any]]:
        """Return the parameters as DescribeCacheParameters lists them: those set by the user are all we know."""
        return [
            {"ParameterName": name, "ParameterValue": value, "Source": "user", "DataType": "string"}
            for name, value in sorted(self.parameters.items())
        ]


class ParameterGroups:
    """The parameter groups of one account and region; *prefix* begins their ARNs."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._own: dict[str, ParameterGroup] = {}

    def create(self, name: str, family: str, description: str) -> ParameterGroup:
        """Create a group."""
        name = name.lower()
        if name in self._own or _DEFAULT.fullmatch(name):
            raise ElastiCacheException("CacheParameterGroupAlreadyExists", f"Parameter group {name} already exists")
        if family not in _FAMILIES:
            raise ElastiCacheException(
                "InvalidParameterValue", f"CacheParameterGroupFamily {family} is not a valid parameter group family."
            )
        self._own[name] = self._group(name, family, description)
        return self._own[name]

    def get(self, name: str) -> ParameterGroup:
        """Return the group *name*, which may be one of AWS's."""
        name = name.lower()
        if (found := self._own.get(name)) is not None:
            return found
        if (default := _DEFAULT.fullmatch(name)) and default["family"] in _FAMILIES:
            return self._group(name, default["family"], f"Default parameter group for {default['family']}")
        raise ElastiCacheException("CacheParameterGroupNotFound", f"CacheParameterGroup {name} not found.")

    def all(self) -> list[ParameterGroup]:
        """Return all groups, AWS's first."""
        return [*(self.get(f"default.{family}") for family in _FAMILIES), *self._own.values()]

    def modify(self, name: str, values: Iterable[Mapping[str, str]]) -> ParameterGroup:
        """Set parameters of a group."""
        group = self._changeable(name)
        group.parameters |= {value["ParameterName"]: value["ParameterValue"] for value in values}
        return group

    def reset(self, name: str, names: Iterable[str] | None) -> ParameterGroup:
        """Take back the parameters *names*, or all of them, to what AWS makes them."""
        group = self._changeable(name)
        for parameter in tuple(group.parameters) if names is None else names:
            group.parameters.pop(parameter, None)
        return group

    def delete(self, name: str, used: Iterable[str]) -> ParameterGroup:
        """Delete a group that is not among those in use."""
        group = self._changeable(name)
        if group.name in used:
            raise _state(f"One or more cache clusters are still using parameter group {group.name}")
        return self._own.pop(group.name)

    def _changeable(self, name: str) -> ParameterGroup:
        group = self.get(name)
        if group.name not in self._own:
            raise _state(f"Default parameter group {group.name} cannot be changed or deleted")
        return group

    def _group(self, name: str, family: str, description: str) -> ParameterGroup:
        return ParameterGroup(name, family, description, f"{self._prefix}:parametergroup:{name}")


def _state(message: str) -> ElastiCacheException:
    return ElastiCacheException("InvalidCacheParameterGroupState", message)
