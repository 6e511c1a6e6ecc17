"""References in a few words: a field, and the kind that fills it."""

from dataclasses import replace
from typing import Final

from crosshead.base.objects import Kind
from crosshead.managed.facts import Reference

ARN: Final = "status.atProvider.arn"
ID: Final = "status.atProvider.id"
EXTERNAL_NAME: Final = "external-name"


def kind(service: str, name: str, version: str = "v1beta1") -> Kind:
    """Return one of the provider's kinds."""
    return Kind(f"{service}.aws.upbound.io/{version}", name)


VPC: Final = kind("ec2", "VPC")
SUBNET: Final = kind("ec2", "Subnet")
SECURITY_GROUP: Final = kind("ec2", "SecurityGroup")
KEY: Final = kind("kms", "Key")
ROLE: Final = kind("iam", "Role")
BUCKET: Final = kind("s3", "Bucket")


def one(field: str, target: Kind, extract: str = EXTERNAL_NAME) -> Reference:
    """Return the reference that fills *field*."""
    return Reference(field, f"{field}Ref", f"{field}Selector", target, extract)


def many(field: str, target: Kind, extract: str = EXTERNAL_NAME) -> Reference:
    """Return the reference that fills the list *field*, whose name ends in `s`."""
    singular = field.removesuffix("s")
    return Reference(field, f"{singular}Refs", f"{singular}Selector", target, extract, many=True)


def within(block: str, reference: Reference) -> Reference:
    """Return *reference* as one of a parameter inside *block* (`vpcConfig[0]`, `rule[*]`)."""
    field, ref, selector = (f"{block}.{path}" for path in (reference.field, reference.ref, reference.selector))
    return replace(reference, field=field, ref=ref, selector=selector)
