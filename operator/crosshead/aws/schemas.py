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

from crosshead.api.managed import REFERENCE, SECRET_KEY_REF, SELECTOR
from crosshead.aws.descriptor import Descriptor, Field
from crosshead.aws.forms import Form
from crosshead.aws.shapes import Block, Map, Member, Scalar, Shape, Texts
from crosshead.base.values import Draft
from crosshead.managed.facts import Reference

_LIMIT: Final = 160
_TAGS: Final[Draft] = {
    "type": "object",
    "additionalProperties": {"type": "string"},
    "x-kubernetes-map-type": "granular",
}


def for_provider(descriptor: Descriptor, form: Form = Form.LISTS) -> Draft:
    """Return the schema of `spec.forProvider` in *form*."""
    fields = {field.name: _described(descriptor, field, form) for field in descriptor.fields}
    former = {name: schema(shape, form) for name, shape in descriptor.former if form is Form.LISTS}
    properties: Draft = {**_region(descriptor), **fields, **former, **_tags(descriptor), **_secrets(descriptor)}
    for reference in descriptor.references:
        _point(properties, reference)
    required = {"required": ["region"]} if descriptor.regional else {}
    return {"type": "object", **required, "properties": dict(sorted(properties.items()))}


def at_provider(descriptor: Descriptor, form: Form = Form.LISTS) -> Draft:
    """Return the schema of `status.atProvider`: the parameters as AWS shows them, and what it shows beside them."""
    fields: Draft = {"region": {"type": "string"}} if descriptor.regional else {}
    fields.update((field.name, schema(field.shape, form, shown=True)) for field in descriptor.fields)
    shown: Draft = {s.name: schema(s.shape, form, shown=True) for s in descriptor.shown}
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
        case _:
            assert_never(shape)


def _members(members: tuple[Member, ...], form: Form, *, shown: bool) -> Draft:
    return {"type": "object", "properties": {m.name: schema(m.shape, form, shown=shown) for m in members}}


def _tags(descriptor: Descriptor) -> Draft:
    return {} if descriptor.tagging is None else {"tags": {**_TAGS, "description": "Tags, by key."}}


def _secrets(descriptor: Descriptor) -> Draft:
    found: Draft = {}
    for secret in descriptor.secrets:
        found[secret.input.field] = dict(SECRET_KEY_REF)
        if secret.input.generate:
            what = "Whether to make up the value, and keep it in the Secret, when the Secret does not hold it."
            found[secret.input.generate] = {"type": "boolean", "description": what}
    return found


def _point(properties: Draft, reference: Reference) -> None:
    """Add the two ways to point at another resource beside the field that they fill, however deep it is."""
    *parents, _ = reference.field.split(".")
    place = properties
    for parent in parents:
        block = place[parent.partition("[")[0]]
        place = block.get("items", block)["properties"]
    ref = {"type": "array", "items": dict(REFERENCE)} if reference.many else dict(REFERENCE)
    place[reference.ref.rpartition(".")[2]] = ref
    place[reference.selector.rpartition(".")[2]] = dict(SELECTOR)


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
