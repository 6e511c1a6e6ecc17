"""Looks at one thing by a listing of many, when somebody else's question or the number of questions makes it cheap."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from crosshead.aws import scenes
from crosshead.aws.batching import Answer, Batches, Pages, Question
from crosshead.aws.calling import OBSERVE, Account, Caller
from crosshead.aws.calls import Many, Read, Request
from crosshead.base.values import Object
from crosshead.managed.external import Declared


@dataclass(frozen=True, slots=True)
class Lister:
    """The listings of one kind in one account."""

    caller: Caller
    batches: Batches

    def find(self, declared: Declared, many: Many, scene: Object, since: float) -> Answer | None:
        """Return what a listing from after *since* shows; None when it must be looked at by itself."""
        key = scenes.search(many.asked, scene)
        if not key:
            return None
        question = Question(str(key), declared.uid, declared.patience, since)
        found = self.batches.ask(
            self._what(many), question, lambda: self._pages(declared, many, scene), lambda item: _keys(many, item)
        )
        return None if found is None else replace(found, item=scenes.search(many.shows, found.item))

    def note(self, reads: Iterable[Read], uid: str, *, exists: bool) -> None:
        """Remember whether listings show the resource of *uid*."""
        for read in reads:
            if read.many is not None:
                self.batches.note(self._what(read.many), uid, exists=exists)

    def _what(self, many: Many) -> tuple[str, ...]:
        account: Account = self.caller.account
        return account.clients.account, account.region, self.caller.descriptor.service, many.call.operation

    def _pages(self, declared: Declared, many: Many, scene: Object) -> Pages:
        arguments = scenes.arguments(many.call.arguments, scene)
        request = Request(many.call.operation, arguments, client=many.call.client)
        for answer in self.caller.pages(declared, OBSERVE, request):
            yield list(scenes.search(many.items, answer) or ())


def _keys(many: Many, item: Object) -> Iterator[str]:
    for path in many.keys:
        found = scenes.search(path, item)
        yield from map(str, found if isinstance(found, list) else [found] if found else ())
