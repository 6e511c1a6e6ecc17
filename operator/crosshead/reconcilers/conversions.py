"""Tells the API server whom to ask when objects of a kind must be turned from one version into another."""

import base64
from collections.abc import Iterable
from typing import Final

from crosshead.base import objects
from crosshead.base.objects import Kind, Ref
from crosshead.base.values import Draft, Object
from crosshead.reconcilers.ports import Api

CRD: Final = Kind("apiextensions.k8s.io/v1", "CustomResourceDefinition")
PATH: Final = "/convert"


def at_url(url: str, authority: bytes) -> Draft:
    """Return the client configuration of a webhook at *url*, which the certificate *authority* (PEM) vouches for."""
    return {"url": f"{url.rstrip('/')}{PATH}", "caBundle": base64.b64encode(authority).decode()}


def at_service(name: str, namespace: str, authority: bytes) -> Draft:
    """Return the client configuration of a webhook behind the Service *name*, on port 443."""
    service = {"name": name, "namespace": namespace, "path": PATH, "port": 443}
    return {"service": service, "caBundle": base64.b64encode(authority).decode()}


def point(crds: Iterable[str], client: Object, api: Api) -> list[str]:
    """
    Have the *crds*, by name, converted by *client*; return those that had to be told.

    A CRD that is not installed is left alone: it comes to somebody who does not use the kind.
    """
    webhook = {"clientConfig": client, "conversionReviewVersions": ["v1"]}
    told = []
    for name in crds:
        crd = api.fetch(Ref(CRD, name))
        if crd is None or _is_asked(crd, webhook):
            continue
        api.patch(Ref(CRD, name), {"spec": {"conversion": {"strategy": "Webhook", "webhook": _whole(crd, webhook)}}})
        told.append(name)
    return told


def _is_asked(crd: Object, webhook: Object) -> bool:
    conversion = objects.spec(crd).get("conversion") or {}
    return conversion.get("strategy") == "Webhook" and conversion.get("webhook") == webhook


def _whole(crd: Object, webhook: Object) -> Draft:
    """Return *webhook* as a merge patch that leaves nothing of the one that was there: a URL beside a Service."""
    old = ((objects.spec(crd).get("conversion") or {}).get("webhook") or {}).get("clientConfig") or {}
    gone = dict.fromkeys(set(old) - set(webhook["clientConfig"]))
    return {**webhook, "clientConfig": {**gone, **webhook["clientConfig"]}}
