"""Measure, print a table, write `build/bench.json`. It reports and does not judge: the exit status is 0 when it ran."""

import json
import os
import sys
from collections.abc import Mapping
from typing import Any

from bench import accounts, fleet, measures, rendering
from bench.stage import CORE, ROOT, WORK, stage

# What is to be reached on two cores, in the order of the table.
TARGETS = {
    "claim_ready_s": 0.25,
    "claims_100_ready_s": 15.0,
    "requests_per_claim": 40.0,
    "writes_at_rest_60s": 0.0,
    "rss_mb": 150.0,
    "cpu_s": 6.0,
    "apiserver_cpu_s": 20.0,
    "postgres_ready_s": 2.0,
    "render_resources_ms": 5.0,
    "render_patch_and_transform_ms": 5.0,
    "rds_1000_requests_per_poll": 11.0,
    "managed_1500_rss_mb": 250.0,
    "managed_1500_writes_at_rest": 0.0,
    "first_reconcile_while_polling_s": 1.0,
}
# What is told without a target.
TOLD = (
    "xrs_1000_ready_s",
    "rss_1000_mb",
    "rerender_1000_s",
    "rerender_1000_cpu_s",
    "rerender_1000_apiserver_cpu_s",
    "no_change_1000_composing_cpu_s",
    "no_change_1000_remembered_cpu_s",
    "no_change_ratio",
    "no_change_pipeline_composing_ms",
    "no_change_pipeline_remembered_ms",
    "rds_1000_requests_one_by_one",
    "managed_1500_ready_s",
    "managed_1500_cpu_s_per_poll",
    "managed_1500_aws_requests_per_hour",
)


# Lists at the start of the garbage collector's watches, and the like.
_WORTH_A_LINE = 0.05


def main() -> int:
    """Run every measure."""
    if not WORK.is_dir():
        print(f"bench: left out, the work is described in {WORK.relative_to(ROOT.parent)}, which is not here")
        return 2
    print(f"bench: load {os.getloadavg()[0]:.1f}; one composite of {rendering.RESOURCES} resources, in process …")
    results: dict[str, Any] = {"load": os.getloadavg()[0], **rendering.measure()}
    with stage(groups=CORE) as running:
        measures.prepare_triples(running)
        for what, measure in (
            ("one claim, six times", measures.one_claim),
            (f"{measures.MANY} claims at once, {measures.REST_SECONDS:.0f} s of rest in between", measures.many_claims),
            ("the golden path's database, four times", measures.postgres),
            (f"a poll of {accounts.POLLED} databases", accounts.poll_databases),
            (f"{fleet.SIZE} composites, their Composition changed, and passes with nothing to do", fleet.measure),
        ):
            print(f"bench: {what} …", flush=True)
            results |= measure(running)
    print(f"bench: {accounts.BUCKETS} buckets and {accounts.DATABASES} databases, in a cluster of their own …")
    with stage(*accounts.FLAGS) as running:
        results |= accounts.measure(running)
    _report(results)
    return 0


def _report(results: Mapping[str, Any]) -> None:
    print(f"\n{'measure':<32}{'measured':>10}{'to reach':>10}")
    for name, target in TARGETS.items():
        value = results[name]["total"] if name == "requests_per_claim" else results[name]
        print(f"{name:<32}{value:>10}{target:>10g}{'' if value <= target else '   over'}")
    for name in TOLD:
        print(f"{name:<32}{results[name]:>10}")
    print("\nrequests per claim, from create to gone:")
    counted = sorted(results["requests_per_claim"].items(), key=lambda item: -item[1])
    for name, count in (item for item in counted if item[1] >= _WORTH_A_LINE):
        print(f"  {name:<40}{count:>8}")
    print(f"  {'each of the others, less than':<40}{_WORTH_A_LINE:>8}")
    file = ROOT / "build" / "bench.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(results, indent=2) + "\n")
    print(f"\nwritten to {file.relative_to(ROOT)}")


if __name__ == "__main__":
    sys.exit(main())
