"""The lives of the kinds of iam."""

import json

from tests.aws.lives import Land, Life


def trust(service: str) -> str:
    """Return the policy that lets *service* take a role on."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def reading(*buckets: str) -> str:
    """Return the policy that lets whoever has it read *buckets*."""
    resources = [f"arn:aws:s3:::{bucket}/*" for bucket in buckets]
    statement = {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": resources}
    return json.dumps({"Version": "2012-10-17", "Statement": statement})


VIEWER = "arn:aws:iam::aws:policy/ReadOnlyAccess"
BOUNDARY = "arn:aws:iam::aws:policy/PowerUserAccess"


def role(land: Land, called: str = "land-of-roles", service: str = "ec2.amazonaws.com") -> str:
    """Return a role for others to stand on."""
    return land.made("iam", "Role", called, assumeRolePolicy=trust(service))


def user(land: Land) -> str:
    """Return a user for others to stand on."""
    return land.made("iam", "User", "land-of-users", forceDestroy=True)


LIVES = (
    Life(
        "iam",
        "Role",
        lambda _: {
            "assumeRolePolicy": trust("ec2.amazonaws.com"),
            "description": "who serves orders",
            "path": "/orders/",
            "managedPolicyArns": [VIEWER],
            "inlinePolicy": [{"name": "in", "policy": reading("in")}, {"name": "out", "policy": reading("out")}],
            "tags": {"team": "orders"},
        },
        change={
            "assumeRolePolicy": trust("lambda.amazonaws.com"),
            "description": "who serves orders now",
            "maxSessionDuration": 7200,
            "permissionsBoundary": BOUNDARY,
            "managedPolicyArns": [BOUNDARY],
            "inlinePolicy": [{"name": "in", "policy": reading("in", "elsewhere")}],
            "tags": {"team": "billing"},
        },
        refused={"path": "/billing/"},
    ),
    Life(
        "iam",
        "Policy",
        lambda _: {"policy": reading("orders"), "description": "who reads orders", "path": "/orders/"},
        change={"policy": reading("orders", "more-orders"), "tags": {"team": "orders"}},
        refused={"description": "who reads everything"},
        imported=("path",),
    ),
    Life(
        "iam",
        "RolePolicyAttachment",
        lambda land: {"role": role(land), "policyArn": VIEWER},
        refused={"policyArn": BOUNDARY},
    ),
    Life(
        "iam",
        "RolePolicy",
        lambda land: {"role": role(land), "policy": reading("orders")},
        change={"policy": reading("orders", "more-orders")},
        imported=("role",),
    ),
    Life(
        "iam",
        "InstanceProfile",
        lambda land: {"role": role(land), "path": "/orders/"},
        change={"tags": {"team": "orders"}},
        elsewhere=lambda land: {"role": role(land, "another-role")},
        refused={"path": "/billing/"},
    ),
    Life(
        "iam",
        "User",
        lambda _: {"path": "/orders/", "forceDestroy": True},
        change={"path": "/billing/", "permissionsBoundary": BOUNDARY, "tags": {"team": "orders"}},
    ),
    Life(
        "iam",
        "UserPolicyAttachment",
        lambda land: {"user": user(land), "policyArn": VIEWER},
        refused={"policyArn": BOUNDARY},
    ),
    Life(
        "iam",
        "AccessKey",
        lambda land: {"user": user(land), "status": "Active"},
        change={"status": "Inactive"},
        imported=("user",),
        traceable=False,
    ),
    Life(
        "iam",
        "OpenIDConnectProvider",
        lambda _: {
            "url": "https://oidc.example.org/id/ORDERS",
            "clientIdList": ["sts.amazonaws.com", "orders"],
            "thumbprintList": ["9E99A48A9960B14926BB7F3B02E22DA2B0AB7280"],
        },
        change={
            "clientIdList": ["sts.amazonaws.com", "billing"],
            "thumbprintList": ["990F4193972F2BECF12DDEDA5237F9C952F20D9E"],
            "tags": {"team": "orders"},
        },
        refused={"url": "https://oidc.example.org/id/BILLING"},
        absent_name="arn:aws:iam::123456789012:oidc-provider/oidc.example.org/id/NOBODY",
    ),
)
