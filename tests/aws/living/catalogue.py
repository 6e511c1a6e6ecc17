"""All lives."""

from tests.aws.living import ec2, elasticache, rds, s3

LIVES = (*ec2.LIVES, *elasticache.LIVES, *rds.LIVES, *s3.LIVES)
