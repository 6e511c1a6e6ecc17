"""
RDS: groups of parameters, for instances and for clusters, which are the same but for their names.

AWS lists hundreds of parameters per group. Those matter that somebody has set, and those that are declared: told what
is the default already, AWS does not count it as set.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBParameterGroup.html
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from crosshead.aws.calls import Call, Create, Delete, Read, Request, Update
from crosshead.aws.descriptor import Descriptor, Field, Shown, fixed, sent
from crosshead.aws.kinds.rds_tags import TAGGING, tags_of
from crosshead.aws.shapes import FLAG, TEXT, Block, Member
from crosshead.base.values import Json, Object
from crosshead.managed.facts import Naming

Parameter = Mapping[str, Json]

# AWS takes no more of them in a request.
_LIMIT: Final = 20
_PARAMETERS: Final = Block(
    (
        Member("applyMethod", "ApplyMethod"),
        Member("name", "ParameterName"),
        Member("value", "ParameterValue"),
    )
)


def _values(parameters: Iterable[Parameter]) -> dict[str, Json]:
    return {str(one["name"]).lower(): one.get("value") for one in parameters}


def _same(declared: Json, found: Json, _: Object) -> bool:
    """When a value is applied is no difference: AWS tells another word once it has been."""
    return _values(declared) == _values(found)


def _changes(operation: str, member: str, changed: Object, scene: Object) -> Iterator[Request]:
    """Yield the requests that set what differs, and put back to its default what is declared no more."""
    declared, found = changed["parameter"], scene["at"].get("parameter") or ()
    had, wanted = _values(found), _values(declared)
    differing = [one for one in declared if had.get(str(one["name"]).lower()) != one.get("value")]
    superfluous = [one for one in found if str(one["name"]).lower() not in wanted]
    for some in _batches(differing):
        yield Request(f"modify_{operation}", {member: scene["id"], "Parameters": [_setting(one) for one in some]})
    for some in _batches(superfluous):
        yield Request(f"reset_{operation}", {member: scene["id"], "Parameters": [_unsetting(one) for one in some]})


def _batches(parameters: Sequence[Parameter]) -> Iterator[Sequence[Parameter]]:
    return (parameters[start : start + _LIMIT] for start in range(0, len(parameters), _LIMIT))


def _setting(one: Parameter) -> dict[str, Json]:
    method = one.get("applyMethod") or "immediate"
    return {"ParameterName": one["name"], "ParameterValue": one.get("value"), "ApplyMethod": method}


def _unsetting(one: Parameter) -> dict[str, Json]:
    return {"ParameterName": one["name"], "ApplyMethod": one.get("applyMethod") or "pending-reboot"}


def _group(kind: str, operation: str, member: str, *more: Field) -> Descriptor:
    """Return the descriptor of a kind of groups; *operation* and *member* are what AWS calls one in calls."""
    named = {f"{member}Name": "id"}
    looked = f"describe_{operation.removesuffix('_group')}s"
    return Descriptor(
        service="rds",
        kind=kind,
        plural=f"{kind.lower()}s",
        naming=Naming.BY_US,
        identity=f"{member}Name",
        reads=(
            Read(Call(f"describe_{operation}s", named), f"{member}s[0]"),
            tags_of(f"{member}Arn"),
            Read(Call(looked, {**named, "Source": "'user'"}, paged=True), "Parameters", "Set"),
            Read(
                Call(
                    looked,
                    {**named, "Filters": "[{Name: 'parameter-name', Values: spec.parameter[].name}]"},
                    when="spec.parameter",
                    paged=True,
                ),
                "Parameters[?Source != 'user']",
                "Default",
            ),
        ),
        creates=(Create(Call(f"create_{operation}", named), f"{member}.{member}Name"),),
        updates=(
            Update(
                call=Call(f"modify_{operation}"),
                plan=lambda changed, scene: tuple(_changes(operation, f"{member}Name", changed, scene)),
            ),
        ),
        delete=Delete(call=Call(f"delete_{operation}", named), keep="spec.skipDestroy"),
        tagging=TAGGING,
        absent=frozenset({"DBParameterGroupNotFound", "DBClusterParameterGroupNotFound"}),
        exists=frozenset({"DBParameterGroupAlreadyExists"}),
        fields=(
            Field(name="description", create="Description", read="Description", default="Managed by Crossplane"),
            fixed("family", TEXT, "DBParameterGroupFamily"),
            Field(
                name="parameter",
                shape=_PARAMETERS,
                modify="Parameters",
                read="[Set, Default][] | [].{ParameterName: ParameterName, ParameterValue: ParameterValue, "
                "ApplyMethod: ApplyMethod}",
                same=_same,
            ),
            *more,
        ),
        required=("family",),
        shown=(Shown("arn", f"{member}Arn"), Shown("id", f"{member}Name")),
    )


PARAMETER_GROUP: Final = _group("ParameterGroup", "db_parameter_group", "DBParameterGroup", sent("skipDestroy", FLAG))
CLUSTER_PARAMETER_GROUP: Final = _group(
    "ClusterParameterGroup", "db_cluster_parameter_group", "DBClusterParameterGroup"
)
