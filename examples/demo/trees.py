"""A claim with everything that was made for it, as lines of text."""

from collections.abc import Iterator, Sequence

from demo.cluster import Object, condition, name


def lines(claim: Object, composites: Sequence[Object], managed: Sequence[Object]) -> Iterator[str]:
    """Yield the claim, its composite and what that is composed of, with their conditions."""
    yield _line(f"{claim['kind']}/{name(claim)}", claim, f"in {claim['metadata']['namespace']}")
    for composite in _bound(claim, composites):
        yield _line(f"└─ {composite['kind']}/{name(composite)}", composite)
        parts = sorted(_composed(composite, managed), key=lambda o: (o["kind"], name(o)))
        for number, part in enumerate(parts, 1):
            branch = "└─" if number == len(parts) else "├─"
            yield _line(f"   {branch} {part['kind']}", part, _external_name(part))


def _line(title: str, obj: Object, note: str = "") -> str:
    ready, synced = condition(obj, "Ready"), condition(obj, "Synced")
    state = f"Synced={synced.get('status', '-'):<5} Ready={ready.get('status', '-'):<5} {ready.get('reason', '')}"
    return f"{title:<46} {state:<37} {note}".rstrip()


def _bound(claim: Object, composites: Sequence[Object]) -> Iterator[Object]:
    wanted = (claim["spec"].get("resourceRef") or {}).get("name")
    kind = (claim["spec"].get("resourceRef") or {}).get("kind")
    return (c for c in composites if name(c) == wanted and c["kind"] == kind)


def _composed(composite: Object, managed: Sequence[Object]) -> Iterator[Object]:
    uid = composite["metadata"]["uid"]
    owners = ((obj, owner) for obj in managed for owner in obj["metadata"].get("ownerReferences") or ())
    return (obj for obj, owner in owners if owner["uid"] == uid)


def _external_name(obj: Object) -> str:
    return str((obj["metadata"].get("annotations") or {}).get("crossplane.io/external-name", ""))
