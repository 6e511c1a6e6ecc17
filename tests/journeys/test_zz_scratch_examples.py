import json
import time
from pathlib import Path

import pytest
import yaml

from tests.journeys.stage import ROOT, Stage, eventually

FILES = sorted(p for s in ("s3", "sqs", "sns") for p in (ROOT / "examples" / "aws" / s).glob("*.yaml"))


def kinds(doc):
    return f"{doc['kind']}.v1beta1.{doc['apiVersion'].partition('/')[0]}".lower()


def test_examples(stage: Stage) -> None:
    docs = []
    stage.serve("sqs.aws.upbound.io", "sns.aws.upbound.io", "iam.aws.upbound.io", "kms.aws.upbound.io")
    for path in FILES:
        stage.kubectl("apply", "-f", str(path))
        docs += [d for d in yaml.safe_load_all(path.read_text()) if d]
    late = time.monotonic() + 120
    left = docs
    while left and time.monotonic() < late:
        left = [d for d in left if stage.condition(kinds(d), d["metadata"]["name"], "Ready").get("status") != "True"]
        time.sleep(1)
    bad = [(d["kind"], d["metadata"]["name"], stage.get(kinds(d), d["metadata"]["name"]).get("status")) for d in left]
    assert not bad, bad
    time.sleep(6)
    bad = []
    for d in docs:
        c = stage.condition(kinds(d), d["metadata"]["name"], "Synced")
        r = stage.condition(kinds(d), d["metadata"]["name"], "Ready")
        if c.get("status") != "True" or r.get("status") != "True":
            bad.append((d["kind"], d["metadata"]["name"], c, r))
    assert not bad, bad
    puts = {k: v for k, v in stage.control.counts().items() if ":Put" in k or ":Set" in k or ":Create" in k}
    time.sleep(6)
    again = {k: v for k, v in stage.control.counts().items() if ":Put" in k or ":Set" in k or ":Create" in k}
    assert puts == again, {k: (puts.get(k), v) for k, v in again.items() if puts.get(k) != v}
    print("puts ok", flush=True)
    words = [w for path in FILES for w in ("-f", str(path))]
    stage.kubectl("delete", *words, "--wait=false")
    late = time.monotonic() + 60
    left = [1]
    while left and time.monotonic() < late:
        left = json.loads(stage.kubectl("get", "managed", "-o", "json"))["items"]
        time.sleep(1)
    for d in left:
        print(d["kind"], d["metadata"]["name"], d["metadata"].get("finalizers"), d.get("status", {}).get("conditions"), flush=True)
    assert not left
    assert not stage.aws("s3").list_buckets()["Buckets"]
