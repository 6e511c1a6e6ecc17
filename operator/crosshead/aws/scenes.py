"""What JMESPath expressions of a descriptor are asked of: the declared and the found, side by side."""

from functools import cache
from typing import Any, Final

import jmespath
import jmespath.functions

from crosshead.aws.calls import Paths
from crosshead.aws.descriptor import Descriptor
from crosshead.aws.shapes import Block
from crosshead.base.values import Draft, Json, Object
from crosshead.managed.external import Declared
from crosshead.managed.facts import Naming


class _Functions(jmespath.functions.Functions):  # type: ignore[misc]  # jmespath has no types
    """What JMESPath lacks to read AWS' answers."""

    @jmespath.functions.signature({"types": ["string"]})  # type: ignore[untyped-decorator]
    def _func_tail(self, text: str) -> str:
        """Return what stands behind the last slash: `/hostedzone/Z1` names the zone `Z1`."""
        return text.rpartition("/")[2]


_OPTIONS: Final = jmespath.Options(custom_functions=_Functions())


@cache
def _compiled(path: str) -> Any:  # noqa: ANN401 (jmespath has no types)
    return jmespath.compile(path)


def search(path: str, scene: Object) -> Json:
    """Return what *path* finds in *scene*; None for nothing. Beside JMESPath's own functions there is `tail`."""
    return _compiled(path).search(scene, options=_OPTIONS)


def arguments(paths: Paths, scene: Object) -> Draft:
    """Return the arguments of a call: those that are found."""
    found = {name: search(path, scene) for name, path in paths.items()}
    return {name: value for name, value in found.items() if value is not None}


def parameters(descriptor: Descriptor, declared: Object) -> Object:
    """Return *declared* under the names of today: versions have renamed fields, and the old names still count."""
    found = {new: search(old, declared) for old, new in descriptor.renamed}
    blocks = {name for name, shape in descriptor.former if isinstance(shape, Block)}
    # A name that was a block may mean something else today.
    today = {k: v for k, v in declared.items() if not (k in blocks and isinstance(v, list))}
    return {**{name: value for name, value in found.items() if value is not None}, **today}


def scene(descriptor: Descriptor, declared: Declared, place: Object, **more: Json) -> Draft:
    """Return the scene of *declared*; *place* says where (`region`, `partition`), *more* what is known beyond."""
    base = {
        **place,
        "id": declared.external_name or (declared.name if descriptor.naming is Naming.BY_US else None),
        "name": declared.name,
        "uid": declared.uid,
        "origin": declared.origin,
        "kind": f"{declared.kind.kind}.{declared.kind.group}".lower(),
        "spec": parameters(descriptor, declared.initial),
        **more,
    }
    return {**base, **(descriptor.names(base) if descriptor.names else {})}


def put(target: Draft, member: str, value: Json) -> None:
    """Put *value* into the request *target* at the dotted *member*."""
    *parents, last = member.split(".")
    for parent in parents:
        # A literal of an expression is one and the same object every time.
        target[parent] = dict(target.get(parent) or {})
        target = target[parent]
    target[last] = value
