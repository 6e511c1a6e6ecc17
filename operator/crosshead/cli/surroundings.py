"""What a pipeline needs of the world when there is no cluster: functions, and objects from files."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from crosshead.base import objects
from crosshead.base.encoding import normalized
from crosshead.base.errors import StalledError
from crosshead.base.objects import Kind, Ref
from crosshead.base.values import Draft, Object
from crosshead.compose import pipelines
from crosshead.compose.pipelines import Credential
from crosshead.compose.protocol import Request, Response, SchemaSelector, Selector
from crosshead.definitions.packages import FUNCTION
from crosshead.functions import credentials
from crosshead.functions.registry import BuiltIns
from crosshead.functions.runner import FunctionRunner
from crosshead.reconcilers import connections
from crosshead.reconcilers.interests import selects
from crosshead.reconcilers.ports import Functions, Seconds


@dataclass(frozen=True, slots=True)
class Offline:
    """Satisfies `pipelines.Surroundings` from files."""

    functions: Functions
    required: Sequence[Object] = ()
    schemas: Sequence[Object] = ()
    secrets: Sequence[Object] = ()

    def run(self, function: str, request: Request) -> Response:
        """Call *function*."""
        return self.functions.run(function, request)

    def fetch(self, selector: Selector) -> Sequence[Object]:
        """Return what *selector* selects of the objects that were given."""
        found = [obj for obj in self.required if selects(selector, obj)]
        return sorted(found, key=lambda obj: (objects.namespace(obj), objects.name(obj)))

    def schema(self, selector: SchemaSelector) -> Object | None:
        """Return the schema of a kind from the CRDs that were given."""
        group, _, version = selector.api_version.rpartition("/")
        for crd in self.schemas:
            spec = objects.spec(crd)
            if (spec.get("group"), (spec.get("names") or {}).get("kind")) == (group, selector.kind):
                served = {v.get("name"): v for v in spec.get("versions") or ()}
                schema: Object | None = ((served.get(version) or {}).get("schema") or {}).get("openAPIV3Schema")
                return schema
        return None

    def credentials(self, credential: Credential) -> Mapping[str, bytes]:
        """Return the data of a Secret that was given."""
        for secret in self.secrets:
            if (objects.namespace(secret), objects.name(secret)) == (credential.namespace, credential.secret):
                plain = {k: v.encode() for k, v in (secret.get("stringData") or {}).items()}
                return {**{k: v.reveal() for k, v in connections.decoded(secret).items()}, **plain}
        name = credential.secret
        text = f'cannot get credentials from secret "{name}": secret "{name}" not found'
        raise StalledError(pipelines.REASON, text)


class GivenFunctions:
    """The Functions that files declare, and their FunctionRevisions with endpoints, as the runner looks them up."""

    def __init__(self, functions: Sequence[Object]) -> None:
        # Served in two versions of one shape.
        known = [{**f, "apiVersion": FUNCTION.api_version} for f in functions]
        self._known = {Ref(objects.kind_of(obj), objects.name(obj)): obj for obj in known}

    def get(self, ref: Ref) -> Object | None:
        """Return a Function, or a FunctionRevision."""
        return self._known.get(ref)

    def list(self, kind: Kind, namespace: str = "") -> Sequence[Object]:
        """Return the Functions, or the FunctionRevisions."""
        del namespace
        return [obj for ref, obj in self._known.items() if ref.kind == kind]

    def is_synced(self, kind: Kind) -> bool:
        """Files are known whole."""
        return bool(kind)


def supposed(steps: Sequence[str]) -> list[Draft]:
    """Return the Functions that *steps* name, each supposed to be the package of that name."""
    return [{**_FUNCTION, "metadata": {"name": name}, "spec": {"package": name}} for name in dict.fromkeys(steps)]


_FUNCTION: Draft = {"apiVersion": FUNCTION.api_version, "kind": FUNCTION.kind}


@dataclass(frozen=True, slots=True)
class Runtimes:
    """What may run functions: *built_ins*, and endpoints, over TLS with what is in the folder *certificates*."""

    built_ins: BuiltIns = field(default_factory=BuiltIns)
    certificates: Path | None = None

    def runner(self, functions: Sequence[Object], timeout: Seconds) -> FunctionRunner:
        """Return what runs *functions*."""
        known = GivenFunctions(functions)
        if self.certificates is None:
            return FunctionRunner(known, self.built_ins, timeout=timeout)
        # gRPC takes its time, and is imported when somebody is to be called.
        from crosshead.functions.connections import Connections  # noqa: PLC0415

        connections = Connections(credentials.from_directory(self.certificates))
        return FunctionRunner(known, self.built_ins, connections, timeout=timeout)


@contextmanager
def offline(
    functions: Sequence[Object],
    *,
    required: Sequence[Object],
    schemas: Sequence[Object],
    credentials: Sequence[Object],
    timeout: Seconds,
    runtimes: Runtimes | None = None,
) -> Iterator[Offline]:
    """Give what was read from files; functions run in process, or where their annotations or revisions say."""
    runner = (runtimes or Runtimes()).runner(functions, timeout)
    try:
        yield Offline(runner, normalized(list(required)), schemas, credentials)
    finally:
        runner.close()
