"""
ElastiCache users, who may do what their access string says, and the groups in which caches know them.

https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateUser.html
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from crosshead.aws.calls import Call, Create, Delete, Read, Update
from crosshead.aws.comparing import caseless
from crosshead.aws.descriptor import Descriptor, Field, Readiness, Secret, Shown, fixed, sent, settable
from crosshead.aws.kinds.elasticache_tagging import TAGGING, TAGS
from crosshead.aws.pointing import kind, many
from crosshead.aws.shapes import FLAG, NUMBER, TEXT, Block, Member, Texts
from crosshead.base.values import Json, Object
from crosshead.managed.facts import Naming, SecretInput

_STATUS: Final = Readiness(
    path="Status",
    ready=frozenset({"active"}),
    settling=frozenset({"modifying"}),
    coming=frozenset({"creating"}),
)

# What Redis means by its longer words, and what every access string begins with.
_LONG: Final = {"allkeys": "~*", "allchannels": "&*", "allcommands": "+@all", "nocommands": "-@all"}
_IMPLIED: Final = frozenset({"off", "resetkeys", "resetchannels", "resetpass", "nopass", "sanitize-payload"})


def _same_access(declared: Json, found: Json, _: Mapping[str, Json]) -> bool:
    """AWS adds what an access string begins with anyway. Among commands the order counts, elsewhere it does not."""
    return _access(str(declared)) == _access(str(found))


def _access(text: str) -> tuple[tuple[str, ...], frozenset[str]]:
    rules = [_LONG.get(rule.lower(), rule) for rule in text.split()]
    commands = tuple(rule.lower() for rule in rules if rule[0] in "+-")
    first, *rest = commands or ("-@all",)
    others = frozenset(rule for rule in rules if rule[0] not in "+-" and rule.lower() not in _IMPLIED)
    return (tuple(rest) if first == "-@all" else commands), others


_MODE: Final = Block((Member("type", "Type"),), single=True)
_FOUND_MODE: Final = """
Authentication.Type && {Type: (Authentication.Type == 'no-password' && 'no-password-required') || Authentication.Type}
"""
_UNPROVEN: Final = """
(Authentication.Type && Authentication.Type != 'password')
  || (Authentication.Type == 'password' && !(Authentication.PasswordCount))
"""

USER: Final = Descriptor(
    service="elasticache",
    kind="User",
    plural="users",
    versions=("v1beta1", "v1beta2"),
    naming=Naming.BY_US,
    identity="UserId",
    reads=(Read(Call("describe_users", {"UserId": "id"}), "Users[0]"), TAGS),
    creates=(Create(Call("create_user", {"UserId": "id"}), "UserId"),),
    updates=(Update(call=Call("modify_user", {"UserId": "id"})),),
    delete=Delete(call=Call("delete_user", {"UserId": "id"})),
    readiness=_STATUS,
    tagging=TAGGING,
    absent=frozenset({"UserNotFound"}),
    exists=frozenset({"UserAlreadyExists"}),
    fields=(
        fixed("userName", TEXT, "UserName"),
        settable("engine", TEXT, "Engine", same=caseless),
        settable("accessString", TEXT, "AccessString", same=_same_access),
        replace(
            settable("noPasswordRequired", FLAG, "NoPasswordRequired", late=False),
            read="Authentication.Type && Authentication.Type == 'no-password'",
        ),
        replace(settable("authenticationMode", _MODE, "AuthenticationMode", late=False), read=_FOUND_MODE),
        # Another number is another password: that it is another we see ourselves.
        sent("passwordsWoVersion", NUMBER),
    ),
    required=("accessString", "engine", "userName"),
    secrets=(
        Secret(
            SecretInput("passwordsSecretRef", "passwords", many=True),
            "Passwords",
            ("attribute.passwords",),
            missing=_UNPROVEN,
        ),
        Secret(
            SecretInput("authenticationMode[0].passwordsSecretRef", "authentication_mode.0.passwords", many=True),
            "AuthenticationMode.Passwords",
            ("attribute.authentication_mode.0.passwords",),
            {"AuthenticationMode": "{Type: spec.authenticationMode[0].type || 'password'}"},
            missing=_UNPROVEN,
        ),
        Secret(
            SecretInput("passwordsWoSecretRef", "passwords_wo"),
            "Passwords",
            ("attribute.passwords_wo",),
            missing=_UNPROVEN,
            wrap=lambda password: [password],
        ),
    ),
    shown=(Shown("arn", "ARN"), Shown("id", "UserId")),
)


def _members(declared: Json, found: Json) -> Object:
    wanted, had = set(declared), set(found)
    told = {"UserIdsToAdd": sorted(wanted - had), "UserIdsToRemove": sorted(had - wanted)}
    return {name: users for name, users in told.items() if users}


USER_GROUP: Final = Descriptor(
    service="elasticache",
    kind="UserGroup",
    plural="usergroups",
    naming=Naming.BY_US,
    identity="UserGroupId",
    reads=(Read(Call("describe_user_groups", {"UserGroupId": "id"}), "UserGroups[0]"), TAGS),
    creates=(Create(Call("create_user_group", {"UserGroupId": "id"}), "UserGroupId"),),
    updates=(Update(call=Call("modify_user_group", {"UserGroupId": "id"})),),
    delete=Delete(call=Call("delete_user_group", {"UserGroupId": "id"})),
    readiness=_STATUS,
    tagging=TAGGING,
    absent=frozenset({"UserGroupNotFound"}),
    exists=frozenset({"UserGroupAlreadyExists"}),
    fields=(
        settable("engine", TEXT, "Engine", same=caseless),
        Field(
            name="userIds",
            shape=Texts(),
            create="UserIds",
            modify="UserIdsToAdd",
            read="UserIds",
            change=_members,
        ),
    ),
    required=("engine",),
    references=(many("userIds", kind("elasticache", "User")),),
    shown=(Shown("arn", "ARN"), Shown("id", "UserGroupId")),
)
