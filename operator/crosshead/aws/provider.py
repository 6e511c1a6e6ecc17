"""The AWS provider: which kinds there are, what the life cycle must know about them, and how to reach them."""

from collections.abc import Mapping
from typing import Final

from crosshead.aws.catalogue import KINDS
from crosshead.aws.credentials import REASON
from crosshead.aws.descriptor import Descriptor
from crosshead.aws.external import Account, AwsExternal
from crosshead.aws.memory import Memory
from crosshead.aws.sessions import Clients
from crosshead.base import objects
from crosshead.base.errors import StalledError
from crosshead.base.objects import Kind
from crosshead.base.values import Object, SecretValue
from crosshead.managed.facts import Facts

# Where services that have no region of their own are asked.
_HOME: Final = "us-east-1"


class AwsProvider:
    """AWS, as the reconcilers need it."""

    def __init__(self) -> None:
        self._descriptors: Mapping[Kind, Descriptor] = {
            kind: descriptor for descriptor in KINDS for kind in _kinds(descriptor)
        }
        self._facts = {kind: _facts(kind, descriptor) for kind, descriptor in self._descriptors.items()}
        self._memory = Memory()
        self._clients = Clients()

    def kinds(self) -> tuple[Kind, ...]:
        """Return the kinds that are served, sorted."""
        return tuple(sorted(self._descriptors))

    def facts(self, kind: Kind) -> Facts | None:
        """Return what the life cycle must know about *kind*, None when it is not served."""
        return self._facts.get(kind)

    def connect(self, kind: Kind, parameters: Object, config: Object, secret: Mapping[str, SecretValue]) -> AwsExternal:
        """
        Return the resources of *kind* as the account of *config* sees them, in the region of *parameters*.

        :raises StalledError: when the configuration cannot work.
        """
        descriptor = self._descriptors[kind]
        region = _region(descriptor, parameters)
        clients = self._clients.get(config, secret, descriptor.client or descriptor.service, region)
        account = Account(clients, region, self._clients.partition(region), objects.name(config))
        return AwsExternal(descriptor, account, self._memory)


def _region(descriptor: Descriptor, parameters: Object) -> str:
    region = parameters.get("region") or ("" if descriptor.regional else _HOME)
    if not region:
        raise StalledError(REASON, f"{descriptor.kind} names no region: set spec.forProvider.region")
    return str(region)


def _kinds(descriptor: Descriptor) -> tuple[Kind, ...]:
    return tuple(Kind(f"{descriptor.group}/{version}", descriptor.kind) for version in descriptor.versions)


def _facts(kind: Kind, descriptor: Descriptor) -> Facts:
    return Facts(
        kind=kind,
        plural=descriptor.plural,
        naming=descriptor.naming,
        references=descriptor.references,
        secret_inputs=tuple(secret.input for secret in descriptor.secrets),
        tagged=descriptor.tagging is not None,
        # What AWS names is found again by our tag.
        deterministic=True,
    )
