"""
S3: who may do what with a bucket: ownership of its objects, ACLs, policies, and the block against the public.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-management.html
"""

from typing import Final

from crosshead.aws.calls import Call, Delete
from crosshead.aws.comparing import policy
from crosshead.aws.descriptor import Field, sent
from crosshead.aws.kinds.s3_grants import GRANTED_BY, GRANTS, is_canned, readable
from crosshead.aws.kinds.s3_settings import BOTH, HELD, OWNER, look, removed, setting, whole
from crosshead.aws.shapes import FLAG, TEXT, Block, Member

_OWNERSHIP: Final = setting(
    "BucketOwnershipControls",
    "bucketownershipcontrols",
    versions=BOTH,
    read=look("get_bucket_ownership_controls", "OwnershipControls"),
    put="put_bucket_ownership_controls",
    delete=removed("delete_bucket_ownership_controls"),
    fields=(
        whole(
            "rule",
            Block((Member("objectOwnership", "ObjectOwnership"),), lone=True),
            "OwnershipControls.Rules",
            "Rules",
        ),
    ),
    required=("rule",),
)

_POLICY: Final = setting(
    "BucketPolicy",
    "bucketpolicies",
    read=look("get_bucket_policy", "Policy && @"),
    put="put_bucket_policy",
    delete=removed("delete_bucket_policy"),
    fields=(whole("policy", TEXT, "Policy", same=policy),),
    required=("policy",),
)

_ACL: Final = setting(
    "BucketACL",
    "bucketacls",
    versions=BOTH,
    read=look("get_bucket_acl", pick=readable),
    put="put_bucket_acl",
    # Every bucket has one, and upstream leaves it as it is.
    delete=Delete(call=Call("put_bucket_acl", HELD, when="`false`"), resets=True),
    fields=(
        whole("acl", TEXT, "ACL", "Canned", late=False, same=is_canned),
        whole(
            "accessControlPolicy",
            Block((Member("grant", "Grants", GRANTS), Member("owner", "Owner", GRANTED_BY)), single=True),
            "AccessControlPolicy",
            late=False,
        ),
        OWNER,
    ),
)


def _blocking(name: str, aws: str) -> Field:
    return whole(name, FLAG, f"PublicAccessBlockConfiguration.{aws}", aws)


_PUBLIC_ACCESS_BLOCK: Final = setting(
    "BucketPublicAccessBlock",
    "bucketpublicaccessblocks",
    read=look("get_public_access_block", "PublicAccessBlockConfiguration"),
    put="put_public_access_block",
    delete=Delete(call=Call("delete_public_access_block", HELD), keep="spec.skipDestroy"),
    fields=(
        _blocking("blockPublicAcls", "BlockPublicAcls"),
        _blocking("blockPublicPolicy", "BlockPublicPolicy"),
        _blocking("ignorePublicAcls", "IgnorePublicAcls"),
        _blocking("restrictPublicBuckets", "RestrictPublicBuckets"),
        sent("skipDestroy", FLAG),
    ),
)

KINDS: Final = (_OWNERSHIP, _ACL, _POLICY, _PUBLIC_ACCESS_BLOCK)
