"""Hold a composition against the schemas in files, before it is rendered: Crossplane's schema-aware validation."""

import sys
from collections.abc import Iterator, Sequence

from crosshead.base import objects
from crosshead.base.errors import StalledError
from crosshead.base.objects import Kind
from crosshead.base.values import Object
from crosshead.compose import declared_faults, faults, schema_faults, validation
from crosshead.definitions import rendering

_CRD = "CustomResourceDefinition"
_XRD = "CompositeResourceDefinition"


def check(composition: Object, where: str, known: Sequence[Object]) -> None:
    """
    Raise `StalledError` when *known*, CRDs and XRDs, say that *composition* cannot work; warn on standard error.

    How strict to be is said by the annotation of the composition, which was read from *where*.
    """
    spec = objects.spec(composition)
    if found := validation.faults(spec) or tuple(declared_faults.find(spec)):
        raise StalledError("InvalidFile", f"{where}: {faults.summary(found)}")
    crds = {(kind.group, kind.kind): crd for kind, crd in _crds(known)}
    verdict = schema_faults.judge(composition, lambda kind: crds.get((kind.group, kind.kind)))
    for warning in verdict.warnings:
        print(f"warning: {where}: {warning}", file=sys.stderr)
    if verdict.refusals:
        raise StalledError("InvalidFile", f"{where}: {'; '.join(verdict.refusals)}")


def _crds(known: Sequence[Object]) -> Iterator[tuple[Kind, Object]]:
    for obj in known:
        crd = rendering.composite_crd(obj) if obj["kind"] == _XRD else obj
        if crd["kind"] == _CRD:
            spec = objects.spec(crd)
            yield Kind(f"{spec.get('group')}/", str((spec.get("names") or {}).get("kind"))), crd
