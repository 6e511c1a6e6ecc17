"""function-pythonic, built in; used only where people ask for scripts (`--enable-python-functions`)."""

from crosshead.compose.protocol import Request, Response
from crosshead.functions import scripts


def run(request: Request) -> Response:
    """Answer as function-pythonic does."""
    return scripts.run("pythonic", request)
