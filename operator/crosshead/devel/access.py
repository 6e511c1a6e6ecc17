"""How one reaches a local control plane: its address, its authority, a token; and a client just large enough for it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import urllib3
import yaml


class RefusedError(RuntimeError):
    """The API server answered with an error."""


@dataclass(frozen=True, slots=True)
class Access:
    """What a kubeconfig says."""

    url: str
    authority: Path
    token: str

    def write_kubeconfig(self, path: Path) -> None:
        """Write a kubeconfig to *path*, for its owner only."""
        context = {"cluster": "crosshead", "user": "admin"}
        cluster = {"server": self.url, "certificate-authority": str(self.authority)}
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "crosshead", "cluster": cluster}],
            "users": [{"name": "admin", "user": {"token": self.token}}],
            "contexts": [{"name": "crosshead", "context": context}],
            "current-context": "crosshead",
        }
        path.touch(mode=0o600)
        path.write_text(yaml.safe_dump(config, sort_keys=False))

    def request(self, method: str, path: str, body: Mapping[str, Any] | None = None, patience: float = 5.0) -> bytes:
        """Send one request; raises `RefusedError`, or `urllib3.exceptions.HTTPError` when there is no answer."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        content = None if body is None else json.dumps(body)
        with urllib3.PoolManager(ca_certs=str(self.authority), retries=False, timeout=patience) as pool:
            answer = pool.request(method, self.url + path, body=content, headers=headers)
        if answer.status >= 400:
            raise RefusedError(f"{method} {path}: {answer.status} {answer.data.decode(errors='replace')[:500]}")
        return answer.data

    def answers(self, path: str) -> bool:
        """Whether a GET of *path* succeeds now."""
        try:
            self.request("GET", path, patience=2.0)
        except (RefusedError, urllib3.exceptions.HTTPError):
            return False
        return True
