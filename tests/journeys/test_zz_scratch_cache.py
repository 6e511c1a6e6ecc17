import json, time
import pytest, yaml
from tests.journeys.stage import ROOT, Stage
SERVICES = ("elasticache","kms","secretsmanager","ssm","cloudwatchlogs","route53")
FILES = sorted(p for s in SERVICES for p in (ROOT / "examples" / "aws" / s).glob("*.yaml"))
W=(":Put", ":Set", ":Create", ":Modify", ":Update", ":Change", ":Associate",":Enable",":Add",":Tag")

def look(stage):
    args=[x for p in FILES for x in ("-f",str(p))]
    out=stage.kubectl("get","--ignore-not-found",*args,"-o","json")
    items=json.loads(out).get("items",[]) if out.strip() else []
    return [i for i in items if i["kind"]!="Secret" or i["apiVersion"]!="v1"]
def cond(o,t):
    return next((c for c in o.get("status",{}).get("conditions",()) if c["type"]==t),{})
def bad(stage):
    return [(o["kind"],o["metadata"]["name"],cond(o,"Ready").get("status"),cond(o,"Synced").get("status"),cond(o,"Synced").get("message"),cond(o,"Ready").get("message")) for o in look(stage) if cond(o,"Ready").get("status")!="True" or cond(o,"Synced").get("status")!="True"]
@pytest.mark.timeout(500)
def test_examples(stage: Stage) -> None:
    stage.serve(*(f"{s}.aws.upbound.io" for s in (*SERVICES,"ec2")))
    for path in FILES:
        stage.kubectl("apply", "-f", str(path))
    late = time.monotonic() + 120
    while bad(stage) and time.monotonic() < late:
        time.sleep(2)
    assert not bad(stage), json.dumps(bad(stage), indent=1)
    time.sleep(6)
    counts=lambda: {k: v for k, v in stage.control.counts().items() if any(w in k for w in W)}
    puts=counts()
    time.sleep(8)
    again=counts()
    assert puts == again, {k: (puts.get(k), v) for k, v in again.items() if puts.get(k) != v}
    for path in FILES:
        stage.kubectl("delete", "-f", str(path), "--wait=false")
    late = time.monotonic() + 120
    while look(stage) and time.monotonic() < late:
        time.sleep(2)
    assert not look(stage), json.dumps(bad(stage), indent=1)
