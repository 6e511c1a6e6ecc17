"""How ElastiCache tags whatever it has: by ARN, and not while it is being created."""

from typing import Final

from crosshead.aws.calls import Call, Read
from crosshead.aws.descriptor import Tagging

TAGGING: Final = Tagging(
    read="TagList",
    add=Call("add_tags_to_resource", {"ResourceName": "at.arn"}),
    remove=Call("remove_tags_from_resource", {"ResourceName": "at.arn"}),
)
# Codes that mean "not now": AWS does not tell the tags of what it is still creating.
TAGS: Final = Read(
    Call(
        "list_tags_for_resource",
        {"ResourceName": "record.ARN"},
        codes=frozenset(
            {
                "InvalidReplicationGroupState",
                "InvalidReplicationGroupStateFault",
                "InvalidServerlessCacheState",
                "InvalidServerlessCacheStateFault",
            }
        ),
    ),
    "TagList",
    "TagList",
)
