"""Late initialisation: what the outside world chose for fields that the user left out becomes part of the spec."""

from collections.abc import Mapping

from crosshead.base.values import Draft, Json, Object


def additions(parameters: Object, initial: Object, late: Object) -> Draft:
    """
    Return the merge patch that fills into *parameters* (`forProvider`) what they lack of *late*.

    Nothing that is set changes, and nothing that *initial* (`initProvider`) sets is touched: it was left out of
    `forProvider` on purpose.
    """
    found = {key: _addition(parameters.get(key), value) for key, value in late.items() if key not in initial}
    return {key: value for key, value in found.items() if value is not None}


def _addition(value: Json, late: Json) -> Json:
    if isinstance(value, Mapping) and isinstance(late, Mapping):
        return additions(value, {}, late) or None
    return late if value is None else None
