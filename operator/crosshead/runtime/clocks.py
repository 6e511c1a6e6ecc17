"""The real clock and the real dice."""

import secrets
import string
from datetime import UTC, datetime

from crosshead.base.values import SecretValue

Seconds = float

# Kubernetes leaves out vowels and look-alikes: no suffix is a word, none is misread.
_SUFFIX = "bcdfghjklmnpqrstvwxz2456789"
# Every database engine takes these; none of `/ " @` or space, which some refuse.
_LETTERS = string.ascii_letters
_PASSWORD = _LETTERS + string.digits


class SystemClock:
    """The time."""

    def now(self) -> datetime:
        """Return the present, in UTC."""
        return datetime.now(UTC)


class SystemDice:
    """Randomness that nobody can foresee."""

    def suffix(self, length: int) -> str:
        """Return *length* characters of Kubernetes' name alphabet."""
        return "".join(secrets.choice(_SUFFIX) for _ in range(length))

    def password(self, length: int) -> SecretValue:
        """Return a password of letters and digits, beginning with a letter, that every engine accepts."""
        if length < 1:
            raise ValueError(f"a password needs at least one character, not {length}")
        rest = "".join(secrets.choice(_PASSWORD) for _ in range(length - 1))
        return SecretValue(secrets.choice(_LETTERS) + rest)

    def jitter(self, around: Seconds, fraction: float) -> Seconds:
        """Return a duration within *fraction* of *around*."""
        return around * (1 + fraction * (2 * secrets.SystemRandom().random() - 1))
