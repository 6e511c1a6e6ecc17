"""
Parameters that point at other managed resources: what to look up, whom to choose, what to take from it.

The words and the rules are Crossplane's: a value that is set stays, unless the policy says Always; a selector takes the
first match for one value and every match for a list; values of a list are sorted.
"""

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from crosshead.base import drafts, fieldpaths, objects
from crosshead.base.errors import NotReadyError
from crosshead.base.fieldpaths import FieldPathError
from crosshead.base.names import EXTERNAL_NAME
from crosshead.base.values import Draft, Json, Object
from crosshead.managed.facts import Reference

REASON = "CannotResolveResourceReferences"
_EVERY: Final = "[*]"
PARTS: Final = ("forProvider", "initProvider")


@dataclass(frozen=True, slots=True)
class Pointer:
    """One target by name; *namespace* is "" when it is the referrer's own."""

    name: str
    namespace: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """
    What must be looked up to give *reference* its value: the *pointers*, or what *selector* matches.

    *part* is where the parameters stand below `spec`: `forProvider` or `initProvider`.
    """

    reference: Reference
    pointers: tuple[Pointer, ...] = ()
    selector: Object | None = None
    part: str = PARTS[0]

    @property
    def namespace(self) -> str:
        """The namespace that the selector looks in; "" when it is the referrer's own."""
        return str((self.selector or {}).get("namespace") or "")


def spelt_out(reference: Reference, parameters: Object) -> Iterator[Reference]:
    """Yield *reference* for every item that a `[*]` in its paths stands for in *parameters*; itself without one."""
    if _EVERY not in reference.field:
        yield reference
        return
    parent = reference.field.rpartition(".")[0]
    for found in map(str, fieldpaths.expand(parameters, parent)):
        field, ref, selector = (
            f"{found}{path.removeprefix(parent)}" for path in (reference.field, reference.ref, reference.selector)
        )
        yield replace(reference, field=field, ref=ref, selector=selector)


def ask(parameters: Object, reference: Reference, part: str = PARTS[0]) -> Question | None:
    """
    Return what must be looked up for *reference* in *parameters*; None when its value is set, or it is not used.

    :param part: where *parameters* stand below `spec`.
    """
    selector = _at(parameters, reference.selector)
    given = _at(parameters, reference.ref)
    pointers = (given or []) if reference.many else [given] if given else []
    policies = [selector] if selector is not None else pointers
    if not policies or (_at(parameters, reference.field) and not any(_resolves_always(p) for p in policies)):
        return None
    # References that a selector has found before are kept unless it is to look again.
    if pointers and not (selector is not None and _resolves_always(selector)):
        return Question(reference, tuple(map(_pointer, pointers)), part=part)
    return Question(reference, selector=selector, part=part) if selector is not None else None


def choose(question: Question, candidates: Sequence[Object], controller_uid: str) -> tuple[Object, ...]:
    """Return those of *candidates* that the selector of *question* means, for a referrer of *controller_uid*."""
    selector = question.selector or {}
    matching = tuple(c for c in candidates if _matches(c, selector, controller_uid))
    return matching if question.reference.many else matching[:1]


def answer(parameters: Object, question: Question, targets: Sequence[Object | None]) -> Draft:
    """
    Return *parameters* with the value, and the names when a selector has found them, filled in.

    :param targets: one per pointer, None for what does not exist; or what `choose` has chosen.
    """
    answered = copy.deepcopy(dict(parameters))
    found = _found(question, targets)
    if not found:
        return answered
    reference = question.reference
    if question.selector is not None:
        named = [_reference_to(target, question) for target in found.values()]
        drafts.assign(answered, reference.ref, named if reference.many else named[0])
    drafts.assign(answered, reference.field, list(found) if reference.many else next(iter(found)))
    return answered


def _found(question: Question, targets: Sequence[Object | None]) -> dict[str, Object]:
    """Return the targets by the value they give, sorted by it; nothing when something optional is missing."""
    if question.selector is not None:
        optional = [_is_optional(question.selector)] * max(len(targets), 1)
        missing = "no resources matched selector"
    else:
        optional = [pointer.optional for pointer in question.pointers]
        missing = ""
    found = {}
    for index, is_optional in enumerate(optional):
        target = targets[index] if index < len(targets) else None
        value = _extract(target, question.reference) if target is not None else ""
        if target is not None and value:
            found[value] = target
        elif is_optional:
            return {}
        else:
            raise _unresolved(question, index, missing, exists=target is not None)
    return dict(sorted(found.items()))


def _unresolved(question: Question, index: int, missing: str, *, exists: bool) -> NotReadyError:
    kind = question.reference.target.group_kind
    if exists:
        why = "referenced field was empty (referenced resource may not yet be ready)"
    else:
        why = missing or f'cannot get referenced resource: {kind} "{question.pointers[index].name}" not found'
    return NotReadyError(REASON, f"spec.{question.part}.{question.reference.field}: {why}")


def _extract(target: Object, reference: Reference) -> str:
    if reference.extract == "external-name":
        return objects.annotations(target).get(EXTERNAL_NAME, "")
    value = _at(target, reference.extract)
    return "" if value is None else str(value)


def _reference_to(target: Object, question: Question) -> Draft:
    return {"name": objects.name(target), **({"namespace": question.namespace} if question.namespace else {})}


def _matches(candidate: Object, selector: Object, controller_uid: str) -> bool:
    labels = objects.labels(candidate)
    if any(labels.get(key) != value for key, value in (selector.get("matchLabels") or {}).items()):
        return False
    if not selector.get("matchControllerRef"):
        return True
    return bool(controller_uid) and objects.controller_uid(candidate) == controller_uid


def _pointer(raw: Object) -> Pointer:
    return Pointer(str(raw["name"]), str(raw.get("namespace") or ""), _is_optional(raw))


def _resolves_always(given: Object) -> bool:
    return bool((given.get("policy") or {}).get("resolve") == "Always")


def _is_optional(given: Object) -> bool:
    return bool((given.get("policy") or {}).get("resolution") == "Optional")


def _at(obj: Object, path: str) -> Json:
    """Return what is at *path*, None when there is nothing."""
    try:
        return fieldpaths.get(obj, path)
    except FieldPathError:
        return None
