"""Several providers behind one: each kind is served by the first that knows it."""

from collections.abc import Mapping
from dataclasses import dataclass

from crosshead.base.errors import StalledError
from crosshead.base.objects import Kind
from crosshead.base.values import Object, SecretValue
from crosshead.managed.facts import Facts
from crosshead.reconcilers.ports import External, Provider


@dataclass(frozen=True, slots=True)
class Providers:
    """Satisfies the port Provider."""

    served: tuple[Provider, ...]

    def facts(self, kind: Kind) -> Facts | None:
        """Return what is known about *kind*, None when none of them serves it."""
        return next((facts for provider in self.served if (facts := provider.facts(kind)) is not None), None)

    def connect(self, kind: Kind, parameters: Object, config: Object, secret: Mapping[str, SecretValue]) -> External:
        """Return the external resources of *kind* as the provider that serves it sees them."""
        for provider in self.served:
            if provider.facts(kind) is not None:
                return provider.connect(kind, parameters, config, secret)
        raise StalledError("CannotConnectToProvider", f"no provider serves {kind}")
