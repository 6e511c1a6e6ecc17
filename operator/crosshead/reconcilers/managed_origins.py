"""Where a managed resource comes from, as far as the cache can say: up to the composite on top, or its claim."""

from typing import Final

from crosshead.base import names, objects
from crosshead.base.objects import Kind, Ref
from crosshead.base.values import Object
from crosshead.managed import origins
from crosshead.managed.facts import Facts, Naming
from crosshead.reconcilers.ports import World

# Composites within composites within … are not this many.
_DEEPEST: Final = 16


def origin(managed: Object, world: World) -> str:
    """Return the origin of *managed*; "" when it is not known where it comes from."""
    root, path = managed, list[str]()
    while world.cluster and len(path) < _DEEPEST:
        controller = objects.controller(root)
        if controller is None:
            return origins.origin(world.cluster, root, reversed(path))
        called = objects.annotations(root).get(names.COMPOSITION_RESOURCE_NAME)
        above = _controller(root, controller, world)
        if not called or above is None:
            break
        root = above
        path.append(called)
    return ""


def _controller(obj: Object, controller: Object, world: World) -> Object | None:
    """Return the controller of *obj*: beside it, or without a namespace."""
    kind, name = Kind(controller["apiVersion"], controller["kind"]), controller["name"]
    places = dict.fromkeys((objects.namespace(obj), ""))
    found = (world.cache.get(Ref(kind, name, place)) for place in places)
    return next((one for one in found if one is not None and objects.uid(one) == controller["uid"]), None)


def names_late(managed: Object, facts: Facts, world: World) -> bool:
    """
    Whether the name that *managed* gives is not known before somebody has looked for what was left behind.

    What has been composed gets another name each time; what bears the name of its object is found by that anyway.
    """
    is_named = facts.naming is not Naming.BY_US or bool(objects.annotations(managed).get(names.EXTERNAL_NAME))
    if is_named or not facts.heritable or objects.is_deleting(managed):
        return False
    return objects.controller(managed) is not None and bool(origin(managed, world))
