"""What the life cycle must know about a kind of managed resource, as data; its provider knows how to live it."""

from dataclasses import dataclass
from enum import Enum

from crosshead.base.objects import Kind


class Naming(Enum):
    """Where a kind's external name comes from."""

    BY_US = "the external name is the name in AWS; metadata.name when the annotation is absent"
    BY_PROVIDER = "AWS assigns it; the annotation is empty until the resource was created"


@dataclass(frozen=True, slots=True)
class Reference:
    """
    A parameter that may be given by pointing at another managed resource.

    *field*, *ref* and *selector* are paths below `forProvider` (`vpcId`, `vpcIdRef`, `vpcIdSelector`;
    for lists `subnetIds`, `subnetIdRefs`, `subnetIdSelector`; `[*]` for every item of a list of blocks). *extract* says
    what to take from the target: `external-name`, or a path in the target such as `status.atProvider.arn`.
    """

    field: str
    ref: str
    selector: str
    target: Kind
    extract: str = "external-name"
    many: bool = False


@dataclass(frozen=True, slots=True)
class SecretInput:
    """
    A parameter read from a Secret.

    *field* is the reference below `forProvider` (`passwordSecretRef`), *argument* its name in `Declared.secrets`,
    *generate* the toggle that asks us to make the value up when the Secret does not hold it (`autoGeneratePassword`;
    "" when the kind has none). Of *many*, the field is a list of references, and the argument holds all their values.
    """

    field: str
    argument: str
    generate: str = ""
    many: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What the life cycle knows about one kind."""

    kind: Kind
    plural: str
    naming: Naming
    references: tuple[Reference, ...] = ()
    secret_inputs: tuple[SecretInput, ...] = ()
    tagged: bool = False
    # Whether a create whose answer was lost can be repeated safely: we chose the identity.
    deterministic: bool = True
    provider: str = "aws"
    # Whether upstream's provider works on it in the background, and says in a condition how that has ended.
    asynchronous: bool = False
    # Whether one call shows many of them, so that they are best looked at together.
    listed: bool = False
    # Whether what an object has left behind can be found by its origin.
    heritable: bool = False
