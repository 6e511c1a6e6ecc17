"""All AWS kinds that are served. A new kind is a row in a module of `kinds/`, a new service a row here."""

from typing import Final

from crosshead.aws.kinds import (
    cloudwatchlogs,
    dynamodb,
    ec2,
    ecr,
    eks,
    elasticache,
    iam,
    kms,
    lambda_,
    rds,
    route53,
    s3,
    secretsmanager,
    sns,
    sqs,
    ssm,
)
from crosshead.aws.listings import with_listings

_ROWS: Final = (
    *ec2.KINDS,
    *elasticache.KINDS,
    *rds.KINDS,
    *s3.KINDS,
    *iam.KINDS,
    *eks.KINDS,
    *lambda_.KINDS,
    *ecr.KINDS,
    *kms.KINDS,
    *secretsmanager.KINDS,
    *cloudwatchlogs.KINDS,
    *dynamodb.KINDS,
    *ssm.KINDS,
    *sqs.KINDS,
    *sns.KINDS,
    *route53.KINDS,
)

KINDS: Final = tuple(map(with_listings, _ROWS))
