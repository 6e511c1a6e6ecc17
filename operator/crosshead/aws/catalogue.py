"""All AWS kinds that are served. A new kind is a row in a module of `kinds/`, a new service a row here."""

from typing import Final

from crosshead.aws.kinds import ec2, elasticache, rds, s3

KINDS: Final = (*ec2.KINDS, *elasticache.KINDS, *rds.KINDS, *s3.KINDS)
