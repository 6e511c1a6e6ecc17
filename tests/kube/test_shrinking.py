import pytest

from crosshead.kube.shrinking import shrink
from tests.kube.things import crd, thing


def managed(*managers: str) -> list[dict[str, str]]:
    return [{"manager": manager} for manager in managers]


@pytest.mark.parametrize(
    ("managers", "kept"),
    [
        pytest.param(["kubectl", "argocd"], [], id="others go"),
        pytest.param(
            ["apiextensions.crossplane.io/claim", "kubectl"], ["apiextensions.crossplane.io/claim"], id="claim"
        ),
        pytest.param(
            ["apiextensions.crossplane.io/composed/0a1b"], ["apiextensions.crossplane.io/composed/0a1b"], id="composed"
        ),
        pytest.param(["managed.crosshead.io/status"], ["managed.crosshead.io/status"], id="our own status"),
    ],
)
def test_of_the_field_owners_only_ours_are_kept(managers, kept):
    shrunk = shrink(thing(managedFields=managed(*managers)))

    assert shrunk == thing(managedFields=managed(*kept))


def test_annotations_are_kept_all():
    """The hash of a composition is made of them."""
    obj = thing(annotations={"kubectl.kubernetes.io/last-applied-configuration": "{}"})

    assert shrink(obj) == obj


def test_the_original_stays_as_it_was():
    obj = thing(managedFields=managed("kubectl"))

    shrink(obj)

    assert obj == thing(managedFields=managed("kubectl"))


def test_the_schemas_of_foreign_crds_go():
    assert [*shrink(crd())["spec"]["versions"][0]] == ["name", "served", "storage"]


def test_the_schemas_of_our_crds_stay():
    ours = crd()
    ours["metadata"]["ownerReferences"] = [{"kind": "CompositeResourceDefinition", "uid": "x", "controller": True}]

    assert shrink(ours) == ours


def test_shrinking_twice_changes_nothing_more():
    once = shrink({**crd(), "metadata": {**crd()["metadata"], "managedFields": managed("kubectl")}})

    assert shrink(once) == once
