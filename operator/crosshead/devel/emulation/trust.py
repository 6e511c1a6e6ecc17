"""STS that asks whether a role trusts who wants to assume it, where moto hands out any role to anybody."""

from collections.abc import Iterable, Mapping
from json import loads
from typing import Any

import moto.sts.responses as moto_responses
import moto.sts.urls as moto_urls
from moto.core.responses import ActionResult
from moto.iam.models import iam_backends
from moto.sts.exceptions import STSClientError

from crosshead.devel.emulation.timeline import Timeline

Context = Mapping[str, tuple[str, ...]]


class TokenResponse(moto_responses.TokenResponse):  # type: ignore[misc]  # moto ships no types
    """One request; moto finds the method by the name of the operation."""

    def assume_role(self) -> ActionResult:  # noqa: D102
        self._check(self._callers(), self._context())
        return super().assume_role()

    def assume_role_with_web_identity(self) -> ActionResult:  # noqa: D102
        if not self._get_param("WebIdentityToken"):
            raise STSClientError("InvalidIdentityToken", "Missing a token")
        return super().assume_role_with_web_identity()

    def _check(self, callers: frozenset[str], context: Context) -> None:
        arn = str(self._get_param("RoleArn"))
        policy = _trust_policy(arn, self.partition)
        if policy is not None and not any(_allows(one, callers, context) for one in _many(policy.get("Statement"))):
            caller = min(callers, key=lambda name: name.endswith(":root"))
            raise STSClientError(
                "AccessDenied", f"User: {caller} is not authorized to perform: sts:AssumeRole on resource: {arn}"
            )

    def _callers(self) -> frozenset[str]:
        """Return what a policy may call the caller."""
        key = self.get_access_key()
        assumed = self.backend.get_assumed_role_from_access_key(key)
        _, arn, account = self.backend.get_caller_identity(key, self.region)
        return frozenset({arn, assumed.role_arn if assumed else arn, f"arn:{self.partition}:iam::{account}:root"})

    def _context(self) -> Context:
        tags = {f"aws:RequestTag/{tag['Key']}": (tag["Value"],) for tag in self._get_param("Tags") or ()}
        external = self._get_param("ExternalId")
        return {
            **tags,
            "aws:TagKeys": tuple(tag["Key"] for tag in self._get_param("Tags") or ()),
            "sts:TransitiveTagKeys": tuple(self._get_param("TransitiveTagKeys") or ()),
            "sts:ExternalId": (external,) if external else (),
            "sts:RoleSessionName": (self._get_param("RoleSessionName"),),
        }


def _trust_policy(arn: str, partition: str) -> Mapping[str, Any] | None:
    """Return the policy of a role; None for one that does not exist: anybody may have that, as in moto."""
    account = (arn.split(":") + [""] * 5)[4]
    roles = iam_backends[account][partition].roles.values() if account in iam_backends else ()
    found = next((role for role in roles if role.arn == arn), None)
    return None if found is None else loads(found.assume_role_policy_document)


def _allows(statement: Mapping[str, Any], callers: frozenset[str], context: Context) -> bool:
    principal = statement.get("Principal") or {}
    trusted = {"*"} if principal == "*" else set(_many(principal.get("AWS")))
    is_met = all(
        _is_met(operator, context.get(key, ()), set(_many(wanted)))
        for operator, conditions in (statement.get("Condition") or {}).items()
        for key, wanted in conditions.items()
    )
    return statement.get("Effect") == "Allow" and bool(trusted & {"*", *callers}) and is_met


def _is_met(operator: str, found: Iterable[str], wanted: set[str]) -> bool:
    """Judge the operators that compare texts for sameness; others hold."""
    quantifier, _, name = operator.rpartition(":")
    if name != "StringEquals":
        return True
    return all(value in wanted for value in found) if quantifier == "ForAllValues" else bool(wanted & set(found))


def _many(value: Any) -> list[Any]:  # noqa: ANN401  # JSON
    return value if isinstance(value, list) else [] if value is None else [value]


def install(_: Timeline) -> None:
    """Put this STS in the place of moto's."""
    moto_urls.url_paths["{0}/$"] = TokenResponse.dispatch
