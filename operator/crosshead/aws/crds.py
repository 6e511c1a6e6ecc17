"""The CRDs of all AWS kinds, of both families, for `crds/` and for whoever installs them."""

from collections.abc import Iterable

from crosshead.api.managed import ManagedVersion, managed_crd
from crosshead.aws import editions, schemas
from crosshead.aws.catalogue import KINDS
from crosshead.aws.descriptor import Descriptor
from crosshead.aws.editions import CLUSTER, NAMESPACED, Edition
from crosshead.base.values import Draft


def managed_crds() -> list[Draft]:
    """Return the CRDs of all AWS kinds."""
    cluster = [_crd(descriptor, CLUSTER, editions.of_cluster(descriptor)) for descriptor in KINDS]
    return cluster + [_crd(descriptor, NAMESPACED, (NAMESPACED,)) for descriptor in KINDS]


def _crd(descriptor: Descriptor, family: Edition, served: Iterable[Edition]) -> Draft:
    versions = [_version(descriptor, edition) for edition in served]
    group = family.group(descriptor.service)
    return managed_crd(group, descriptor.kind, descriptor.plural, versions, namespaced=family.namespaced)


def _version(descriptor: Descriptor, edition: Edition) -> ManagedVersion:
    return ManagedVersion(
        name=edition.version,
        for_provider=schemas.for_provider(descriptor, edition),
        at_provider=schemas.at_provider(descriptor, edition),
        required=descriptor.required,
    )
