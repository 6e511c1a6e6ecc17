"""Finds what AWS shows of a resource: by its external name, by its tags, by what has taken its place."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from crosshead.aws import inheriting, scenes, tagging
from crosshead.aws.batching import Answer
from crosshead.aws.calling import OBSERVE, Account, Caller
from crosshead.aws.calls import Read
from crosshead.aws.descriptor import Descriptor
from crosshead.aws.listing import Lister
from crosshead.aws.memory import Memory
from crosshead.base.errors import AbsentError, StalledError
from crosshead.base.values import Draft, Json, Object
from crosshead.managed.external import Declared, Left


@dataclass(frozen=True, slots=True)
class Finder:
    """Looks for the resources of one kind in one account. What it finds is a *record*: AWS' answers put together."""

    caller: Caller
    memory: Memory
    lister: Lister

    @property
    def descriptor(self) -> Descriptor:
        """What the kind is."""
        return self.caller.descriptor

    @property
    def account(self) -> Account:
        """Where it looks."""
        return self.caller.account

    def left(self, declared: Declared) -> tuple[Left, ...]:
        """Return what was left behind by an object that *declared* replaces: what bears its name, or its origin."""
        declared = replace(declared, external_name="", patience=0.0)
        records = self._remains(declared)
        found = (inheriting.left(self.descriptor, declared, record) for record in records if record is not None)
        return tuple({one.external_name: one for one in found if one is not None}.values())

    def _remains(self, declared: Declared) -> Iterator[Draft | None]:
        scene = self._scene(declared)
        if self.descriptor.find is not None and self.descriptor.exists:
            yield self._record(declared, OBSERVE, self.descriptor.find, scene)
        for names in inheriting.called(self.caller, declared, scene):
            yield from (self._called(declared, name) for name in names)

    def _called(self, declared: Declared, name: str) -> Draft | None:
        """Return the record of what may be called *name*; None when AWS does not take that for a name."""
        try:
            return self._record(declared, OBSERVE, self.descriptor.reads[0], self._scene(declared, id=name))
        except StalledError:
            return None

    def find(self, declared: Declared, reason: str) -> Draft | None:
        """Return the record of it, None when there is none."""
        scene = self._scene(declared)
        if declared.external_name or self.descriptor.find is None:
            # What nobody can name, nobody has made: a setting of a bucket that was never found.
            if scene["id"] is None:
                return None
            record = self._record(declared, reason, self.descriptor.reads[0], scene)
            record = self._follow(declared, reason, record)
            if record is not None or not self.descriptor.moves or self.descriptor.find is None:
                return record
            scene = {**self._scene(replace(declared, external_name="")), "id": None}
        record = self._record(declared, reason, self.descriptor.find, scene)
        return record if record is not None and self._is_ours(declared, record) else None

    def _follow(self, declared: Declared, reason: str, record: Draft | None) -> Draft | None:
        """Return the record of what has taken the place of that of *record*; itself when nothing has."""
        heir = scenes.search(self.descriptor.becomes, record) if record and self.descriptor.becomes else None
        if heir is None:
            return record
        scene = self._scene(replace(declared, external_name=str(heir)))
        return self._record(declared, reason, self.descriptor.reads[0], scene)

    def _record(self, declared: Declared, reason: str, main: Read, scene: Object) -> Draft | None:
        # What it refers to never had a name, so it was never made; it can be deleted all the same.
        if not self.caller.can_ask(main.call, scene):
            return None
        found = self.read(declared, reason, main, scene)
        if not found:
            return None
        if isinstance(found, str):
            return self._record(declared, reason, self.descriptor.reads[0], {**scene, "id": found})
        record: Draft = {**self.account.place, "id": scene["id"], **found}
        record["id"] = scene["id"] or scenes.search(self.descriptor.identity, record)
        return self.looked(declared, reason, self.descriptor.reads[1:], {**scene, "id": record["id"], "record": record})

    def looked(self, declared: Declared, reason: str, reads: Iterable[Read], scene: Object) -> Draft:
        """Return the record of *scene* with what *reads* find."""
        record = dict(scene.get("record") or {})
        for read in reads:
            record[read.into] = self.read(declared, reason, read, {**scene, "record": record})
        return record

    def read(self, declared: Declared, reason: str, read: Read, scene: Object) -> Json:
        """Return what one *read* finds, None when there is nothing."""
        listed = self._listed(declared, reason, read, scene)
        try:
            found = [listed.item] if listed else self._asked(declared, reason, read, scene)
        except AbsentError:
            return None
        one = found if read.call.each else next(iter(found), None)
        shown = read.pick(one, scene) if read.pick and found else one
        return {**shown, "age": listed.age} if listed and isinstance(shown, Mapping) else shown

    def _listed(self, declared: Declared, reason: str, read: Read, scene: Object) -> Answer | None:
        if read.many is None or reason != OBSERVE:
            return None
        return self.lister.find(declared, read.many, scene, self.memory.changed_at(declared.uid))

    def _asked(self, declared: Declared, reason: str, read: Read, scene: Object) -> list[Json]:
        answers = self.caller.call(declared, reason, read.call, scene)
        return [scenes.search(read.result, {**answer, "id": scene["id"]}) for answer in answers]

    def _is_ours(self, declared: Declared, record: Object) -> bool:
        where, proof = self.descriptor.tagging, self.descriptor.ours
        if proof and scenes.search(proof, {**record, "uid": declared.uid}):
            return True
        return where is None or tagging.is_ours(tagging.read(where, scenes.search(where.read, record)), declared)

    def _scene(self, declared: Declared, **more: Json) -> Draft:
        return scenes.scene(self.descriptor, declared, self.account.place, **more)
