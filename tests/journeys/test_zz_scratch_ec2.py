import time
import yaml
from tests.journeys.stage import ROOT, Stage
def kinds(doc):
    return f"{doc['kind']}.v1beta1.{doc['apiVersion'].partition('/')[0]}".lower()
def test_examples(stage: Stage) -> None:
    stage.serve("ec2.aws.upbound.io")
    path = ROOT / "examples" / "aws" / "ec2" / "subnets.yaml"
    stage.kubectl("apply", "-f", str(path))
    time.sleep(8)
    for r in stage.control.requests(): print(r)
    print(yaml.safe_dump(stage.get("subnet.v1beta1.ec2.aws.upbound.io","shop-subnet-a")))
    stage.kubectl("delete", "-f", str(path), "--wait=false")
    time.sleep(8)
