"""Tells the API server whom to ask when objects of a kind must be turned from one version into another."""

import base64
from typing import Final

from crosshead.base import objects
from crosshead.base.objects import Kind
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


def point(crd: Object, client: Object, api: Api) -> bool:
    """Have objects of *crd* converted by *client*; return whether the API server had to be told."""
    webhook = {"clientConfig": client, "conversionReviewVersions": ["v1"]}
    if _is_asked(crd, webhook):
        return False
    changes = {"spec": {"conversion": {"strategy": "Webhook", "webhook": _whole(crd, webhook)}}}
    api.patch(objects.ref_of(crd), changes)
    return True


def _is_asked(crd: Object, webhook: Object) -> bool:
    conversion = objects.spec(crd).get("conversion") or {}
    return conversion.get("strategy") == "Webhook" and conversion.get("webhook") == webhook


def _whole(crd: Object, webhook: Object) -> Draft:
    """Return *webhook* as a merge patch that leaves nothing of the one that was there: a URL beside a Service."""
    old = ((objects.spec(crd).get("conversion") or {}).get("webhook") or {}).get("clientConfig") or {}
    gone = dict.fromkeys(set(old) - set(webhook["clientConfig"]))
    return {**webhook, "clientConfig": {**gone, **webhook["clientConfig"]}}
