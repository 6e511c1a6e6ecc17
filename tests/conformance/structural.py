"""
What an API server does with an object and the structural schema of its kind: drop, fill in, refuse.

As much of it as our own kinds need, with the API server's words; the rules (CEL) that our schemas use are spelt out
in Python, so an unknown rule fails the test instead of passing unseen.
"""

import copy
import functools
import operator


def reaches_elsewhere(spec):
    return any("namespace" in spec["of"].get(how, {}) for how in ("resourceRef", "resourceSelector"))


RULES = {
    "self == oldSelf": lambda new, old: old is None or new == old,
    "has(self.resourceRef) || has(self.resourceSelector)": lambda new, _: (
        {"resourceRef", "resourceSelector"} & new.keys()
    ),
    "has(self.by) || has(self.reason)": lambda new, _: {"by", "reason"} & new.keys(),
    (
        "has(self.by) || !(has(self.of.resourceRef) && has(self.of.resourceRef.namespace)"
        " || has(self.of.resourceSelector) && has(self.of.resourceSelector.namespace))"
    ): lambda new, _: "by" in new or not reaches_elsewhere(new),
    "self.scope == 'LegacyCluster' || !has(self.claimNames)": lambda new, _: (
        new["scope"] == "LegacyCluster" or "claimNames" not in new
    ),
    "!has(self.claimNames) || self.scope == 'LegacyCluster'": lambda new, _: (
        new["scope"] == "LegacyCluster" or "claimNames" not in new
    ),
    "self.scope == 'LegacyCluster' || !has(self.connectionSecretKeys)": lambda new, _: (
        new["scope"] == "LegacyCluster" or "connectionSecretKeys" not in new
    ),
    "!has(self.connectionSecretKeys) || self.scope == 'LegacyCluster'": lambda new, _: (
        new["scope"] == "LegacyCluster" or "connectionSecretKeys" not in new
    ),
    "self.plural == self.plural.lowerAscii()": lambda new, _: new["plural"] == new["plural"].lower(),
    "!has(self.singular) || self.singular == self.singular.lowerAscii()": lambda new, _: (
        new.get("singular", "") == new.get("singular", "").lower()
    ),
    "self.strategy != 'Webhook' || has(self.webhook)": lambda new, _: new["strategy"] != "Webhook" or "webhook" in new,
    "self.mode != 'Pipeline' || has(self.pipeline)": lambda new, _: new["mode"] != "Pipeline" or "pipeline" in new,
    "self.source == 'None' || has(self.secretRef)": lambda new, _: new["source"] == "None" or "secretRef" in new,
    "!(has(self.name) && has(self.matchLabels))": lambda new, _: not {"name", "matchLabels"} <= new.keys(),
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


def at(obj, path):
    """Return what is at *path*, as a refusal spells it."""
    return functools.reduce(operator.getitem, steps(path), obj)


def steps(path):
    return [int(step) if step.isdigit() else step for step in path.replace("[", ".").replace("]", "").split(".")]


def without(obj, paths):
    """Return *obj* without the fields at *paths*."""
    kept = copy.deepcopy(obj)
    for *way, last in map(steps, paths):
        functools.reduce(operator.getitem, way, kept).pop(last, None)
    return kept


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
    if len(value if isinstance(value, str) else "") > schema.get("maxLength", 1 << 62):
        yield f"{path}: Too long: may not be longer than {schema['maxLength']}"
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
    if len(value) > schema.get("maxItems", len(value)):
        yield f"{path}: Too many: {len(value)}: must have at most {schema['maxItems']} items"
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
