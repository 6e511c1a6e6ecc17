"""How a composite in Pipeline mode is composed: what its functions get to see, and what they are called with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain

from crosshead.base import objects
from crosshead.base.errors import NotReadyError, StalledError
from crosshead.base.objects import Kind, Ref
from crosshead.base.values import Object
from crosshead.compose import pipelines, protocol
from crosshead.compose.pipelines import Credential, Outcome
from crosshead.compose.protocol import Request, Response, SchemaSelector, Selector, State
from crosshead.definitions.packages import FUNCTION, FUNCTION_REVISION, PACKAGE_LABEL
from crosshead.reconcilers import connections
from crosshead.reconcilers.interests import Interests, selects
from crosshead.reconcilers.ports import World

CRD = Kind("apiextensions.k8s.io/v1", "CustomResourceDefinition")


def run(
    steps: Sequence[pipelines.Step],
    composite: Object,
    observed: Mapping[str, Object],
    interests: Interests,
    world: World,
) -> Outcome:
    """
    Run *steps* for *composite*; remember what they asked for, so that its changes wake the composite.

    So do the functions themselves: another version may say something else.
    """
    surroundings = _Surroundings(world, [])
    try:
        return pipelines.run(steps, _state(composite, observed, world), surroundings)
    finally:
        installed = chain.from_iterable(_installed(name) for name in sorted({step.function for step in steps}))
        interests.note(objects.ref_of(composite), (*surroundings.asked, *installed))


@cache
def _installed(function: str) -> tuple[Selector, Selector]:
    """What decides which code *function* is."""
    return (
        Selector(FUNCTION.api_version, FUNCTION.kind, match_name=function),
        Selector(FUNCTION_REVISION.api_version, FUNCTION_REVISION.kind, match_labels={PACKAGE_LABEL: function}),
    )


def _state(composite: Object, observed: Mapping[str, Object], world: World) -> State:
    seen = {name: _seen(obj, world) for name, obj in sorted(observed.items())}
    return State(_seen(composite, world), seen)


def _seen(obj: Object, world: World) -> protocol.Resource:
    reference = objects.spec(obj).get("writeConnectionSecretToRef") or {}
    if not reference.get("name"):
        return protocol.Resource(_shown(obj))
    place = Ref(connections.SECRET, reference["name"], reference.get("namespace") or objects.namespace(obj))
    details = {key: value.reveal() for key, value in connections.read(place, world).items()}
    return protocol.Resource(_shown(obj), details)


def _shown(obj: Object) -> Object:
    """Return *obj* as functions see it: who manages which field is none of their business, and large."""
    metadata = {k: v for k, v in objects.metadata(obj).items() if k != "managedFields"}
    return {**obj, "metadata": metadata}


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """Satisfies `pipelines.Surroundings` with the ports of the reconcilers."""

    world: World
    asked: list[Selector]

    def run(self, function: str, request: Request) -> Response:
        """Call *function*."""
        return self.world.functions.run(function, request)

    def fetch(self, selector: Selector) -> Sequence[Object]:
        """Return what *selector* selects, from the cache: the kind is watched from now on."""
        self.asked.append(selector)
        kind = Kind(selector.api_version, selector.kind)
        if kind == connections.SECRET:
            return self._fetch_secret(selector)
        self.world.watches.start(kind)
        if not self.world.cache.is_synced(kind):
            text = f"cannot get required resources: {kind.kind} in {kind.api_version} is not served, or not listed yet"
            raise NotReadyError(pipelines.REASON, text)
        return [_shown(obj) for obj in self._select(kind, selector)]

    def _select(self, kind: Kind, selector: Selector) -> Sequence[Object]:
        namespace = selector.namespace or ""
        if selector.match_name and (found := self.world.cache.get(Ref(kind, selector.match_name, namespace))):
            return (found,)
        # By its name alone it may be in any namespace.
        return [obj for obj in self.world.cache.list(kind, namespace) if selects(selector, obj)]

    def _fetch_secret(self, selector: Selector) -> Sequence[Object]:
        # Secrets are never kept: they are asked for one by one.
        if not selector.match_name or not selector.namespace:
            text = "cannot get required resources: a Secret must be required by name and namespace"
            raise StalledError(pipelines.REASON, text)
        found = self.world.api.fetch(Ref(connections.SECRET, selector.match_name, selector.namespace))
        return [_shown(found)] if found is not None else []

    def schema(self, selector: SchemaSelector) -> Object | None:
        """Return the schema that the CRD of a kind has for its version; None for kinds without a CRD."""
        kind = Kind(selector.api_version, selector.kind)
        for crd in self.world.cache.list(CRD):
            spec = objects.spec(crd)
            if (spec["group"], spec["names"]["kind"]) == (kind.group, kind.kind):
                # The cache keeps no schemas of CRDs that are not ours.
                whole = self.world.api.fetch(objects.ref_of(crd)) or crd
                return _schema_of(whole, kind.version)
        return None

    def credentials(self, credential: Credential) -> Mapping[str, bytes]:
        """Return the data of the Secret of *credential*."""
        place = Ref(connections.SECRET, credential.secret, credential.namespace)
        secret = self.world.api.fetch(place)
        if secret is None:
            text = f'cannot get credentials from secret "{credential.secret}": {place} does not exist'
            raise NotReadyError(pipelines.REASON, text)
        return {key: value.reveal() for key, value in connections.decoded(secret).items()}


def _schema_of(crd: Object, version: str) -> Object | None:
    versions = {v["name"]: v for v in objects.spec(crd).get("versions") or ()}
    schema = (versions.get(version) or {}).get("schema") or {}
    found: Object | None = schema.get("openAPIV3Schema")
    return found
