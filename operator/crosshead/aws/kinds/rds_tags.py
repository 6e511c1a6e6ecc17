"""Tags as RDS has them: by ARN, and listed with what they are on or by a call of their own."""

from typing import Final

from crosshead.aws.calls import Call, Read
from crosshead.aws.descriptor import Tagging

TAGGING: Final = Tagging(
    read="TagList",
    add=Call("add_tags_to_resource", {"ResourceName": "at.arn"}),
    remove=Call("remove_tags_from_resource", {"ResourceName": "at.arn"}),
)


def tags_of(arn: str) -> Read:
    """Return the look at the tags of what has its ARN in the member *arn*."""
    return Read(Call("list_tags_for_resource", {"ResourceName": f"record.{arn}"}), "TagList", "TagList")
