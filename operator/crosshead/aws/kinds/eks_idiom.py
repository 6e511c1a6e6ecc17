"""What the kinds of EKS have in common: tags, states, and where they are found below a cluster."""

from collections.abc import Callable
from typing import Final

from crosshead.aws.calls import Call
from crosshead.aws.descriptor import Readiness, Tagging
from crosshead.aws.pointing import kind
from crosshead.base.values import Object

CLUSTER: Final = kind("eks", "Cluster")
EXISTS: Final = frozenset({"ResourceInUseException"})

# EKS has one way to tag things, by ARN.
TAGGING: Final = Tagging(
    create="tags",
    read="tags || `{}`",
    add=Call("tag_resource", {"resourceArn": "at.arn || at.associationArn || at.accessEntryArn"}),
    add_member="tags",
    remove=Call("untag_resource", {"resourceArn": "at.arn || at.associationArn || at.accessEntryArn"}),
    remove_member="tagKeys",
    mapped=True,
)


def states(**failed: str) -> Readiness:
    """Return what the states of EKS' resources mean; *failed* says of others what to do about them."""
    return Readiness(
        path="status",
        ready=frozenset({"ACTIVE"}),
        settling=frozenset({"UPDATING"}),
        coming=frozenset({"CREATING", "PENDING"}),
        going=frozenset({"DELETING"}),
        failed=failed,
    )


def below(member: str) -> Callable[[Object], Object]:
    """
    Return how the parts of a cluster are looked up of which the external name is `cluster:part`.

    *member* is the parameter that names the part.
    """

    def names(scene: Object) -> Object:
        spec, known = scene["spec"], scene["id"] or ""
        if ":" in known:
            cluster, _, part = known.partition(":")
            return {"cluster": cluster, "part": part}
        cluster, part = spec.get("clusterName"), spec.get(member)
        made = f"{cluster}:{part}" if cluster and part else None
        return {"id": known or made, "cluster": cluster, "part": part}

    return names
