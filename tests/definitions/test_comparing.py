import copy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crosshead.definitions import comparing, rendering
from tests.definitions.xrds import schema, version, xrd

RULES = "x-kubernetes-validations"
RULED = xrd(versions=[version(schema={"openAPIV3Schema": schema(**{RULES: [{"rule": "true", "reason": "Why"}]})})])
SERVICE = {"name": "hook", "namespace": "water"}


def hooked(**client):
    webhook = {"clientConfig": {"service": SERVICE, **client}, "conversionReviewVersions": ["v1"]}
    return rendering.composite_crd(xrd(conversion={"strategy": "Webhook", "webhook": webhook}))


def stored(crd, **metadata):
    """As an API server answers: completed, and with what is its own to say."""
    answer = copy.deepcopy(crd)
    answer["metadata"] |= {"resourceVersion": "7", "uid": "crd-1", "generation": 1, **metadata}
    answer["spec"]["names"] |= {"singular": "xlake", "listKind": "XLakeList"}
    answer["spec"].setdefault("conversion", {"strategy": "None"})
    answer["spec"]["preserveUnknownFields"] = False
    answer["status"] = {"storedVersions": ["v1"]}
    return answer


def without(crd, keyword):
    spec = crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]
    del spec[keyword]
    return crd


def test_a_crd_is_current_once_it_was_stored():
    crd = rendering.composite_crd(xrd())

    assert comparing.is_current(crd, stored(crd))


def test_a_claims_crd_is_current_once_it_was_stored():
    crd = rendering.claim_crd(xrd())

    answer = copy.deepcopy(crd)
    answer["spec"]["names"] |= {"singular": "lake", "listKind": "LakeList"}

    assert comparing.is_current(crd, answer)


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        pytest.param(xrd(group="ice.example.org"), ["spec.group"], id="another group"),
        pytest.param(xrd(names={"kind": "XPond", "plural": "xlakes"}), ["spec.names"], id="another kind"),
        pytest.param(xrd(versions=[version(served=False)]), ["spec.versions"], id="no longer served"),
        pytest.param(
            xrd(versions=[version("v1"), version("v2", referenceable=False)]), ["spec.versions"], id="one more"
        ),
        pytest.param(xrd(metadata={"labels": {"a": "b"}}), ["metadata.labels"], id="one more label"),
        pytest.param(xrd(metadata={"uid": "u-2"}), ["metadata.ownerReferences"], id="another owner"),
        pytest.param(xrd(conversion={"strategy": "Webhook", "webhook": {}}), ["spec.conversion"], id="a conversion"),
        pytest.param(xrd(defaultCompositionUpdatePolicy="Manual"), ["spec.versions"], id="another default"),
    ],
)
def test_what_the_xrd_says_anew_is_a_difference(changed, where):
    observed = stored(rendering.composite_crd(xrd()))

    assert comparing.differences(rendering.composite_crd(changed), observed) == where
    assert not comparing.is_current(rendering.composite_crd(changed), observed)


def test_a_property_that_somebody_added_is_a_difference():
    crd = rendering.composite_crd(xrd())
    observed = stored(crd)
    spec = observed["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]
    spec["properties"]["depth"] = {"type": "integer"}

    assert comparing.differences(crd, observed) == ["spec.versions"]


def test_labels_annotations_and_owners_of_others_are_no_difference():
    crd = rendering.composite_crd(xrd(metadata={"labels": {"a": "b"}}))
    others = {"labels": {"a": "b", "theirs": "x"}, "annotations": {"theirs": "x"}}
    observed = stored(crd, **others, ownerReferences=[{"name": "other"}, *crd["metadata"]["ownerReferences"]])

    assert comparing.is_current(crd, observed)


def test_a_rule_that_is_not_there_yet_is_a_difference():
    crd = rendering.composite_crd(RULED)

    assert comparing.differences(crd, without(stored(crd), RULES)) == ["spec.versions"]


def test_a_rule_that_this_api_server_drops_is_no_difference():
    crd = rendering.composite_crd(RULED)

    assert comparing.is_current(crd, without(stored(crd), RULES), dropped={RULES})


def test_a_part_of_a_rule_that_this_api_server_drops_is_no_difference():
    crd = rendering.composite_crd(RULED)
    observed = stored(crd)
    rule = observed["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"][RULES][0]
    del rule["reason"]

    assert not comparing.is_current(crd, observed)
    assert comparing.is_current(crd, observed, dropped={"reason"})


def test_what_an_api_server_drops_is_seen_by_what_comes_back():
    crd = rendering.composite_crd(RULED)

    assert comparing.dropped_keywords(crd, stored(crd)) == frozenset()
    assert comparing.dropped_keywords(crd, without(stored(crd), RULES)) == {RULES, "reason"}


def test_an_api_server_whose_own_xrd_kind_has_no_rules_drops_them():
    ruled = stored(rendering.composite_crd(RULED))

    assert comparing.dropped_by_server(ruled) == frozenset()
    assert comparing.dropped_by_server(without(copy.deepcopy(ruled), RULES)) == {RULES}


def test_an_api_server_of_which_nothing_was_seen_is_taken_to_drop_nothing():
    assert comparing.dropped_by_server(None) == frozenset()


@pytest.mark.parametrize(
    "part",
    [
        pytest.param({"properties": {"deep": {RULES: [{"rule": "true"}]}}}, id="in a property"),
        pytest.param({"items": {RULES: [{"rule": "true"}]}}, id="in the items of a list"),
        pytest.param({"items": [{RULES: [{"rule": "true"}]}]}, id="in items as a list"),
        pytest.param({"additionalProperties": {RULES: [{"rule": "true"}]}}, id="in the values of a map"),
        pytest.param({"oneOf": [{RULES: [{"rule": "true"}]}]}, id="in an alternative"),
        pytest.param({"not": {RULES: [{"rule": "true"}]}}, id="in what must not be"),
        pytest.param({"dependencies": {"a": ["b"], "c": {RULES: [{"rule": "true"}]}}}, id="in a dependency"),
    ],
)
def test_dropped_keywords_are_found_wherever_they_are(part):
    defined = xrd(versions=[version(schema={"openAPIV3Schema": schema(properties={"p": part})})])
    plain = xrd(versions=[version(schema={"openAPIV3Schema": schema(properties={"p": {}})})])

    found = comparing.dropped_keywords(rendering.composite_crd(defined), rendering.composite_crd(plain))

    assert found == {RULES}


def test_a_property_called_like_a_dropped_keyword_stays():
    defined = xrd(versions=[version(schema={"openAPIV3Schema": schema(properties={"reason": {"type": "string"}})})])
    plain = xrd(versions=[version(schema={"openAPIV3Schema": schema(properties={"reason": {"type": "integer"}})})])

    crd, observed = rendering.composite_crd(defined), rendering.composite_crd(plain)

    assert not comparing.is_current(crd, observed, dropped={"reason"})


def test_the_port_of_a_webhook_is_443_when_nobody_says_otherwise():
    crd = hooked()

    assert comparing.is_current(crd, stored(hooked(service={**SERVICE, "port": 443})))
    assert not comparing.is_current(crd, stored(hooked(service={**SERVICE, "port": 8443})))


def test_a_ca_that_somebody_injected_is_no_difference():
    assert comparing.is_current(hooked(), stored(hooked(caBundle="Q0E=")))
    assert not comparing.is_current(hooked(caBundle="b3Vycw=="), stored(hooked(caBundle="Q0E=")))


def test_a_replacement_is_what_we_want_under_the_version_we_saw():
    crd = rendering.composite_crd(xrd())

    new = comparing.replacement(crd, stored(crd, finalizers=["theirs"]))

    assert new["metadata"] == {**crd["metadata"], "resourceVersion": "7", "finalizers": ["theirs"]}
    assert new["spec"] == crd["spec"]


def test_a_replacement_keeps_the_ca_that_somebody_injected():
    new = comparing.replacement(hooked(), stored(hooked(caBundle="Q0E=")))

    assert new["spec"]["conversion"]["webhook"]["clientConfig"] == {"service": SERVICE, "caBundle": "Q0E="}


@pytest.mark.parametrize(
    ("desired", "why"),
    [
        pytest.param(hooked(caBundle="b3Vycw=="), "the author's own CA", id="the author says which CA"),
        pytest.param(rendering.composite_crd(xrd()), "no webhook", id="there is no webhook any more"),
    ],
)
def test_a_replacement_takes_no_ca_over_when_the_author_has_spoken(desired, why):
    assert comparing.replacement(desired, stored(hooked(caBundle="Q0E=")))["spec"] == desired["spec"], why


policies = st.sampled_from(["Automatic", "Manual"])


# How long an example takes says more about the machine than about the code.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(["v1", "v2", "v3"]), unique=True, min_size=1), policies, st.booleans())
def test_what_was_put_in_place_is_current(names, policy, served):
    versions = [version(name, served=served, referenceable=name == names[0]) for name in names]
    crd = rendering.composite_crd(xrd(versions=versions, defaultCompositionUpdatePolicy=policy))
    old = stored(rendering.composite_crd(xrd()))

    assert comparing.is_current(crd, stored(comparing.replacement(crd, old)))
