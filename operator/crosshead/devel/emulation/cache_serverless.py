"""ElastiCache serverless caches, which moto does not have."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from moto.elasticache.exceptions import ElastiCacheException

from crosshead.devel.emulation.cache_names import full_version, short
from crosshead.devel.emulation.timeline import Timeline

Asked = Mapping[str, Any]
Shape = dict[str, Any]

_MANNER = {"RemoveUserGroup", "Tags", "SnapshotArnsToRestore"}


@dataclass(eq=False)
class ServerlessCache:
    """A serverless cache; `settings` are by the names of CreateServerlessCache."""

    arn: str
    region: str
    settings: Shape
    status: str = "creating"
    created: datetime = field(default_factory=lambda: datetime.now(UTC))

    def shape(self) -> Shape:
        """Return the ServerlessCache of this cache."""
        engine, major = str(self.settings["Engine"]), str(self.settings["MajorEngineVersion"])
        shown = {
            **self.settings,
            "Status": self.status,
            "CreateTime": self.created,
            "FullEngineVersion": full_version(engine, {"7": "7.1", "8": "8.0"}.get(major, major)),
            "ARN": self.arn,
        }
        if self.status == "creating":
            return shown
        return shown | {"Endpoint": self._endpoint(6379), "ReaderEndpoint": self._endpoint(6380)}

    def modify(self, asked: Asked) -> None:
        """Take over what *asked* changes."""
        if asked.get("RemoveUserGroup"):
            self.settings.pop("UserGroupId", None)
        self.settings |= {name: value for name, value in asked.items() if name not in _MANNER and value is not None}

    def _endpoint(self, port: int) -> Shape:
        account = uuid.uuid5(uuid.NAMESPACE_DNS, self.region).hex[:6]
        name = self.settings["ServerlessCacheName"]
        return {"Address": f"{name}-{account}.serverless.{short(self.region)}.cache.amazonaws.com", "Port": port}


class ServerlessCaches:
    """The serverless caches of one account and region; *prefix* begins their ARNs."""

    def __init__(self, prefix: str, region: str, timeline: Timeline) -> None:
        self._prefix = prefix
        self._region = region
        self._timeline = timeline
        self._caches: dict[str, ServerlessCache] = {}

    def create(self, asked: Asked) -> ServerlessCache:
        """Create a cache that is available after a while."""
        name = str(asked["ServerlessCacheName"]).lower()
        if name in self._caches:
            raise ElastiCacheException("ServerlessCacheAlreadyExistsFault", f"Serverless cache {name} already exists.")
        given = {key: value for key, value in asked.items() if key not in _MANNER and value is not None}
        defaults = {
            "MajorEngineVersion": "8" if given["Engine"] == "valkey" else "7",
            "SnapshotRetentionLimit": 0,
            "NetworkType": "ipv4",
            "Description": "",
        }
        settings = {**defaults, **given, "ServerlessCacheName": name}
        cache = ServerlessCache(f"{self._prefix}:serverlesscache:{name}", self._region, settings)
        self._caches[name] = cache
        self._pass_through(cache, "creating", self._timeline.delays.creating)
        return cache

    def find(self, name: str) -> ServerlessCache:
        """Return the cache *name*."""
        if name.lower() not in self._caches:
            raise ElastiCacheException("ServerlessCacheNotFoundFault", f"Serverless cache {name} not found.")
        return self._caches[name.lower()]

    def all(self) -> list[ServerlessCache]:
        """Return all caches."""
        return list(self._caches.values())

    def modify(self, asked: Asked) -> ServerlessCache:
        """Change a cache, which takes a while."""
        cache = self._available(asked["ServerlessCacheName"])
        cache.modify({key: value for key, value in asked.items() if key != "ServerlessCacheName"})
        self._pass_through(cache, "modifying", self._timeline.delays.modifying)
        return cache

    def delete(self, name: str) -> ServerlessCache:
        """Delete a cache, which is gone after a while."""
        cache = self._available(name)
        cache.status = "deleting"
        self._timeline.after(self._timeline.delays.deleting, lambda: self._forget(name))
        return cache

    def _forget(self, name: str) -> None:
        self._caches.pop(name.lower(), None)

    def _available(self, name: str) -> ServerlessCache:
        cache = self.find(name)
        if cache.status != "available":
            raise ElastiCacheException(
                "InvalidServerlessCacheStateFault", f"Serverless cache {name} is not in available state."
            )
        return cache

    def _pass_through(self, cache: ServerlessCache, status: str, seconds: float) -> None:
        cache.status = status
        self._timeline.after(seconds, lambda: _become_available(cache))


def _become_available(cache: ServerlessCache) -> None:
    cache.status = "available"
