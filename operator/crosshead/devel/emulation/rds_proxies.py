"""RDS's proxies as AWS runs them: they take their time, and can be changed."""

from collections.abc import Mapping
from typing import Any

from moto.rds.exceptions import DBProxyNotFoundFault, RDSClientError

from crosshead.devel.emulation.rds_clusters import ClusterBackend

Asked = Mapping[str, Any]

# Parameters that moto drops, and AWS's defaults.
_ECHOED = {
    "default_auth_scheme": "NONE",
    "endpoint_network_type": "IPV4",
    "target_connection_network_type": "IPV4",
}
_CHANGEABLE = ("auth", "debug_logging", "default_auth_scheme", "idle_client_timeout", "require_tls", "role_arn")
# What AWS says of each way to authenticate when nobody else does.
_AUTH = {"AuthScheme": "SECRETS", "IAMAuth": "DISABLED"}


class ProxyBackend(ClusterBackend):
    """The proxies of one account and region."""

    def begin_proxy(self, asked: Asked) -> None:
        """Let a proxy that was just created be available after a while."""
        proxy = self._proxy(asked["db_proxy_name"])
        for name, default in _ECHOED.items():
            setattr(proxy, name, asked.get(name, default))
        proxy.auth, proxy.require_tls = _completed(proxy.auth), bool(proxy.require_tls)
        self._pass_proxy(proxy, "creating", self.timeline.delays.creating)

    def modify_db_proxy(self, asked: Asked) -> Any:  # noqa: ANN401  # moto's
        """Change a proxy after a while."""
        proxy = self._proxy(asked["db_proxy_name"])
        if proxy.status != "available":
            raise RDSClientError("InvalidDBProxyStateFault", f"DB proxy {proxy.db_proxy_name} is {proxy.status}.")
        for name in _CHANGEABLE:
            if asked.get(name) is not None:
                setattr(proxy, name, asked[name])
        proxy.auth = _completed(proxy.auth)
        proxy.vpc_security_group_ids = asked.get("security_groups") or proxy.vpc_security_group_ids
        self._pass_proxy(proxy, "modifying", self.timeline.delays.modifying)
        return proxy

    def delete_db_proxy(self, proxy_name: str) -> Any:  # noqa: ANN401  # moto's
        """Delete a proxy that is gone after a while."""
        proxy = self._proxy(proxy_name)
        proxy.status = "deleting"
        self.timeline.after(self.timeline.delays.deleting, lambda: self.db_proxies.pop(proxy_name, None))
        return proxy

    def _proxy(self, name: str) -> Any:  # noqa: ANN401  # moto's
        if name not in self.db_proxies:
            raise DBProxyNotFoundFault(name)
        return self.db_proxies[name]

    def _pass_proxy(self, proxy: Any, status: str, seconds: float) -> None:  # noqa: ANN401  # moto's
        def finish() -> None:
            proxy.status = "available" if proxy.status == status else proxy.status

        proxy.status = status
        self.timeline.after(seconds, finish)


def _completed(auth: list[Asked] | None) -> list[Asked]:
    return [{**_AUTH, **dict(getattr(one, "original_dict", lambda one=one: one)())} for one in auth or ()]
