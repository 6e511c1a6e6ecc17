"""
How long it takes to render one composite of twenty resources with a hundred patches, in process.

In CPU time, which on an idle machine is the same as any other: others must not count.
"""

import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from crosshead.base import objects
from crosshead.compose import outcomes, rendering
from crosshead.compose.functions import patch_and_transform
from crosshead.compose.pipelines import Outcome
from crosshead.compose.protocol import Request, Resource, State

RESOURCES = 20
_ROUNDS = 100

Object = Mapping[str, Any]

COMPOSITE: Object = {
    "apiVersion": "bench.example.org/v1alpha1",
    "kind": "XStack",
    "metadata": {"name": "stack", "uid": "0", "labels": {"crossplane.io/composite": "stack"}},
    "spec": {"size": "small", "region": "eu-west-1", "nodes": 3, "tags": {f"tag-{n}": "x" * 20 for n in range(10)}},
}
# One patch of each sort that compositions are full of; five for every resource.
_PATCHES: tuple[Object, ...] = (
    {"fromFieldPath": "spec.region", "toFieldPath": "spec.forProvider.fields.region"},
    {
        "fromFieldPath": "spec.size",
        "toFieldPath": "spec.forProvider.fields.class",
        "transforms": [{"type": "map", "map": {"small": "t3.micro", "large": "m5.2xlarge"}}],
    },
    {
        "fromFieldPath": "spec.nodes",
        "toFieldPath": "spec.forProvider.fields.ports[0].number",
        "transforms": [{"type": "math", "math": {"type": "Multiply", "multiply": 100}}],
    },
    {
        "type": "CombineFromComposite",
        "combine": {
            "variables": [{"fromFieldPath": "spec.region"}, {"fromFieldPath": "spec.size"}],
            "strategy": "string",
            "string": {"fmt": "%s/%s"},
        },
        "toFieldPath": "metadata.annotations[bench.example.org/where]",
    },
    {"type": "ToCompositeFieldPath", "fromFieldPath": "metadata.name"},
)


def measure() -> Mapping[str, Any]:
    """Return the median milliseconds of one rendering, of both engines: what should exist, and what it means."""
    return {
        "render_resources_ms": _milliseconds(_of_resources_mode()),
        "render_patch_and_transform_ms": _milliseconds(_of_the_function()),
    }


def templates() -> list[Object]:
    """Return the resources of the composition."""
    return [_template(n) for n in range(RESOURCES)]


def _template(number: int) -> Object:
    fields = {"kind": f"thing-{number}", "list": [{"key": f"k{n}", "value": "v" * 20} for n in range(5)]}
    base = {
        "apiVersion": "nop.crossplane.io/v1alpha1",
        "kind": "NopResource",
        "spec": {"forProvider": {"fields": fields}},
    }
    *downwards, back = _PATCHES
    patches = [{"type": "FromCompositeFieldPath", **patch} for patch in downwards]
    return {
        "name": f"thing-{number}",
        "base": base,
        "patches": [*patches, {**back, "toFieldPath": f"status.things.thing-{number}"}],
    }


def _of_resources_mode() -> Callable[[], object]:
    plan = rendering.plan({"resources": templates()})
    observed = _exists(rendering.render(plan, COMPOSITE, {}))

    def render() -> object:
        rendered = rendering.render(plan, COMPOSITE, observed)
        return rendering.conclude(plan, COMPOSITE, rendered, observed, {})

    return render


def _of_the_function() -> Callable[[], object]:
    given = {"apiVersion": "pt.fn.crossplane.io/v1beta1", "kind": "Resources", "resources": templates()}
    first = patch_and_transform.run(Request(observed=State(Resource(COMPOSITE)), input=given))
    observed = _exists(outcomes.rendered(Outcome(first.desired), COMPOSITE, {}))
    shown = State(Resource(COMPOSITE), {name: Resource(obj) for name, obj in observed.items()})

    def render() -> object:
        outcome = Outcome(patch_and_transform.run(Request(observed=shown, input=given)).desired)
        return outcomes.rendered(outcome, COMPOSITE, observed), outcomes.conclusion(outcome, COMPOSITE)

    return render


def _exists(rendered: rendering.Rendered) -> dict[str, Object]:
    found = {one.name: one.object for one in rendered.resources if one.object is not None}
    if len(found) != RESOURCES or not all(map(objects.name, found.values())):
        raise ValueError(f"not everything was rendered: {[one.error for one in rendered.resources if one.error]}")
    return found


def _milliseconds(render: Callable[[], object]) -> float:
    return round(statistics.median(_times(render)) * 1000, 2)


def _times(render: Callable[[], object]) -> Iterator[float]:
    for _ in range(_ROUNDS):
        began = time.thread_time()
        render()
        yield time.thread_time() - began
