"""
What a kind looks like to its users: which API it belongs to, and in which form that has its parameters.

There are two families of APIs. Kinds of `*.aws.upbound.io` belong to no namespace, and may have several versions: the
first is stored and is the one we speak ourselves. Kinds of `*.aws.m.upbound.io` belong to a namespace (as of Crossplane
2.0), point at their like, and have one version.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from crosshead.api.managed import CLUSTER_POINTERS, NAMESPACED_POINTERS, Pointers
from crosshead.aws import forms
from crosshead.aws.descriptor import Descriptor
from crosshead.aws.forms import Form, Shapes
from crosshead.base.objects import Kind
from crosshead.managed.facts import Facts, Reference, SecretInput


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of one family."""

    version: str = "v1beta1"
    form: Form = Form.LISTS
    namespaced: bool = False

    @property
    def pointers(self) -> Pointers:
        """The schemas of what its kinds point with."""
        return NAMESPACED_POINTERS if self.namespaced else CLUSTER_POINTERS

    def group(self, service: str) -> str:
        """Return the API group of *service*."""
        return f"{service}.aws.m.upbound.io" if self.namespaced else f"{service}.aws.upbound.io"

    def kind(self, descriptor: Descriptor) -> Kind:
        """Return the kind that *descriptor* describes."""
        return Kind(f"{self.group(descriptor.service)}/{self.version}", descriptor.kind)


CLUSTER: Final = Edition()
NAMESPACED: Final = Edition(form=Form.OBJECTS, namespaced=True)


def of_cluster(descriptor: Descriptor) -> Iterator[Edition]:
    """Yield the versions that the cluster-scoped family serves of a kind, the stored one first."""
    first, *later = descriptor.versions
    yield replace(CLUSTER, version=first)
    for version in later:
        form = Form.LISTS if version in descriptor.listed else Form.OBJECTS
        yield replace(CLUSTER, version=version, form=form)


def shapes(descriptor: Descriptor) -> Shapes:
    """Return the shapes of the parameters, and of what else is shown, by name."""
    parameters = {field.name: field.shape for field in descriptor.fields}
    return {**{one.name: one.shape for one in descriptor.shown}, **dict(descriptor.former), **parameters}


def facts(descriptor: Descriptor, edition: Edition) -> Facts:
    """Return what the life cycle must know about the kind in *edition*."""
    return Facts(
        kind=edition.kind(descriptor),
        plural=descriptor.plural,
        naming=descriptor.naming,
        references=references(descriptor, edition),
        secret_inputs=secret_inputs(descriptor, edition),
        tagged=descriptor.tagging is not None,
        asynchronous=True,
        listed=any(read.many is not None for read in descriptor.reads),
        heritable=bool(descriptor.traces) or (descriptor.tagging is not None and descriptor.tagging.traced),
        # What AWS names is found again, by our tag as a rule.
        deterministic=descriptor.traceable,
    )


def references(descriptor: Descriptor, edition: Edition) -> tuple[Reference, ...]:
    """Return the references of a kind as *edition* has them: of the same family, and at the paths of its form."""
    known = shapes(descriptor)

    def at(path: str) -> str:
        return forms.path(known, path, edition.form)

    return tuple(
        replace(
            one,
            field=at(one.field),
            ref=at(one.ref),
            selector=at(one.selector),
            target=_target(one.target, edition),
        )
        for one in descriptor.references
        if edition == CLUSTER or one.field not in dict(descriptor.former)
    )


def _target(target: Kind, edition: Edition) -> Kind:
    service = target.group.partition(".")[0]
    return Kind(f"{edition.group(service)}/v1beta1", target.kind)


def secret_inputs(descriptor: Descriptor, edition: Edition) -> tuple[SecretInput, ...]:
    """Return the secret inputs of a kind, at the paths that *edition* has them."""
    known = shapes(descriptor)
    inputs = (secret.input for secret in descriptor.secrets)
    return tuple(replace(one, field=forms.path(known, one.field, edition.form)) for one in inputs)
