"""A thousand composites, and a Composition that changes under all of them."""

import time
from collections.abc import Mapping
from typing import Any

import yaml
from kubernetes import client

from bench import claims, metrics, standing
from bench.claims import Claims, Object
from bench.stage import WORK, Stage
from crosshead.base.objects import Kind, Ref
from crosshead.definitions.packages import FUNCTION, FUNCTION_REVISION
from crosshead.reconcilers.directory import XRD
from crosshead.reconcilers.nop import NOP_RESOURCE
from crosshead.reconcilers.revisions import COMPOSITION, REVISION

SIZE = 1000
# Of these only the passes with nothing to do are measured.
PIPELINES = 100
_COMPOSITES = claims.Kind("bench.example.org", "v1alpha1", "xtriples")
_COMPOSED = claims.Kind("nop.crossplane.io", "v1alpha1", "nopresources")
_PATIENCE = 600.0
# Who has written nothing for as long is at rest.
_QUIET_SECONDS = 5.0


def measure(stage: Stage) -> Mapping[str, Any]:
    """Make the fleet, change its Composition, and reconcile it when there is nothing to do."""
    ready = _make(stage, "fleet", SIZE, "triples-resources")
    memory = metrics.resident_mb(stage.pid)
    anew = _rerender(stage)
    _prepare_pipelines(stage)
    _make(stage, "pipe", PIPELINES, "triples-pipeline")
    return {"xrs_1000_ready_s": round(ready, 1), "rss_1000_mb": round(memory, 1), **anew, **_stand(stage)}


def _make(stage: Stage, prefix: str, count: int, composition: str) -> float:
    """Make composites, and wait until the operator is at rest; return how long they took to be ready."""
    names = [f"{prefix}-{n}" for n in range(count)]
    with Claims(stage.api, _COMPOSITES) as composites:
        started = composites.create([_composite(name, composition) for name in names])
        ready = composites.wait(composites.ready, names, _PATIENCE) - started
    _wait_for_rest(stage)
    return ready


def _prepare_pipelines(stage: Stage) -> None:
    function = {
        "apiVersion": FUNCTION.api_version,
        "kind": FUNCTION.kind,
        "metadata": {"name": "function-patch-and-transform"},
        "spec": {"package": "registry.example.org/crossplane-contrib/function-patch-and-transform:v0.10.0"},
    }
    stage.kubectl("apply", "-f", "-", stdin=yaml.safe_dump(function))
    stage.kubectl("apply", "-f", str(WORK / "composition-pipeline.yaml"))


def _rerender(stage: Stage) -> Mapping[str, Any]:
    """Change what every composed resource is to look like; measure until all do, and until the operator is at rest."""
    listing = client.CustomObjectsApi(stage.api).list_cluster_custom_object(*_COMPOSED.path)
    names = [obj["metadata"]["name"] for obj in listing["items"]]
    with stage.profiled(), Claims(stage.api, _COMPOSED, _is_rendered_anew) as composed:
        began, cpu = stage.count(), metrics.cpu_seconds(stage.pid)
        started = time.monotonic()
        stage.kubectl("apply", "-f", "-", stdin=yaml.safe_dump(_changed_composition()))
        done = composed.wait(composed.ready, names, _PATIENCE) - started
        _wait_for_rest(stage)
        spent, cpu = stage.count().since(began), metrics.cpu_seconds(stage.pid) - cpu
    return {
        "rerender_1000_s": round(done, 1),
        "rerender_1000_cpu_s": round(cpu, 2),
        "rerender_1000_apiserver_cpu_s": round(spent.apiserver_cpu, 2),
        "rerender_1000_requests": {"total": spent.total, **dict(sorted(spent.requests.items()))},
    }


def _stand(stage: Stage) -> Mapping[str, Any]:
    composite = Kind(f"{_COMPOSITES.group}/{_COMPOSITES.version}", "XTriple")
    xrd = Ref(XRD, f"{_COMPOSITES.plural}.{_COMPOSITES.group}")
    others = (COMPOSITION, REVISION, NOP_RESOURCE, FUNCTION, FUNCTION_REVISION)
    spent = standing.measure(stage.plane.kubeconfig, xrd, composite, others)
    fleet, pipelines = spent["triples-resources"], spent["triples-pipeline"]
    return {
        "no_change_1000_composing_cpu_s": round(fleet.composing, 3),
        "no_change_1000_remembered_cpu_s": round(fleet.remembered, 3),
        "no_change_ratio": round(fleet.remembered / fleet.composing, 3),
        "no_change_pipeline_composing_ms": round(pipelines.composing / pipelines.count * 1000, 3),
        "no_change_pipeline_remembered_ms": round(pipelines.remembered / pipelines.count * 1000, 3),
    }


def _wait_for_rest(stage: Stage) -> None:
    before = stage.count()
    time.sleep(_QUIET_SECONDS)
    while (now := stage.count()).since(before).writes:
        before = now
        time.sleep(_QUIET_SECONDS)


def _changed_composition() -> Object:
    """Return the composition with another class of small things, in each of its resources."""
    text = (WORK / "composition-resources.yaml").read_text()
    changed: Object = yaml.safe_load(text.replace("small: t3.micro", "small: t3.nano"))
    return changed


def _is_rendered_anew(composed: Object) -> bool:
    fields = composed["spec"]["forProvider"].get("fields") or {}
    return bool(fields.get("class") == "t3.nano")


def _composite(name: str, composition: str) -> Object:
    return {
        "apiVersion": f"{_COMPOSITES.group}/{_COMPOSITES.version}",
        "kind": "XTriple",
        "metadata": {"name": name},
        "spec": {"size": "small", "region": "eu-west-1", "compositionRef": {"name": composition}},
    }
