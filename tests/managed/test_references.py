import pytest

from crosshead.base.errors import NotReadyError
from crosshead.base.objects import Kind
from crosshead.managed import references
from crosshead.managed.facts import Reference
from crosshead.managed.references import Pointer, Question

VPC = Kind("ec2.aws.upbound.io/v1beta1", "VPC")
ONE = Reference("vpcId", "vpcIdRef", "vpcIdSelector", VPC)
MANY = Reference("vpcIds", "vpcIdRefs", "vpcIdSelector", VPC, many=True)
ARN = Reference("vpcArn", "vpcArnRef", "vpcArnSelector", VPC, extract="status.atProvider.arn")
ALWAYS = {"policy": {"resolve": "Always"}}
OPTIONAL = {"policy": {"resolution": "Optional"}}


def vpc(name, external_name="", controller="", **labels):
    owners = [{"uid": controller, "controller": True}] if controller else []
    annotations = {"crossplane.io/external-name": external_name} if external_name else {}
    metadata = {"name": name, "labels": labels, "annotations": annotations, "ownerReferences": owners}
    return {"apiVersion": VPC.api_version, "kind": "VPC", "metadata": metadata}


@pytest.mark.parametrize(
    ("parameters", "reference", "question"),
    [
        pytest.param({}, ONE, None, id="not used"),
        pytest.param({"vpcId": "vpc-1", "vpcIdRef": {"name": "a"}}, ONE, None, id="a value that is set stays"),
        pytest.param({"vpcIdRef": {"name": "a"}}, ONE, Question(ONE, (Pointer("a"),)), id="by name"),
        pytest.param(
            {"vpcId": "vpc-1", "vpcIdRef": {"name": "a", **ALWAYS}}, ONE, Question(ONE, (Pointer("a"),)), id="always"
        ),
        pytest.param(
            {"vpcIdRef": {"name": "a", "namespace": "n", **OPTIONAL}},
            ONE,
            Question(ONE, (Pointer("a", "n", optional=True),)),
            id="elsewhere, if at all",
        ),
        pytest.param({"vpcIdSelector": {}}, ONE, Question(ONE, selector={}), id="by selector"),
        pytest.param(
            {"vpcIdRef": {"name": "a"}, "vpcIdSelector": {}},
            ONE,
            Question(ONE, (Pointer("a"),)),
            id="what a selector has found before is kept",
        ),
        pytest.param(
            {"vpcId": "vpc-1", "vpcIdRef": {"name": "a"}, "vpcIdSelector": ALWAYS},
            ONE,
            Question(ONE, selector=ALWAYS),
            id="unless it is to look always",
        ),
        pytest.param({"vpcIds": ["vpc-1"], "vpcIdRefs": [{"name": "a"}]}, MANY, None, id="values that are set stay"),
        pytest.param(
            {"vpcIds": [], "vpcIdRefs": [{"name": "a"}, {"name": "b"}]},
            MANY,
            Question(MANY, (Pointer("a"), Pointer("b"))),
            id="many by name",
        ),
        pytest.param({"vpcIdSelector": {}}, MANY, Question(MANY, selector={}), id="many by selector"),
    ],
)
def test_what_must_be_looked_up(parameters, reference, question):
    assert references.ask(parameters, reference) == question


@pytest.mark.parametrize(
    ("selector", "chosen"),
    [
        pytest.param({}, ["a", "b", "c"], id="all"),
        pytest.param({"matchLabels": {"tier": "db"}}, ["b", "c"], id="by label"),
        pytest.param({"matchControllerRef": True}, ["a", "c"], id="of the same controller"),
        pytest.param({"matchLabels": {"tier": "db"}, "matchControllerRef": True}, ["c"], id="both"),
        pytest.param({"matchLabels": {"tier": "web"}}, [], id="none"),
    ],
)
def test_whom_a_selector_means(selector, chosen):
    candidates = [vpc("a", controller="xr"), vpc("b", tier="db"), vpc("c", controller="xr", tier="db")]

    names = [
        target["metadata"]["name"] for target in references.choose(Question(MANY, selector=selector), candidates, "xr")
    ]

    assert names == chosen


def test_one_value_takes_the_first_match():
    assert references.choose(Question(ONE, selector={}), [vpc("a"), vpc("b")], "") == (vpc("a"),)


def test_who_has_no_controller_shares_none():
    assert references.choose(Question(ONE, selector={"matchControllerRef": True}), [vpc("a")], "") == ()


@pytest.mark.parametrize(
    ("question", "targets", "answered"),
    [
        pytest.param(Question(ONE, (Pointer("a"),)), [vpc("a", "vpc-1")], {"vpcId": "vpc-1"}, id="by name"),
        pytest.param(
            Question(ONE, selector={}),
            [vpc("a", "vpc-1")],
            {"vpcId": "vpc-1", "vpcIdRef": {"name": "a"}},
            id="by selector the name is written, too",
        ),
        pytest.param(
            Question(ONE, selector={"namespace": "n"}),
            [vpc("a", "vpc-1")],
            {"vpcId": "vpc-1", "vpcIdRef": {"name": "a", "namespace": "n"}},
            id="and where it is",
        ),
        pytest.param(
            Question(MANY, selector={}),
            [vpc("a", "vpc-2"), vpc("b", "vpc-1"), vpc("c", "vpc-2")],
            {"vpcIds": ["vpc-1", "vpc-2"], "vpcIdRefs": [{"name": "b"}, {"name": "c"}]},
            id="many are sorted by value, each once",
        ),
        pytest.param(
            Question(MANY, (Pointer("a"), Pointer("b"))),
            [vpc("a", "vpc-2"), vpc("b", "vpc-1")],
            {"vpcIds": ["vpc-1", "vpc-2"]},
            id="many by name",
        ),
        pytest.param(Question(ONE, (Pointer("a", optional=True),)), [None], {}, id="optional and missing"),
        pytest.param(Question(ONE, (Pointer("a", optional=True),)), [vpc("a")], {}, id="optional and empty"),
        pytest.param(Question(ONE, selector=OPTIONAL), [], {}, id="optional and unmatched"),
        pytest.param(
            Question(ARN, (Pointer("a"),)),
            [{**vpc("a"), "status": {"atProvider": {"arn": "arn:x"}}}],
            {"vpcArn": "arn:x"},
            id="another field of it",
        ),
    ],
)
def test_what_is_filled_in(question, targets, answered):
    parameters = {"kept": 1}

    assert references.answer(parameters, question, targets) == {"kept": 1, **answered}
    assert parameters == {"kept": 1}


EMPTY = "referenced field was empty (referenced resource may not yet be ready)"


@pytest.mark.parametrize(
    ("question", "targets", "words"),
    [
        pytest.param(
            Question(ONE, (Pointer("a"),)),
            [None],
            'spec.forProvider.vpcId: cannot get referenced resource: VPC.ec2.aws.upbound.io "a" not found',
            id="missing",
        ),
        pytest.param(Question(ONE, (Pointer("a"),)), [vpc("a")], f"spec.forProvider.vpcId: {EMPTY}", id="empty"),
        pytest.param(
            Question(ARN, (Pointer("a"),)), [vpc("a")], f"spec.forProvider.vpcArn: {EMPTY}", id="no such field"
        ),
        pytest.param(
            Question(MANY, selector={}), [], "spec.forProvider.vpcIds: no resources matched selector", id="no match"
        ),
        pytest.param(
            Question(MANY, selector={}),
            [vpc("a", "vpc-1"), vpc("b")],
            f"spec.forProvider.vpcIds: {EMPTY}",
            id="one empty",
        ),
    ],
)
def test_why_there_is_no_value_yet(question, targets, words):
    with pytest.raises(NotReadyError) as caught:
        references.answer({}, question, targets)

    assert caught.value.message == words
    assert caught.value.reason == "CannotResolveResourceReferences"


KEY = Reference(
    "rule[*].encryption[0].keyId", "rule[*].encryption[0].keyIdRef", "rule[*].encryption[0].keyIdSelector", VPC
)


@pytest.mark.parametrize(
    ("parameters", "fields"),
    [
        pytest.param(
            {"rule": [{"encryption": [{}]}, {"encryption": [{}]}]},
            ["rule[0].encryption[0].keyId", "rule[1].encryption[0].keyId"],
            id="once for every item",
        ),
        pytest.param({"rule": []}, [], id="an empty list"),
        pytest.param({}, [], id="no list"),
    ],
)
def test_a_reference_of_every_item_is_spelt_out(parameters, fields):
    found = list(references.spelt_out(KEY, parameters))

    assert [one.field for one in found] == fields
    assert [one.ref for one in found] == [f"{field}Ref" for field in fields]
    assert [one.selector for one in found] == [f"{field}Selector" for field in fields]


def test_a_reference_of_no_list_is_itself():
    assert list(references.spelt_out(ONE, {})) == [ONE]
