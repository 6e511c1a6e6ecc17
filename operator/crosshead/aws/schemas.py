"""
The schemas of the AWS kinds, made of their descriptors: types from the shapes, descriptions from botocore's model.

AWS' enums and limits are not enforced: they change without notice, and a CRD that knew better would have to be
upgraded first. What is said here is what upstream's schemas say: numbers are `number`, sets are sets.
"""

import html
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Final, assert_never

import botocore.session

from crosshead.aws import editions
from crosshead.aws.descriptor import Descriptor, Field
from crosshead.aws.editions import CLUSTER, Edition
from crosshead.aws.forms import Form
from crosshead.aws.shapes import Block, Map, Member, Scalar, Shape, Texts
from crosshead.base.values import Draft
from crosshead.managed.facts import Reference, SecretInput

_LIMIT: Final = 160
_TAGS: Final[Draft] = {
    "type": "object",
    "additionalProperties": {"type": "string"},
    "x-kubernetes-map-type": "granular",
}


def for_provider(descriptor: Descriptor, edition: Edition = CLUSTER) -> Draft:
    """Return the schema of `spec.forProvider` in *edition*."""
    fields = {field.name: _described(descriptor, field, edition.form) for field in descriptor.fields}
    former = {name: schema(shape) for name, shape in descriptor.former if edition == CLUSTER}
    properties: Draft = {**_region(descriptor), **fields, **former, **_tags(descriptor)}
    for secret in editions.secret_inputs(descriptor, edition):
        _hide(properties, secret, edition)
    for reference in editions.references(descriptor, edition):
        _point(properties, reference, edition)
    required = {"required": ["region"]} if descriptor.regional else {}
    return {"type": "object", **required, "properties": dict(sorted(properties.items()))}


def at_provider(descriptor: Descriptor, edition: Edition = CLUSTER) -> Draft:
    """Return the schema of `status.atProvider`: the parameters as AWS shows them, and what it shows beside them."""
    fields: Draft = {"region": {"type": "string"}} if descriptor.regional else {}
    fields.update((field.name, schema(field.shape, edition.form, shown=True)) for field in descriptor.fields)
    shown: Draft = {s.name: schema(s.shape, edition.form, shown=True) for s in descriptor.shown}
    tags = {name: _TAGS for name in ("tags", "tagsAll") if descriptor.tagging is not None}
    return {"type": "object", "properties": dict(sorted({**fields, **shown, **tags}.items()))}


def schema(shape: Shape, form: Form = Form.LISTS, *, shown: bool = False) -> Draft:
    """Return what may stand in a field of *shape*; what is *shown* is written by us alone, its lists are plain."""
    match shape:
        case Scalar():
            return _scalar(shape, shown=shown)
        case Texts(ordered):
            plain: Draft = {"type": "array", "items": {"type": "string"}}
            return plain if ordered or shown else {**plain, "x-kubernetes-list-type": "set"}
        case Map():
            return dict(_TAGS)
        case Block(members):
            one = _members(members, form, shown=shown)
            return one if form.embeds(shape) else {"type": "array", "items": one}
        case _:
            assert_never(shape)


def _region(descriptor: Descriptor) -> Draft:
    where = {"type": "string", "description": "The AWS region that it lives in."}
    return {"region": where} if descriptor.regional else {}


def _scalar(shape: Scalar, *, shown: bool) -> Draft:
    match shape:
        case Scalar.TEXT:
            return {"type": "string"}
        case Scalar.NUMBER:
            return {"type": "number"}
        case Scalar.FLAG:
            return {"type": "boolean"}
        case Scalar.FLAG_TEXT:
            # Either type is accepted: upstream has had both under the same version.
            return {"type": "string"} if shown else {"x-kubernetes-preserve-unknown-fields": True}
        case Scalar.NUMBER_TEXT:
            return {"type": "number"} if shown else {"x-kubernetes-preserve-unknown-fields": True}
        case _:
            assert_never(shape)


def _members(members: tuple[Member, ...], form: Form, *, shown: bool) -> Draft:
    return {"type": "object", "properties": {m.name: schema(m.shape, form, shown=shown) for m in members}}


def _tags(descriptor: Descriptor) -> Draft:
    return {} if descriptor.tagging is None else {"tags": {**_TAGS, "description": "Tags, by key."}}


def _hide(properties: Draft, secret: SecretInput, edition: Edition) -> None:
    """Add a field that points at a Secret, or a list of such, and the toggle that has us make up what it holds."""
    one = dict(edition.pointers.secret_key)
    name = secret.field.rpartition(".")[2]
    _place(properties, secret.field)[name] = {"type": "array", "items": one} if secret.many else one
    if secret.generate:
        what = "Whether to make up the value, and keep it in the Secret, when the Secret does not hold it."
        properties[secret.generate] = {"type": "boolean", "description": what}


def _place(properties: Draft, path: str) -> Draft:
    """Return the properties among which the last step of *path* stands, however deep that is."""
    for parent in path.split(".")[:-1]:
        block = properties[parent.partition("[")[0]]
        properties = block.get("items", block)["properties"]
    return properties


def _point(properties: Draft, reference: Reference, edition: Edition) -> None:
    """Add the two ways to point at another resource beside the field that they fill."""
    place = _place(properties, reference.field)
    one = dict(edition.pointers.reference)
    place[reference.ref.rpartition(".")[2]] = {"type": "array", "items": one} if reference.many else one
    place[reference.selector.rpartition(".")[2]] = dict(edition.pointers.selector)


def _described(descriptor: Descriptor, field: Field, form: Form) -> Draft:
    said = next(_sentences(descriptor, field), "")
    return {**schema(field.shape, form), **({"description": said} if said else {})}


def _sentences(descriptor: Descriptor, field: Field) -> Iterator[str]:
    """Yield what AWS says about *field*, a sentence per call that takes it."""
    for operation in (
        *(c.call.operation for c in descriptor.creates[::-1]),
        *(u.call.operation for u in descriptor.updates),
    ):
        for member in (field.create, field.modify):
            shape = _operation_members(descriptor.client or descriptor.service, operation).get(member)
            if shape is not None and (said := sentence(shape.documentation)):
                yield said


@cache
def _operation_members(service: str, operation: str) -> Any:  # noqa: ANN401 (botocore has no types)
    model = _session().get_service_model(service)
    name = next(n for n in model.operation_names if n.lower() == operation.replace("_", ""))
    return model.operation_model(name).input_shape.members


@cache
def _session() -> Any:  # noqa: ANN401
    return botocore.session.Session()


def sentence(documentation: str) -> str:
    """Return the first sentence of a piece of AWS' documentation, without its markup."""
    text = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", documentation)).split())
    first = re.sub(r"\s+([.,;:)])", r"\1", text.split(". ")[0].rstrip("."))
    return f"{first[:_LIMIT].rstrip()}{'…' if len(first) > _LIMIT else '.'}" if first else ""
