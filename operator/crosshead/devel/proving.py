"""Prove that a freshly built control plane is the one that we meant to build, before anybody relies on it."""

import contextlib
import json
import time
from typing import Any

from crosshead.devel.access import Access, RefusedError
from crosshead.devel.control_plane import ControlPlane
from crosshead.devel.locations import Binaries

_GROUP = "proof.crosshead.dev"
_CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
_PROOFS = f"/apis/{_GROUP}/v1/proofs"
_SECONDS_TO_ESTABLISH = 20.0
_TEXT = {"type": "string", "default": ""}
_CRD = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": f"proofs.{_GROUP}"},
    "spec": {
        "group": _GROUP,
        "scope": "Cluster",
        "names": {"kind": "Proof", "plural": "proofs", "singular": "proof", "listKind": "ProofList"},
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "schema": {"openAPIV3Schema": {"type": "object", "properties": {"given": _TEXT, "left": _TEXT}}},
            }
        ],
    },
}
_PROOF = {"apiVersion": f"{_GROUP}/v1", "kind": "Proof", "metadata": {"name": "proof"}, "given": ""}


class ProofError(RuntimeError):
    """The programs run, but do not do what they must."""


def prove(binaries: Binaries) -> None:
    """
    Start a control plane of *binaries*; create a CRD with an empty default and an object with an empty string.

    The one fails without the corrected comparison with zero, the other kills the server without the newer reflect2.
    """
    with ControlPlane(binaries) as plane:
        try:
            check_empty_strings(plane.access)
        except RefusedError as error:
            raise ProofError(f"the built API server refuses empty strings: {error}") from error


def check_empty_strings(access: Access) -> None:
    """Raise `ProofError` or `RefusedError` unless empty strings survive as default and as value."""
    access.request("POST", _CRDS, _CRD)
    _wait_until_served(access)
    created: dict[str, Any] = json.loads(access.request("POST", _PROOFS, _PROOF))
    if (created.get("given"), created.get("left")) != ("", ""):
        raise ProofError(f"the built API server loses empty strings: it made {created} of {_PROOF}")


def _wait_until_served(access: Access) -> None:
    deadline = time.monotonic() + _SECONDS_TO_ESTABLISH
    while time.monotonic() < deadline:
        # A refusal only says "not yet", until the time is over.
        with contextlib.suppress(RefusedError):
            access.request("GET", _PROOFS)
            return
        time.sleep(0.1)
    raise ProofError(f"the built API server did not serve a new kind within {_SECONDS_TO_ESTABLISH:.0f} s")
