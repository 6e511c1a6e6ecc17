"""
Reconcile one composite resource with the resources it is composed of.

The steps run in order and the order is load-bearing. Above all, references are written before the objects they name
exist: a crash between the two leaves a reference to nothing, which is harmless, and never an object that nobody refers
to. What is no longer desired is deleted while we still refer to it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from crosshead.base import conditions, names, objects
from crosshead.base.errors import ConflictError, NotReadyError, ReconcileError, StalledError
from crosshead.base.objects import Kind, Ref
from crosshead.base.values import Object, SecretValue
from crosshead.compose import outcomes, pipelines, rendering
from crosshead.compose.pipelines import Outcome
from crosshead.definitions import reading
from crosshead.definitions.placing import Machinery
from crosshead.reconcilers import (
    composed,
    composed_applying,
    composite_status,
    letting_go,
    looking,
    looking_again,
    pipelined,
    selection,
    steps,
    summaries,
)
from crosshead.reconcilers.directory import XRD
from crosshead.reconcilers.interests import Interests
from crosshead.reconcilers.looking import Notes
from crosshead.reconcilers.plans import Plans, is_pipeline
from crosshead.reconcilers.ports import Seconds, World
from crosshead.reconcilers.remembered import Remembered
from crosshead.reconcilers.revisions import COMPOSITION, REVISION
from crosshead.reconcilers.undeclared import Undeclared


@dataclass(frozen=True, slots=True)
class Memory:
    """What outlives a pass: compositions read, whom functions asked for, who is at rest. Losing it costs only work."""

    plans: Plans = field(default_factory=Plans)
    interests: Interests = field(default_factory=Interests)
    undeclared: Undeclared = field(default_factory=Undeclared)
    remembered: Remembered = field(default_factory=Remembered)

    def forget(self, composite: Ref) -> None:
        """Forget a composite that is no more."""
        self.interests.note(composite, ())
        self.remembered.forget(composite)


@dataclass(frozen=True, slots=True)
class Known:
    """What this reconcile has found out so far. Each step adds to it; none takes away."""

    composite: Object
    xrd: Object
    memory: Memory
    composition: str = ""
    revision: Object = field(default_factory=dict)
    observed: Mapping[str, Object] = field(default_factory=dict)
    hidden: Sequence[Mapping[str, Any]] = ()
    refusal: ReconcileError | None = None
    outcome: Outcome | None = None
    rendered: rendering.Rendered | None = None
    unsynced: Mapping[str, str] = field(default_factory=dict)
    conclusion: rendering.Conclusion | None = None
    published: str = ""

    @property
    def machinery(self) -> Machinery:
        """Where the composite keeps what runs it."""
        return reading.machinery(self.xrd)


def reconcile(ref: Ref, xrd: Object, memory: Memory, world: World) -> Seconds | None:
    """Compose the composite at *ref*, or let it go; at rest, do nothing."""
    composite = world.cache.get(ref)
    if composite is None:
        memory.forget(ref)
        return None
    if objects.is_paused(composite):
        generation = composite_status.generation(composite, reading.machinery(xrd))
        summaries.write_status(composite, world, conditions.paused(), generation=generation)
        world.events.normal(composite, "ReconciliationPaused", names.PAUSED_MESSAGE)
        return None
    if objects.is_deleting(composite):
        return letting_go.reconcile(composite, reading.machinery(xrd), world)
    if rest := memory.remembered.find(ref, world):
        return rest.left(world.clock.now())
    return _compose(composite, xrd, memory, world)


def _compose(composite: Object, xrd: Object, memory: Memory, world: World) -> Seconds | None:
    ref, notes = objects.ref_of(composite), Notes()
    notes.note(ref, looking.version(composite))
    notes.note(Ref(XRD, objects.name(xrd)), looking.version(xrd))
    memory.remembered.forget(ref)
    noted = looking.noting(world, notes)
    known, error = steps.run(STEPS, Known(composite, xrd, memory), noted)
    quiet = _summarise(known, error, noted)
    if (failure := error or known.refusal) is not None:
        raise failure
    if quiet is not None:
        return quiet
    again = looking_again.delay(known.composite, known.observed.values(), known.outcome, world)
    memory.remembered.note(ref, notes, None if again is None else world.clock.now() + timedelta(seconds=again))
    return again


def select(known: Known, world: World) -> Known:
    """Choose the composition and its revision."""
    name = selection.composition_name(known.composite, known.xrd, _each(COMPOSITION, world))
    composition = world.cache.get(Ref(COMPOSITION, name))
    if composition is None:
        raise NotReadyError("SelectComposition", f"cannot fetch Composition: there is no Composition {name!r}")
    revisions = selection.of_composition(name, world.cache.list(REVISION))
    revision = selection.revision(known.composite, known.xrd, composition, revisions)
    known.memory.plans.check(revision)
    return replace(known, composition=name, revision=revision)


def observe(known: Known, world: World) -> Known:
    """Find the composed resources that the composite refers to."""
    seen = composed.observe(known.composite, known.machinery, world)
    return replace(known, observed=seen.resources, hidden=seen.hidden, refusal=seen.refusal)


def call_functions(known: Known, world: World) -> Known:
    """In Pipeline mode, ask the functions what should exist."""
    if not is_pipeline(known.revision):
        return known
    configured = composed.configured(known.composite, known.machinery, known.revision)
    pipeline = known.memory.plans.steps(known.revision)
    outcome = pipelined.run(pipeline, configured, known.observed, known.memory.interests, world)
    return replace(known, outcome=outcome)


def render(known: Known, world: World) -> Known:
    """Work out what should exist; a pipeline that ended fatally says nothing of that."""
    configured = composed.configured(known.composite, known.machinery, known.revision)
    if known.outcome is None:
        plan = known.memory.plans.get(known.revision)
        rendered = rendering.render(plan, configured, known.observed)
    elif known.outcome.fatal:
        raise StalledError(pipelines.REASON, f"cannot compose resources: {known.outcome.fatal}")
    else:
        rendered = outcomes.rendered(known.outcome, configured, known.observed)
    composed_applying.check_places(known.composite, rendered, world)
    return replace(known, rendered=rendered)


def collect_garbage(known: Known, world: World) -> Known:
    """Delete what exists but is no longer desired, while we still refer to it; nothing while we do not see it all."""
    if known.hidden:
        return known
    desired = {one.name for one in _rendered(known).resources}
    for name, obj in sorted(known.observed.items()):
        # What nobody controls was never ours to delete (as Crossplane does since GHSA-77cv-mrm6-fr3c).
        is_ours = objects.controller_uid(obj) == objects.uid(known.composite)
        if name not in desired and is_ours and not objects.is_deleting(obj):
            world.api.delete(obj)
    return known


def record_references(known: Known, world: World) -> Known:
    """Write our finalizer, the choice of composition, and a reference to all we are about to create: one write."""
    references = composed.desired_references(_bases(known), _rendered(known), known.observed, known.hidden)
    choice = (known.composition, objects.name(known.revision))
    configured = composed.configuration(known.composite, known.machinery, known.revision)
    changes = composed.recording(known.composite, known.machinery, choice, references, configured)
    if not changes:
        return known
    news = _is_news(known)
    composite = world.api.patch(objects.ref_of(known.composite), changes)
    if news:
        name = known.composition
        world.events.normal(composite, "SelectComposition", f"Successfully selected composition: {name}")
    return replace(known, composite=composite)


def apply_desired(known: Known, world: World) -> Known:
    """Apply every rendered resource; one that the API server refuses does not hold up the others."""
    # Functions have always been taken at their word: Crossplane applies what they say on the server's side.
    undeclared = known.memory.undeclared if known.outcome is None else None
    done = composed_applying.apply(known.composite, _rendered(known), known.observed, undeclared, world)
    unsynced = done.unsynced if done.refusal else {**composed.unseen(known.hidden, known.refusal), **done.unsynced}
    return replace(known, observed=done.resources, unsynced=unsynced, refusal=done.refusal or known.refusal)


def conclude(known: Known, world: World) -> Known:
    """Bring back what the composed resources report: status, readiness, connection details."""
    if known.outcome is not None:
        return replace(known, conclusion=outcomes.conclusion(known.outcome, known.composite))
    plan = known.memory.plans.get(known.revision)
    secrets = composed.read_secrets(plan, known.observed, world)
    return replace(
        known, conclusion=rendering.conclude(plan, known.composite, _rendered(known), known.observed, secrets)
    )


def patch_composite(known: Known, world: World) -> Known:
    """Write what composed resources patch into the composite's own spec and metadata; functions may not."""
    if known.outcome is not None:
        return known
    changes = composite_status.spec_changes(known.composite, _concluded(known).written)
    if not changes:
        return known
    return replace(known, composite=world.api.patch(objects.ref_of(known.composite), changes))


def publish_connection(known: Known, world: World) -> Known:
    """Write the composite's connection Secret."""
    details: Mapping[str, SecretValue] = _concluded(known).connection
    published = composed.publish(known.composite, known.xrd, details, world)
    return replace(known, published=summaries.timestamp(world) if published else "")


STEPS = (
    select,
    observe,
    call_functions,
    render,
    collect_garbage,
    record_references,
    apply_desired,
    conclude,
    patch_composite,
    publish_connection,
)


def _rendered(known: Known) -> rendering.Rendered:
    assert known.rendered is not None  # noqa: S101 (render runs before everything that asks)
    return known.rendered


def _concluded(known: Known) -> rendering.Conclusion:
    assert known.conclusion is not None  # noqa: S101 (conclude runs before everything that asks)
    return known.conclusion


def _bases(known: Known) -> Sequence[Object] | None:
    """The templates by which resources without a name are told apart; functions name all of theirs."""
    if known.outcome is not None:
        return None
    return [template.base for template in known.memory.plans.get(known.revision).templates]


def _each(kind: Kind, world: World) -> Iterator[Object]:
    # Whoever has chosen already does not depend on all that there is.
    yield from world.cache.list(kind)


def _is_news(known: Known) -> bool:
    chosen = known.machinery.of(known.composite).get("compositionRef") or {}
    return bool(chosen.get("name") != known.composition)


def _summarise(known: Known, error: ReconcileError | None, world: World) -> Seconds | None:
    if isinstance(error, ConflictError):
        return None
    composite_status.tell(known.composite, known.rendered, known.unsynced, error, world)
    concluded = known.conclusion if error is None else None
    news = composite_status.news(known.rendered, concluded, known.unsynced, error)
    changes = composite_status.status_changes(known.composite, concluded, known.published)
    if known.outcome is not None:
        composite_status.tell_results(known.composite, known.outcome, world)
        news = composite_status.with_functions(known.composite, news, known.outcome, error)
        changes = composite_status.with_status_of(known.composite, changes, known.outcome, concluded)
    if not changes and summaries.can_wait(known.composite, news, world.clock.now(), error or known.refusal):
        return summaries.QUIET
    generation = composite_status.generation(known.composite, known.machinery)
    summaries.write_status(known.composite, world, *news, changes=changes, generation=generation)
    return None
