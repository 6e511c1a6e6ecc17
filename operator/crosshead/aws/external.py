"""The generic client: lives any descriptor. Looks, creates, updates, deletes; decides nothing about a life cycle."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from crosshead.aws import emptying, observing, requests, scenes, tagging
from crosshead.aws.blaming import blame
from crosshead.aws.descriptor import Call, Descriptor, Read, Request
from crosshead.aws.errors import Attempt, code_of, translate
from crosshead.aws.memory import Memory
from crosshead.aws.sessions import Pair
from crosshead.base.errors import (
    AbsentError,
    AlreadyExistsError,
    NotReadyError,
    ReconcileError,
    StalledError,
    ThrottledError,
    TransientError,
)
from crosshead.base.values import Draft, Json, Object
from crosshead.managed.external import ABSENT, Created, Declared, Drift, Observation

OBSERVE = "CannotObserveExternalResource"
CREATE = "CannotCreateExternalResource"
UPDATE = "CannotUpdateExternalResource"
DELETE = "CannotDeleteExternalResource"


@dataclass(frozen=True, slots=True)
class Account:
    """Where to look: clients, and the words that tags and ARNs need."""

    clients: Pair
    region: str
    partition: str
    provider_config: str

    @property
    def place(self) -> dict[str, str]:
        """What a scene says of the place."""
        return {"region": self.region, "partition": self.partition}


@dataclass(frozen=True, slots=True)
class AwsExternal:
    """One account's view of one kind. Holds nothing about any one resource."""

    descriptor: Descriptor
    account: Account
    memory: Memory

    def observe(self, declared: Declared) -> Observation:
        """Look at the external resource."""
        if self.memory.is_given_up(declared.uid):
            return ABSENT
        record = self._find(declared, OBSERVE)
        if record is None or observing.is_gone(self.descriptor, record):
            return ABSENT
        tags = tagging.wanted(self.descriptor, declared, self.account.provider_config)
        seen = observing.observation(observing.Seen(self.descriptor, declared, record, tags))
        return replace(seen, drift=(*seen.drift, *self._untold(declared)))

    def create(self, declared: Declared) -> Created:
        """Create it. When an earlier attempt has, although its answer was lost, that one is taken."""
        name = self._ours(declared)
        created = Created(name) if name is not None else self._created(declared)
        for secret in self.descriptor.secrets:
            if secret.input.argument in declared.secrets:
                self.memory.tell(declared.uid, secret.input.argument, declared.secrets[secret.input.argument])
        sent = observing.secret_details(self.descriptor, declared)
        return replace(created, connection={**created.connection, **sent})

    def update(self, declared: Declared, seen: Observation) -> None:
        """Correct the drift that *seen* shows."""
        parameters = scenes.parameters(self.descriptor, declared.parameters)
        scene = self._scene(declared, spec=parameters, at=seen.at_provider)
        for request in requests.updates(self.descriptor, declared, seen, scene):
            self._change(declared, UPDATE, request)
        for secret in self.descriptor.secrets:
            if any(d.field == secret.input.field for d in seen.drift):
                self.memory.tell(declared.uid, secret.input.argument, declared.secrets[secret.input.argument])

    def delete(self, declared: Declared) -> None:
        """Delete it, or begin to."""
        how = self.descriptor.delete
        record = self._find(declared, DELETE)
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
                raise StalledError(DELETE, f"cannot delete {self._subject(declared)}: {refusal.sentence}")
        bucket = scenes.search(how.empty, scene) if how.empty else None
        try:
            if bucket:
                self._emptied(declared, bucket)
            for call in (*how.before, how.call):
                self._call(declared, DELETE, call, scene)
        except AbsentError:
            return

    def _emptied(self, declared: Declared, bucket: str) -> None:
        try:
            done = emptying.empty(self.account.clients.patient, bucket)
        except Exception as error:
            raise translate(error, self._attempt(declared, DELETE, "empty")) from error
        if not done:
            raise NotReadyError(DELETE, f"cannot delete {self._subject(declared)} yet: it is still being emptied")

    def _find(self, declared: Declared, reason: str) -> Draft | None:
        """Return the record of it, None when there is none."""
        scene = self._scene(declared)
        if declared.external_name or self.descriptor.find is None:
            # What nobody can name, nobody has made: a setting of a bucket that was never found.
            if scene["id"] is None:
                return None
            return self._record(declared, reason, self.descriptor.reads[0], scene)
        record = self._record(declared, reason, self.descriptor.find, scene)
        return record if record is not None and self._is_ours(declared, record) else None

    def _record(self, declared: Declared, reason: str, main: Read, scene: Object) -> Draft | None:
        found = self._read(declared, reason, main, scene)
        if not found:
            return None
        record: Draft = {**self.account.place, "id": scene["id"], **found}
        record["id"] = scene["id"] or scenes.search(self.descriptor.identity, record)
        for read in self.descriptor.reads[1:]:
            record[read.into] = self._read(declared, reason, read, {**scene, "id": record["id"], "record": record})
        return record

    def _read(self, declared: Declared, reason: str, read: Read, scene: Object) -> Json:
        try:
            answer = self._call(declared, reason, read.call, scene)
        except AbsentError:
            return None
        return None if answer is None else scenes.search(read.result, {**answer, "id": scene["id"]})

    def _is_ours(self, declared: Declared, record: Object) -> bool:
        where = self.descriptor.tagging
        return where is None or tagging.is_ours(tagging.read(where, scenes.search(where.read, record)), declared)

    def _ours(self, declared: Declared) -> str | None:
        """Return the external name of what an earlier attempt has created, if it has."""
        if self.descriptor.find is None or self.descriptor.tagging is None:
            return None
        record = self._find(replace(declared, external_name=""), CREATE)
        return None if record is None else str(scenes.search(self.descriptor.identity, record))

    def _created(self, declared: Declared) -> Created:
        """Create it, unless an attempt that nobody knows the end of is so recent that AWS may not show it yet."""
        nameless = self.descriptor.find is not None and not self.descriptor.exists
        if nameless and (why := self.memory.doubts(declared.uid)):
            raise NotReadyError(CREATE, why)
        try:
            return self._create(declared)
        except ThrottledError:
            raise
        except TransientError as error:
            # The same words now and while it is not tried again: the condition would flap otherwise.
            why = f"{error.message}; it may have been created all the same, so AWS is looked at before another attempt"
            self.memory.doubt(declared.uid, why)
            raise TransientError(error.reason, why if nameless else error.message) from error

    def _create(self, declared: Declared) -> Created:
        scene = self._scene(declared)
        tags = tagging.initial(self.descriptor, declared, self.account.provider_config)
        operation = requests.way(self.descriptor, scene).call.operation
        request = requests.creation(self.descriptor, declared, tags, scene, self._accepted(operation))
        try:
            answer = self._change(declared, CREATE, request)
        except AlreadyExistsError as error:
            return Created(self._existing(declared, error))
        named = str(scenes.search(requests.way(self.descriptor, scene).result, {**answer, **scene}))
        spelt = tagging.spelt(self.descriptor.tagging, tags) if self.descriptor.tagging else None
        for call in self.descriptor.after:
            self._call(declared, CREATE, call, {**scene, "id": named, "tags": spelt})
        self._complete(declared, {**scene, "id": named, "at": {}})
        return Created(named, observing.details(self.descriptor.once, answer))

    def _complete(self, declared: Declared, scene: Object) -> None:
        """Set what only updates take. When that fails it is drift, and the next look corrects it."""
        missing = Observation(exists=True, drift=tuple(requests.left_out(self.descriptor, scene["spec"])))
        with suppress(ReconcileError):
            for request in requests.updates(self.descriptor, declared, missing, scene):
                self._change(declared, CREATE, request)

    def _existing(self, declared: Declared, error: AlreadyExistsError) -> str:
        """Return the external name of what is there already, if it is ours or ours to take."""
        record = self._find(declared, CREATE)
        if record is None:
            scene = self._scene(declared)
            named = next(iter(scenes.arguments(requests.way(self.descriptor, scene).call.arguments, scene).values()))
            advice = "to take it over, set the annotation crossplane.io/external-name"
            raise StalledError(CREATE, f"{error}; {named!r} is not ours: {advice}") from error
        return str(scenes.search(self.descriptor.identity, record))

    def _untold(self, declared: Declared) -> tuple[Drift, ...]:
        """Return the secrets that AWS was told otherwise: it never shows them, so we must know."""
        return tuple(
            Drift(secret.input.field, "(sensitive)", "(sensitive)")
            for secret in self.descriptor.secrets
            if secret.input.argument in declared.secrets and not self._is_told(declared, secret.input.argument)
        )

    def _is_told(self, declared: Declared, argument: str) -> bool:
        secret, noted = declared.secrets[argument], declared.told.get(argument)
        return self.memory.is_told(declared.uid, argument, secret, noted)

    def _scene(self, declared: Declared, **more: Json) -> Draft:
        return scenes.scene(self.descriptor, declared, self.account.place, **more)

    def _accepted(self, operation: str) -> frozenset[str]:
        client = self.account.clients.patient
        model = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[operation])
        return frozenset(model.input_shape.members)

    def _call(self, declared: Declared, reason: str, call: Call, scene: Object) -> Mapping[str, Json] | None:
        request = requests.plain(call, scene)
        return None if request is None else self._send(declared, reason, request)

    def _change(self, declared: Declared, reason: str, request: Request) -> Mapping[str, Json]:
        """Send a create or an update. What it refers to may not exist yet, or AWS not know it yet: wait for that."""
        try:
            return self._send(declared, reason, request)
        except AbsentError as error:
            raise NotReadyError(reason, str(error)) from error

    def _send(self, declared: Declared, reason: str, request: Request) -> Mapping[str, Json]:
        try:
            client = self.account.clients.once() if reason == CREATE else self.account.clients.patient
            answer: Mapping[str, Json] = getattr(client, request.operation)(**request.arguments)
        except Exception as error:
            if code_of(error) in request.codes:
                return {}
            raise self._translated(error, declared, reason, request) from error
        return answer

    def _translated(self, error: Exception, declared: Declared, reason: str, request: Request) -> Exception:
        code, attempt = code_of(error), self._attempt(declared, reason, request.operation)
        if code in self.descriptor.absent:
            return AbsentError(str(translate(error, attempt)))
        if code in self.descriptor.exists:
            return AlreadyExistsError(str(translate(error, attempt)))
        return translate(error, attempt)

    def _attempt(self, declared: Declared, reason: str, operation: str) -> Attempt:
        parameters = scenes.parameters(self.descriptor, declared.initial)
        words = operation.replace("_", " ")
        return Attempt(reason, words, self._subject(declared), lambda said: blame(self.descriptor, parameters, said))

    def _subject(self, declared: Declared) -> str:
        called = f" ({declared.external_name})" if declared.external_name not in ("", declared.name) else ""
        return f"{self.descriptor.kind} {declared.name!r}{called}"
