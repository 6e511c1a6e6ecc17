"""
Systems Manager parameters: values by name, secret or not.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from crosshead.aws.calls import Call, Create, Delete, Read, Update
from crosshead.aws.comparing import key
from crosshead.aws.descriptor import Descriptor, Field, Secret, Shown, Tagging, fixed, sent, settable, unheeded
from crosshead.aws.shapes import FLAG, NUMBER, TEXT
from crosshead.base.values import Json
from crosshead.managed.facts import Naming, SecretInput

_TAGGED: Final = {"ResourceType": "'Parameter'", "ResourceId": "id"}


def _same_tier(declared: Json, found: Json, _: Mapping[str, Json]) -> bool:
    """Whoever lets AWS choose is content with any tier; from the larger to the smaller there is no way."""
    return bool(declared in {found, "Intelligent-Tiering"} or (declared, found) == ("Standard", "Advanced"))


_PARAMETER: Final = Descriptor(
    service="ssm",
    kind="Parameter",
    plural="parameters",
    naming=Naming.BY_US,
    identity="Name",
    reads=(
        # Without the value: it may be a secret although its type does not say so.
        Read(
            Call("get_parameter", {"Name": "id"}),
            "Parameter.{Name: Name, Type: Type, ARN: ARN, Version: Version, DataType: DataType}",
        ),
        Read(
            Call("describe_parameters", {"ParameterFilters": "[{Key: 'Name', Option: 'Equals', Values: [id]}]"}),
            "Parameters[0]",
            "Described",
        ),
        Read(Call("list_tags_for_resource", _TAGGED), "TagList", "TagList"),
        Read(Call("get_parameter", {"Name": "id"}, when="spec.insecureValue"), "Parameter.Value", "Value"),
    ),
    creates=(Create(Call("put_parameter", {"Name": "id"}), "id"),),
    # PutParameter takes tags only for what is new. When this is not reached, they are drift.
    after=(Call("add_tags_to_resource", {**_TAGGED, "Tags": "tags"}),),
    updates=(
        # What a change leaves out may be forgotten, and the value must be there.
        Update(call=Call("put_parameter", {"Name": "id", "Overwrite": "`true`"}), whole=True),
    ),
    delete=Delete(call=Call("delete_parameter", {"Name": "id"})),
    tagging=Tagging(
        create="",
        read="TagList",
        add=Call("add_tags_to_resource", _TAGGED),
        remove=Call("remove_tags_from_resource", _TAGGED),
    ),
    fields=(
        fixed("type", TEXT, "Type"),
        Field(name="insecureValue", create="Value", modify="Value", read="Value", late=False),
        replace(settable("description", TEXT, "Description"), read="Described.Description || ''"),
        replace(settable("keyId", TEXT, "KeyId", same=key), read="Described.KeyId"),
        replace(settable("tier", TEXT, "Tier", late=False, same=_same_tier), read="Described.Tier"),
        replace(settable("allowedPattern", TEXT, "AllowedPattern"), read="Described.AllowedPattern || ''"),
        fixed("dataType", TEXT, "DataType"),
        sent("overwrite", FLAG, "Overwrite"),
        # Another number is another value: that it is another we see ourselves.
        sent("valueWoVersion", NUMBER),
        # Upstream lets users write what only AWS can know.
        unheeded("arn"),
    ),
    required=("type",),
    secrets=(
        Secret(SecretInput("valueSecretRef", "value"), "Value", ("attribute.value",), always=True),
        Secret(SecretInput("valueWoSecretRef", "value_wo"), "Value", ("attribute.value_wo",), always=True),
    ),
    shown=(
        Shown("id", "Name"),
        Shown("arn", "ARN"),
        Shown("version", "Version", NUMBER),
        Shown("hasValueWo", "`false`", FLAG),
    ),
)

KINDS: Final = (_PARAMETER,)
