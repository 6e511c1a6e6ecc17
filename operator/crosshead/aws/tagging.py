"""Tags: which we want, which we see, and how AWS spells them. Ours say whose a resource is, whatever happens to us."""

from collections.abc import Iterable, Mapping

from crosshead.aws.descriptor import Descriptor, Tagging
from crosshead.base.values import Draft, Json
from crosshead.managed.external import Declared

KIND = "crossplane-kind"
NAME = "crossplane-name"
PROVIDER_CONFIG = "crossplane-providerconfig"
# Not upstream's. It tells a resource of ours from that of a namesake in another cluster. Sent at creation only and
# never compared: what Crossplane has created is taken over without a write.
UID = "crossplane-uid"


def wanted(descriptor: Descriptor, declared: Declared, provider_config: str) -> dict[str, str]:
    """Return the tags that a resource must carry, as upstream has them: the user's, and whose it is."""
    users = declared.parameters.get("tags") or {}
    given = {**users, **declared.tags}
    return {**given, KIND: descriptor.tag, NAME: declared.name, PROVIDER_CONFIG: provider_config}


def initial(descriptor: Descriptor, declared: Declared, provider_config: str) -> dict[str, str]:
    """Return the tags of a create."""
    users = declared.initial.get("tags") or {}
    return {**users, **wanted(descriptor, declared, provider_config), UID: declared.uid}


def spelt(where: Tagging, tags: Mapping[str, str]) -> list[Draft] | Draft:
    """Return *tags* as AWS wants them."""
    if where.mapped:
        return dict(sorted(tags.items()))
    return [{where.key: key, where.value: value} for key, value in sorted(tags.items())]


def read(where: Tagging, raw: Json) -> dict[str, str]:
    """Return the tags that AWS lists, without those that it reserves for itself."""
    if where.mapped:
        tags = dict(raw or {})
    else:
        pairs: Iterable[Mapping[str, str]] = raw or ()
        tags = {pair[where.key]: pair.get(where.value, "") for pair in pairs}
    return {key: tags[key] for key in sorted(tags) if not key.startswith("aws:")}


def compared(tags: Mapping[str, str]) -> dict[str, str]:
    """Return the tags that can be drift."""
    return {key: value for key, value in tags.items() if key != UID}


def is_ours(found: Mapping[str, str], declared: Declared) -> bool:
    """
    Whether *declared* has created the resource with the tags *found*.

    Upstream's tags alone do not say: another cluster may hold an object of the same kind and name.
    """
    return found.get(UID) == declared.uid
