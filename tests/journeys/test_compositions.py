"""What XRDs, compositions, claims and composites do to each other, on real parts; what they compose owns nothing."""

import base64
import random
import time

from bench import metrics
from tests.journeys.nops import (
    GROUP,
    NAMESPACE,
    NOP,
    claim_ready,
    claimed,
    comes_back,
    composition,
    delete,
    down,
    made,
    nop,
    offer,
    resource,
    sizes,
    thing,
    up,
    xrd,
)
from tests.journeys.stage import eventually

READS = ("GET ", "LIST ")


def test_a_composite_of_composites_is_one_family_from_the_claim_down(stage):
    """And it heals within moments when the inner kind comes after the outer composite."""
    inner = {"name": "inner", "base": {"apiVersion": f"{GROUP}/v1", "kind": "XLeaf", "spec": {}},
             "patches": [down(target="spec.size"), up("status.seen", "status.seen")]}  # fmt: skip
    offer(stage, "XTree", "Tree")
    stage.apply(composition("trees", "XTree", inner), thing("Tree", "oak", compositeDeletePolicy="Foreground"))
    eventually(
        lambda: "XLeaf" in stage.condition(resource("Tree"), "oak", "Ready", NAMESPACE).get("message", ""),
        "the claim says which kind there is none of",
    )

    offer(stage, "XLeaf")
    stage.apply(composition("leaves", "XLeaf", nop("leaf", down(), up("metadata.name", "status.seen"))))
    eventually(lambda: made(stage, "oak"), "the leaf is there", patience=10)

    oak = stage.wait_ready(resource("Tree"), "oak", NAMESPACE)
    leaf = made(stage, "oak")["leaf"]
    assert leaf["metadata"]["labels"]["crossplane.io/composite"] == oak["spec"]["resourceRef"]["name"]
    assert oak["status"]["seen"] == leaf["metadata"]["name"]
    stage.apply(thing("Tree", "oak", size="big", compositeDeletePolicy="Foreground"))
    eventually(lambda: sizes(stage, "oak") == {"leaf": "big"}, "the size goes all the way down")
    delete(stage, "Tree", "oak")
    assert not stage.get(resource("XTree"))
    assert not stage.get(resource("XLeaf"))


def test_compositions_are_followed_pinned_selected_and_missed(stage):
    offer(stage, "XPlan", "Plan")
    stage.apply(composition("plans", "XPlan", nop("one"), labels={"channel": "old"}))
    claim_ready(stage, "Plan", "follower")
    claim_ready(stage, "Plan", "pinned", compositionUpdatePolicy="Manual")
    stage.apply(composition("plans", "XPlan", nop("one"), nop("two"), labels={"channel": "new"}))
    eventually(lambda: set(made(stage, "follower")) == {"one", "two"}, "Automatic follows", patience=4)
    claim_ready(stage, "Plan", "chooser", compositionRevisionSelector={"matchLabels": {"channel": "old"}})
    assert (set(made(stage, "pinned")), set(made(stage, "chooser"))) == ({"one"}, {"one"})

    stage.kubectl("delete", "composition", "plans")
    name = claimed(stage, "Plan", "follower")["metadata"]["name"]
    eventually(
        lambda: "no Composition 'plans'" in stage.condition(resource("XPlan"), name, "Synced").get("message", ""),
        "the composite says what it misses",
    )
    assert set(made(stage, "follower")) == {"one", "two"}

    stage.apply(composition("plans", "XPlan", nop("one"), nop("three")))
    eventually(lambda: set(made(stage, "follower")) == {"one", "three"}, "it goes on", patience=10)
    delete(stage, "Plan", "follower", "pinned", "chooser")


def test_who_chooses_the_composition(stage):
    choices = {"defaultCompositionRef": {"name": "plain"}}
    offer(stage, "XPick", "Pick", **choices)
    stage.apply(
        composition("plain", "XPick", nop("plain")),
        composition("fancy", "XPick", nop("fancy"), labels={"style": "fancy"}),
        composition("strict", "XPick", nop("strict")),
    )
    claim_ready(stage, "Pick", "modest")
    claim_ready(stage, "Pick", "vain", compositionSelector={"matchLabels": {"style": "fancy"}})
    assert (set(made(stage, "modest")), set(made(stage, "vain"))) == ({"plain"}, {"fancy"})

    stage.apply(xrd("XPick", "Pick", enforcedCompositionRef={"name": "strict"}, **choices))

    eventually(
        lambda: set(made(stage, "modest")) == set(made(stage, "vain")) == {"strict"}, "the XRD has the last word"
    )
    assert stage.get(resource("Pick"), "vain", NAMESPACE)["spec"]["compositionRef"] == {"name": "strict"}
    delete(stage, "Pick", "modest", "vain")


def test_what_a_claim_says_goes_up_and_down_and_away_again(stage):
    """Labels, annotations, status, and the connection Secret with the keys that the XRD allows."""
    secret = {"type": "FromCompositeFieldPath", "fromFieldPath": "metadata.uid",
              "toFieldPath": "spec.writeConnectionSecretToRef.name",
              "transforms": [{"type": "string", "string": {"type": "Format", "fmt": "%s-one"}}]}  # fmt: skip
    host = {"type": "FromConnectionSecretKey", "fromConnectionSecretKey": "host"}
    one = nop(
        "one", secret, up("metadata.name", "status.place.one"),
        provider={"connectionDetails": [{"name": "host", "value": "here"}]},
        spec={"writeConnectionSecretToRef": {"namespace": "crossplane-system"}},
        connectionDetails=[host, {"name": "hidden", "type": "FromValue", "value": "x"}],
    )  # fmt: skip
    offer(stage, "XTalk", "Talk", connectionSecretKeys=["host"])
    stage.apply(composition("talks", "XTalk", one, writeConnectionSecretsToNamespace="crossplane-system"))
    told = {"labels": {"team": "x", "app.kubernetes.io/name": "shop"}, "annotations": {"note": "hi"}}
    claim = claim_ready(stage, "Talk", "loud", metadata=told, writeConnectionSecretToRef={"name": "loud-login"})

    login = eventually(lambda: stage.get("secret", "loud-login", NAMESPACE), "the Secret is there")
    assert (login["type"], login["data"]) == (
        "connection.crossplane.io/v1alpha1", {"host": base64.b64encode(b"here").decode()},
    )  # fmt: skip
    assert claim["status"]["place"] == {"one": made(stage, "loud")["one"]["metadata"]["name"]}
    said = claimed(stage, "Talk", "loud")["metadata"]
    assert (said["labels"]["team"], said["annotations"]) == ("x", {"note": "hi"})
    assert "app.kubernetes.io/name" not in said["labels"]

    stage.kubectl("label", resource("Talk"), "loud", "-n", NAMESPACE, "team-")
    eventually(lambda: "team" not in claimed(stage, "Talk", "loud")["metadata"]["labels"], "the label is gone")
    delete(stage, "Talk", "loud")


def test_a_composite_can_be_claimed_once(stage):
    offer(stage, "XOnce", "Once")
    stage.apply(composition("onces", "XOnce", nop("one")), thing("XOnce", "made-before", namespace=""))
    stage.wait_ready(resource("XOnce"), "made-before")
    reference = {"resourceRef": {"apiVersion": f"{GROUP}/v1", "kind": "XOnce", "name": "made-before"}}
    claim_ready(stage, "Once", "owner", **reference)

    stage.apply(thing("Once", "thief", **reference))
    eventually(
        lambda: (
            "checkout-dev/owner" in stage.condition(resource("Once"), "thief", "Synced", NAMESPACE).get("message", "")
        ),
        "the second claim is told whose the composite is",
    )
    stage.kubectl("delete", resource("Once"), "thief", "-n", NAMESPACE, "--timeout=10s")

    composite = stage.get(resource("XOnce"), "made-before")
    assert (composite["spec"]["claimRef"]["name"], composite["metadata"].get("deletionTimestamp")) == ("owner", None)
    delete(stage, "Once", "owner")


def test_what_somebody_changes_by_hand_is_put_right_unless_it_is_paused(stage):
    offer(stage, "XHand", "Hand")
    stage.apply(composition("hands", "XHand", nop("one", down())))
    claim_ready(stage, "Hand", "steady")
    name = made(stage, "steady")["one"]["metadata"]["name"]
    stage.kubectl("patch", NOP, name, "--type=merge", "-p", '{"spec":{"forProvider":{"fields":{"size":"hand"}}}}')
    eventually(lambda: sizes(stage, "steady") == {"one": "small"}, "it is as declared again", patience=5)
    comes_back(stage, name)

    stage.kubectl("annotate", resource("Hand"), "steady", "-n", NAMESPACE, "crossplane.io/paused=true")
    paused = "ReconcilePaused"
    eventually(lambda: stage.condition(resource("Hand"), "steady", "Synced", NAMESPACE)["reason"] == paused, "paused")
    stage.apply(thing("Hand", "steady", size="big"))
    time.sleep(0.5)
    assert sizes(stage, "steady") == {"one": "small"}
    stage.kubectl("annotate", resource("Hand"), "steady", "-n", NAMESPACE, "crossplane.io/paused-")
    eventually(lambda: sizes(stage, "steady") == {"one": "big"}, "resumed")
    delete(stage, "Hand", "steady")


def test_objects_of_kubernetes_itself_are_composed_too(stage):
    def core(kind):
        base = {"apiVersion": "v1", "kind": kind, "metadata": {"namespace": NAMESPACE}, "data": {}}
        return {"name": kind.lower(), "base": base, "patches": [down(target="metadata.annotations[size]")],
                "readinessChecks": [{"type": "None"}]}  # fmt: skip

    def found(kind):
        items = stage.get(kind, namespace=NAMESPACE) or ()
        ours = [o for o in items if o["metadata"].get("labels", {}).get("crossplane.io/claim-name") == "core"]
        return [o["metadata"]["annotations"]["size"] for o in ours]

    offer(stage, "XCore", "Core")
    stage.apply(composition("cores", "XCore", core("ConfigMap"), core("Secret")))
    claim_ready(stage, "Core", "core")
    stage.apply(thing("Core", "core", size="big"))
    eventually(lambda: (found("configmap"), found("secret")) == (["big"], ["big"]), "both follow")

    stage.apply(composition("cores", "XCore", nop("one")))
    eventually(lambda: (found("configmap"), found("secret")) == ([], []), "both are gone")
    delete(stage, "Core", "core")


def test_an_operator_killed_again_and_again_leaves_nothing_behind(stage):
    offer(stage, "XKill", "Kill")
    stage.apply(composition("kills", "XKill", nop("one"), nop("two"), nop("three")))
    victims = [thing("Kill", f"victim{number}") for number in range(20)]
    for moment in (random.uniform(0.0, 0.4), random.uniform(0.2, 1.0)):
        stage.apply(*victims)
        time.sleep(moment)
        stage.operator.kill()
        stage.restart_operator()
        eventually(lambda: _all_ready(stage, len(victims)), "all are ready")
        references = [r["name"] for x in stage.get(resource("XKill")) for r in x["spec"]["resourceRefs"]]
        assert sorted(references) == sorted(_of_victims(stage))

        stage.kubectl("delete", resource("Kill"), "--all", "-n", NAMESPACE, "--wait=false")
        time.sleep(moment / 2)
        stage.operator.kill()
        stage.restart_operator()
        eventually(lambda: not stage.get(resource("XKill")) and not _of_victims(stage), "all are gone")


def _all_ready(stage, count):
    claims = stage.get(resource("Kill"), namespace=NAMESPACE)
    ready = [c for o in claims for c in o.get("status", {}).get("conditions", ()) if c["type"] == "Ready"]
    return [c["status"] for c in ready] == ["True"] * count


def _of_victims(stage):
    return [o["metadata"]["name"] for o in stage.get(NOP) or () if o["metadata"]["name"].startswith("victim")]


def test_at_rest_nothing_is_written_not_even_about_what_cannot_work(stage):
    offer(stage, "XRest", "Rest")
    broken = {"name": "broken", "base": {"apiVersion": "nop.crossplane.io/v1alpha1", "kind": "NopResource",
                                         "spec": {"deletionPolicy": "Never", "forProvider": {}}}}  # fmt: skip
    lost = {"name": "lost", "base": {"apiVersion": "nowhere.example.org/v1", "kind": "Lost"}}
    stage.apply(
        composition("rests", "XRest", nop("one")),
        composition("broken", "XRest", nop("one"), broken),
        composition("lost", "XRest", nop("one"), lost),
    )
    claim_ready(stage, "Rest", "calm", compositionRef={"name": "rests"})
    stage.apply(*(thing("Rest", name, compositionRef={"name": name}) for name in ("broken", "lost")))
    eventually(
        lambda: _complains(stage, "broken", "broken: ", "spec.deletionPolicy"), "the broken one says what is wrong"
    )
    eventually(lambda: _complains(stage, "lost", "no kind Lost in nowhere.example.org/v1"), "the lost one does, too")
    time.sleep(3)
    before = _counted(stage)
    assert before.requests["APPLY nopresources"] > 0, "the API server tells what was written"

    time.sleep(10)

    assert {key: n for key, n in _counted(stage).since(before).requests.items() if not key.startswith(READS)} == {}
    delete(stage, "Rest", "calm", "broken", "lost")


def _counted(stage):
    return metrics.read(stage.kubectl("get", "--raw", "/metrics"))


def _complains(stage, name, *words):
    text = stage.condition(resource("Rest"), name, "Ready", NAMESPACE).get("message", "")
    return all(word in text for word in words)
