"""
What managed resources may remember between passes, for a while: only what saves requests, never what decides.

A restart forgets it all, and costs one read each.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crosshead.base.objects import Ref
from crosshead.base.values import SecretValue
from crosshead.reconcilers.ports import World

Data = Mapping[str, SecretValue]

# So soon is a changed credential noticed.
SECRETS_KEPT = timedelta(seconds=60)
# So soon is a connection Secret repaired that somebody has changed.
PUBLICATIONS_KEPT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Memory:
    """Secrets read lately, and what was published lately, by the Ref it was read from or is about."""

    secrets: dict[Ref, tuple[datetime, Data]] = field(default_factory=dict)
    published: dict[Ref, tuple[datetime, str]] = field(default_factory=dict)

    def read_secret(self, ref: Ref, world: World) -> Data | None:
        """Return the data of the Secret at *ref*, at most a minute old; None when there is none."""
        read_at, data = self.secrets.get(ref, (None, {}))
        if read_at is not None and world.clock.now() - read_at < SECRETS_KEPT:
            return data
        secret = world.api.fetch(ref)
        if secret is None:
            self.secrets.pop(ref, None)
            return None
        held = {key: SecretValue(base64.b64decode(value or "")) for key, value in (secret.get("data") or {}).items()}
        self.secrets[ref] = (world.clock.now(), held)
        return held

    def forget_secret(self, ref: Ref) -> None:
        """Read the Secret at *ref* again next time: it was changed, or did not work."""
        self.secrets.pop(ref, None)

    def is_published(self, owner: Ref, target: Ref, data: Data, now: datetime) -> bool:
        """Whether *owner* has lately published *data* to *target*."""
        at, what = self.published.get(owner, (datetime.min.replace(tzinfo=now.tzinfo), ""))
        return now - at < PUBLICATIONS_KEPT and what == _digest(target, data)

    def note_published(self, owner: Ref, target: Ref, data: Data, now: datetime) -> None:
        """Remember that *owner* has published *data* to *target*."""
        self.published[owner] = (now, _digest(target, data))

    def has_published(self, owner: Ref) -> bool:
        """Whether *owner* has published anything since we started."""
        return owner in self.published

    def forget(self, owner: Ref) -> None:
        """Forget what is known of *owner*, which is gone."""
        self.published.pop(owner, None)


def _digest(target: Ref, data: Data) -> str:
    digest = hashlib.sha256(str(target).encode())
    for key, value in sorted(data.items()):
        digest.update(b"\0" + key.encode() + b"\0" + hashlib.sha256(value.reveal()).digest())
    return digest.hexdigest()
