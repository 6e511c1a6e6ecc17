import pytest

from crosshead.base.names import CONNECTION_SECRET_TYPE
from crosshead.compose.functions import patch_and_transform_reading as reading
from crosshead.compose.functions import patch_and_transform_secret as secret
from crosshead.compose.functions.patch_and_transform_secret import SecretError
from crosshead.compose.protocol import Ready

PATCH = {"fromFieldPath": "spec.name", "toFieldPath": "name"}
COMBINED = [{"fromFieldPath": "metadata.namespace"}, {"fromFieldPath": "spec.name"}]


def composite(**spec):
    return {"metadata": {"name": "xr", "namespace": "team"}, "spec": {"crossplane": {}, "name": "n", "n": 3, **spec}}


def reference(**told):
    document = {"resources": [{"name": "r"}], "writeConnectionSecretToRef": told}
    return reading.read(document).secret


def combine(*variables, fmt="%s-%s", **more):
    told = {"strategy": "string", "string": {"fmt": fmt}, "variables": list(variables)}
    return {"type": "CombineFromComposite", "toFieldPath": "name", "combine": told, **more}


def place(obj, wanted):
    return secret.compose(obj, {"k": b"v"}, wanted).resource.get("metadata")


def test_the_secret_holds_the_details_and_is_ready():
    composed = secret.compose(composite(), {"k": b"v"}, reference())

    assert composed.resource == {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "xr-connection", "namespace": "team"},
        "data": {"k": "dg=="},
        "type": CONNECTION_SECRET_TYPE,
    }
    assert composed.ready is Ready.TRUE


def test_it_is_called_after_the_composite():
    assert secret.name_of(composite()) == "xr-connection-secret"


@pytest.mark.parametrize(
    ("obj", "details"),
    [
        pytest.param({"metadata": {"name": "xr"}}, {"k": b"v"}, id="a composite of the old kind has its own"),
        pytest.param({"spec": {"other": 1}}, {"k": b"v"}, id="one with another spec, too"),
        pytest.param(composite(), {}, id="no details"),
    ],
)
def test_where_there_is_no_need_there_is_no_secret(obj, details):
    assert secret.compose(obj, details, reference()) is None


@pytest.mark.parametrize(
    ("obj", "wanted", "metadata"),
    [
        pytest.param(composite(), reference(name="a", namespace="b"), {"name": "a", "namespace": "b"}, id="the input"),
        pytest.param(composite(), reference(namespace="b"), {"namespace": "b"}, id="half of the input"),
        pytest.param(
            composite(writeConnectionSecretToRef={"name": "own"}),
            reference(name="a", namespace="b"),
            {"name": "own"},
            id="the composite goes first",
        ),
        pytest.param(
            composite(writeConnectionSecretToRef=None),
            reference(name="a"),
            None,
            id="null says nowhere, and goes first",
        ),
        pytest.param(
            composite(writeConnectionSecretToRef="x"),
            reference(name="a"),
            {"name": "a"},
            id="the composite says rubbish",
        ),
        pytest.param(
            composite(), reference(patches=[PATCH]), {"name": "n", "namespace": "team"}, id="patched from the composite"
        ),
        pytest.param(
            composite(),
            reference(patches=[combine(*COMBINED)]),
            {"name": "team-n", "namespace": "team"},
            id="combined from the composite",
        ),
        pytest.param(
            composite(),
            reference(patches=[combine(fmt="fixed")]),
            {"name": "fixed", "namespace": "team"},
            id="combined from nothing",
        ),
        pytest.param(
            composite(),
            reference(patches=[{**PATCH, "fromFieldPath": "spec.n"}]),
            {"name": "xr-connection", "namespace": "team"},
            id="a number is no name",
        ),
        pytest.param(
            composite(),
            reference(patches=[{**PATCH, "fromFieldPath": "spec.nope"}, {**PATCH, "fromFieldPath": "spec..x"}, PATCH]),
            {"name": "n", "namespace": "team"},
            id="an optional patch may fail in any way",
        ),
        pytest.param(
            composite(),
            reference(patches=[{**PATCH, "fromFieldPath": "spec.n", "toFieldPath": "kind"}, PATCH]),
            {"name": "n", "namespace": "team"},
            id="and leaves nothing behind",
        ),
        pytest.param(
            composite(),
            reference(patches=[{}]),
            {"name": "xr-connection", "namespace": "team"},
            id="a patch from nowhere to nowhere",
        ),
    ],
)
def test_the_secret_goes_where_it_is_wanted(obj, wanted, metadata):
    assert place(obj, wanted) == metadata


@pytest.mark.parametrize(
    ("patch", "words"),
    [
        pytest.param(
            {**PATCH, "fromFieldPath": "spec.nope", "policy": {"fromFieldPath": "Required"}},
            "cannot apply patch type FromCompositeFieldPath at index 1: spec.nope: no such field",
            id="required",
        ),
        pytest.param(
            combine({"fromFieldPath": "spec.nope"}),
            "cannot apply patch type CombineFromComposite at index 1: spec.nope: no such field",
            id="combinations are never optional",
        ),
        pytest.param(
            combine(COMBINED[1], fmt="%s", policy={"toFieldPath": "Nope"}),
            "cannot apply patch type CombineFromComposite at index 1: invalid patch policy Nope",
            id="no such policy",
        ),
        pytest.param(
            {"type": "CombineFromComposite"},
            "cannot apply patch type CombineFromComposite at index 1: no combine is given",
            id="nothing to combine",
        ),
        pytest.param(
            {"type": "ToCompositeFieldPath", **PATCH},
            "unsupported patch type ToCompositeFieldPath at index 1",
            id="another type",
        ),
    ],
)
def test_a_patch_that_fails_says_which_and_why(patch, words):
    with pytest.raises(SecretError) as caught:
        place(composite(), reference(patches=[PATCH, patch]))

    problem = "cannot generate connection secret reference: cannot apply connection secret patches"
    assert str(caught.value) == f"{problem}: {words}"
