"""Composites of Crossplane 2, in namespaces or not, composed of anything, beside those of before; on real parts."""

import pytest

from tests.journeys.moderns import (
    BAR,
    SHOP,
    composed,
    composite,
    composition,
    events,
    furnish,
    lit,
    offer,
    remove,
    resource,
    synced,
    told,
    xrd,
)
from tests.journeys.stage import eventually

EVERYTHING = """
{% macro named(name, is_ready=true) %}
  annotations:
    {{ resource_name(name) }}
    {{ ready(is_ready) }}
{% endmacro %}
---
apiVersion: v1
kind: ConfigMap
metadata:
{{ named("settings") }}
data: {size: {{ xr.spec.size | quote }}}
---
apiVersion: v1
kind: Service
metadata:
{{ named("service") }}
spec: {ports: [{port: 80, protocol: TCP}], selector: {app: {{ xr.metadata.name | quote }}}}
---
apiVersion: apps/v1
kind: Deployment
metadata:
{{ named("app") }}
spec:
  selector: {matchLabels: {app: {{ xr.metadata.name | quote }}}}
  template:
    metadata: {labels: {app: {{ xr.metadata.name | quote }}}}
    spec: {containers: [{name: app, image: "images.example.org/app:1"}]}
---
apiVersion: modern.example.org/v1
kind: Lamp
metadata:
  name: {{ xr.metadata.name }}
{{ named("lamp", is_ready("lamp")) }}
spec: {size: {{ xr.spec.size | quote }}}
---
apiVersion: modern.example.org/v1
kind: Shelf
metadata:
{{ named("shelf", is_ready("shelf")) }}
spec: {size: {{ xr.spec.size | quote }}}
---
apiVersion: {{ xr.apiVersion }}
kind: {{ xr.kind }}
status: {seen: {{ field(observed_resource("shelf") or {}, "status.seen", "nothing yet") | quote }}}
"""
ONE = """
apiVersion: {{{{ "{api}" }}}}
kind: {kind}
metadata:
  annotations:
    {{{{ resource_name("one") }}}}
    {{{{ ready() }}}}
"""
CONFIG = ONE.format(api="v1", kind="ConfigMap") + "data: {size: {{ xr.spec.size | quote }}}\n"
SEEN = """
---
apiVersion: {{ xr.apiVersion }}
kind: {{ xr.kind }}
status: {seen: "it is {{ xr.spec.size }}"}
"""


@pytest.fixture(scope="module", autouse=True)
def _furnished(stage):
    furnish(stage)


def sizes(stage, kind, name, namespace=SHOP):
    """Return the sizes of the ConfigMaps of a composite, by their names in the composition."""
    obj = stage.get(resource(kind), name, namespace)
    return {n: o["data"]["size"] for n, o in composed(stage, obj).items() if o["kind"] == "ConfigMap"}


def test_a_namespaced_composite_is_composed_of_anything_beside_it(stage):
    """Kubernetes' own objects, a kind that tells when it is ready, and another composite with its own."""
    offer(stage, xrd("Shelf"))
    offer(stage, xrd("Store"))
    stage.apply(composition("shelves", "Shelf", CONFIG + SEEN), composition("stores", "Store", EVERYTHING))
    stage.apply(composite("Store", "corner", size="big"))
    eventually(
        lambda: stage.condition(resource("Store"), "corner", "Ready", SHOP).get("message") == "Unready resources: lamp",
        "it waits for the lamp alone",
    )

    lit(stage, "corner")

    store = stage.wait_ready(resource("Store"), "corner", SHOP)
    assert synced(stage, "Store", "corner") == ""
    assert told(stage, "Store", "corner") == {
        "Synced": ("True", "ReconcileSuccess"),
        "Ready": ("True", "Available"),
    }
    generations = {c["observedGeneration"] for c in store["status"]["conditions"]}
    assert generations == {store["metadata"]["generation"]}
    found = composed(stage, store)
    assert {name: o["kind"] for name, o in found.items()} == {
        "settings": "ConfigMap", "service": "Service", "app": "Deployment", "lamp": "Lamp", "shelf": "Shelf",
    }  # fmt: skip
    assert {o["metadata"]["namespace"] for o in found.values()} == {SHOP}
    assert {o["metadata"]["labels"]["crossplane.io/composite"] for o in found.values()} == {"corner"}
    assert store["status"]["seen"] == "it is big"
    assert sizes(stage, "Shelf", found["shelf"]["metadata"]["name"]) == {"one": "big"}

    stage.apply(composite("Store", "corner", size="small"))
    eventually(
        lambda: sizes(stage, "Shelf", found["shelf"]["metadata"]["name"]) == {"one": "small"}, "all the way down"
    )
    remove(stage, "Store", "corner")
    assert not stage.get(resource("Shelf"), namespace=SHOP)


def test_a_composite_of_the_cluster_composes_in_any_namespace_and_in_none(stage):
    placed = [
        CONFIG.replace("one", place).replace("metadata:", f"metadata:\n  namespace: {place}") for place in (SHOP, BAR)
    ]
    nowhere = ONE.format(api="nop.crossplane.io/v1alpha1", kind="NopResource") + "spec: {forProvider: {}}\n"
    offer(stage, xrd("Chain", "Cluster"))
    stage.apply(
        composition("chains", "Chain", "---".join((*placed, nowhere))), composite("Chain", "all", "", size="big")
    )

    chain = stage.wait_ready(resource("Chain"), "all")

    references = chain["spec"]["crossplane"]["resourceRefs"]
    where = {(r["kind"], r.get("namespace")) for r in references}
    assert where == {("NopResource", None), ("ConfigMap", SHOP), ("ConfigMap", BAR)}
    assert sizes(stage, "Chain", "all", "") == {SHOP: "big", BAR: "big"}
    remove(stage, "Chain", "all", namespace="")


def test_a_namespaced_composite_composes_nothing_elsewhere(stage):
    """What cannot be there is an error with Crossplane's words; what says another namespace is put beside it, told."""
    offer(stage, xrd("Stray"))
    outside = ONE.format(api="nop.crossplane.io/v1alpha1", kind="NopResource") + "spec: {forProvider: {}}\n"
    stage.apply(composition("strays", "Stray", CONFIG + "---" + outside.replace("one", "two")))
    stage.apply(composite("Stray", "lost"))
    words = 'cannot compose resources: cannot apply cluster scoped composed resource "two" (a NopResource named lost-'
    eventually(lambda: synced(stage, "Stray", "lost").startswith(words), "the composite says what cannot be")
    assert synced(stage, "Stray", "lost").endswith(") for a namespaced composite resource.")
    assert told(stage, "Stray", "lost")["Synced"] == ("False", "ReconcileError")
    assert events(stage, "lost", "ComposeResources") == [synced(stage, "Stray", "lost")]
    assert "lost-" not in stage.kubectl("get", "nopresources,configmaps", "-A", "-o", "name")

    stage.apply(composition("strays", "Stray", CONFIG.replace("metadata:", f"metadata:\n  namespace: {BAR}")))

    stage.wait_ready(resource("Stray"), "lost", SHOP)
    assert sizes(stage, "Stray", "lost") == {"one": "small"}
    assert events(stage, "lost", "NamespaceOverridden") == [
        f'cannot create composed resource "one" in namespace "{BAR}", using XR namespace "{SHOP}" instead'
    ]
    remove(stage, "Stray", "lost")


def test_both_generations_live_side_by_side_each_with_its_machinery_in_its_place(stage):
    """An XRD of apiVersion v1 makes the old one, with claims; read as v2 it is the same, and cannot be written so."""
    old = {"claimNames": {"kind": "Elder", "plural": "elders"}}
    offer(stage, xrd("XElder", version="v1", **old))
    offer(stage, xrd("Younger"))
    elder = CONFIG.replace("metadata:", f"metadata:\n  namespace: {SHOP}")
    stage.apply(composition("elders", "XElder", elder), composition("youngers", "Younger", CONFIG))
    stage.apply(composite("Elder", "one"), composite("Younger", "one"))

    claim, modern = stage.wait_ready(resource("Elder"), "one", SHOP), stage.wait_ready(resource("Younger"), "one", SHOP)

    legacy = stage.get(resource("XElder"), claim["spec"]["resourceRef"]["name"])
    machinery = {"compositionRef", "compositionRevisionRef", "compositionUpdatePolicy", "resourceRefs"}
    assert machinery <= legacy["spec"].keys()
    assert machinery <= modern["spec"]["crossplane"].keys()
    assert modern["spec"].keys() == {"size", "crossplane"}
    assert "crossplane" not in legacy["spec"]
    assert (legacy["metadata"].get("namespace"), modern["metadata"]["namespace"]) == (None, SHOP)
    kind = "compositeresourcedefinitions.{}.apiextensions.crossplane.io"
    read = {version: stage.get(kind.format(version), resource("XElder")) for version in ("v1", "v2")}
    assert {version: found["spec"]["scope"] for version, found in read.items()} == dict.fromkeys(read, "LegacyCluster")
    assert [found["apiVersion"].rpartition("/")[2] for found in read.values()] == ["v1", "v2"]
    with pytest.raises(AssertionError, match="Unsupported value"):
        stage.apply(xrd("XRefused", "LegacyCluster"))
    stage.kubectl("delete", resource("Elder"), "one", "-n", SHOP)
    eventually(lambda: not stage.get(resource("XElder")), "the composite of the claim is gone")
    remove(stage, "Younger", "one")


def test_a_claim_of_a_modern_definition_is_refused_with_the_reason(stage):
    stage.apply(xrd("Claimless", claimNames={"kind": "Claimed", "plural": "claimeds"}))

    said = "spec.claimNames must not be given for the scope Namespaced: only LegacyCluster composites have claims"
    eventually(
        lambda: said in stage.condition("xrd", resource("Claimless"), "Synced").get("message", ""), "it says why"
    )
    stage.kubectl("delete", "xrd", resource("Claimless"))


def test_compositions_of_modern_composites_are_chosen_followed_and_pinned(stage):
    offer(stage, xrd("Pick", defaultCompositionRef={"name": "pick-plain"}))
    stage.apply(
        composition("pick-plain", "Pick", CONFIG.replace("{{ xr.spec.size | quote }}", "plain")),
        composition(
            "pick-fancy", "Pick", CONFIG.replace("{{ xr.spec.size | quote }}", "fancy"), labels={"is": "fancy"}
        ),
    )
    stage.apply(
        composite("Pick", "default"),
        composite("Pick", "named", crossplane={"compositionRef": {"name": "pick-fancy"}}),
        composite("Pick", "selected", crossplane={"compositionSelector": {"matchLabels": {"is": "fancy"}}}),
        composite("Pick", "pinned", crossplane={"compositionUpdatePolicy": "Manual"}),
    )
    names = ("default", "named", "selected", "pinned")
    ready = {name: stage.wait_ready(resource("Pick"), name, SHOP) for name in names}
    made = {name: composed(stage, pick)["one"]["data"]["size"] for name, pick in ready.items()}
    assert made == {"default": "plain", "named": "fancy", "selected": "fancy", "pinned": "plain"}
    first = ready["pinned"]["spec"]["crossplane"]["compositionRevisionRef"]["name"]
    assert ready["default"]["spec"]["crossplane"]["compositionRevisionRef"]["name"] == first

    stage.apply(composition("pick-plain", "Pick", CONFIG.replace("{{ xr.spec.size | quote }}", "plainer")))
    eventually(lambda: sizes(stage, "Pick", "default") == {"one": "plainer"}, "who follows has the new revision")
    assert sizes(stage, "Pick", "pinned") == {"one": "plain"}
    newer = stage.get(resource("Pick"), "default", SHOP)["spec"]["crossplane"]["compositionRevisionRef"]["name"]
    assert newer != first

    stage.apply(
        composite(
            "Pick",
            "pinned",
            crossplane={"compositionUpdatePolicy": "Manual", "compositionRevisionRef": {"name": newer}},
        )
    )
    eventually(lambda: sizes(stage, "Pick", "pinned") == {"one": "plainer"}, "who pins chooses the new one")
    remove(stage, "Pick", *names)


def test_a_modern_composite_has_no_connection_secret_but_may_compose_one(stage):
    """As Crossplane 2: what a template would publish goes nowhere; a Secret is composed like anything else."""
    secret = (
        "---" + ONE.format(api="v1", kind="Secret").replace("one", "login")
        + 'stringData: {host: {{ ("host of " ~ xr.metadata.name) | quote }}}\n'
    )  # fmt: skip
    published = (
        "---\napiVersion: meta.jinja.fn.crosshead.io/v1beta1\nkind: CompositeConnectionDetails\n"
        "data: {host: {{ 'x' | b64encode }}}\n"
    )
    offer(stage, xrd("Quiet"))
    stage.apply(composition("quiets", "Quiet", secret + published), composite("Quiet", "mute"))

    quiet = stage.wait_ready(resource("Quiet"), "mute", SHOP)

    assert composed(stage, quiet)["login"]["data"] == {"host": "aG9zdCBvZiBtdXRl"}
    owned = [s["metadata"]["name"] for s in stage.get("secret", namespace=SHOP) if _owner(s) == "mute"]
    assert owned == [composed(stage, quiet)["login"]["metadata"]["name"]]
    assert "connectionDetails" not in quiet["status"]
    schema = stage.get("crd", resource("Quiet"))["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
    assert "writeConnectionSecretToRef" not in schema["properties"]["spec"]["properties"]
    remove(stage, "Quiet", "mute")


def _owner(obj):
    return next((o["name"] for o in obj["metadata"].get("ownerReferences") or ()), None)


def test_what_runs_a_function_is_told_once_on_the_function(stage):
    offer(stage, xrd("Teller"))
    stage.apply(composition("tellers", "Teller", CONFIG), *(composite("Teller", name) for name in ("a", "b")))
    for name in ("a", "b"):
        stage.wait_ready(resource("Teller"), name, SHOP)

    words = "Runs inside the operator: built-in function-jinja stands in for function-jinja"
    assert set(events(stage, "function-jinja", "RunFunction")) == {words}
    remove(stage, "Teller", "a", "b")


def test_a_definition_goes_with_everything_in_every_namespace(stage):
    offer(stage, xrd("Gone"))
    stage.apply(composition("gones", "Gone", CONFIG), composite("Gone", "a"), composite("Gone", "a", BAR))
    for place in (SHOP, BAR):
        stage.wait_ready(resource("Gone"), "a", place)

    stage.kubectl("delete", "xrd", resource("Gone"), "--timeout=30s")

    label = "crossplane.io/composite=a"
    eventually(lambda: stage.kubectl("get", "configmaps", "-A", "-l", label, "-o", "name") == "", "nothing is left")
    assert stage.get("crd", resource("Gone")) is None
