"""
What the settings of a bucket have in common.

Each is a resource of its own that is called as its bucket is; a Put replaces it whole. Unless the user names an owner,
the bucket must belong to the account whose credentials we have: AWS refuses all others.
"""

from collections.abc import Callable
from typing import Final

from crosshead.aws.calls import Call, Create, Delete, Paths, Read, Update
from crosshead.aws.descriptor import Descriptor, Field, Secret, Shown, sent
from crosshead.aws.pointing import BUCKET, ID, one
from crosshead.aws.shapes import Same, Shape
from crosshead.base.values import Json, Object
from crosshead.managed.facts import Naming, Reference

NO_BUCKET: Final = frozenset({"NoSuchBucket", "404"})
# Nobody knows the number of an account that is all zeros.
US: Final = "(account != '000000000000' && account || null)"
HELD: Final[Paths] = {"Bucket": "id", "ExpectedBucketOwner": f"spec.expectedBucketOwner || {US}"}
OWNER: Final = sent("expectedBucketOwner")
BOTH: Final = ("v1beta1", "v1beta2")
# How often AWS must show a difference in what spreads slowly, before it counts.
SLOW: Final = 3


def look(operation: str, result: str = "@", pick: Callable[[Json, Object], Json] | None = None) -> Read:
    """Return the look at a setting."""
    return Read(Call(operation, HELD), result, pick=pick)


def removed(operation: str) -> Delete:
    """Return how a setting is deleted that AWS deletes."""
    return Delete(call=Call(operation, HELD))


def setting(  # noqa: PLR0913 (what a setting consists of)
    kind: str,
    plural: str,
    *,
    read: Read,
    put: str,
    delete: Delete,
    fields: tuple[Field, ...],
    says: Paths | None = None,
    versions: tuple[str, ...] = ("v1beta1",),
    pointing: str = ID,
    references: tuple[Reference, ...] = (),
    secrets: tuple[Secret, ...] = (),
    shown: tuple[Shown, ...] = (),
    required: tuple[str, ...] = (),
    steady: int = 1,
) -> Descriptor:
    """Return the kind of a setting. *says* is what every Put says beside the fields, *pointing* what names a bucket."""
    call = Call(put, {**HELD, **(says or {})})
    return Descriptor(
        service="s3",
        kind=kind,
        plural=plural,
        versions=versions,
        naming=Naming.BY_PROVIDER,
        identity="id",
        names=_of_bucket,
        numbered=True,
        reads=(read,),
        creates=(Create(call, "id"),),
        updates=(Update(call=call, whole=True),),
        delete=delete,
        absent=NO_BUCKET,
        fields=(Field(name="bucket", read="id"), *fields),
        references=(one("bucket", BUCKET, pointing), *references),
        secrets=secrets,
        shown=(Shown("id", "id"), *shown),
        required=required,
        steady=steady,
    )


def _of_bucket(scene: Object) -> Object:
    """A setting is called as its bucket is, before and after we have made it."""
    return {"id": scene["id"] or scene["spec"].get("bucket")}


def whole(  # noqa: PLR0913 (what a field consists of)
    name: str,
    shape: Shape,
    aws: str,
    read: str = "",
    *,
    absent: Json = None,
    late: bool = True,
    same: Same | None = None,
    wrap: Callable[[Json], Json] | None = None,
) -> Field:
    """Return a part of a setting; *read* is where it stands when AWS shows it elsewhere than it is sent."""
    read = read or aws
    return Field(
        name=name, shape=shape, create=aws, modify=aws, read=read, absent=absent, late=late, same=same, wrap=wrap
    )
