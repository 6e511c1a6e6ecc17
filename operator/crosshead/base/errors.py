"""
What can go wrong in a reconcile, sorted by what to do about it.

* ReconcileError
  + NotReadyError         nothing is wrong; something else must happen first, so look again later
  + TransientError        the world misbehaved; retry, and tell the user only if it lasts
    - ConflictError       somebody wrote first; retry silently, the cache will catch up
    - ThrottledError      we ask too fast; back off
  + StalledError          only a human can fix this; retry slowly, or at once when the input changes
    - InvalidObjectError  the API server refused an object for its content
    - ForbiddenError      the API server or AWS refused us for who we are
* AbsentError             the named object does not exist (an answer, not a failure; callers decide what it means)
* AlreadyExistsError      the named object exists already (likewise)

An error says what happened, where, and to which input, once, in one line. The text is stable: a second reconcile
that meets the same problem must produce the same words, or the condition built from them would change for ever
and wake us up for ever. Never in a text: secrets, timestamps, request ids.
"""


class ReconcileError(Exception):
    """
    A reconcile ended before it was done.

    :param reason: a CamelCase word for events (`ComposeResources`, `CannotObserveExternalResource`).
    :param message: one stable line for people.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


class NotReadyError(ReconcileError):
    """Nothing is wrong; something else must happen first."""


class TransientError(ReconcileError):
    """The world misbehaved; the same attempt may work later."""


class ConflictError(TransientError):
    """Somebody wrote the object since we read it."""


class ThrottledError(TransientError):
    """The other side asked us to slow down, for *retry_after* seconds at least (0: it did not say)."""

    def __init__(self, reason: str, message: str, retry_after: float = 0.0) -> None:
        super().__init__(reason, message)
        self.retry_after = retry_after


class StalledError(ReconcileError):
    """The desired state can never be reached as written."""


class InvalidObjectError(StalledError):
    """The API server refused an object for its content (HTTP 422, or 400)."""


class ForbiddenError(StalledError):
    """The other side refused us for who we are (HTTP 401 or 403, AccessDenied)."""


class AbsentError(LookupError):
    """The named object does not exist."""


class AlreadyExistsError(ValueError):
    """The named object exists already."""
