"""
The first steps of a managed resource: its identity, its references, its secret inputs.

Identity and references are one write, before anything outside is touched: a crash after it leaves an object that will
be looked at again, and never an external resource that nobody waits for.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final

from crosshead.base import fieldpaths, names, objects
from crosshead.base.errors import NotReadyError, ReconcileError, TransientError
from crosshead.base.fieldpaths import FieldPathError
from crosshead.base.objects import Ref
from crosshead.base.values import Draft, Object
from crosshead.managed import references
from crosshead.managed.facts import Facts, Naming
from crosshead.managed.references import Question
from crosshead.reconcilers import summaries
from crosshead.reconcilers.managed_knowledge import UPDATE_MANAGED, Known, Values, worded
from crosshead.reconcilers.managed_origins import names_late
from crosshead.reconcilers.ports import Cache, World

# How often is written what has happened before we give up: to lose it is worse than to be late.
_ATTEMPTS: Final = 3


def prepare(known: Known, world: World) -> Known:
    """Write the finalizer, the external name where it is ours to choose, and the references that can be resolved."""
    changes = _identity(known.managed, known.facts, world)
    for part in references.PARTS:
        found = _resolved(known.managed, part, known.facts, world.cache)
        unwritten = {**known.unwritten, part: found.unwritten}
        known = replace(known, unresolved=known.unresolved or found.error, unwritten=unwritten)
        if different := summaries.replacement(_parameters(known.managed, part), found.parameters):
            changes.setdefault("spec", {})[part] = different
    return replace(known, managed=patch(known.managed, changes, world)) if changes else known


def require_references(known: Known, world: World) -> Known:
    """End the pass when a reference has no value yet; the identity is written by now, so others can refer to us."""
    del world
    if known.unresolved is not None:
        with worded("cannot resolve references", references.REASON):
            raise known.unresolved
    return known


def patch(managed: Object, changes: Object, world: World) -> Object:
    """Merge-patch *managed* unless somebody has written it since we read it."""
    version = {"resourceVersion": objects.resource_version(managed)}
    conditional = {**changes, "metadata": {**(changes.get("metadata") or {}), **version}}
    with worded("cannot update managed resource", UPDATE_MANAGED):
        return world.api.patch(objects.ref_of(managed), conditional)


def annotate(managed: Object, annotations: Mapping[str, str], world: World) -> Object:
    """Write *annotations*, whoever else has written meanwhile, and try more than once: what they say happened."""
    changes = {"metadata": {"annotations": dict(annotations)}}
    for _ in range(_ATTEMPTS - 1):
        with suppress(TransientError):
            return world.api.patch(objects.ref_of(managed), changes)
    with worded("cannot update managed resource", UPDATE_MANAGED):
        return world.api.patch(objects.ref_of(managed), changes)


def _identity(managed: Object, facts: Facts, world: World) -> Draft:
    metadata: dict[str, Any] = {}
    finalizers = objects.finalizers(managed)
    if names.MANAGED_FINALIZER not in finalizers:
        metadata["finalizers"] = [*finalizers, names.MANAGED_FINALIZER]
    is_named = facts.naming is not Naming.BY_US or objects.annotations(managed).get(names.EXTERNAL_NAME)
    if not is_named and not names_late(managed, facts, world):
        metadata["annotations"] = {names.EXTERNAL_NAME: objects.name(managed)}
    return {"metadata": metadata} if metadata else {}


def _parameters(managed: Object, part: str) -> Object:
    return objects.spec(managed).get(part) or {}


@dataclass(frozen=True, slots=True)
class _Found:
    """The parameters with every reference resolved that can be, and the first reason why one cannot."""

    parameters: Object
    unwritten: Values = ()
    error: ReconcileError | None = None


def _resolved(managed: Object, part: str, facts: Facts, cache: Cache) -> _Found:
    found = _Found(_parameters(managed, part))
    spelt_out = [one for reference in facts.references for one in references.spelt_out(reference, found.parameters)]
    for reference in spelt_out:
        question = references.ask(found.parameters, reference, part)
        try:
            if question is not None:
                found = _answered(found, question, _targets(question, managed, cache))
        except NotReadyError as error:
            found = replace(found, error=found.error or error)
    return found


def _answered(found: _Found, question: Question, targets: tuple[Object | None, ...]) -> _Found:
    answered, field = references.answer(found.parameters, question, targets), question.reference.field
    if "[" not in field:
        return replace(found, parameters=answered)
    try:
        value = fieldpaths.get(answered, field)
    except FieldPathError:
        return found  # optional, and not there
    return replace(found, unwritten=(*found.unwritten, (field, value)))


def _targets(question: Question, managed: Object, cache: Cache) -> tuple[Object | None, ...]:
    kind = question.reference.target
    inside: Callable[[str], str] = lambda given: given or objects.namespace(managed)  # noqa: E731 (a word for one rule)
    if question.selector is not None:
        candidates = cache.list(kind, inside(question.namespace))
        return references.choose(question, candidates, objects.controller_uid(managed))
    return tuple(cache.get(Ref(kind, pointer.name, inside(pointer.namespace))) for pointer in question.pointers)
