"""The CRDs of all AWS kinds, for `crds/` and for whoever installs them."""

from crosshead.api.managed import managed_crd
from crosshead.aws import schemas
from crosshead.aws.catalogue import KINDS
from crosshead.aws.descriptor import Descriptor
from crosshead.base.values import Draft


def managed_crds() -> list[Draft]:
    """Return the CRDs of all AWS kinds."""
    return [_crd(descriptor) for descriptor in KINDS]


def _crd(descriptor: Descriptor) -> Draft:
    return managed_crd(
        descriptor.group,
        descriptor.kind,
        descriptor.plural,
        for_provider=schemas.for_provider(descriptor),
        at_provider=schemas.at_provider(descriptor),
        required=descriptor.required,
    )
