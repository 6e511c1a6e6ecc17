"""A page of documentation for each AWS kind, made of its descriptor: what can be said, what changes, what comes out."""

from collections.abc import Iterable, Iterator
from typing import Final

from crosshead.aws import schemas
from crosshead.aws.descriptor import Descriptor, Field
from crosshead.aws.editions import CLUSTER, NAMESPACED
from crosshead.aws.shapes import Block, Map, Scalar, Shape, Texts
from crosshead.managed.facts import Naming, Reference

_NAMES: Final = {
    Naming.BY_US: "the name in AWS; `metadata.name` unless the annotation `crossplane.io/external-name` says otherwise",
    Naming.BY_PROVIDER: "AWS assigns it; the annotation `crossplane.io/external-name` shows it after the creation, "
    "and adopts what exists when it is written before",
}
_TYPES: Final = {
    Scalar.TEXT: "text",
    Scalar.NUMBER: "number",
    Scalar.NUMBER_TEXT: "number",
    Scalar.FLAG: "true or false",
    Scalar.FLAG_TEXT: "flag",
}


def title(descriptor: Descriptor) -> str:
    """Return the name of a kind's page, without its ending."""
    return f"{descriptor.service}-{descriptor.plural}"


def page(descriptor: Descriptor, example: str = "") -> str:
    """Return the page of a kind, in Markdown; *example* is a manifest of it."""
    parts = (
        [f"# {descriptor.kind} ({descriptor.service})", *_apis(descriptor)],
        ["## Parameters", "", *_parameters(descriptor)],
        _unheeded(descriptor),
        _references(descriptor.references),
        _secrets(descriptor),
        _connection(descriptor),
        _example(example),
    )
    return "\n".join(line for part in parts if part for line in (*part, "")).rstrip() + "\n"


def index(descriptors: Iterable[Descriptor]) -> str:
    """Return the page that lists all kinds."""
    rows = (f"| [{one.kind}]({title(one)}.md) | {one.service} | {', '.join(one.versions)} |" for one in descriptors)
    return "\n".join(["# AWS kinds", "", "| kind | service | versions |", "|---|---|---|", *rows]) + "\n"


def _apis(descriptor: Descriptor) -> Iterator[str]:
    yield ""
    versions = ", ".join(descriptor.versions)
    yield f"- `{CLUSTER.group(descriptor.service)}` ({versions}; belongs to no namespace)"
    yield f"- `{NAMESPACED.group(descriptor.service)}` ({NAMESPACED.version}; belongs to a namespace)"
    yield f"- External name: {_NAMES[descriptor.naming]}"


def _parameters(descriptor: Descriptor) -> Iterator[str]:
    said = schemas.for_provider(descriptor)["properties"]
    yield "| `spec.forProvider` | type | later | |"
    yield "|---|---|---|---|"
    if descriptor.regional:
        yield "| `region` (required) | text | fixed | The AWS region that it lives in. |"
    for field in sorted(descriptor.fields, key=lambda one: one.name):
        if field.heeded:
            must = " (required)" if field.name in descriptor.required else ""
            text = str(said[field.name].get("description", "")).replace("|", "\\|")
            yield f"| `{field.name}`{must} | {_type(field.shape)} | {_later(field)} | {text} |"
    if descriptor.tagging is not None:
        yield "| `tags` | texts by key | can change | Tags, by key. |"


def _later(field: Field) -> str:
    if not (field.create or field.modify or field.change or field.read):
        return "any time; for the operator"
    if field.modify or field.change:
        return "can change" if field.read else "can change; AWS does not show it"
    return "fixed" if field.read else "at creation"


def _type(shape: Shape) -> str:
    if isinstance(shape, Scalar):
        return _TYPES[shape]
    if isinstance(shape, Block):
        return "block" if shape.is_lone else "blocks"
    return {Texts: "texts", Map: "texts by key"}[type(shape)]


def _unheeded(descriptor: Descriptor) -> list[str]:
    names = sorted(field.name for field in descriptor.fields if not field.heeded)
    # What has no place in AWS is read by expressions of the descriptor, and its members with it.
    placed = [field for field in descriptor.fields if field.create or field.modify or field.read]
    members = sorted(path for field in placed if field.heeded for path in _deaf(field.name, field.shape))
    told = [f"- `{name}`" for name in (*names, *members)]
    return ["## Accepted and not acted on", "", *told] if told else []


def _deaf(path: str, shape: Shape) -> Iterator[str]:
    """Yield the paths of members that AWS is not told."""
    for member in shape.members if isinstance(shape, Block) else ():
        here = f"{path}.{member.name}"
        if member.aws:
            yield from _deaf(here, member.shape)
        else:
            yield here


def _references(references: Iterable[Reference]) -> list[str]:
    rows = [f"| `{r.field}` | `{r.ref}`, `{r.selector}` | {_target(r)} |" for r in references]
    return ["## References", "", "| fills | by | with |", "|---|---|---|", *rows] if rows else []


def _target(reference: Reference) -> str:
    what = "its external name" if reference.extract == "external-name" else f"its `{reference.extract}`"
    return f"{reference.target.kind} ({reference.target.group.partition('.')[0]}), {what}"


def _secrets(descriptor: Descriptor) -> list[str]:
    rows = [
        f"| `{one.input.field}` | {f'`{one.input.generate}`' * bool(one.input.generate)} |"
        for one in descriptor.secrets
    ]
    return ["## Secrets that it reads", "", "| from | made up with |", "|---|---|", *rows] if rows else []


def _connection(descriptor: Descriptor) -> list[str]:
    sent = (key for one in descriptor.secrets for key in one.keys)
    keys = sorted({*descriptor.connection, *descriptor.once, *sent})
    return ["## Connection details", "", ", ".join(f"`{key}`" for key in keys)] if keys else []


def _example(example: str) -> list[str]:
    return ["## Example", "", "```yaml", *example.strip().splitlines(), "```"] if example else []
