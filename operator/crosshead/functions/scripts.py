"""Run the Python scripts of compositions in processes of their own; `scripts_worker` says what that is good for."""

from functools import cache
from pathlib import Path
from typing import Final

from crosshead.base.errors import ReconcileError
from crosshead.compose.functions import replies
from crosshead.compose.protocol import Request, Response
from crosshead.functions import messages
from crosshead.functions.workers import WorkerError, Workers

_WORKER: Final = Path(__file__).parent / "scripts_worker.py"
_SECONDS: Final = 20.0


def run(function: str, request: Request) -> Response:
    """Answer as *function* does: `python` or `pythonic`."""
    try:
        question = function.encode() + b"\n" + messages.request_to_bytes(request)
        return messages.response_from_bytes(_workers().ask(question, _SECONDS))
    except (WorkerError, ReconcileError) as error:
        return replies.refuse(request, f"cannot run script: {error}")


@cache
def _workers() -> Workers:
    return Workers(_WORKER)
