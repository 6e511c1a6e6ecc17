"""ElastiCache users and the groups they are in, where moto has users that nobody changes and no groups."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.elasticache.exceptions import (
    ElastiCacheException,
    InvalidParameterCombinationException,
    InvalidParameterValueException,
    UserAlreadyExists,
    UserNotFound,
)

from crosshead.devel.emulation.timeline import Timeline

Asked = Mapping[str, Any]
Shape = dict[str, Any]

# What AWS calls the ways to prove who one is when it is asked, and when it answers.
_ANSWERED = {"no-password-required": "no-password"}
_SHORTEST_PASSWORD = 16


@dataclass(eq=False)
class User:
    """A user; of *passwords* only the number is ever shown."""

    id: str
    arn: str
    name: str
    engine: str
    access: str
    way: str
    passwords: tuple[str, ...] = ()
    groups: set[str] = field(default_factory=set)
    status: str = "active"

    def shape(self) -> Shape:
        """Return the User of this user."""
        count = {"PasswordCount": len(self.passwords)} if self.passwords else {}
        return {
            "UserId": self.id,
            "UserName": self.name,
            "Status": self.status,
            "Engine": self.engine,
            "MinimumEngineVersion": "6.0",
            "AccessString": self.access,
            "UserGroupIds": sorted(self.groups),
            "Authentication": {"Type": self.way, **count},
            "ARN": self.arn,
        }

    def prove(self, asked: Asked) -> None:
        """Take over how the user proves to be that."""
        mode = asked.get("AuthenticationMode") or {}
        passwords = tuple(asked.get("Passwords") or mode.get("Passwords") or ())
        if asked.get("Passwords") and mode.get("Passwords"):
            raise InvalidParameterCombinationException("Passwords provided via multiple arguments. Use only one.")
        if any(len(password) < _SHORTEST_PASSWORD for password in passwords):
            raise InvalidParameterValueException("Passwords length must be between 16-128 characters.")
        way = "no-password-required" if asked.get("NoPasswordRequired") else mode.get("Type")
        way = way or ("password" if passwords else None)
        if way:
            self.way = _ANSWERED.get(way, way)
            self.passwords = (passwords or self.passwords) if self.way == "password" else ()
        if self.way == "password" and not self.passwords:
            raise InvalidParameterCombinationException(
                "A user with Authentication Mode: password, must have at least one password"
            )


@dataclass(eq=False)
class UserGroup:
    """A group of users."""

    id: str
    arn: str
    engine: str
    users: tuple[str, ...]
    status: str = "creating"

    def shape(self) -> Shape:
        """Return the UserGroup of this group."""
        return {
            "UserGroupId": self.id,
            "Status": self.status,
            "Engine": self.engine,
            "UserIds": sorted(self.users),
            "MinimumEngineVersion": "6.0",
            "ReplicationGroups": [],
            "ARN": self.arn,
        }


class Users:
    """The users and user groups of one account and region; *prefix* begins their ARNs."""

    def __init__(self, prefix: str, timeline: Timeline) -> None:
        self._prefix = prefix
        self._timeline = timeline
        default = User("default", self._arn("user", "default"), "default", "redis", "on ~* +@all", "no-password")
        self.users: dict[str, User] = {"default": default}
        self.groups: dict[str, UserGroup] = {}

    def create(self, asked: Asked) -> User:
        """Create a user."""
        id_ = str(asked["UserId"])
        if id_ in self.users:
            raise UserAlreadyExists
        user = User(
            id_, self._arn("user", id_), asked["UserName"], asked["Engine"].lower(), asked["AccessString"], "password"
        )
        user.prove(asked)
        self.users[id_] = user
        return user

    def find(self, id_: str) -> User:
        """Return the user *id_*."""
        if id_ not in self.users:
            raise UserNotFound(id_)
        return self.users[id_]

    def modify(self, asked: Asked) -> User:
        """Change a user, which takes a while."""
        user = self.find(asked["UserId"])
        _refuse_busy(user, "User")
        user.prove(asked)
        user.access = asked.get("AccessString") or user.access
        user.engine = asked.get("Engine") or user.engine
        self._pass_through(user, "modifying", self._timeline.delays.modifying)
        return user

    def delete(self, id_: str) -> User:
        """Delete a user whom no group misses: AWS takes those of others out of their groups."""
        user = self.find(id_)
        _refuse_busy(user, "User")
        if user.name == "default" and user.groups:
            raise ElastiCacheException(
                "DefaultUserAssociatedToUserGroup", f"User {id_} is the default user of a user group."
            )
        user.status = "deleting"
        for group in user.groups:
            self.groups[group].users = tuple(one for one in self.groups[group].users if one != id_)
        self._timeline.after(self._timeline.delays.deleting, lambda: _forget(self.users, id_))
        return user

    def create_group(self, asked: Asked) -> UserGroup:
        """Create a group of users that exist."""
        id_ = str(asked["UserGroupId"])
        if id_ in self.groups:
            raise ElastiCacheException("UserGroupAlreadyExists", f"User group {id_} already exists.")
        group = UserGroup(id_, self._arn("usergroup", id_), asked["Engine"].lower(), ())
        self._join(group, tuple(asked.get("UserIds") or ()))
        self.groups[id_] = group
        self._pass_through(group, "creating", self._timeline.delays.creating)
        return group

    def find_group(self, id_: str) -> UserGroup:
        """Return the group *id_*."""
        if id_ not in self.groups:
            raise ElastiCacheException("UserGroupNotFound", f"User group {id_} not found.")
        return self.groups[id_]

    def modify_group(self, asked: Asked) -> UserGroup:
        """Let users into a group and out of it."""
        group = self.find_group(asked["UserGroupId"])
        _refuse_busy(group, "UserGroup")
        leaving = set(asked.get("UserIdsToRemove") or ())
        kept = tuple(one for one in group.users if one not in leaving)
        self._join(group, (*kept, *(asked.get("UserIdsToAdd") or ())))
        group.engine = asked.get("Engine") or group.engine
        self._pass_through(group, "modifying", self._timeline.delays.modifying)
        return group

    def delete_group(self, id_: str) -> UserGroup:
        """Delete a group; its users stay."""
        group = self.find_group(id_)
        _refuse_busy(group, "UserGroup")
        self._join(group, (), checked=False)
        group.status = "deleting"
        self._timeline.after(self._timeline.delays.deleting, lambda: _forget(self.groups, id_))
        return group

    def _join(self, group: UserGroup, members: tuple[str, ...], *, checked: bool = True) -> None:
        users = [self.find(one) for one in members]
        if checked and group.engine == "redis" and not any(user.name == "default" for user in users):
            raise ElastiCacheException("DefaultUserRequired", "You must add a default user to a user group.")
        for user in self.users.values():
            user.groups.discard(group.id)
        for user in users:
            user.groups.add(group.id)
        group.users = members

    def _pass_through(self, one: User | UserGroup, status: str, seconds: float) -> None:
        one.status = status
        self._timeline.after(seconds, lambda: _become_active(one))

    def _arn(self, kind: str, id_: str) -> str:
        return f"{self._prefix}:{kind}:{id_}"


def _forget(known: dict[str, Any], id_: str) -> None:
    known.pop(id_, None)


def _become_active(one: User | UserGroup) -> None:
    one.status = "active"


def _refuse_busy(one: User | UserGroup, kind: str) -> None:
    if one.status != "active":
        raise ElastiCacheException(f"Invalid{kind}State", f"{kind} {one.id} is not in active state.")
