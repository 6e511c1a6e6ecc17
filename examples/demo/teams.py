"""Two teams ask for what they need, and get it."""

import base64

from demo import cluster
from demo.cloud import Record
from demo.scene import Scene, Sight

CLAIMS = 6


def ask(scene: Scene) -> None:
    """Apply six claims and verify what became of them, in the cluster and in AWS."""
    scene.teller.chapter("Two teams ask for databases, buckets and caches")
    scene.cluster.do("apply", "-f", "examples/order-service-prod/", "-f", "examples/checkout-dev/")
    _verify_patience(scene)
    scene.tree(scene.look(), only="order-service-db")
    sight = scene.wait_for_ready("everything is ready", CLAIMS)
    scene.tree(sight)
    _verify_claims(scene, sight)
    _verify_secret(scene)
    scene.teller.chapter("What AWS holds now")
    _verify_databases(scene)
    _verify_buckets(scene)
    _verify_caches(scene)


def _verify_patience(scene: Scene) -> None:
    def look() -> tuple[str, cluster.Object | None]:
        claim = scene.cluster.get("postgresdatabases.platform.example.org", "order-service-db", "order-service-prod")
        seen = cluster.condition(claim or {}, "Ready")
        return str(seen.get("reason", "no condition yet")), seen or None

    seen = scene.teller.wait("the claim tells how it is", look, 20)
    scene.teller.check(
        f"while AWS creates the database the claim says so: Ready={seen['status']}, {seen['reason']}",
        seen["status"] == "False" and seen["reason"] in {"Waiting", "Creating"},
    )


def _verify_claims(scene: Scene, sight: Sight) -> None:
    scene.teller.check(
        f"all {CLAIMS} claims, {len(sight.composites)} composites and {len(sight.managed)} managed resources are "
        "Synced and Ready",
        sight.all_ready and sight.ready_claims == CLAIMS and len(sight.composites) == CLAIMS,
    )
    claim = sight.by_name["PostgresDatabase", "order-service-db"]
    database = scene.cloud.database("order-service-db") or {}
    shown = (claim.get("status") or {}).get("address")
    scene.teller.check(
        f"the claim order-service-db shows the address that AWS gave it: {shown}",
        shown is not None and shown == (database.get("Endpoint") or {}).get("Address"),
    )


def _verify_secret(scene: Scene) -> None:
    secret = scene.cluster.get("secret", "checkout-db-connection", "checkout-dev") or {}
    data = {key: base64.b64decode(value).decode() for key, value in (secret.get("data") or {}).items()}
    database = scene.cloud.database("checkout-db") or {}
    endpoint = database.get("Endpoint") or {}
    scene.teller.say(f"Secret checkout-db-connection holds: {', '.join(sorted(data))}")
    scene.teller.check(
        "the Secret of checkout-db holds all that an application needs to connect, as AWS has it",
        set(data) == {"endpoint", "host", "port", "database", "username", "password"}
        and data["host"] == endpoint.get("Address")
        and data["port"] == str(endpoint.get("Port"))
        and data["username"] == database.get("MasterUsername"),
    )
    scene.teller.check("its password was generated, and is long", len(data.get("password", "")) >= 16)


def _verify_databases(scene: Scene) -> None:
    databases = scene.cloud.databases()
    for database in databases:
        scene.teller.say(_describe(database))
    scene.teller.check(
        "two databases: encrypted, on gp3 storage, out of the public's reach",
        len(databases) == 2
        and all(d["StorageEncrypted"] and d["StorageType"] == "gp3" for d in databases)
        and not any(d["PubliclyAccessible"] for d in databases),
    )
    scene.teller.check(
        "both in the platform's network, each behind a security group of its own",
        {d["DBSubnetGroup"]["VpcId"] for d in databases} == {v["VpcId"] for v in scene.cloud.vpcs()}
        and len({d["VpcSecurityGroups"][0]["VpcSecurityGroupId"] for d in databases}) == 2,
    )
    kept = scene.cloud.database("order-service-db") or {}
    scene.teller.check(
        "the production one is protected against deletion and keeps backups for 14 days",
        bool(kept.get("DeletionProtection")) and kept.get("BackupRetentionPeriod") == 14,
    )


def _describe(database: Record) -> str:
    return (
        f"RDS {database['DBInstanceIdentifier']}: {database['Engine']} {database['EngineVersion']}, "
        f"{database['DBInstanceClass']}, {database['AllocatedStorage']} GB {database['StorageType']}, "
        f"{database['DBInstanceStatus']}"
    )


def _verify_buckets(scene: Scene) -> None:
    buckets = scene.cloud.buckets()
    for bucket in buckets:
        scene.teller.say(f"S3 {bucket}")
    scene.teller.check(
        "two buckets: versioned, encrypted, all public access blocked, though no claim mentions it",
        len(buckets) == 2
        and all(
            scene.cloud.is_versioned(b) and scene.cloud.is_encrypted(b) and scene.cloud.is_closed(b) for b in buckets
        ),
    )


def _verify_caches(scene: Scene) -> None:
    caches = scene.cloud.caches()
    for cache in caches:
        scene.teller.say(f"ElastiCache {cache['ReplicationGroupId']}: {cache['CacheNodeType']}, {cache['Status']}")
    scene.teller.check(
        "two Redis caches, encrypted at rest and in transit",
        len(caches) == 2
        and all(c.get("AtRestEncryptionEnabled") and c.get("TransitEncryptionEnabled") for c in caches),
    )
