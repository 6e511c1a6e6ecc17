"""
Secrets Manager: secrets, whose ARN AWS completes, and all kinds of the service.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/
"""

from dataclasses import replace
from typing import Final

from crosshead.aws.calls import Call, Create, Delete, Read, Request, Update
from crosshead.aws.comparing import key
from crosshead.aws.descriptor import Descriptor, Field, Readiness, Shown, Tagging, fixed, sent, settable
from crosshead.aws.kinds.secretsmanager_version import SECRET_VERSION
from crosshead.aws.pointing import KEY, one
from crosshead.aws.shapes import FLAG, NUMBER, TEXT, Block, Member, encode
from crosshead.base.values import Object
from crosshead.managed.facts import Naming

_REPLICAS: Final = Block((Member("region", "Region"), Member("kmsKeyId", "KmsKeyId", same=key)))


def _replicated(changed: Object, scene: Object) -> tuple[Request, ...]:
    """Regions are added and taken away by two calls; one whose key differs is taken away first."""
    wanted, found = changed["replica"], scene["at"].get("replica") or ()
    kept = [one for one in wanted if any(_same_replica(one, other) for other in found)]
    told = [one for one in wanted if one not in kept]
    regions = {one["region"] for one in kept}
    gone = sorted(one["region"] for one in found if one["region"] not in regions)
    remove = Request("remove_regions_from_replication", {"SecretId": scene["id"], "RemoveReplicaRegions": gone})
    overwrites = {"ForceOverwriteReplicaSecret": True} if scene["spec"].get("forceOverwriteReplicaSecret") else {}
    add = Request(
        "replicate_secret_to_regions",
        {"SecretId": scene["id"], "AddReplicaRegions": encode(_REPLICAS, told), **overwrites},
    )
    return (*((remove,) if gone else ()), *((add,) if told else ()))


def _same_replica(mine: Object, theirs: Object) -> bool:
    named = mine.get("kmsKeyId")
    same_key = named is None or key(named, theirs.get("kmsKeyId"), {})
    return bool(mine["region"] == theirs["region"] and same_key)


_SECRET: Final = Descriptor(
    service="secretsmanager",
    kind="Secret",
    plural="secrets",
    naming=Naming.BY_PROVIDER,
    identity="ARN",
    reads=(Read(Call("describe_secret", {"SecretId": "id"})),),
    find=Read(Call("describe_secret", {"SecretId": "spec.name || name"})),
    creates=(Create(Call("create_secret", {"Name": "spec.name || name"}), "ARN"),),
    updates=(
        Update(call=Call("update_secret", {"SecretId": "id"})),
        Update(call=Call("replicate_secret_to_regions"), plan=_replicated),
    ),
    delete=Delete(
        before=(
            Call(
                "remove_regions_from_replication",
                {"SecretId": "id", "RemoveReplicaRegions": "record.ReplicationStatus[].Region"},
                when="record.ReplicationStatus",
            ),
        ),
        call=Call(
            "delete_secret",
            {
                "SecretId": "id",
                "RecoveryWindowInDays": "spec.recoveryWindowInDays > `0` && floor(spec.recoveryWindowInDays) || null",
                # Upstream's spelling of "for good".
                "ForceDeleteWithoutRecovery": "spec.recoveryWindowInDays == `0` || null",
            },
        ),
    ),
    readiness=Readiness(
        # It can be brought back for some days; to us it is no more.
        path="(DeletedDate && 'deleted') || 'active'",
        ready=frozenset({"active"}),
    ),
    tagging=Tagging(add=Call("tag_resource", {"SecretId": "id"}), remove=Call("untag_resource", {"SecretId": "id"})),
    fields=(
        fixed("name", TEXT, "Name"),
        replace(settable("description", TEXT, "Description"), absent=""),
        settable("kmsKeyId", TEXT, "KmsKeyId", same=key),
        Field(
            name="replica",
            shape=_REPLICAS,
            create="AddReplicaRegions",
            modify="AddReplicaRegions",
            read="ReplicationStatus || `[]`",
            via="replicate_secret_to_regions",
        ),
        sent("forceOverwriteReplicaSecret", FLAG, "ForceOverwriteReplicaSecret"),
        sent("recoveryWindowInDays", NUMBER),
    ),
    references=(one("kmsKeyId", KEY),),
    shown=(Shown("id", "ARN"), Shown("arn", "ARN")),
)

KINDS: Final = (_SECRET, SECRET_VERSION)
