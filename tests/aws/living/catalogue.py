"""All lives."""

from tests.aws.living import (
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

LIVES = (
    *ec2.LIVES,
    *elasticache.LIVES,
    *rds.LIVES,
    *s3.LIVES,
    *iam.LIVES,
    *eks.LIVES,
    *lambda_.LIVES,
    *ecr.LIVES,
    *kms.LIVES,
    *secretsmanager.LIVES,
    *cloudwatchlogs.LIVES,
    *dynamodb.LIVES,
    *ssm.LIVES,
    *sqs.LIVES,
    *sns.LIVES,
    *route53.LIVES,
)
