"""
The Secrets of mutual TLS between the operator and its functions, under the names that Crossplane gives them.

A Secret that is complete is left as it is: a cluster that is handed over keeps its certificates.
"""

import base64
from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from crosshead.base import objects
from crosshead.base.errors import AlreadyExistsError, ConflictError
from crosshead.base.objects import Ref
from crosshead.base.values import Draft, Object, SecretValue
from crosshead.reconcilers.connections import SECRET, decoded
from crosshead.reconcilers.ports import Api, World

ROOT: Final = "crossplane-root-ca"
CLIENT: Final = "crossplane-tls-client"

_PAIR: Final = ("tls.crt", "tls.key")
_WHOLE: Final = (*_PAIR, "ca.crt")
_REASON: Final = "TLSCertificates"


class Authority(Protocol):
    """Makes certificates. What it returns is the data of a Secret."""

    def root(self) -> Mapping[str, SecretValue]:
        """Return `tls.crt` and `tls.key` of a new authority."""

    def issue(
        self, root: Mapping[str, SecretValue], names: Sequence[str], *, client: bool
    ) -> Mapping[str, SecretValue]:
        """Return `tls.crt`, `tls.key` and `ca.crt` for *names*, from the authority *root*."""


def ensure_client(namespace: str, authority: Authority, world: World) -> None:
    """Have the certificate that the operator shows to functions."""
    ref = Ref(SECRET, CLIENT, namespace)
    held = world.api.fetch(ref)
    if not _holds(held, _WHOLE):
        authoritys = root(namespace, authority, world.api)
        _write(ref, held, authority.issue(authoritys, [f"crossplane.{namespace}"], client=True), world.api)


def server(ref: Ref, names: Sequence[str], authority: Authority, world: World) -> Draft:
    """Return the data of the Secret at *ref* of a function: what it holds, or a new certificate for *names*."""
    held = world.api.fetch(ref)
    if held is not None and _holds(held, _WHOLE):
        return dict(held["data"])
    return _encoded(authority.issue(root(ref.namespace, authority, world.api), names, client=False))


def root(namespace: str, authority: Authority, api: Api) -> Mapping[str, SecretValue]:
    """Return the certificate and the key of the authority that all of ours come from; it is made when there is none."""
    ref = Ref(SECRET, ROOT, namespace)
    held = api.fetch(ref)
    if held is not None and _holds(held, _PAIR):
        return decoded(held)
    made = authority.root()
    _write(ref, held, made, api)
    return made


def _holds(secret: Object | None, keys: Sequence[str]) -> bool:
    data = (secret or {}).get("data") or {}
    return all(data.get(key) for key in keys)


def _write(ref: Ref, held: Object | None, data: Mapping[str, SecretValue], api: Api) -> None:
    # Crossplane's chart creates these Secrets empty; two replicas may fill them at once, and must not mix the halves.
    try:
        if held is not None:
            version = {"resourceVersion": objects.resource_version(held)}
            api.patch(ref, {"metadata": version, "data": _encoded(data)})
            return
        metadata = {"name": ref.name, "namespace": ref.namespace}
        api.create({"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "data": _encoded(data)})
    except AlreadyExistsError as error:
        raise ConflictError(_REASON, f"{ref} was created by somebody else meanwhile") from error


def _encoded(data: Mapping[str, SecretValue]) -> Draft:
    return {key: base64.b64encode(value.reveal()).decode() for key, value in data.items()}
