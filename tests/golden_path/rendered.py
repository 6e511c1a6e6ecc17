"""What each claim of `examples/` becomes with `compositions/`, by the product's own pure rooms; no cluster needed."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from crosshead.base import names
from crosshead.compose import outcomes, pipelines
from crosshead.compose import rendering as composing
from crosshead.compose.protocol import Request, Resource, Response, State
from crosshead.definitions import reading
from crosshead.definitions import rendering as defining
from crosshead.functions.registry import BuiltIns
from crosshead.reconcilers import binding

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"
TEAMS = ("order-service-prod", "checkout-dev", "reporting-dev")

# What a cluster would choose at random.
_SUFFIX = "x7k2p"
_UID = "5e9a2f04-0000-4000-8000-000000000001"

Object = Mapping[str, Any]


def examples() -> list[Path]:
    """Return the files with one claim each."""
    return sorted(path for team in TEAMS for path in (ROOT / "examples" / team).glob("*.yaml"))


def golden(example: Path) -> Path:
    """Return the file that holds what *example* becomes."""
    return GOLDEN / f"{example.parent.name}-{example.stem}.yaml"


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text())


@cache
def definitions() -> tuple[Object, ...]:
    return tuple(load(path) for path in sorted((ROOT / "compositions").glob("*/definition.yaml")))


@cache
def compositions() -> tuple[Object, ...]:
    return tuple(load(path) for path in sorted((ROOT / "compositions").glob("*/composition.yaml")))


def definition_of(claim: Object) -> Object:
    return next(xrd for xrd in definitions() if reading.claim_names(xrd)["kind"] == claim["kind"])


def composition_of(composite: Object) -> Object:
    wanted = {"apiVersion": composite["apiVersion"], "kind": composite["kind"]}
    return next(one for one in compositions() if one["spec"]["compositeTypeRef"] == wanted)


def composite_of(claim: Object) -> Object:
    """Return the composite of *claim*, with the defaults that the API server would fill in."""
    xrd = definition_of(claim)
    schema = defining.claim_crd(xrd)["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
    name = f"{claim['metadata']['name']}-{_SUFFIX}"
    composite = binding.composite(defaulted(claim, schema), name, reading.composite_kind(xrd), None, enforced=False)
    labels = {**composite["metadata"]["labels"], names.COMPOSITE_LABEL: name}
    return {**composite, "metadata": {**composite["metadata"], "labels": labels, "uid": _UID}}


def defaulted(value: Any, schema: Object) -> Any:
    """Return *value* with the defaults of *schema*, as the API server fills them in."""
    if isinstance(value, list):
        return [defaulted(part, schema.get("items") or {}) for part in value]
    if not isinstance(value, Mapping):
        return value
    known = schema.get("properties") or {}
    given = {key: defaulted(part, known.get(key, {})) for key, part in value.items()}
    absent = {key: part["default"] for key, part in known.items() if "default" in part and key not in value}
    return {**given, **absent}


@cache
def composed(example: Path) -> Sequence[Object]:
    """Return what *example* is composed of at first, before anything exists; fails when a template does not render."""
    composite = composite_of(load(example))
    spec = composition_of(composite)["spec"]
    if spec.get("mode") == "Pipeline":
        rendered = outcomes.rendered(outcome(composite), composite, {})
    else:
        rendered = composing.render(composing.plan(spec), composite, {})
    assert [one.error for one in rendered.resources if one.object is None] == []
    return [one.object for one in rendered.resources]


def outcome(composite: Object, observed: Mapping[str, Resource] | None = None) -> pipelines.Outcome:
    """Return what the pipeline of *composite* comes to when there are the composed resources *observed*."""
    steps = pipelines.plan(composition_of(composite)["spec"])
    found = pipelines.run(steps, State(Resource(composite), observed or {}), _Offline())
    assert found.fatal == ""
    return found


class _Offline:
    """Satisfies `pipelines.Surroundings` for compositions that require nothing: built-ins run, by their packages."""

    def run(self, function: str, request: Request) -> Response:
        installed = (load(path) for path in sorted((ROOT / "compositions").glob("*/functions.yaml")))
        packages = {one["metadata"]["name"]: one["spec"]["package"] for one in installed}
        built_ins = BuiltIns()
        name = built_ins.find(packages[function])
        assert name is not None, f"{packages[function]} is not built in"
        return built_ins.get(name)(request)

    def fetch(self, selector: Any) -> Sequence[Object]:
        raise NotImplementedError(selector)

    def schema(self, selector: Any) -> Object | None:
        raise NotImplementedError(selector)

    def credentials(self, credential: Any) -> Mapping[str, bytes]:
        raise NotImplementedError(credential)


def text(example: Path) -> str:
    """Return what *example* becomes, as its golden file shows it."""
    return yaml.safe_dump_all(map(plain, composed(example)), sort_keys=True, width=120)


def plain(value: Any) -> Any:
    """Return *value* as dicts and lists, whatever it is made of."""
    match value:
        case Mapping():
            return {key: plain(part) for key, part in value.items()}
        case list() | tuple():
            return [plain(part) for part in value]
        case _:
            return value
