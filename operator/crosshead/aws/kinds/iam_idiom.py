"""What the kinds of IAM have in common: documents, tags, and sets that AWS changes one by one."""

from collections.abc import Iterable, Iterator
from typing import Final

from crosshead.aws.calls import Call, Read, Request
from crosshead.aws.codes import NOT_ALLOWED
from crosshead.aws.comparing import policy
from crosshead.aws.descriptor import Field, Tagging
from crosshead.aws.shapes import TEXT
from crosshead.base.values import Json, Object

# What is taken away may be gone already, and what is looked for may be.
GONE: Final = frozenset({"NoSuchEntity"})
# As many as one page of a list may hold.
_MOST: Final = 1000


def text_of(path: str) -> str:
    """Return the path of the text of the document at *path*: botocore has read it, and we show it as it is written."""
    return f"{path} && to_string({path})"


def document(name: str, create: str, modify: str, read: str, via: str = "") -> Field:
    """Return a field that holds a policy."""
    return Field(name=name, shape=TEXT, create=create, modify=modify, read=text_of(read), via=via, same=policy)


def tagged(thing: str, member: str, path: str = "id") -> Tagging:
    """Return how a *thing* is tagged that is called what *path* finds, in requests as *member*."""
    return Tagging(
        # Without tags, IAM leaves the member out.
        read="Tags || `[]`",
        add=Call(f"tag_{thing}", {member: path}),
        remove=Call(f"untag_{thing}", {member: path}),
    )


def namesakes(operation: str, names: str) -> Read:
    """
    Return the look for what may have been left behind, which AWS' search by tags leaves out.

    Nor does the list show tags: but what a claim is composed of has names that begin with the claim's.
    """
    call = Call(operation, {"MaxItems": f"`{_MOST}`"}, codes=NOT_ALLOWED, when="root", paged=True)
    return Read(call, names, pick=_of_root)


def _of_root(names: Json, scene: Object) -> list[str]:
    return [name for name in names if name.startswith(scene["root"])]


def difference(declared: Json, found: Json, add: Request, remove: Request, member: str) -> Iterator[Request]:
    """Yield, for each value of *declared* that is not *found*, *add* with it as *member*; the other way, *remove*."""
    yield from _with(add, member, set(declared) - set(found or ()))
    yield from _with(remove, member, set(found or ()) - set(declared))


def _with(request: Request, member: str, values: Iterable[str]) -> Iterator[Request]:
    for value in sorted(values):
        yield Request(request.operation, {**request.arguments, member: value}, request.codes)


def pair(owner: str, scene: Object) -> Object:
    """
    Return what an attachment of a policy to an *owner* (`role`, `user`) is looked up by.

    The external name is both as one: `orders/arn:aws:iam::123456789012:policy/orders`. That of upstream may
    be a serial number of its own: then what is declared says more.
    """
    spec, known = scene["spec"], scene["id"] or ""
    if "/arn:" in known:
        holder, _, policy_arn = known.partition("/")
        return {"holder": holder, "policy": policy_arn}
    holder, policy_arn = spec.get(owner), spec.get("policyArn")
    made = f"{holder}/{policy_arn}" if holder and policy_arn else None
    return {"id": known or made, "holder": holder, "policy": policy_arn}


def attached(policies: Json, scene: Object) -> Json:
    """Return the attachment that *scene* is about, one of *policies*; None when there is none."""
    arns = {one["PolicyArn"] for one in policies or ()}
    return {"Holder": scene["holder"], "PolicyArn": scene["policy"]} if scene["policy"] in arns else None
