"""The Kubernetes API as a user sees it: through kubectl."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demo.telling import DemoError, Teller

Object = Mapping[str, Any]

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Answer:
    """What kubectl said."""

    status: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """One API server, as kubectl reaches it."""

    kubectl: Path
    kubeconfig: Path
    teller: Teller

    def run(self, *arguments: str, show: bool = True, stdin: str | None = None) -> Answer:
        """Run kubectl and return what it said, whatever that is."""
        if show:
            self.teller.command("kubectl " + " ".join(arguments) + (" <<< …" if stdin else ""))
        command = [str(self.kubectl), f"--kubeconfig={self.kubeconfig}", *arguments]
        done = subprocess.run(command, cwd=ROOT, input=stdin, capture_output=True, text=True, check=False)
        return Answer(done.returncode, done.stdout.strip(), done.stderr.strip())

    def do(self, *arguments: str, show: bool = True, stdin: str | None = None) -> str:
        """Run kubectl; anything but success ends the demo."""
        answer = self.run(*arguments, show=show, stdin=stdin)
        if answer.status != 0:
            raise DemoError(f"kubectl {' '.join(arguments)} failed: {answer.err}")
        return answer.out

    def list(self, kinds: str, *more: str) -> Sequence[Object]:
        """Return the objects of some kinds (or categories), of all namespaces."""
        answer = self.run("get", kinds, "-A", "-o", "json", *more, show=False)
        # A category without any kind yet, or a kind just being deleted, is an empty list to the story.
        return json.loads(answer.out)["items"] if answer.status == 0 and answer.out else []

    def get(self, kind: str, name: str, namespace: str = "") -> Object | None:
        """Return one object, None when there is none."""
        where = ("-n", namespace) if namespace else ()
        answer = self.run("get", kind, name, *where, "-o", "json", "--ignore-not-found", show=False)
        return json.loads(answer.out) if answer.status == 0 and answer.out else None


def condition(obj: Object, type: str) -> Object:
    """Return the condition of *type* of *obj*, empty when it has none yet."""
    conditions = (obj.get("status") or {}).get("conditions") or ()
    return next((c for c in conditions if c["type"] == type), {})


def is_true(obj: Object, *types: str) -> bool:
    """Whether *obj* shows all conditions of *types* as True."""
    return all(condition(obj, wanted).get("status") == "True" for wanted in types)


def name(obj: Object) -> str:
    """Return the name of *obj*."""
    return str(obj["metadata"]["name"])


def key(obj: Object) -> tuple[str, str]:
    """Return kind and name of *obj*."""
    return str(obj["kind"]), name(obj)
