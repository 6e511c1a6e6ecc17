"""Lambda with the settings that moto forgets, and the conditions of permissions."""

import json
from typing import Any

import moto.awslambda.models as moto_lambda
import moto.awslambda.policy as moto_policy
from moto.awslambda.exceptions import LambdaClientError

from crosshead.devel.emulation.timeline import Timeline

# What moto neither changes nor shows, and what AWS shows of it when nobody has asked for anything.
_KEPT: dict[str, Any] = {
    "CapacityProviderConfig": None,
    "DeadLetterConfig": None,
    "DurableConfig": None,
    "EphemeralStorage": {"Size": 512},
    "FileSystemConfigs": None,
    "KMSKeyArn": None,
    "LoggingConfig": None,
    "SnapStart": {"ApplyOn": "None", "OptimizationStatus": "Off"},
    "TenancyConfig": None,
    "TracingConfig": {"Mode": "PassThrough"},
}
# What a permission asks for beyond who and what, and how its statement says that.
_CONDITIONS = {
    "EventSourceToken": ("StringEquals", "lambda:EventSourceToken"),
    "FunctionUrlAuthType": ("StringEquals", "lambda:FunctionUrlAuthType"),
}


class LambdaFunction(moto_lambda.LambdaFunction):  # type: ignore[misc]  # moto ships no types
    """One function."""

    def __init__(self, account_id: str, spec: dict[str, Any], *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        self.kept = {name: spec.get(name) or usual for name, usual in _KEPT.items()}
        super().__init__(account_id, spec, *args, **kwargs)

    def get_configuration(self, on_create: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002  # moto's
        """Return what AWS shows of it."""
        shown: dict[str, Any] = super().get_configuration(on_create)
        own = {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{self.function_name}"}
        kept = {name: value for name, value in self.kept.items() if value is not None}
        return {**shown, **kept, "LoggingConfig": {**own, **(self.kept["LoggingConfig"] or {})}}

    def update_configuration(self, config_updates: dict[str, Any]) -> dict[str, Any]:
        """Change what is asked for."""
        self.kept.update((name, value) for name, value in config_updates.items() if name in _KEPT)
        changed: dict[str, Any] = super().update_configuration(config_updates)
        return changed


class Policy(moto_policy.Policy):  # type: ignore[misc]
    """Who may call a function."""

    def add_statement(self, raw: str, qualifier: str | None = None) -> Any:  # noqa: ANN401  # moto's
        """Add a statement of a name that is new."""
        sid = json.loads(raw).get("StatementId")
        if any(one["Sid"] == sid for one in self.statements):
            message = f"The statement id ({sid}) provided already exists."
            raise LambdaClientError("ResourceConflictException", message)
        return super().add_statement(raw, qualifier)

    def decode_policy(self, obj: dict[str, Any]) -> Any:  # noqa: ANN401  # moto's
        """Make a statement of a request; of the JSON within it, nothing but the whole is one."""
        asked = {name: obj.pop(name) for name in _CONDITIONS if name in obj}
        policy = super().decode_policy(obj)
        for name, value in asked.items():
            operator, key = _CONDITIONS[name]
            policy.statements[0].setdefault("Condition", {}).setdefault(operator, {})[key] = value
        return policy

    def principal_formatter(self, obj: Any) -> Any:  # noqa: ANN401
        """An account is the ARN of its root."""
        if isinstance(obj, str) and obj.isdigit():
            return {"AWS": f"arn:aws:iam::{obj}:root"}
        return super().principal_formatter(obj)


def install(_: Timeline) -> None:
    """Put these functions in the place of moto's."""
    moto_lambda.LambdaFunction = LambdaFunction
    moto_lambda.Policy = Policy
