"""The claims go; what must go with them goes, what must stay stays."""

from demo.cluster import Object
from demo.scene import CLAIMS, Scene, Sight


def leave(scene: Scene) -> None:
    """Delete every claim and prove what is left."""
    teller = scene.teller
    teller.chapter("The teams leave")
    for namespace in ("order-service-prod", "checkout-dev"):
        scene.cluster.do("delete", "--wait=false", "-n", namespace, CLAIMS, "--all")
    teller.wait("everything of the claims is gone from the cluster", lambda: _gone(scene), 60)
    sight = scene.look()
    teller.check("no claim and no composite is left", not sight.claims and not sight.composites)
    teller.check(
        "of managed resources only the platform's network is left",
        {m["kind"] for m in sight.managed} == {"VPC", "Subnet"},
    )
    # Theirs is the API server's garbage collector, which takes its time.
    teller.wait("the connection Secrets have followed their owners", lambda: _no_secret(scene), 60)
    teller.check("no connection Secret is left in any namespace", not _secrets(scene))
    _verify_deleted(scene)
    _verify_kept(scene)


def _gone(scene: Scene) -> tuple[str, Sight | None]:
    sight = scene.look()
    rest = [m for m in sight.managed if m["kind"] not in {"VPC", "Subnet"}]
    progress = f"{len(sight.claims)} claims, {len(sight.composites)} composites, {len(rest)} managed resources left"
    return progress, None if sight.claims or sight.composites or rest else sight


def _secrets(scene: Scene) -> list[Object]:
    return [s for s in scene.cluster.list("secrets") if s.get("type") == "connection.crossplane.io/v1alpha1"]


def _no_secret(scene: Scene) -> tuple[str, bool | None]:
    left = len(_secrets(scene))
    return f"{left} left", None if left else True


def _verify_deleted(scene: Scene) -> None:
    cloud = scene.cloud
    scene.teller.check(
        "AWS has deleted the development database and bucket",
        cloud.database("checkout-db") is None and cloud.bucket("checkout-uploads") is None,
    )
    scene.teller.check("AWS has deleted both caches, which hold nothing worth keeping", not cloud.caches())


def _verify_kept(scene: Scene) -> None:
    cloud = scene.cloud
    database = cloud.database("order-service-db") or {}
    scene.teller.check(
        "the production database is still there, available (its claim said nothing, so it is production)",
        database.get("DBInstanceStatus") == "available",
    )
    groups = [g["DBSubnetGroupName"] for g in cloud.subnet_groups()]
    behind = [g["VpcSecurityGroupId"] for g in database.get("VpcSecurityGroups") or ()]
    scene.teller.check(
        "with the subnet group and the security group that it needs, and no other",
        groups == [(database.get("DBSubnetGroup") or {}).get("DBSubnetGroupName")]
        and [g["GroupId"] for g in cloud.security_groups()] == behind,
    )
    bucket = cloud.bucket("order-invoices") or ""
    scene.teller.check(
        "the production bucket is still there, and still versioned, encrypted and closed",
        bool(bucket) and cloud.is_versioned(bucket) and cloud.is_encrypted(bucket) and cloud.is_closed(bucket),
    )
