"""Speaks to AWS for one kind: sends requests, and says of what comes back what it means for whom."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crosshead.aws import requests, scenes
from crosshead.aws.blaming import blame
from crosshead.aws.calls import Call, Request
from crosshead.aws.descriptor import Descriptor
from crosshead.aws.errors import Attempt, code_of, translate
from crosshead.aws.sessions import Pair
from crosshead.base.errors import AbsentError, AlreadyExistsError, NotReadyError
from crosshead.base.values import Json, Object
from crosshead.managed.external import Declared

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
    config: Object
    # Its number; empty where no scene asks for it.
    number: str = ""
    # Clients of other services, by botocore's name of them.
    others: Callable[[str], Pair] | None = None

    @property
    def place(self) -> dict[str, str]:
        """What a scene says of the place."""
        return {"region": self.region, "partition": self.partition, "account": self.number}


@dataclass(frozen=True, slots=True)
class Caller:
    """Sends the requests of one kind, in one account."""

    descriptor: Descriptor
    account: Account

    def accepted(self, operation: str) -> frozenset[str]:
        """Return the members that *operation* takes."""
        return frozenset(_input(self.account.clients.patient, operation).members)

    def can_ask(self, call: Call, scene: Object) -> bool:
        """Whether *scene* knows all that AWS must be told in *call*."""
        request = requests.plain(call, scene)
        needed = _input(self._clients(call.client).patient, call.operation).required_members
        return request is None or set(needed) <= request.arguments.keys()

    def call(self, declared: Declared, reason: str, call: Call, scene: Object) -> list[Mapping[str, Json]]:
        """Return the answers to *call*: one, or one for each of many; none when it is not called for."""
        return [self.send(declared, reason, request) for request in requests.every(call, scene)]

    def change(self, declared: Declared, reason: str, request: Request) -> Mapping[str, Json]:
        """Send a create or an update. What it refers to may not exist yet, or AWS not know it yet: wait for that."""
        try:
            return self.send(declared, reason, request)
        except AbsentError as error:
            raise NotReadyError(reason, str(error)) from error

    def send(self, declared: Declared, reason: str, request: Request) -> Mapping[str, Json]:
        """Send *request*, and return the answer; what goes wrong is one of our errors."""
        try:
            clients = self._clients(request.client)
            client = clients.once() if reason == CREATE else clients.patient
            answer: Mapping[str, Json] = _answer(client, request)
        except Exception as error:
            if code_of(error) in request.codes:
                return {}
            raise self._translated(error, declared, reason, request) from error
        return answer

    def _clients(self, service: str) -> Pair:
        """Return the clients of *service*, of the kind's own when it is not named."""
        return self.account.others(service) if service and self.account.others else self.account.clients

    def pages(self, declared: Declared, reason: str, request: Request) -> Iterator[Mapping[str, Json]]:
        """Yield the answers to *request*, which lists: one for every page."""
        client = self._clients(request.client).patient
        try:
            if client.can_paginate(request.operation):
                yield from client.get_paginator(request.operation).paginate(**request.arguments)
            else:
                yield getattr(client, request.operation)(**request.arguments)
        except Exception as error:
            raise self._translated(error, declared, reason, request) from error

    def _translated(self, error: Exception, declared: Declared, reason: str, request: Request) -> Exception:
        code, attempt = code_of(error), self.attempt(declared, reason, request.operation)
        if code in self.descriptor.absent:
            return AbsentError(str(translate(error, attempt)))
        # The same code tells a delete or an update that it is in use.
        if reason == CREATE and code in self.descriptor.exists:
            return AlreadyExistsError(str(translate(error, attempt)))
        return translate(error, attempt)

    def attempt(self, declared: Declared, reason: str, operation: str) -> Attempt:
        """Return what is attempted, for whoever must tell that it failed."""
        parameters = scenes.parameters(self.descriptor, declared.initial)
        words = operation.replace("_", " ")
        return Attempt(reason, words, self.subject(declared), lambda said: blame(self.descriptor, parameters, said))

    def subject(self, declared: Declared) -> str:
        """Return what messages call it."""
        called = f" ({declared.external_name})" if declared.external_name not in ("", declared.name) else ""
        return f"{self.descriptor.kind} {declared.name!r}{called}"


def _input(client: Any, operation: str) -> Any:  # noqa: ANN401 (botocore has no types)
    """Return the shape of what *operation* is sent."""
    return client.meta.service_model.operation_model(client.meta.method_to_api_mapping[operation]).input_shape


def _answer(client: Any, request: Request) -> Mapping[str, Json]:  # noqa: ANN401 (botocore has no types)
    if request.paged:
        whole: Mapping[str, Json] = (
            client.get_paginator(request.operation).paginate(**request.arguments).build_full_result()
        )
        return whole
    answer: Mapping[str, Json] = getattr(client, request.operation)(**request.arguments)
    return answer
