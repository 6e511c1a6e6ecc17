"""
What AWS is asked about a kind, as data: looks, and the calls that create, change and delete.

Their arguments are JMESPath expressions over a scene, as `descriptor` tells.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from crosshead.base.values import Json, Object

Paths = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Call:
    """
    One request. It is left out when *when* finds nothing; the error *codes* count as an empty answer.

    When *paged*, the pages of its answer are put together. With *each*, it is made once for every item that this finds,
    and its arguments know the `item`. *client* is botocore's name of the service when it is another's call.
    """

    operation: str
    arguments: Paths = field(default_factory=dict)
    when: str = ""
    codes: frozenset[str] = frozenset()
    paged: bool = False
    each: str = ""
    client: str = ""


@dataclass(frozen=True, slots=True)
class Many:
    """
    A call that lists what is looked at, a hundred at a time: *items* of a page.

    *asked* finds in the scene the name that is looked for, *keys* find in an item the names that it has, and *shows*
    what of it the look would show.
    """

    call: Call
    items: str
    asked: str
    keys: tuple[str, ...]
    shows: str = "@"


@dataclass(frozen=True, slots=True)
class Read:
    """
    A look: *result* is the path in the answer, put into the record under *into*; the record itself when empty.

    *pick* chooses, or makes, the record when no path can say which it is: what stands at *result*, scene → record.
    Of a call for each of many, it is the list of what is found. A way to `find` may answer with the identity alone.
    *many* is the call that shows the same of many at once.
    """

    call: Call
    result: str = "@"
    into: str = ""
    many: Many | None = None
    pick: Callable[[Json, Object], Json] | None = None


@dataclass(frozen=True, slots=True)
class Create:
    """A way to create it, taken when *when* finds something; *result* is the path of the identity in the answer."""

    call: Call
    result: str = ""
    # What is made of the answer, beside it: answer, scene → more of it.
    derive: Callable[[Object, Object], Object] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """
    A call that changes fields: those that differ, or one at a time, or *whole*, as calls that replace everything.

    *always* names the fields that go along with whatever else is sent. It goes before the others when *ahead* finds
    something in the scene.
    """

    call: Call
    # What only this update must know, read into the record.
    reads: tuple[Read, ...] = ()
    always: tuple[str, ...] = ()
    one_by_one: bool = False
    whole: bool = False
    ahead: str = ""
    # For changes that no single call with fixed arguments can make: changed fields, scene → calls.
    plan: Callable[[Object, Object], tuple["Request", ...]] | None = None
    # For changes that may be made in another way than by the call itself: the call, scene → calls.
    instead: Callable[["Request", Object], tuple["Request", ...]] | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A call with its arguments as AWS gets them: passwords among them, so they are never printed."""

    operation: str
    arguments: Object = field(repr=False)
    codes: frozenset[str] = frozenset()
    paged: bool = field(default=False, repr=False)
    client: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reason not to begin: when *when* finds something, *sentence* says what to do about it."""

    when: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete:
    """
    How it is deleted: *refusals* are looked at first, then *before* is called in order, then *call*.

    *resets* says that nothing is deleted: a setting falls back to AWS' default, and that counts as gone.
    *keep* finds something when the user wants it left alone.
    """

    call: Call
    refusals: tuple[Refusal, ...] = ()
    # What only a deletion must know, read into the record.
    reads: tuple[Read, ...] = ()
    before: tuple[Call, ...] = ()
    resets: bool = False
    keep: str = ""
    # What is emptied first, as `emptying.Doomed` has it, when these find a `bucket`.
    empty: Paths = field(default_factory=dict)
