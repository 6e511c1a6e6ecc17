"""What `deploy/` grants: all that the operator needs, and no kind forgotten when one is added."""

from itertools import chain

import pytest
import yaml

from tests.golden_path import rendered

DEPLOY = rendered.ROOT / "deploy"
GROUPS = sorted({path.name.partition("_")[0] for path in (rendered.ROOT / "crds").glob("*.yaml")})
LIVES = {"get", "list", "watch", "create", "patch", "delete"}
LIVED = [*(group for group in GROUPS if group.endswith("aws.upbound.io")), "nop.crossplane.io", "platform.example.org"]


def kinds():
    """Return group and resource of every kind of ours."""
    crds = (yaml.safe_load(path.read_text())["spec"] for path in sorted((rendered.ROOT / "crds").glob("*.yaml")))
    return [(crd["group"], crd["names"]["plural"]) for crd in crds]


def objects():
    files = (path for path in sorted(DEPLOY.glob("*.yaml")) if path.name not in {"kustomization.yaml", "kind.yaml"})
    return list(chain.from_iterable(yaml.safe_load_all(path.read_text()) for path in files))


def rules_with(label):
    """Return the rules that the API server adds up for *label*."""
    roles = [o for o in objects() if o["kind"] == "ClusterRole" and label in (o["metadata"].get("labels") or {})]
    return [rule for role in roles for rule in role["rules"]]


def verbs(rules, group, resource="*"):
    """Return what may be done to *resource*, or to anything of *group*."""
    found = (rule for rule in rules if group in rule["apiGroups"] and {resource, "*"} & set(rule["resources"]))
    return frozenset(verb for rule in found for verb in rule["verbs"])


@pytest.mark.parametrize(("group", "resource"), kinds(), ids=map("/".join, kinds()))
def test_the_operator_may_watch_every_kind_of_ours_and_write_to_it(group, resource):
    rules = rules_with("rbac.crossplane.io/aggregate-to-crossplane")

    assert verbs(rules, group, resource) >= {"get", "list", "watch", "patch"}


@pytest.mark.parametrize("group", LIVED)
def test_the_operator_may_live_the_kinds_that_claims_are_made_of(group):
    assert verbs(rules_with("rbac.crossplane.io/aggregate-to-crossplane"), group) == LIVES


def test_the_operator_updates_only_what_it_replaces_whole():
    """Everything else is patched; to name an owner counts as an update of its finalizers."""
    rules = [rule for rule in rules_with("rbac.crossplane.io/aggregate-to-crossplane") if "update" in rule["verbs"]]
    updated = {resource for rule in rules for resource in rule["resources"]}

    assert {resource for resource in updated if not resource.endswith("/finalizers")} == {"customresourcedefinitions"}


@pytest.mark.parametrize("group", [*GROUPS, "platform.example.org"])
def test_viewers_read_every_kind_of_ours_and_change_none(group):
    assert verbs(rules_with("rbac.crossplane.io/aggregate-to-view"), group) == {"get", "list", "watch"}


@pytest.mark.parametrize("group", [*GROUPS, "platform.example.org"])
def test_editors_may_change_every_kind_of_ours(group):
    assert "*" in verbs(rules_with("rbac.crossplane.io/aggregate-to-edit"), group)


def test_the_operator_is_granted_nothing_by_a_wildcard_group_or_verb():
    rules = rules_with("rbac.crossplane.io/aggregate-to-crossplane")

    assert [rule for rule in rules if "*" in rule["apiGroups"] or "*" in rule["verbs"]] == []


@pytest.mark.parametrize("role", ["admin", "edit", "view", "browse"])
def test_the_roles_for_people_have_the_names_of_crossplane(role):
    found = next(o for o in objects() if o["metadata"]["name"] == f"crossplane-{role}" and o["kind"] == "ClusterRole")

    selector = found["aggregationRule"]["clusterRoleSelectors"][0]["matchLabels"]

    assert selector == {f"rbac.crossplane.io/aggregate-to-{role}": "true"}


def test_the_kustomization_names_every_object_but_kinds_own():
    listed = set(yaml.safe_load((DEPLOY / "kustomization.yaml").read_text())["resources"])

    assert listed == {path.name for path in DEPLOY.glob("*.yaml")} - {"kustomization.yaml", "kind.yaml"}


def test_the_pod_has_no_rights_on_its_node():
    pod = next(o for o in objects() if o["kind"] == "Deployment")["spec"]["template"]["spec"]
    container = pod["containers"][0]

    assert pod["securityContext"]["runAsNonRoot"] is True
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
