"""Ask a built-in function: requests out of plain objects, and what is looked at in responses."""

from crosshead.compose.protocol import Ready, Request, Resource, Severity, State

XR = {
    "apiVersion": "example.org/v1",
    "kind": "XThing",
    "metadata": {"name": "xr"},
    "spec": {"env": "prod", "n": 3, "keys": ["a", "b"], "tags": {"x": "1"}},
}


def request(told=None, *, desired=None, observed=None, xr=XR, **more):
    """Return a request; *desired* and *observed* are objects by name (a pair is an object and whether it is ready)."""
    return Request(
        observed=State(Resource(xr) if xr else None, resources(observed)),
        desired=more.pop("state", None) or State(resources=resources(desired)),
        input=told,
        **more,
    )


def resources(objects):
    return {name: one if isinstance(one, Resource) else Resource(one) for name, one in (objects or {}).items()}


def thing(name="n", kind="Thing", **more):
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": name}, **more}


def showing(*conditions, **more):
    return thing(status={"conditions": [dict(zip(FIELDS, one, strict=False)) for one in conditions]}, **more)


FIELDS = ("type", "status", "reason", "message")


def is_ready(obj):
    return Resource(obj, ready=Ready.TRUE)


def fatal(response):
    """Return the text of the only result of *response*, which must be fatal."""
    assert [result.severity for result in response.results] == [Severity.FATAL]
    return response.results[0].message


def said(response):
    return [result.message for result in response.results]
