"""
From a managed resource to the account that it lives in: its ProviderConfig, the credentials, the note of their use.

The note (ProviderConfigUsage) comes first, as Crossplane has it: it keeps the ProviderConfig from being deleted, and it
leads from a ProviderConfig that appears later to those who wait for it.
"""

from dataclasses import replace
from typing import Any

from crosshead.base import names, objects
from crosshead.base.errors import AlreadyExistsError, ForbiddenError, NotReadyError
from crosshead.base.objects import Ref
from crosshead.base.values import Object
from crosshead.managed.external import Declared
from crosshead.managed.facts import Naming
from crosshead.reconcilers import managed_origins
from crosshead.reconcilers.connections import SECRET
from crosshead.reconcilers.managed_knowledge import CONNECT, Known, worded
from crosshead.reconcilers.managed_memory import Data
from crosshead.reconcilers.managed_secrets import declared, declared_initially
from crosshead.reconcilers.ports import World
from crosshead.reconcilers.provider_configs import USAGE_OF, config_of


def connect(known: Known, world: World) -> Known:
    """Find the account."""
    parameters = objects.spec(known.managed).get("forProvider") or {}
    with worded("connect failed", CONNECT):
        config = _config(known, world)
        secret = _credentials(config, known, world)
        try:
            external = world.provider.connect(known.facts.kind, parameters, config, secret)
        except ForbiddenError:
            forget_credentials(known, world)
            raise
    return replace(known, external=external, origin=managed_origins.origin(known.managed, world))


def declare(known: Known) -> Declared:
    """Return what the managed resource asks for."""
    managed = known.managed
    # Whoever took the annotation away did not take away the resource that has the name.
    default = objects.name(managed) if known.facts.naming is Naming.BY_US else ""
    return Declared(
        kind=known.facts.kind,
        name=objects.name(managed),
        uid=objects.uid(managed),
        external_name=objects.annotations(managed).get(names.EXTERNAL_NAME) or default,
        parameters=declared(known),
        initial=declared_initially(known),
        secrets=known.secrets,
        told=known.told,
        namespace=objects.namespace(managed),
        origin=known.origin,
    )


def forget_credentials(known: Known, world: World) -> None:
    """Read the credentials anew next time: they were refused, and may have been replaced."""
    config = world.cache.get(config_of(known.managed))
    source = _credentials_ref(config or {})
    if source is not None:
        known.memory.forget_secret(source)


def _config(known: Known, world: World) -> Object:
    """Return the ProviderConfig; an empty one for kinds that live in no account."""
    if known.facts.provider != "aws":
        return {}
    ref = config_of(known.managed)
    if not objects.is_deleting(known.managed):
        _note_usage(known.managed, ref, world)
    config = world.cache.get(ref)
    if config is None:
        place = f' in namespace "{ref.namespace}"' if ref.namespace else ""
        text = f'cannot get {ref.kind.kind}: {ref.kind.group_kind} "{ref.name}" not found{place}'
        raise NotReadyError(CONNECT, text)
    return config


def _note_usage(managed: Object, config: Ref, world: World) -> None:
    ref = Ref(USAGE_OF[config.kind], objects.uid(managed), objects.namespace(managed))
    wanted = _usage(managed, config)
    noted = world.cache.get(ref)
    if noted is None:
        try:
            world.api.create(wanted)
        except AlreadyExistsError:
            return  # ours, from before the cache knew
    elif noted.get("providerConfigRef") != wanted["providerConfigRef"]:
        changes = {
            "metadata": {"labels": wanted["metadata"]["labels"]},
            "providerConfigRef": wanted["providerConfigRef"],
        }
        world.api.patch(ref, changes)


def _usage(managed: Object, config: Ref) -> dict[str, Any]:
    kind, namespace = USAGE_OF[config.kind], objects.namespace(managed)
    return {
        "apiVersion": kind.api_version,
        "kind": kind.kind,
        "metadata": {
            "name": objects.uid(managed),
            **({"namespace": namespace} if namespace else {}),
            "labels": {names.PROVIDER_CONFIG_LABEL: config.name},
            "ownerReferences": [objects.controller_reference(managed)],
        },
        "providerConfigRef": {"name": config.name, **({"kind": config.kind.kind} if namespace else {})},
        "resourceRef": {"apiVersion": managed["apiVersion"], "kind": managed["kind"], "name": objects.name(managed)},
    }


def _credentials(config: Object, known: Known, world: World) -> Data:
    source = _credentials_ref(config)
    if source is None:
        return {}
    data = known.memory.read_secret(source, world)
    if data is None:
        key = _secret_ref(objects.spec(config)["credentials"]).get("key")
        whose = f"ProviderConfig {objects.name(config)!r}"
        raise NotReadyError(CONNECT, f"cannot get credentials of {whose}: {source} (key {key!r}) does not exist")
    return data


def _credentials_ref(config: Object) -> Ref | None:
    """Return the Secret that *config* names, of keys or of a token; None when it needs none."""
    wanted = _secret_ref(objects.spec(config).get("credentials") or {})
    if not wanted.get("name"):
        return None
    # A configuration that lives in a namespace reads that namespace's Secrets, whatever it says (as upstream does).
    return Ref(SECRET, wanted["name"], objects.namespace(config) or wanted.get("namespace") or "")


def _secret_ref(credentials: Object) -> Object:
    match credentials.get("source"):
        case "Secret":
            return credentials.get("secretRef") or {}
        case "WebIdentity":
            token = (credentials.get("webIdentity") or {}).get("tokenConfig") or {}
            return (token.get("secretRef") or {}) if token.get("source") == "Secret" else {}
        case _:
            return {}
