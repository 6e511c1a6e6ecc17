"""
S3: grants, and the canned ACLs that AWS has names for and never shows again.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
"""

from collections.abc import Mapping
from typing import Final

from crosshead.aws.shapes import Block, Member
from crosshead.base.values import Json, Object

GRANTS: Final = Block(
    (
        Member(
            "grantee",
            "Grantee",
            Block(
                (
                    Member("emailAddress", "EmailAddress"),
                    Member("id", "ID"),
                    Member("type", "Type"),
                    Member("uri", "URI"),
                ),
                single=True,
            ),
        ),
        Member("permission", "Permission"),
    )
)


def _any(_: Json, __: Json, ___: Mapping[str, Json]) -> bool:
    """AWS has stopped showing names, and never took them for more than decoration."""
    return True


GRANTED_BY: Final = Block((Member("displayName", "DisplayName", same=_any), Member("id", "ID")), single=True)

_EVERYBODY: Final = "http://acs.amazonaws.com/groups/global/AllUsers"
_ANY_ACCOUNT: Final = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
_LOG_DELIVERY: Final = "http://acs.amazonaws.com/groups/s3/LogDelivery"
# Every canned ACL grants this, too.
_OWNERS: Final = ("", "FULL_CONTROL")
_CANNED: Final = {
    frozenset(): "private",
    frozenset({(_EVERYBODY, "READ")}): "public-read",
    frozenset({(_EVERYBODY, "READ"), (_EVERYBODY, "WRITE")}): "public-read-write",
    frozenset({(_ANY_ACCOUNT, "READ")}): "authenticated-read",
    frozenset({(_LOG_DELIVERY, "WRITE"), (_LOG_DELIVERY, "READ_ACP")}): "log-delivery-write",
}
# What these add is for somebody else than the owner of the bucket, or nothing where we can see it.
_PRIVATE: Final = frozenset({"private", "bucket-owner-read", "bucket-owner-full-control"})


def canned(access: Object) -> str:
    """Return the name of the canned ACL that *access* is; "custom" when it is none."""
    owner = (access.get("Owner") or {}).get("ID")
    granted = {_granted(grant, owner) for grant in access.get("Grants") or ()}
    return _CANNED.get(frozenset(granted - {_OWNERS}), "custom")


def _granted(grant: Object, owner: str | None) -> tuple[str, str]:
    who = grant.get("Grantee") or {}
    named = who.get("URI") or who.get("ID")
    return ("" if named == owner else str(named)), grant["Permission"]


def is_canned(declared: Json, found: Json, _: Mapping[str, Json]) -> bool:
    """Whether two names of canned ACLs grant the same."""
    return bool(declared == found) or {declared, found} <= _PRIVATE


def readable(access: Json, _: Object) -> Json:
    """Return what AWS says of an ACL, with its name beside it."""
    parts = {"Owner": access.get("Owner"), "Grants": access.get("Grants") or []}
    return {"AccessControlPolicy": parts, "Canned": canned(access)}
