"""The generic client: lives any descriptor. Looks, creates, updates, deletes; decides nothing about a life cycle."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Concatenate, Final, ParamSpec, TypeVar

from crosshead.aws import emptying, observing, requests, scenes, shapes, spreading, tagging, telling
from crosshead.aws.batching import Batches
from crosshead.aws.calling import CREATE, DELETE, OBSERVE, UPDATE, Account, Caller
from crosshead.aws.calls import Request
from crosshead.aws.descriptor import Descriptor
from crosshead.aws.errors import translate
from crosshead.aws.finding import Finder
from crosshead.aws.listing import Lister
from crosshead.aws.memory import Memory
from crosshead.base.errors import (
    AbsentError,
    AlreadyExistsError,
    NotReadyError,
    ReconcileError,
    StalledError,
    ThrottledError,
    TransientError,
)
from crosshead.base.values import Draft, Json, Object, SecretValue
from crosshead.managed.external import ABSENT, Created, Declared, Left, Observation
from crosshead.managed.polling import parse_duration

P = ParamSpec("P")
T = TypeVar("T")
# A secret that nobody declares.
_ANOTHER: Final = SecretValue("")


def _changing(
    act: "Callable[Concatenate[AwsExternal, Declared, P], T]",
) -> "Callable[Concatenate[AwsExternal, Declared, P], T]":
    """Have listings from before the end of *act* not be believed."""

    @wraps(act)
    def acting(external: "AwsExternal", declared: Declared, /, *args: P.args, **kwargs: P.kwargs) -> T:
        with external.memory.changing(declared.uid), spreading.limited(external.memory, declared.uid):
            return act(external, declared, *args, **kwargs)

    return acting


@dataclass(frozen=True, slots=True)
class AwsExternal:
    """One account's view of one kind. Holds nothing about any one resource."""

    descriptor: Descriptor
    account: Account
    memory: Memory
    batches: Batches = field(default_factory=Batches)

    def observe(self, declared: Declared) -> Observation:
        """Look at the external resource: again where AWS may show the old for a while, if that makes a difference."""
        if self.memory.is_given_up(declared.uid):
            return ABSENT
        seen = self._seen(declared)
        for _ in range(1, self.descriptor.steady):
            if seen.exists and not seen.drift:
                break
            seen = self._seen(declared)
        return seen

    def _seen(self, declared: Declared) -> Observation:
        record = self._finder.find(declared, OBSERVE)
        exists = record is not None and not observing.is_gone(self.descriptor, record)
        self.note(declared, exists=exists)
        if record is None or not exists:
            return replace(ABSENT, busy=bool(self._doubts(declared)))
        tags = tagging.wanted(declared, self.account.config)
        seen = observing.observation(observing.Seen(self.descriptor, declared, record, tags))
        drift = (*seen.drift, *telling.untold(self.descriptor, declared, record, self.memory))
        return self._with_minted(declared, record, replace(seen, drift=drift, age=record.get("age", 0.0)))

    def note(self, declared: Declared, *, exists: bool) -> None:
        """Remember whether listings show it: that many must be, before to list costs less than to ask for each."""
        self._finder.lister.note(self.descriptor.reads, declared.uid, exists=exists)

    def _with_minted(self, declared: Declared, record: Object, seen: Observation) -> Observation:
        """Return *seen* with the connection details that we sign ourselves, as soon as it is usable."""
        minting, mint = self.descriptor.minted, self.memory.mint
        if minting is None or seen.ready.status != "True":
            return seen
        try:
            period = parse_duration(declared.parameters.get(minting.period) or minting.default)
        except ValueError as error:
            raise StalledError(OBSERVE, f"spec.forProvider.{minting.period}: {error}") from error
        minted = mint.details(declared.uid, minting, period, record, self.account.clients.vouch)
        made_at = {minting.shown: shapes.plain(minted.at)} if minting.shown else {}
        connection = {**seen.connection, **minted.details}
        shown = {**seen.at_provider, **made_at}
        return replace(seen, at_provider=shown, connection=connection, again=mint.left(minted))

    def left(self, declared: Declared) -> tuple[Left, ...]:
        """Return what was left behind by an object that *declared* replaces."""
        return self._finder.left(declared)

    @_changing
    def create(self, declared: Declared) -> Created:
        """Create it. When an earlier attempt has, although its answer was lost, that one is taken."""
        name = self._ours(declared)
        created = self._known(declared, name) if name is not None else self._created(declared)
        sent = observing.secret_details(self.descriptor, declared)
        return replace(created, connection={**created.connection, **sent})

    def _known(self, declared: Declared, name: str) -> Created:
        """Return what an earlier attempt has created, as it was told to."""
        self._tell(declared)
        return Created(name)

    def _tell(self, declared: Declared) -> None:
        for one in telling.unseen(self.descriptor, declared):
            self.memory.tell(declared.uid, one.argument, one.value)

    @_changing
    def update(self, declared: Declared, seen: Observation) -> None:
        """Correct the drift that *seen* shows."""
        parameters = scenes.parameters(self.descriptor, declared.parameters)
        scene = self._scene(declared, spec=parameters, at=seen.at_provider)
        scene["record"] = self._finder.looked(declared, UPDATE, requests.lookups(self.descriptor, seen), scene)
        if not self._changed(declared, requests.updates(self.descriptor, declared, seen, scene)):
            return
        for one in telling.unseen(self.descriptor, declared):
            if any(d.field == one.field for d in seen.drift):
                self.memory.tell(declared.uid, one.argument, one.value)

    def _changed(self, declared: Declared, changes: Iterable[Request]) -> bool:
        """Make *changes* in turn; return whether all are made: where AWS makes one at a time, the rest is drift yet."""
        is_begun = False
        for request in changes:
            try:
                self._caller.change(declared, UPDATE, request)
            except NotReadyError:
                if not is_begun:
                    raise
                return False
            is_begun = True
        return True

    @_changing
    def delete(self, declared: Declared) -> None:
        """Delete it, or begin to."""
        how = self.descriptor.delete
        record = self._finder.find(declared, DELETE)
        if record is None or observing.is_going(self.descriptor, record) or observing.is_gone(self.descriptor, record):
            return
        scene = self._scene(declared, record=record, id=record["id"])
        if not (how.keep and scenes.search(how.keep, scene)):
            self._delete(declared, scene)
        if how.resets or how.keep:
            self.memory.give_up(declared.uid)

    def _delete(self, declared: Declared, scene: Object) -> None:
        how = self.descriptor.delete
        for refusal in how.refusals:
            if scenes.search(refusal.when, scene):
                raise StalledError(DELETE, f"cannot delete {self._caller.subject(declared)}: {refusal.sentence}")
        doomed = scenes.arguments(how.empty, scene)
        try:
            if "bucket" in doomed:
                self._emptied(declared, emptying.Doomed(**doomed))
            scene = {**scene, "record": self._finder.looked(declared, DELETE, how.reads, scene)}
            for call in (*how.before, how.call):
                self._caller.call(declared, DELETE, call, scene)
        except AbsentError:
            return

    def _emptied(self, declared: Declared, doomed: emptying.Doomed) -> None:
        try:
            done = emptying.empty(self.account.clients.patient, doomed)
        except Exception as error:
            raise translate(error, self._caller.attempt(declared, DELETE, "empty")) from error
        if not done:
            raise NotReadyError(
                DELETE, f"cannot delete {self._caller.subject(declared)} yet: it is still being emptied"
            )

    def _ours(self, declared: Declared) -> str | None:
        """Return the external name of what an earlier attempt has created, if it has."""
        if self.descriptor.find is None:
            return None
        record = self._finder.find(replace(declared, external_name=""), CREATE)
        if record is None or observing.is_gone(self.descriptor, record):
            return None
        return str(scenes.search(self.descriptor.identity, record))

    def _created(self, declared: Declared) -> Created:
        """Create it, unless an attempt that nobody knows the end of is so recent that AWS may not show it yet."""
        if why := self._doubts(declared):
            raise NotReadyError(CREATE, why)
        try:
            return self._create(declared)
        except ThrottledError:
            raise
        except TransientError as error:
            # The same words now and while it is not tried again: the condition would flap otherwise.
            why = f"{error.message}; it may have been created all the same, so AWS is looked at before another attempt"
            self.memory.doubt(declared.uid, why)
            raise TransientError(error.reason, self._doubts(declared) or error.message) from error

    def _doubts(self, declared: Declared) -> str:
        """Return why it may have been created although AWS does not show it; of what AWS cannot have twice, ""."""
        is_nameless = self.descriptor.find is not None and not self.descriptor.exists
        return self.memory.doubts(declared.uid) if is_nameless else ""

    def _create(self, declared: Declared) -> Created:
        scene = self._scene(declared)
        for read in self.descriptor.prior:
            scene[read.into] = self._finder.read(declared, CREATE, read, scene)
        tags = tagging.initial(declared, self.account.config, self.descriptor.tagging)
        way = requests.way(self.descriptor, scene)
        accepted = self._caller.accepted(way.call.operation)
        request = requests.creation(self.descriptor, declared, tags, scene, accepted)
        try:
            answer = self._caller.change(declared, CREATE, request)
        except AlreadyExistsError as error:
            return self._known(declared, self._existing(declared, error))
        self._tell(declared)
        for secret in telling.secrets(self.descriptor, declared):
            # What is restored has the secret of what it was, until the first update.
            if secret.member.partition(".")[0] not in request.arguments:
                self.memory.tell(declared.uid, secret.input.argument, _ANOTHER)
        named = str(scenes.search(way.result, {**answer, **scene}))
        spelt = tagging.spelt(self.descriptor.tagging, tags) if self.descriptor.tagging else None
        for call in self.descriptor.after:
            self._caller.call(declared, CREATE, call, {**scene, "id": named, "tags": spelt})
        self._complete(declared, {**scene, "id": named, "at": {}})
        more = way.derive(answer, scene) if way.derive else {}
        return Created(named, observing.details(self.descriptor.once, {**answer, **more}))

    def _complete(self, declared: Declared, scene: Object) -> None:
        """Set what only updates take. When that fails it is drift, and the next look corrects it."""
        missing = Observation(exists=True, drift=tuple(requests.left_out(self.descriptor, scene["spec"])))
        with suppress(ReconcileError):
            for request in requests.updates(self.descriptor, declared, missing, scene):
                self._caller.change(declared, CREATE, request)

    def _existing(self, declared: Declared, error: AlreadyExistsError) -> str:
        """Return the external name of what is there already, if it is ours or ours to take."""
        record = self._finder.find(declared, CREATE)
        if record is None:
            scene = self._scene(declared)
            way = requests.way(self.descriptor, scene)
            asked = iter(scenes.arguments(way.call.arguments, scene).values())
            named = scenes.search(way.result, scene) or next(asked, self.descriptor.kind)
            advice = "to take it over, set the annotation crossplane.io/external-name"
            raise StalledError(CREATE, f"{error}; {named!r} is not ours: {advice}") from error
        return str(scenes.search(self.descriptor.identity, record))

    @property
    def _caller(self) -> Caller:
        return Caller(self.descriptor, self.account)

    @property
    def _finder(self) -> Finder:
        return Finder(self._caller, self.memory, Lister(self._caller, self.batches))

    def _scene(self, declared: Declared, **more: Json) -> Draft:
        return scenes.scene(self.descriptor, declared, self.account.place, **more)
