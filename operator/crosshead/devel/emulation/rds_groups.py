"""RDS's groups of parameters and options: what AWS has by default, what it refuses, and what moto forgets."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import moto.rds.models as moto_rds
from moto.rds.exceptions import RDSClientError

# Some of what AWS knows of each family of engines, with its default: in AWS there are hundreds.
_DEFAULTS = {
    "postgres": {"log_min_duration_statement": "-1", "rds.force_ssl": "1", "work_mem": None, "max_connections": None},
    "mysql": {"character_set_server": None, "max_connections": None, "slow_query_log": "0", "performance_schema": "0"},
}
# They take effect when an instance starts, and only then.
_STATIC = {"max_connections", "performance_schema", "shared_buffers", "shared_preload_libraries"}

Parameter = dict[str, Any]


def listed(family: str, changed: Mapping[str, Mapping[str, Any]], asked: Mapping[str, Any]) -> list[Parameter]:
    """Return the parameters of a group that *asked* asks for: those of a source, or by name."""
    names = {name for one in asked.get("Filters", ()) if one["Name"] == "parameter-name" for name in one["Values"]}
    return [
        one
        for one in _parameters(family, changed)
        if asked.get("Source", one["Source"]) == one["Source"] and (not names or one["ParameterName"] in names)
    ]


def _parameters(family: str, changed: Mapping[str, Mapping[str, Any]]) -> Iterator[Parameter]:
    defaults = next((some for engine, some in _DEFAULTS.items() if engine in family), {})
    for name, value in sorted({**dict.fromkeys(changed), **defaults}.items()):
        found = {"ParameterName": name, "ParameterValue": value, "Source": "engine-default", "IsModifiable": True}
        kind = {"ApplyType": "static" if name in _STATIC else "dynamic", "ApplyMethod": "pending-reboot"}
        # AWS does not count as set what was set to its default.
        mine = changed.get(name, {})
        source = {"Source": "user"} if mine and (value is None or mine.get("ParameterValue") != value) else {}
        yield {**found, **kind, **mine, **source}


def refuse(parameters: Iterable[Mapping[str, Any]]) -> None:
    """Refuse more than twenty, and what a running engine cannot take over."""
    if len(given := list(parameters)) > 20:
        raise RDSClientError("InvalidParameterValue", "Only 20 parameters can be modified in a single request.")
    for one in given:
        if one["ParameterName"] in _STATIC and one.get("ApplyMethod") == "immediate":
            raise RDSClientError(
                "InvalidParameterCombination",
                f"cannot use immediate apply method for static parameter: {one['ParameterName']}",
            )


def reset(changed: dict[str, Any], asked: Mapping[str, Any]) -> None:
    """Put parameters back to their defaults: those that are named, or all."""
    refuse(asked.get("Parameters", ()))
    names = list(changed) if asked.get("ResetAllParameters") else [p["ParameterName"] for p in asked["Parameters"]]
    for name in names:
        changed.pop(name, None)


class OptionGroup(moto_rds.OptionGroup):  # type: ignore[misc]  # moto ships no types
    """Named as moto's own. It keeps all that an option was told, and has settings that nobody named."""

    @property
    def options(self) -> list[dict[str, Any]]:
        """The options, with their settings and those that AWS adds."""
        return list(self._options.values())

    @property
    def option_group_description(self) -> str:
        """What the serialiser asks for."""
        return str(self.description)

    def add_options(self, options_to_add: Iterable[Mapping[str, Any]]) -> None:
        """Put options in, or change them."""
        for told in options_to_add:
            settings = {one["Name"]: one["Value"] for one in told.get("OptionSettings", ())}
            named = {"OptionName": told["OptionName"], "Permanent": False, "Persistent": False}
            groups = told.get("VpcSecurityGroupMemberships", ())
            self._options[told["OptionName"]] = {
                **named,
                **{name: told[name] for name in ("Port", "OptionVersion") if told.get(name) is not None},
                "OptionSettings": [{"Name": n, "Value": v} for n, v in {"LOG_LEVEL": "1", **settings}.items()],
                "VpcSecurityGroupMemberships": [{"VpcSecurityGroupId": one, "Status": "active"} for one in groups],
            }
