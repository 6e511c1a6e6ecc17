"""The lives of the kinds: for each, what to declare, what to change, what cannot change. `living/` has them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from crosshead.aws.external import AwsExternal
from crosshead.aws.provider import AwsProvider
from crosshead.base.objects import Kind
from crosshead.base.values import SecretValue
from crosshead.managed.external import Declared, Observation

REGION = "us-east-1"
KEYS = {"creds": SecretValue("[default]\naws_access_key_id = test\naws_secret_access_key = test\n")}
PASSWORD = {"password": SecretValue("correct-horse")}
AUTH_TOKEN = {"auth_token": SecretValue("correct-horse-battery")}


def config(url: str, **spec: Any) -> dict[str, Any]:
    """Return a ProviderConfig that leads to the emulator at *url*."""
    secret = {"source": "Secret", "secretRef": {"namespace": "aws", "name": "keys", "key": "creds"}}
    endpoint = {"url": {"type": "Static", "static": url}, "hostnameImmutable": True}
    return {
        "kind": "ProviderConfig",
        "metadata": {"name": "default"},
        "spec": {"credentials": secret, "endpoint": endpoint, **spec},
    }


@dataclass(frozen=True)
class Land:
    """What others stand on: a network, made once."""

    url: str
    provider: AwsProvider
    vpc: str = ""
    subnets: tuple[str, ...] = ()
    group: str = ""
    bucket: str = ""

    def external(self, service: str, kind: str, region: str = REGION) -> AwsExternal:
        """Return the external resources of a kind."""
        wanted = Kind(f"{service}.aws.upbound.io/v1beta1", kind)
        return self.provider.connect(wanted, {"region": region}, config(self.url), KEYS)

    def made(self, service: str, kind: str, called: str, **parameters: Any) -> str:
        """Make something to stand on, and return its external name."""
        wanted = Life(service, kind, lambda _: parameters).declared(self, called)
        return create(self.external(service, kind), wanted).external_name


@dataclass(frozen=True)
class Life:
    """One kind's life."""

    service: str
    kind: str
    parameters: Callable[[Land], Mapping[str, Any]]
    change: Mapping[str, Any] = field(default_factory=dict)
    # Changes that point at something else in the land.
    elsewhere: Callable[[Land], Mapping[str, Any]] = lambda _: {}
    refused: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, SecretValue] = field(default_factory=dict)
    # Exists before it is created, and when it is deleted falls back to a default: a setting.
    setting: bool = False
    absent_name: str = "nobody"
    # What must be declared beside the external name for it to be found.
    imported: tuple[str, ...] = ()
    # Tells apart the lives of one kind.
    variant: str = ""
    # What is drift after the change, when that is said in other words.
    drifts: tuple[str, ...] = ()
    # Whether it is found again when the answer to its create is lost.
    traceable: bool = True

    @property
    def id(self) -> str:
        """What pytest calls it."""
        return f"{self.service} {self.kind} {self.variant}".strip()

    def changes(self, land: Land) -> Mapping[str, Any]:
        """Return what can be changed, and to what."""
        return {**self.change, **self.elsewhere(land)}

    def declared(self, land: Land, name: str) -> Declared:
        """Return the declaration of a resource of this kind called *name*."""
        parameters = {"region": REGION, **self.parameters(land)}
        kind = Kind(f"{self.service}.aws.upbound.io/v1beta1", self.kind)
        return Declared(kind, name, f"uid-of-{name}", "", parameters, parameters, self.secrets)


def changed(declared: Declared, **parameters: Any) -> Declared:
    """Return *declared* with other parameters."""
    new = {**declared.parameters, **parameters}
    return replace(declared, parameters=new, initial=new)


def settle(external: AwsExternal, declared: Declared) -> Observation:
    """Look until nothing is under way."""
    return next(seen for seen in iter(lambda: external.observe(declared), None) if not seen.busy)


def create(external: AwsExternal, declared: Declared) -> Declared:
    """Create it, and return the declaration with what it is called."""
    return replace(declared, external_name=external.create(declared).external_name)
