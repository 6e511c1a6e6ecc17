"""What a create sends: `forProvider` over `initProvider`."""

from collections.abc import Mapping

from crosshead.base.values import Draft, Json, Object


def over(parameters: Object, initial: Object) -> Draft:
    """Return *parameters* with what only *initial* has; objects go together key by key, lists are one value."""
    merged = {key: _over(parameters[key], value) if key in parameters else value for key, value in initial.items()}
    return {**parameters, **merged}


def _over(value: Json, initial: Json) -> Json:
    both = isinstance(value, Mapping) and isinstance(initial, Mapping)
    return over(value, initial) if both else value
