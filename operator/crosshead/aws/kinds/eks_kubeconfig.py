"""Access to a cluster: a kubeconfig with a token, which is a question to AWS who we are, signed by us."""

import base64
from collections.abc import Callable, Mapping
from typing import Final

import yaml

from crosshead.base.values import Object

_PREFIX: Final = "k8s-aws-v1."
# The cluster that the token is for: without it, who gets the token could be us elsewhere.
_AUDIENCE: Final = "x-k8s-aws-id"


def access(record: Object, vouch: Callable[[Mapping[str, str]], str]) -> Mapping[str, str]:
    """
    Return the connection details of the cluster that *record* shows, under the keys of Crossplane's ClusterAuth.

    :param vouch: signs the question who we are, with headers; returns its URL.
    """
    authority = (record.get("certificateAuthority") or {}).get("data")
    if not (record.get("endpoint") and authority):
        return {}
    url = base64.urlsafe_b64encode(vouch({_AUDIENCE: record["name"]}).encode()).decode().rstrip("=")
    return {
        "endpoint": record["endpoint"],
        "clusterCA": base64.b64decode(authority).decode(),
        "kubeconfig": _kubeconfig(record["name"], record["endpoint"], authority, _PREFIX + url),
    }


def _kubeconfig(name: str, server: str, authority: str, token: str) -> str:
    cluster = {"server": server, "certificate-authority-data": authority}
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": name, "cluster": cluster}],
        "users": [{"name": name, "user": {"token": token}}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
        "current-context": name,
    }
    return yaml.safe_dump(content)
