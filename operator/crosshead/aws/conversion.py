"""
Objects of one version turned into another, as the API server asks for it (ConversionReview, apiextensions.k8s.io/v1).

What differs between versions is the form of blocks of which there is one, and a few names. A parameter that has a new
name moves to it in later versions; the first version takes new names beside the old ones, so nothing is lost on the
way there and back.
"""

from collections.abc import Mapping
from typing import Final

from crosshead.aws import editions, forms, scenes
from crosshead.aws.catalogue import KINDS
from crosshead.aws.descriptor import Descriptor
from crosshead.aws.forms import Form
from crosshead.base.values import Draft, Object

_PLACES: Final = (("spec", "forProvider"), ("spec", "initProvider"), ("status", "atProvider"))
_DESCRIPTORS: Final = {
    (editions.CLUSTER.group(descriptor.service), descriptor.kind): descriptor for descriptor in KINDS
}


class ConversionError(Exception):
    """What was asked for is no conversion between versions that we serve."""


def crds() -> list[str]:
    """Return the names of the CRDs of all kinds that have several versions."""
    return [f"{one.plural}.{group}" for (group, _), one in _DESCRIPTORS.items() if len(one.versions) > 1]


def review(asked: Object) -> Draft:
    """Answer the ConversionReview *asked*: all objects converted, or a failure that says why."""
    request = asked.get("request") or {}
    try:
        wanted = str(request["desiredAPIVersion"])
        converted = [convert(obj, wanted) for obj in request["objects"]]
        answer: Draft = {"convertedObjects": converted, "result": {"status": "Success"}}
    except (ConversionError, KeyError, TypeError, AttributeError) as error:
        answer = {"convertedObjects": [], "result": {"status": "Failure", "message": f"cannot convert: {error}"}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "ConversionReview",
        "response": {"uid": str(request.get("uid", "")), **answer},
    }


def convert(obj: Object, wanted: str) -> Draft:
    """
    Return *obj* as an object of the API version *wanted*.

    :raises ConversionError: when that is no version of its kind.
    """
    group, _, version = wanted.partition("/")
    descriptor = _DESCRIPTORS.get((group, str(obj.get("kind"))))
    if descriptor is None or version not in descriptor.versions:
        raise ConversionError(f"{obj.get('kind')} has no version {wanted}")
    form = Form.LISTS if version == descriptor.versions[0] else Form.OBJECTS
    turned = {**obj, "apiVersion": wanted}
    for whole, part in _PLACES:
        values = (turned.get(whole) or {}).get(part)
        if isinstance(values, Mapping):
            turned[whole] = {**turned[whole], part: _turned(descriptor, values, form, named=whole == "spec")}
    return turned


def _turned(descriptor: Descriptor, values: Object, form: Form, *, named: bool) -> Draft:
    today = _renamed(descriptor, values) if form is Form.OBJECTS and named else values
    return forms.written(editions.shapes(descriptor), today, form)


def _renamed(descriptor: Descriptor, values: Object) -> Draft:
    """Return *values* under the names of later versions."""
    current = {field.name for field in descriptor.fields}
    gone = {name for name, _ in descriptor.former} - current
    return {name: value for name, value in scenes.parameters(descriptor, values).items() if name not in gone}
