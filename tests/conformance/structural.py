"""
What an API server does with an object and the structural schema of its kind: drop, fill in, refuse.

As much of it as our own kinds need, with the API server's words; the rules (CEL) that our schemas use are spelt out
in Python, so an unknown rule fails the test instead of passing unseen.
"""

RULES = {
    "self == oldSelf": lambda new, old: old is None or new == old,
    "has(self.resourceRef) || has(self.resourceSelector)": lambda new, _: (
        {"resourceRef", "resourceSelector"} & new.keys()
    ),
    "has(self.by) || has(self.reason)": lambda new, _: {"by", "reason"} & new.keys(),
}
TYPES = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "number": (int, float)}
GO_NAMES = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", float: "number"}


def default(schema, value):
    """Return *value* with what *schema* fills in."""
    if isinstance(value, list):
        return [default(schema.get("items", {}), item) for item in value]
    if not isinstance(value, dict):
        return value
    parts = schema.get("properties", {})
    filled = {name: part["default"] for name, part in parts.items() if "default" in part and name not in value}
    return {name: default(_part(schema, name), part) for name, part in {**value, **filled}.items()}


def prune(schema, value, path=""):
    """Return *value* without what *schema* does not know, and the paths of what was dropped."""
    if isinstance(value, list):
        pairs = [prune(schema.get("items", {}), item, f"{path}[{i}]") for i, item in enumerate(value)]
        return [kept for kept, _ in pairs], [at for _, dropped in pairs for at in dropped]
    if not isinstance(value, dict) or schema.get("x-kubernetes-preserve-unknown-fields"):
        return value, []
    kept, dropped = {}, []
    for name, part in value.items():
        at = f"{path}.{name}".removeprefix(".")
        if name not in schema.get("properties", {}) and "additionalProperties" not in schema:
            dropped.append(at)
            continue
        kept[name], below = prune(_part(schema, name), part, at)
        dropped += below
    return kept, dropped


def errors(schema, value, path=""):
    """Yield what the schema, rules apart, has against *value*."""
    wanted = schema.get("type")
    if wanted and (not isinstance(value, TYPES[wanted]) or (isinstance(value, bool) and wanted != "boolean")):
        kind = GO_NAMES[type(value)]
        yield f'{path}: Invalid value: "{kind}": {path} in body must be of type {wanted}: "{kind}"'
        return
    if "enum" in schema and value not in schema["enum"]:
        choices = ", ".join(f'"{choice}"' for choice in schema["enum"])
        yield f'{path}: Unsupported value: "{value}": supported values: {choices}'
    if isinstance(value, list):
        yield from _list_errors(schema, value, path)
    if isinstance(value, dict):
        yield from (f"{path}.{name}: Required value" for name in schema.get("required", ()) if name not in value)
        for name, part in value.items():
            yield from errors(_part(schema, name), part, f"{path}.{name}".removeprefix("."))


def _list_errors(schema, value, path):
    if len(value) < schema.get("minItems", 0):
        least = schema["minItems"]
        yield f"{path}: Invalid value: {len(value)}: {path} in body should have at least {least} items"
    keys = schema.get("x-kubernetes-list-map-keys", ())
    seen, told = [], []
    for i, item in enumerate(value):
        yield from errors(schema.get("items", {}), item, f"{path}[{i}]")
        key = {name: item.get(name) for name in keys} if keys else None
        if key in seen and key not in told:
            told.append(key)
            shown = ", ".join(f'"{name}":"{part}"' for name, part in key.items())
            yield f"{path}[{i}]: Duplicate value: map[string]interface {{}}{{{shown}}}"
        seen += [key] if keys else []


def broken_rules(schema, value, old=None, path=""):
    """Yield what the rules of the schema have against *value*, which takes the place of *old*."""
    for rule in schema.get("x-kubernetes-validations", ()):
        if not RULES[rule["rule"]](value, old):
            yield f'{path}: Invalid value: "{GO_NAMES[type(value)]}": {rule["message"]}'
    if isinstance(value, dict):
        for name, part in value.items():
            before = old.get(name) if isinstance(old, dict) else None
            yield from broken_rules(_part(schema, name), part, before, f"{path}.{name}".removeprefix("."))
    if isinstance(value, list):
        for i, item in enumerate(value):
            yield from broken_rules(schema.get("items", {}), item, None, f"{path}[{i}]")


def _part(schema, name):
    return schema.get("properties", {}).get(name) or schema.get("additionalProperties") or {}
