"""What the platform team does once: kinds, credentials, a network, and the golden path."""

from demo import cluster
from demo.cluster import Object
from demo.scene import Scene

_DEFINITIONS = "xpostgresdatabases", "xbuckets", "xrediscaches"
_TOO_MUCH = """
apiVersion: platform.example.org/v1alpha1
kind: PostgresDatabase
metadata: {name: too-much, namespace: checkout-dev}
spec: {storageGb: 10000, region: us-east-1}
"""


def prepare(scene: Scene, emulator: str) -> None:
    """Make the cluster a platform: namespaces, credentials, network, definitions and compositions."""
    teller = scene.teller
    teller.chapter("The platform team prepares the golden path")
    scene.cluster.do("apply", "-f", "examples/platform/namespaces.yaml")
    configure(scene, emulator)
    scene.cluster.do("apply", "-f", "examples/platform/network-us-east-1.yaml")
    scene.cluster.do("apply", "-R", "-f", "compositions/")
    _verify_definitions(scene)
    _verify_network(scene)
    _verify_refusal(scene)


def configure(scene: Scene, emulator: str) -> None:
    """Point the ProviderConfig `default` of the examples at the emulator that runs now."""
    example = (cluster.ROOT / "examples/aws/emulator.yaml").read_text()
    scene.cluster.do("apply", "-f", "-", stdin=example.replace("http://127.0.0.1:5005", emulator))


def _verify_definitions(scene: Scene) -> None:
    names = [f"{plural}.platform.example.org" for plural in _DEFINITIONS]

    def look() -> tuple[str, list[Object] | None]:
        found = [scene.cluster.get("xrd", name) or {} for name in names]
        offered = [x for x in found if cluster.is_true(x, "Established", "Offered")]
        return f"{len(offered)} of {len(names)}", offered if len(offered) == len(names) else None

    scene.teller.wait("the definitions are established and offered", look, 30)
    crd = scene.cluster.get("crd", "postgresdatabases.platform.example.org") or {}
    scene.teller.check(
        "three definitions are Established and Offered; developers have a new kind, PostgresDatabase",
        cluster.is_true(crd, "Established"),
    )


def _verify_network(scene: Scene) -> None:
    def look() -> tuple[str, list[Object] | None]:
        parts = scene.cluster.list("vpcs.ec2.aws.upbound.io,subnets.ec2.aws.upbound.io")
        ready = [p for p in parts if cluster.is_true(p, "Synced", "Ready")]
        return f"{len(ready)} of 3", ready if len(ready) == 3 else None

    scene.teller.wait("the network of us-east-1 is ready", look, 30)
    vpcs = scene.cloud.vpcs()
    subnets = scene.cloud.subnets(vpcs[0]["VpcId"]) if vpcs else []
    scene.teller.check(
        "AWS has one network 10.20.0.0/16 with two private subnets",
        [v["CidrBlock"] for v in vpcs] == ["10.20.0.0/16"]
        and [s["MapPublicIpOnLaunch"] for s in subnets] == [False, False],
    )


def _verify_refusal(scene: Scene) -> None:
    answer = scene.cluster.run("apply", "-f", "-", stdin=_TOO_MUCH)
    scene.teller.say(answer.err)
    scene.teller.check(
        "10,000 GB are refused before anything is made, with a sentence that names the field and the limit",
        answer.status != 0 and "spec.storageGb" in answer.err and "1000" in answer.err,
    )
