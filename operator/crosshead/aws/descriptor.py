"""
What an AWS kind is, as data: its calls, its identity, its fields, when it is ready, what it shows.

Where something must be taken out of what AWS or the user says, a JMESPath expression says where it stands. Arguments
of calls are such expressions over a *scene* (`scenes.py`): `id` (the external name), `name`, `uid`, `kind`, `region`,
`partition`, `spec` (the parameters), `record` (what AWS shows), `at` (`status.atProvider`). An argument whose
expression finds nothing is not sent. What a kind shows is read from the record, whose members are AWS' and begin with
a capital; `id`, `region` and `partition` stand beside them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from crosshead.aws.calls import Call, Create, Delete, Paths, Read, Update
from crosshead.aws.minting import Minting
from crosshead.aws.shapes import TEXT, Same, Shape
from crosshead.base.values import Json, Object
from crosshead.managed.facts import Naming, Reference, SecretInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """
    A parameter of ours and where it stands in AWS' calls and answers.

    *create* and *modify* are members of the request (dotted below the first level), *read* is a path in the record.
    A field that can be read but not modified is immutable; one that cannot be read is never drift.
    *via* is the update call that takes it, the first when empty; *along* names the fields that AWS wants repeated.
    *default* is what a create sends, and *absent* what AWS means, when nothing is said.
    *late* is false for what AWS may go on choosing: written into the spec it would hold AWS to its first choice.
    """

    name: str
    shape: Shape = TEXT
    create: str = ""
    modify: str = ""
    read: str = ""
    via: str = ""
    along: tuple[str, ...] = ()
    default: str = ""
    absent: Json = None
    late: bool = True
    same: Same | None = None
    # How the value is sent when it is more than its shape: encoded → what AWS wants.
    wrap: Callable[[Json], Json] | None = None
    # Those members of a lone block that stay as they were created, while others can change.
    frozen: tuple[str, ...] = ()
    # How a change is sent when AWS wants the difference: declared, found → the members that say it.
    change: Callable[[Json, Json], Object] | None = None
    # Whether AWS never shows it, so that a change is seen only because we remember what AWS was told.
    told: bool = False
    # False for what is accepted because upstream accepts it, and not acted on. `docs/` lists these.
    heeded: bool = True

    @property
    def immutable(self) -> bool:
        """Whether AWS shows it and never changes it."""
        return bool(self.read) and not self.modify


def settable(name: str, shape: Shape, aws: str, *, late: bool = True, same: Same | None = None) -> Field:
    """Return a field that has one name in creates, updates and answers."""
    return Field(name=name, shape=shape, create=aws, modify=aws, read=aws, late=late, same=same)


def fixed(name: str, shape: Shape, aws: str, *, late: bool = True, same: Same | None = None) -> Field:
    """Return a field that has one name in creates and answers, and stays as it was created."""
    return Field(name=name, shape=shape, create=aws, read=aws, late=late, same=same)


def sent(name: str, shape: Shape = TEXT, aws: str = "") -> Field:
    """Return a field that AWS takes at creation and never shows; without *aws* it is for us, not for AWS."""
    return Field(name=name, shape=shape, create=aws)


def unheeded(name: str, shape: Shape = TEXT) -> Field:
    """Return a field that is accepted because upstream accepts it, and not acted on."""
    return Field(name=name, shape=shape, late=False, heeded=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """What its status means. A status that stands nowhere is shown as it is, and nothing is sent meanwhile."""

    path: str
    ready: frozenset[str]
    # Usable, but a change is under way and another would be refused.
    settling: frozenset[str] = frozenset()
    coming: frozenset[str] = frozenset()
    going: frozenset[str] = frozenset({"deleting"})
    # Still listed, but no more.
    gone: frozenset[str] = frozenset({"deleted"})
    failed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagging:
    """
    How it is tagged: *create* is the member of the create call, *resource* AWS' word for it in TagSpecifications.

    What is not *traced* is not found by its tags: AWS' search leaves it out, or it may have few of them.
    """

    create: str = "Tags"
    resource: str = ""
    read: str = "Tags"
    add: Call
    add_member: str = "Tags"
    remove: Call | None
    remove_member: str = "TagKeys"
    # EC2 wants the tags to remove as `{Key}`, others the keys alone.
    remove_as_tags: bool = False
    # What AWS calls the two parts of a tag; *mapped* where tags are one map.
    key: str = "Key"
    value: str = "Value"
    mapped: bool = False
    traced: bool = True


@dataclass(frozen=True, slots=True)
class Secret:
    """
    A secret input, the member that takes it in creates and updates (dotted), and the connection keys that hold it.

    Of an input of *many* the member takes a list, and the keys are numbered. *missing* finds something in a record that
    shows that AWS has none. An update repeats what it must have *always*.
    """

    input: SecretInput
    member: str
    keys: tuple[str, ...]
    along: Paths = field(default_factory=dict)
    missing: str = ""
    always: bool = False
    # How it is sent when it is not the text itself.
    wrap: Callable[[str], Json] | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """Something that `atProvider` shows beside the fields."""

    name: str
    read: str
    shape: Shape = TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class Descriptor:
    """
    One kind.

    *find* looks for ours when no external name is known: an object created by an attempt whose answer was lost. That it
    is ours the tags say, or what *ours* finds in the record and `uid`.
    *identity* is the path of the external name in the record. *pending* names the member that holds changes that
    AWS has accepted and not yet made: they count as made. *absent* and *exists* are AWS' codes for the two.
    *names* adds to the scene what an irregular identity is looked up by. *client* is botocore's name of the service
    where the group is called otherwise. Kinds of global services are not *regional*: they have no parameter `region`.
    *versions* are those that the cluster-scoped family serves: in the first, and in those of *listed*, blocks of which
    there is one are lists of one, in the others objects; *former* are parameters that only the first has, which
    *renamed* reads.
    *once* are connection details that only the answer to the create shows, *minted* those that we sign ourselves.
    Scenes of a kind that is *numbered* know the number of the `account`. What is not *traceable* cannot be found again
    when the answer to its create is lost. *prior* is looked at before a create, whose arguments find it in the scene.
    What *moves* gets another identity by an update: when it is gone, *find* looks for it. *becomes* finds in a record
    the identity of what has taken its place already. *remains* lists the names of what may bear the `origin`, where
    AWS' search by tags leaves the kind out; the scene knows its `root`, the name of the claim. *traces* finds the tags
    of a kind that has none of the user's.
    """

    service: str
    kind: str
    plural: str
    naming: Naming
    fields: tuple[Field, ...]
    reads: tuple[Read, ...]
    creates: tuple[Create, ...]
    delete: Delete
    identity: str
    versions: tuple[str, ...] = ("v1beta1",)
    listed: tuple[str, ...] = ()
    client: str = ""
    regional: bool = True
    find: Read | None = None
    ours: str = ""
    updates: tuple[Update, ...] = ()
    after: tuple[Call, ...] = ()
    readiness: Readiness | None = None
    tagging: Tagging | None = None
    references: tuple[Reference, ...] = ()
    secrets: tuple[Secret, ...] = ()
    connection: Paths = field(default_factory=dict)
    shown: tuple[Shown, ...] = ()
    former: tuple[tuple[str, Shape], ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    once: Paths = field(default_factory=dict)
    minted: Minting | None = None
    numbered: bool = False
    traceable: bool = True
    required: tuple[str, ...] = ()
    pending: str = ""
    absent: frozenset[str] = frozenset()
    exists: frozenset[str] = frozenset()
    names: Callable[[Object], Object] | None = None
    prior: tuple[Read, ...] = ()
    moves: bool = False
    becomes: str = ""
    remains: Read | None = None
    traces: str = ""
    # How many looks in a row must show a difference before it counts: where AWS shows the old for a while.
    steady: int = 1
