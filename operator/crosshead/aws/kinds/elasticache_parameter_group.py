"""
ElastiCache parameter groups: what an engine is told. AWS takes twenty parameters at a time, and forgets by resetting.

https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateCacheParameterGroup.html
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from crosshead.aws.calls import Call, Create, Delete, Read, Request, Update
from crosshead.aws.comparing import caseless
from crosshead.aws.descriptor import Descriptor, Field, Shown, fixed
from crosshead.aws.kinds.elasticache_tagging import TAGGING, TAGS
from crosshead.aws.shapes import TEXT, Block, Member
from crosshead.base.values import Json, Object
from crosshead.managed.facts import Naming

_BATCH: Final = 20
_PARAMETERS: Final = Block((Member("name", "ParameterName"), Member("value", "ParameterValue")))


def _retuned(changed: Object, scene: Object) -> tuple[Request, ...]:
    wanted, found = _by_name(changed["parameter"]), _by_name(scene["at"].get("parameter") or ())
    gone = sorted(set(found) - set(wanted))
    told = sorted(name for name, value in wanted.items() if found.get(name) != value)
    reset = [{"ParameterName": name} for name in gone]
    modified = [{"ParameterName": name, "ParameterValue": wanted[name]} for name in told]
    return (
        *_batched("reset_cache_parameter_group", reset, scene["id"]),
        *_batched("modify_cache_parameter_group", modified, scene["id"]),
    )


def _batched(operation: str, values: Sequence[Object], group: str) -> Iterator[Request]:
    for start in range(0, len(values), _BATCH):
        batch = list(values[start : start + _BATCH])
        yield Request(operation, {"CacheParameterGroupName": group, "ParameterNameValues": batch})


def _by_name(parameters: Sequence[Object]) -> dict[str, str]:
    return {one["name"]: str(one.get("value", "")) for one in parameters}


def _same_values(declared: Json, found: Json, _: Mapping[str, Json]) -> bool:
    return _by_name(declared) == _by_name(found)


_NAMED: Final = {"CacheParameterGroupName": "spec.name || name"}

PARAMETER_GROUP: Final = Descriptor(
    service="elasticache",
    kind="ParameterGroup",
    plural="parametergroups",
    naming=Naming.BY_PROVIDER,
    identity="CacheParameterGroupName",
    reads=(
        Read(Call("describe_cache_parameter_groups", {"CacheParameterGroupName": "id"}), "CacheParameterGroups[0]"),
        Read(
            Call("describe_cache_parameters", {"CacheParameterGroupName": "id", "Source": "'user'"}, paged=True),
            "Parameters",
            "Parameters",
        ),
        TAGS,
    ),
    find=Read(Call("describe_cache_parameter_groups", _NAMED), "CacheParameterGroups[0]"),
    creates=(Create(Call("create_cache_parameter_group", _NAMED), "CacheParameterGroup.CacheParameterGroupName"),),
    updates=(Update(call=Call("modify_cache_parameter_group"), plan=_retuned),),
    delete=Delete(call=Call("delete_cache_parameter_group", {"CacheParameterGroupName": "id"})),
    tagging=TAGGING,
    absent=frozenset({"CacheParameterGroupNotFound"}),
    exists=frozenset({"CacheParameterGroupAlreadyExists"}),
    fields=(
        fixed("name", TEXT, "CacheParameterGroupName", same=caseless),
        fixed("family", TEXT, "CacheParameterGroupFamily"),
        replace(fixed("description", TEXT, "Description"), default="Managed by Crossplane"),
        Field(
            name="parameter",
            shape=_PARAMETERS,
            modify="ParameterNameValues",
            read="Parameters",
            late=False,
            same=_same_values,
        ),
    ),
    required=("family", "name"),
    shown=(Shown("arn", "ARN"), Shown("id", "CacheParameterGroupName")),
)
