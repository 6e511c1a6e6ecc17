import time
import yaml
from tests.journeys.stage import ROOT, Stage
FILES = sorted(p for s in ("rds", "dynamodb") for p in (ROOT / "examples" / "aws" / s).glob("*.yaml"))
def kinds(doc):
    return f"{doc['kind']}.v1beta1.{doc['apiVersion'].partition('/')[0]}".lower()
def test_examples(stage: Stage) -> None:
    docs = []
    stage.serve("dynamodb.aws.upbound.io", "iam.aws.upbound.io", "kms.aws.upbound.io", "secretsmanager.aws.upbound.io")
    for path in FILES:
        stage.kubectl("apply", "-f", str(path))
        docs += [d for d in yaml.safe_load_all(path.read_text()) if d]
    late = time.monotonic() + 150
    left = docs
    while left and time.monotonic() < late:
        left = [d for d in left if stage.condition(kinds(d), d["metadata"]["name"], "Ready").get("status") != "True"]
        time.sleep(1)
    bad = [(d["kind"], d["metadata"]["name"], stage.get(kinds(d), d["metadata"]["name"]).get("status")) for d in left]
    assert not bad, bad
    time.sleep(8)
    bad = []
    for d in docs:
        c = stage.condition(kinds(d), d["metadata"]["name"], "Synced")
        r = stage.condition(kinds(d), d["metadata"]["name"], "Ready")
        if c.get("status") != "True" or r.get("status") != "True":
            bad.append((d["kind"], d["metadata"]["name"], c, r))
    assert not bad, bad
    def puts():
        return {k: v for k, v in stage.control.counts().items() if k.startswith(("rds", "dynamodb")) and ":Describe" not in k and ":List" not in k}
    one = puts(); time.sleep(8); two = puts()
    assert one == two, (one, two)
    print(one)
    print(yaml.safe_dump(stage.get("cluster.v1beta1.rds.aws.upbound.io", "shop-catalogue")["status"]))
    print(yaml.safe_dump(stage.get("instance.v1beta1.rds.aws.upbound.io", "shop-orders")["status"]))
    print(stage.get("secret", "shop-orders-connection", "crossplane-system")["data"].keys(), stage.get("secret", "shop-catalogue-connection", "crossplane-system")["data"].keys())
    stage.kubectl("patch", "instance.v1beta1.rds.aws.upbound.io", "shop-orders", "--type=merge", "-p", '{"spec":{"forProvider":{"instanceClass":"db.t4g.large","engineVersion":"17","allowMajorVersionUpgrade":true}}}')
    late = time.monotonic() + 60
    while time.monotonic() < late:
        got = stage.get("instance.v1beta1.rds.aws.upbound.io", "shop-orders")
        at = got["status"]["atProvider"]
        if at["instanceClass"] == "db.t4g.large" and at["engineVersion"].startswith("17") and "blueGreenUpdate" not in at:
            break
        time.sleep(0.5)
    print(at["instanceClass"], at["engineVersion"], at.get("blueGreenUpdate"), at["id"], got["metadata"]["annotations"], got["status"]["conditions"])
    print({k: v for k, v in puts().items() if v != two.get(k)})
    assert at["engineVersion"].startswith("17")
    time.sleep(6)
    print([d["DBInstanceIdentifier"] for d in stage.aws("rds", "eu-central-1").describe_db_instances()["DBInstances"]], stage.aws("rds", "eu-central-1").describe_blue_green_deployments()["BlueGreenDeployments"])
    for path in FILES:
        stage.kubectl("delete", "-f", str(path), "--wait=false")
    late = time.monotonic() + 150
    left = docs
    while left and time.monotonic() < late:
        left = [d for d in left if stage.get(kinds(d), d["metadata"]["name"]) is not None]
        time.sleep(1)
    bad = [(d["kind"], d["metadata"]["name"], stage.get(kinds(d), d["metadata"]["name"]).get("status", {}).get("conditions")) for d in left]
    assert not bad, bad
    assert not stage.aws("rds", "eu-central-1").describe_db_instances()["DBInstances"]
    assert not stage.aws("rds", "eu-central-1").describe_db_clusters()["DBClusters"]
    assert not stage.aws("dynamodb", "eu-central-1").list_tables()["TableNames"]
