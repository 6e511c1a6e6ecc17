"""How ElastiCache names the nodes of a replication group, and where they are to be found."""

import uuid
from dataclasses import dataclass

_DIRECTIONS = {"north": "n", "south": "s", "east": "e", "west": "w", "central": "c"}

# The latest patch of the minor versions that are asked for most.
_VERSIONS = {"": "7.1.0", "6.x": "6.2.6", "6.2": "6.2.6", "7.0": "7.0.7", "7.1": "7.1.0"}
_MEMCACHED_VERSIONS = {"": "1.6.22", "1.6": "1.6.22"}
_VALKEY_VERSIONS = {"": "8.0.1", "7.2": "7.2.6", "8.0": "8.0.1", "8.1": "8.1.0"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a group lives in the DNS: its id, its region, and how its clients reach it."""

    group: str
    region: str
    encrypted: bool
    sharded: bool

    def primary(self) -> str:
        """Return the address that writes go to."""
        if self.encrypted:
            return f"master.{self.group}.{self._domain()}"
        return f"{self.group}.{self._account()}.ng.0001.{self._end()}"

    def reader(self) -> str:
        """Return the address that reads go to."""
        if self.encrypted:
            return f"replica.{self.group}.{self._domain()}"
        return f"{self.group}-ro.{self._account()}.ng.0001.{self._end()}"

    def configuration(self) -> str:
        """Return the address that tells the clients of a sharded group about its nodes."""
        if self.encrypted:
            return f"clustercfg.{self.group}.{self._domain()}"
        return f"{self.group}.{self._account()}.clustercfg.{self._end()}"

    def node(self, member: str) -> str:
        """Return the address of one node."""
        if self.encrypted:
            return f"{member}.{self.group}.{self._domain()}"
        return f"{member}.{self._account()}.0001.{self._end()}"

    def member(self, shard: int, node: int) -> str:
        """Return the id of a node; shards and nodes count from 1."""
        return f"{self.group}-{shard:04}-{node:03}" if self.sharded else f"{self.group}-{node:03}"

    def _domain(self) -> str:
        return f"{self._account()}.{self._end()}"

    def _end(self) -> str:
        return f"{short(self.region)}.cache.amazonaws.com"

    def _account(self) -> str:
        """Return AWS's six letters for an account in a region."""
        return uuid.uuid5(uuid.NAMESPACE_DNS, self.region).hex[:6]


def short(region: str) -> str:
    """Return the region as its addresses spell it: `us-east-1` is `use1`, `ap-southeast-2` is `apse2`."""
    area, *middle, number = region.split("-")
    letters = "".join(middle)
    for word, letter in _DIRECTIONS.items():
        letters = letters.replace(word, letter)
    return f"{area}{letters}{number}"


def full_version(engine: str, version: str) -> str:
    """Return the version that a node shows when *version* was asked for ("" asks for the default)."""
    known = {"valkey": _VALKEY_VERSIONS, "memcached": _MEMCACHED_VERSIONS}.get(engine, _VERSIONS)
    return known.get(version, version)


def default_parameters(engine: str, version: str, *, sharded: bool) -> str:
    """Return the name of the parameter group that AWS takes when none is asked for."""
    if engine == "memcached":
        return f"default.{engine}{version.rpartition('.')[0]}"
    major = version.partition(".")[0]
    family = f"{engine}{major}" if engine == "valkey" or int(major) >= 7 else f"{engine}{major}.x"
    return f"default.{family}{'.cluster.on' if sharded else ''}"
