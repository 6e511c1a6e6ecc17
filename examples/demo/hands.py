"""Somebody changes things in AWS by hand; the operator puts them back. Then a team changes its mind."""

from demo import cluster
from demo.cloud import Record
from demo.scene import Scene
from demo.teams import CLAIMS
from demo.telling import DemoError


def meddle(scene: Scene) -> None:
    """Change two things past the operator, and verify that both are put back."""
    teller = scene.teller
    teller.chapter("Somebody changes things by hand in AWS")
    database, bucket = _named(scene)
    teller.command(f"aws rds modify-db-instance --db-instance-identifier {database} --backup-retention-period 2")
    scene.cloud.client("rds").modify_db_instance(
        DBInstanceIdentifier=database, BackupRetentionPeriod=2, ApplyImmediately=True
    )
    teller.command(f"aws s3api delete-public-access-block --bucket {bucket}")
    scene.cloud.client("s3").delete_public_access_block(Bucket=bucket)
    teller.check("AWS shows the bucket open", not scene.cloud.is_closed(bucket))
    teller.wait("both are as declared again", lambda: _restored(scene, bucket), 40)
    teller.check(
        "the public access block is back, all four parts of it",
        scene.cloud.is_closed(bucket),
    )
    teller.check("the database keeps backups for 14 days again", _retention(scene) == 14)


def _named(scene: Scene) -> tuple[str, str]:
    database, bucket = scene.cloud.database("order-service-db"), scene.cloud.bucket("order-invoices")
    if database is None or bucket is None:
        raise DemoError("the production database or bucket is not in AWS")
    return str(database["DBInstanceIdentifier"]), bucket


def _retention(scene: Scene) -> int:
    return int((scene.cloud.database("order-service-db") or {}).get("BackupRetentionPeriod", 0))


def _restored(scene: Scene, bucket: str) -> tuple[str, bool | None]:
    closed, days = scene.cloud.is_closed(bucket), _retention(scene)
    progress = f"bucket {'closed' if closed else 'open'}, backups kept {days} days"
    return progress, True if closed and days == 14 else None


def grow(scene: Scene) -> None:
    """Give a database more storage."""
    scene.teller.chapter("A team needs more storage")
    kind, where = "postgresdatabases.platform.example.org", ("-n", "checkout-dev")
    scene.cluster.do("patch", kind, "checkout-db", *where, "--type=merge", "-p", '{"spec":{"storageGb":30}}')

    def look() -> tuple[str, Record | None]:
        database = scene.cloud.database("checkout-db") or {}
        size, status = database.get("AllocatedStorage"), database.get("DBInstanceStatus")
        return f"AWS has {size} GB, {status}", database if (size, status) == (30, "available") else None

    scene.teller.wait("AWS has enlarged the disk", look, 40)
    sight = scene.wait_for_ready("everything is ready again", CLAIMS)
    claim = sight.by_name["PostgresDatabase", "checkout-db"]
    scene.teller.check("the database has 30 GB, and nothing else about it has changed", _unchanged(scene))
    scene.teller.check("its claim is Synced and Ready again", cluster.is_true(claim, "Synced", "Ready"))


def _unchanged(scene: Scene) -> bool:
    database = scene.cloud.database("checkout-db") or {}
    facts = (database.get("AllocatedStorage"), database.get("StorageType"), database.get("DBInstanceClass"))
    return facts == (30, "gp3", "db.t4g.small")
