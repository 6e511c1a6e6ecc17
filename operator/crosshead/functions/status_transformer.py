"""function-status-transformer, built in, with the core in Go for the messages that say more than fields."""

import json
from typing import Final

from crosshead.base.errors import ReconcileError
from crosshead.compose.functions import status_transformer
from crosshead.compose.functions.messages import Groups, MessageError
from crosshead.compose.protocol import Request, Response

_SECONDS: Final = 10.0


def run(request: Request) -> Response:
    """Answer as function-status-transformer does."""
    return status_transformer.run(request, render)


def render(template: str, groups: Groups) -> str:
    """Return what Go makes of *template* and *groups*; raises `MessageError` with Go's words."""
    # Only here: most messages are fields and text, and wasmtime takes its time.
    from crosshead.functions import go_core  # noqa: PLC0415
    from crosshead.functions.wasm import GuestError  # noqa: PLC0415

    question = json.dumps({"template": template, "groups": groups}, default=dict)
    try:
        answer = json.loads(go_core.core().ask(question.encode(), _SECONDS))
    except (GuestError, ReconcileError) as error:
        raise MessageError(f"cannot execute template: {error}") from error
    if answer.get("error"):
        raise MessageError(answer["error"])
    return str(answer["text"])
