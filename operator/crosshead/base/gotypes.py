"""What Go calls the type of a JSON value; error texts show it."""

from crosshead.base.values import Json


def name(value: Json) -> str:  # noqa: PLR0911 (one kind of value, one answer)
    """Return the Go type of *value*, as `%T` prints it: an integer is an int64, null is `<nil>`."""
    match value:
        case None:
            return "<nil>"
        case bool():
            return "bool"
        case str():
            return "string"
        case int():
            return "int64"
        case float():
            return "float64"
        case list():
            return "[]interface {}"
        case _:
            return "map[string]interface {}"
