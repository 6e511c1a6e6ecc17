"""The AWS provider: which kinds there are, what the life cycle must know about them, and how to reach them."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from crosshead.aws import editions
from crosshead.aws.batching import Batches
from crosshead.aws.calling import Account
from crosshead.aws.catalogue import KINDS
from crosshead.aws.credentials import REASON
from crosshead.aws.descriptor import Descriptor
from crosshead.aws.editions import CLUSTER, NAMESPACED, Edition
from crosshead.aws.embedding import EmbeddingExternal
from crosshead.aws.external import AwsExternal
from crosshead.aws.forms import Form
from crosshead.aws.memory import DOUBT_SECONDS, Memory
from crosshead.aws.sessions import Clients
from crosshead.base.errors import StalledError
from crosshead.base.objects import Kind
from crosshead.base.values import Object, SecretValue
from crosshead.managed.facts import Facts

# Where services that have no region of their own are asked.
_HOME: Final = "us-east-1"


class AwsProvider:
    """AWS, as the reconcilers need it."""

    def __init__(self, doubt: float = DOUBT_SECONDS, clients: Clients | None = None) -> None:
        """Begin to know AWS; for *doubt* seconds a create of unknown end may have worked."""
        rows = [(edition, descriptor) for descriptor in KINDS for edition in (CLUSTER, NAMESPACED)]
        self._rows: Mapping[Kind, tuple[Edition, Descriptor]] = {row[0].kind(row[1]): row for row in rows}
        self._facts = {kind: editions.facts(row[1], row[0]) for kind, row in self._rows.items()}
        self._memory = Memory(doubt=doubt)
        self._batches = Batches()
        self._clients = clients or Clients()

    def kinds(self) -> tuple[Kind, ...]:
        """Return the kinds that are served, sorted."""
        return tuple(sorted(self._rows))

    def facts(self, kind: Kind) -> Facts | None:
        """Return what the life cycle must know about *kind*, None when it is not served."""
        return self._facts.get(kind)

    def connect(
        self, kind: Kind, parameters: Object, config: Object, secret: Mapping[str, SecretValue]
    ) -> AwsExternal | EmbeddingExternal:
        """
        Return the resources of *kind* as the account of *config* sees them, in the region of *parameters*.

        :raises StalledError: when the configuration cannot work.
        :raises ThrottledError: when AWS has complained that we ask too fast, and others are before us.
        """
        edition, descriptor = self._rows[kind]
        region = _region(descriptor, parameters)
        others = partial(self._clients.get, config, secret, region=region)
        clients = others(descriptor.client or descriptor.service)
        clients.begin()
        number = self._clients.number(config, secret, region) if descriptor.numbered else ""
        account = Account(clients, region, self._clients.partition(region, config), config, number, others)
        external = AwsExternal(descriptor, account, self._memory, self._batches)
        return EmbeddingExternal(external) if edition.form is Form.OBJECTS else external


def _region(descriptor: Descriptor, parameters: Object) -> str:
    region = parameters.get("region") or ("" if descriptor.regional else _HOME)
    if not region:
        raise StalledError(REASON, f"{descriptor.kind} names no region: set spec.forProvider.region")
    return str(region)
