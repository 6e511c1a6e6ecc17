"""
What runs a function as Crossplane runs it: a Deployment, the Service before it, and its ServiceAccount.

A DeploymentRuntimeConfig is where they start from; what it leaves out gets a default, and some things are not its to
say: the namespace, the owner, the selectors, and that the package's container comes first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from crosshead.base import objects
from crosshead.base.values import Draft, Json, Object
from crosshead.definitions import packages

PORT: Final = 9443
_CONTAINER: Final = "package-runtime"
_GRPC: Final = "grpc"
_SERVER_CERTIFICATES: Final = "/tls/server"
_USER: Final = 2000
_POD_SECURITY: Final[Object] = {"runAsNonRoot": True, "runAsUser": _USER, "runAsGroup": _USER}
_SECURITY: Final[Object] = {**_POD_SECURITY, "allowPrivilegeEscalation": False, "privileged": False}
_NOTHING: Final[Mapping[str, Any]] = {}


@dataclass(frozen=True, slots=True)
class Runtime:
    """What a runtime is made of: the *revision* it runs, its *config* (None: there is none), and the *namespace*."""

    revision: Object
    config: Object | None
    namespace: str


def service(runtime: Runtime) -> Draft:
    """
    Return the headless Service before the Deployment.

    Headless, so that a client sees every pod and spreads its calls.
    """
    port = {"name": _GRPC, "protocol": "TCP", "port": PORT, "targetPort": _GRPC}
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": _metadata(runtime, "serviceTemplate", packages.function_name(runtime.revision)),
        "spec": {"clusterIP": "None", "selector": selector(runtime.revision), "ports": [port]},
    }


def endpoint(runtime: Runtime) -> str:
    """Return where the Service is to be called."""
    return f"dns:///{objects.name(service(runtime))}.{runtime.namespace}:{PORT}"


def host_names(runtime: Runtime) -> tuple[str, ...]:
    """Return the names that the certificate of the function must be for."""
    name = objects.name(service(runtime))
    return (name, f"{name}.{runtime.namespace}", f"{name}.{runtime.namespace}.svc")


def service_account(runtime: Runtime) -> Draft:
    """Return the ServiceAccount that the Deployment runs as, unless its configuration names another."""
    account: Draft = {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": _metadata(runtime, "serviceAccountTemplate", objects.name(runtime.revision)),
    }
    secrets = objects.spec(runtime.revision).get("packagePullSecrets")
    return {**account, "imagePullSecrets": list(secrets)} if secrets else account


def owns_service_account(runtime: Runtime) -> bool:
    """Whether the Deployment runs as the account of `service_account`: another's is another's to make."""
    pod = deployment(runtime)["spec"]["template"]["spec"]
    return bool(pod["serviceAccountName"] == objects.name(service_account(runtime)))


def deployment(runtime: Runtime) -> Draft:
    """Return the Deployment; the image of the package is the image of the function."""
    told = _template(runtime, "deploymentTemplate").get("spec") or _NOTHING
    template = told.get("template") or _NOTHING
    labels = selector(runtime.revision)
    metadata = template.get("metadata") or _NOTHING
    spec = {
        "replicas": 1,
        **told,
        "selector": {**(told.get("selector") or _NOTHING), "matchLabels": labels},
        "template": {
            **template,
            "metadata": {**metadata, "labels": {**(metadata.get("labels") or _NOTHING), **labels}},
            "spec": _pod(runtime, template.get("spec") or _NOTHING),
        },
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": _metadata(runtime, "deploymentTemplate", objects.name(runtime.revision)),
        "spec": spec,
    }


def selector(revision: Object) -> Draft:
    """Return the labels of the pods that run *revision*."""
    return {
        "pkg.crossplane.io/function": packages.function_name(revision),
        "pkg.crossplane.io/revision": objects.name(revision),
    }


def secret_name(revision: Object) -> str:
    """Return the name of the Secret with the certificate of the function."""
    told = objects.spec(revision).get("tlsServerSecretName")
    return str(told or f"{packages.function_name(revision)}-tls-server")


def _pod(runtime: Runtime, told: Object) -> Draft:
    spec = objects.spec(runtime.revision)
    pod: Draft = {
        "securityContext": dict(_POD_SECURITY),
        "serviceAccountName": objects.name(service_account(runtime)),
        **told,
        "containers": _containers(runtime, told.get("containers") or ()),
        "volumes": [*(told.get("volumes") or ()), _volume(secret_name(runtime.revision))],
    }
    secrets = spec.get("packagePullSecrets")
    return {**pod, "imagePullSecrets": list(secrets)} if secrets else pod


def _containers(runtime: Runtime, told: Sequence[Object]) -> list[Object]:
    ours = next((c for c in told if c.get("name") == _CONTAINER), _NOTHING)
    return [_container(runtime, ours), *(c for c in told if c.get("name") != _CONTAINER)]


def _container(runtime: Runtime, told: Object) -> Draft:
    spec = objects.spec(runtime.revision)
    container: Draft = {
        "name": _CONTAINER,
        "image": packages.package_of(runtime.revision),
        "imagePullPolicy": "IfNotPresent",
        "securityContext": dict(_SECURITY),
        **told,
        "ports": _ports(told.get("ports") or ()),
        "env": [*(told.get("env") or ()), *_environment(runtime.revision)],
        "volumeMounts": [
            *(told.get("volumeMounts") or ()),
            {"name": "tls-server-certs", "readOnly": True, "mountPath": _SERVER_CERTIFICATES},
        ],
    }
    policy = spec.get("packagePullPolicy")
    return {**container, "imagePullPolicy": policy} if policy else container


def _ports(told: Sequence[Object]) -> list[Object]:
    """Return *told* with the ports that every function has; their protocol is said, an apply to 1.20 needs it."""
    given = [{"protocol": "TCP", **port} for port in told]
    named = {port.get("name") for port in told}
    ours = (("metrics", 8080), (_GRPC, PORT))
    return [*given, *({"name": n, "containerPort": p, "protocol": "TCP"} for n, p in ours if n not in named)]


def _environment(revision: Object) -> list[Draft]:
    return [
        {"name": "TLS_SERVER_CERTS_DIR", "value": _SERVER_CERTIFICATES},
        _from_label("FUNCTION_NAME", "pkg.crossplane.io/function"),
        _from_label("REVISION_NAME", "pkg.crossplane.io/revision"),
        {"name": "REVISION_UID", "value": objects.uid(revision)},
    ]


def _from_label(name: str, label: str) -> Draft:
    field = {"apiVersion": "v1", "fieldPath": f"metadata.labels['{label}']"}
    return {"name": name, "valueFrom": {"fieldRef": field}}


def _volume(secret: str) -> Draft:
    keys = ("tls.crt", "tls.key", "ca.crt")
    return {
        "name": "tls-server-certs",
        "secret": {"secretName": secret, "items": [{"key": key, "path": key} for key in keys]},
    }


def _template(runtime: Runtime, template: str) -> Mapping[str, Json]:
    config = objects.spec(runtime.config) if runtime.config is not None else _NOTHING
    return config.get(template) or _NOTHING


def _metadata(runtime: Runtime, template: str, name: str) -> Draft:
    told = _template(runtime, template).get("metadata") or _NOTHING
    common = objects.spec(runtime.revision).get("commonLabels") or _NOTHING
    labels = {**(told.get("labels") or _NOTHING), **common}
    chosen = {"labels": labels, "annotations": dict(told.get("annotations") or _NOTHING)}
    return {
        "name": told.get("name") or name,
        "namespace": runtime.namespace,
        **{key: value for key, value in chosen.items() if value},
        "ownerReferences": [objects.controller_reference(runtime.revision)],
    }
