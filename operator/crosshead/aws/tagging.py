"""Tags: which we want, which we see, and how AWS spells them. Ours say whose a resource is, whatever happens to us."""

from collections.abc import Iterable, Mapping
from typing import Final

from crosshead.aws.descriptor import Tagging
from crosshead.base import objects
from crosshead.base.values import Draft, Json, Object
from crosshead.managed.external import Declared

KIND = "crossplane-kind"
NAME = "crossplane-name"
NAMESPACE = "crossplane-namespace"
PROVIDER_CONFIG = "crossplane-providerconfig"
PROVIDER_CONFIG_KIND = "crossplane-providerconfig-kind"
# Not upstream's. It tells a resource of ours from that of a namesake in another cluster. Sent at creation only and
# never compared: what Crossplane has created is taken over without a write.
UID = "crossplane-uid"
# Not upstream's either: what stays the same when its object is deleted and declared again. Like the UID it is never
# compared; but where tags are written anyway, it is among them.
ORIGIN = "crossplane-origin"
_MARKS: Final = frozenset({UID, ORIGIN})
_RESERVED: Final = "aws:"


def wanted(declared: Declared, config: Object) -> dict[str, str]:
    """Return the tags that a resource must carry, as upstream has them: the user's, and whose it is."""
    users = _given(declared.parameters)
    whose = {KIND: f"{declared.kind.kind}.{declared.kind.group}".lower(), NAME: declared.name}
    # What belongs to a namespace says so, and which kind of configuration it uses.
    place = {NAMESPACE: declared.namespace, PROVIDER_CONFIG_KIND: config["kind"]} if declared.namespace else {}
    return {**users, **declared.tags, **whose, **place, PROVIDER_CONFIG: objects.name(config)}


def initial(declared: Declared, config: Object, where: Tagging | None = None) -> dict[str, str]:
    """Return the tags of a create."""
    is_traced = where is not None and where.traced and declared.origin
    where_from = {ORIGIN: declared.origin} if is_traced else {}
    return {**_given(declared.initial), **wanted(declared, config), UID: declared.uid, **where_from}


def _given(parameters: Object) -> dict[str, str]:
    """Return the user's tags. `overrideProvider` replaces tags that a ProviderConfig cannot have: they are added."""
    override: Object = next(iter(parameters.get("overrideProvider") or ()), {})
    default: Object = next(iter(override.get("defaultTags") or ()), {})
    return {**(default.get("tags") or {}), **(parameters.get("tags") or {})}


def spelt(where: Tagging, tags: Mapping[str, str]) -> list[Draft] | Draft:
    """Return *tags* as AWS wants them."""
    if where.mapped:
        return dict(sorted(tags.items()))
    return [{where.key: key, where.value: value} for key, value in sorted(tags.items())]


def read(where: Tagging, raw: Json) -> dict[str, str]:
    """Return the tags that AWS lists, without those that it reserves for itself."""
    return {key: value for key, value in found(where, raw).items() if not key.startswith(_RESERVED)}


def found(where: Tagging, raw: Json) -> dict[str, str]:
    """Return the tags that AWS lists."""
    if where.mapped:
        tags = dict(raw or {})
    else:
        pairs: Iterable[Mapping[str, str]] = raw or ()
        tags = {pair[where.key]: pair.get(where.value, "") for pair in pairs}
    return dict(sorted(tags.items()))


def compared(tags: Mapping[str, str]) -> dict[str, str]:
    """Return the tags that can be drift."""
    return {key: value for key, value in tags.items() if key not in kept(tags)}


def kept(tags: Mapping[str, str]) -> dict[str, str]:
    """Return the tags that stay whatever is declared: ours, and those that AWS reserves for itself."""
    return {key: value for key, value in tags.items() if key in _MARKS or key.startswith(_RESERVED)}


def is_ours(found: Mapping[str, str], declared: Declared) -> bool:
    """
    Whether *declared* has created the resource with the tags *found*.

    Upstream's tags alone do not say: another cluster may hold an object of the same kind and name.
    """
    return found.get(UID) == declared.uid


def is_left(found: Mapping[str, str], declared: Declared) -> bool:
    """Whether the resource with the tags *found* was made for an object of the same origin, before *declared*."""
    kind = f"{declared.kind.kind}.{declared.kind.group}".lower()
    is_kin = bool(declared.origin) and (found.get(ORIGIN), found.get(KIND)) == (declared.origin, kind)
    return is_kin and found.get(UID) != declared.uid
