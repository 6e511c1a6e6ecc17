"""A Function is installed: a revision in use, and something that runs it."""

import base64
from dataclasses import dataclass, field

import pytest

from crosshead.base import conditions, objects
from crosshead.base.errors import ConflictError, NotReadyError, StalledError, TransientError
from crosshead.base.objects import Kind, Ref
from crosshead.base.values import SecretValue
from crosshead.definitions.packages import FUNCTION, FUNCTION_REVISION, RUNTIME_CONFIG
from crosshead.reconcilers import functions
from crosshead.reconcilers.connections import SECRET
from crosshead.reconcilers.function_runtimes import DEPLOYMENT, Installer
from tests.fakes import FakeCluster, fake_world

NAMESPACE = "crossplane-system"
SERVICE, ACCOUNT = Kind("v1", "Service"), Kind("v1", "ServiceAccount")
ACME = "registry.example.org/acme/function-acme:v1"
AUTO_READY = "registry.example.org/crossplane-contrib/function-auto-ready:v0.5.0"
REF = Ref(FUNCTION, "fn")
ENDPOINT = "dns:///fn.crossplane-system:9443"
DEVELOPMENT = {"render.crossplane.io/runtime": "Development"}


class FakeAuthority:
    """Issues certificates that say what they are for."""

    def __init__(self):
        self.issued = []

    def root(self):
        return {"tls.crt": SecretValue("root"), "tls.key": SecretValue("root key")}

    def issue(self, root, names, *, client):
        self.issued.append((tuple(names), client))
        return {"tls.crt": SecretValue(names[0]), "tls.key": SecretValue("key"), "ca.crt": root["tls.crt"]}


class OneBuiltIn:
    def find(self, package):
        return "function-auto-ready" if package == AUTO_READY else None


@dataclass
class Setup:
    cluster: FakeCluster = field(default_factory=FakeCluster)
    authority: FakeAuthority = field(default_factory=FakeAuthority)

    def __post_init__(self):
        self.world = fake_world(self.cluster)
        self.installer = Installer(OneBuiltIn(), self.authority, NAMESPACE)

    def add(self, package=ACME, annotations=None, **spec):
        metadata = {"name": "fn", "annotations": annotations or {}}
        self.cluster.create({**_kind(FUNCTION), "metadata": metadata, "spec": {"package": package, **spec}})
        self.cluster.forget()

    def change(self, annotations=None, **spec):
        metadata = {"annotations": annotations} if annotations else {}
        self.cluster.patch(REF, {"metadata": metadata, "spec": spec})
        self.cluster.forget()

    def reconcile(self):
        return functions.reconcile(REF, self.world, self.installer)

    def of(self, kind):
        return self.cluster.list(kind)

    @property
    def function(self):
        return self.cluster.objects[REF]

    @property
    def revision(self):
        (only,) = self.of(FUNCTION_REVISION)
        return only

    def told(self, obj, type):
        found = conditions.find(obj, type)
        return found and (found.status, found.reason)

    def available(self, status="True"):
        (deployment,) = self.of(DEPLOYMENT)
        now = {"type": "Available", "status": status, "reason": "Word", "message": "no pod is ready"}
        self.cluster.patch(objects.ref_of(deployment), {"status": {"conditions": [now]}}, status=True)


def _kind(kind):
    return {"apiVersion": kind.api_version, "kind": kind.kind}


@pytest.fixture
def setup():
    return Setup()


def test_a_function_gets_a_revision_that_is_in_use(setup):
    setup.add()

    assert setup.reconcile() is None

    assert setup.revision["spec"]["image"] == ACME
    assert (setup.revision["spec"]["desiredState"], setup.revision["spec"]["revision"]) == ("Active", 1)
    assert objects.controller_uid(setup.revision) == objects.uid(setup.function)
    assert setup.function["status"]["currentRevision"] == objects.name(setup.revision)
    assert setup.function["status"]["currentIdentifier"] == ACME
    assert setup.told(setup.function, "Installed") == ("True", "ActivePackageRevision")


def test_a_function_gets_what_runs_it_and_a_certificate_for_it(setup):
    setup.add()

    setup.reconcile()

    name = objects.name(setup.revision)
    assert [objects.name(obj) for kind in (SERVICE, ACCOUNT, DEPLOYMENT) for obj in setup.of(kind)] == [
        "fn",
        name,
        name,
    ]
    assert [objects.name(secret) for secret in setup.of(SECRET)] == [
        "crossplane-root-ca",
        "crossplane-tls-client",
        "fn-tls-server",
    ]
    assert setup.authority.issued == [
        (("crossplane.crossplane-system",), True),
        (("fn", "fn.crossplane-system", "fn.crossplane-system.svc"), False),
    ]
    assert setup.revision["status"]["endpoint"] == ENDPOINT
    assert setup.revision["status"]["tlsServerSecretName"] == "fn-tls-server"
    assert DEPLOYMENT in setup.world.watches.kinds


def test_it_is_healthy_once_its_deployment_is(setup):
    setup.add()
    setup.reconcile()
    before = conditions.find(setup.function, "Healthy")

    setup.available()
    setup.reconcile()

    assert before.message == (
        'Package runtime health is "False" with message: '
        'function package deployment has no condition of type "Available" yet'
    )
    assert setup.told(setup.function, "Healthy") == ("True", "HealthyPackageRevision")
    assert setup.told(setup.revision, "RevisionHealthy") == ("True", "HealthyPackageRevision")
    assert setup.told(setup.revision, "RuntimeHealthy") == ("True", "HealthyPackageRevision")


def test_it_is_not_healthy_when_its_deployment_is_not(setup):
    setup.add()
    setup.reconcile()

    setup.available("False")
    setup.reconcile()

    assert setup.told(setup.function, "Healthy") == ("False", "UnhealthyPackageRevision")
    assert conditions.find(setup.revision, "RuntimeHealthy").message == (
        "function package deployment is unavailable with message: no pod is ready"
    )


def test_a_second_pass_writes_nothing(setup):
    setup.add()
    setup.reconcile()
    setup.cluster.forget()

    setup.reconcile()

    assert setup.cluster.writes == []


def test_a_built_in_runs_inside_the_operator(setup):
    setup.add(AUTO_READY)

    setup.reconcile()

    assert [obj for kind in (DEPLOYMENT, SERVICE, ACCOUNT, SECRET) for obj in setup.of(kind)] == []
    assert setup.function["status"]["runtime"] == "InProcess"
    assert setup.told(setup.function, "Installed") == ("True", "ActivePackageRevision")
    assert setup.told(setup.function, "Healthy") == ("True", "HealthyPackageRevision")
    assert conditions.find(setup.function, "Healthy").message == (
        "it runs inside the operator, as built-in function-auto-ready"
    )
    assert "endpoint" not in setup.revision["status"]


def test_a_built_in_gets_a_deployment_when_somebody_configures_one(setup):
    setup.cluster.seed({**_kind(RUNTIME_CONFIG), "metadata": {"name": "big"}, "spec": {}})
    setup.add(AUTO_READY, runtimeConfigRef={"name": "big"})

    setup.reconcile()

    assert len(setup.of(DEPLOYMENT)) == 1
    assert setup.function["status"]["runtime"] == "Deployment"


def test_a_function_under_development_gets_nothing(setup):
    setup.add(annotations=DEVELOPMENT)

    setup.reconcile()

    assert setup.of(DEPLOYMENT) == []
    assert setup.function["status"]["runtime"] == "Development"
    assert conditions.find(setup.function, "Healthy").message == "it runs at localhost:9443 for development"


def test_development_takes_the_place_of_a_deployment(setup):
    setup.add()
    setup.reconcile()

    setup.change(annotations=DEVELOPMENT)
    setup.reconcile()

    assert setup.of(DEPLOYMENT) == []
    assert "endpoint" not in setup.revision["status"]


def test_an_endpoint_given_by_hand_is_left_alone(setup):
    setup.add(AUTO_READY)
    setup.reconcile()
    setup.cluster.patch(objects.ref_of(setup.revision), {"status": {"endpoint": "10.0.0.1:9443"}}, status=True)

    setup.reconcile()

    assert setup.revision["status"]["endpoint"] == "10.0.0.1:9443"
    assert (setup.of(DEPLOYMENT), setup.function["status"]["runtime"]) == ([], "Endpoint")


def test_what_crossplane_runs_goes_on(setup):
    """A cluster that is handed over: the revision is named after a digest that we do not know, and has an endpoint."""
    setup.add(AUTO_READY)
    labels = {"pkg.crossplane.io/package": "fn"}
    spec = {"image": AUTO_READY, "revision": 1, "desiredState": "Active"}
    theirs = {**_kind(FUNCTION_REVISION), "metadata": {"name": "fn-0123456789ab", "labels": labels}, "spec": spec}
    setup.cluster.seed({**theirs, "status": {"endpoint": ENDPOINT}})

    setup.reconcile()

    assert objects.name(setup.revision) == "fn-0123456789ab"
    assert [objects.name(deployment) for deployment in setup.of(DEPLOYMENT)] == ["fn-0123456789ab"]
    assert setup.revision["status"]["endpoint"] == ENDPOINT


def test_a_new_package_is_a_new_revision_and_the_old_one_stops(setup):
    setup.add()
    setup.reconcile()
    old = setup.revision

    setup.change(package=ACME + ".1")
    setup.reconcile()

    states = {
        r["spec"]["image"]: (r["spec"]["revision"], r["spec"]["desiredState"]) for r in setup.of(FUNCTION_REVISION)
    }
    assert states == {ACME: (1, "Inactive"), ACME + ".1": (2, "Active")}
    assert [objects.controller_uid(deployment) == objects.uid(old) for deployment in setup.of(DEPLOYMENT)] == [False]
    assert setup.function["status"]["currentRevision"] != objects.name(old)


def test_going_back_uses_the_old_revision_again(setup):
    setup.add()
    setup.reconcile()
    setup.change(package=ACME + ".1")
    setup.reconcile()

    setup.change(package=ACME)
    setup.reconcile()

    states = {
        r["spec"]["image"]: (r["spec"]["revision"], r["spec"]["desiredState"]) for r in setup.of(FUNCTION_REVISION)
    }
    assert states == {ACME: (3, "Active"), ACME + ".1": (2, "Inactive")}


def test_old_revisions_are_deleted_beyond_the_limit(setup):
    setup.add()
    setup.reconcile()
    for version in ("v2", "v3"):
        setup.change(package=f"registry.example.org/acme/function-acme:{version}")
        setup.reconcile()

    assert sorted(r["spec"]["revision"] for r in setup.of(FUNCTION_REVISION)) == [2, 3]


def test_a_revision_that_waits_for_somebody_runs_nothing(setup):
    setup.add(revisionActivationPolicy="Manual")

    setup.reconcile()

    assert setup.revision["spec"]["desiredState"] == "Inactive"
    assert setup.of(DEPLOYMENT) == []
    assert setup.told(setup.function, "Installed") == ("False", "InactivePackageRevision")
    assert setup.told(setup.function, "Healthy") == ("Unknown", "UnknownPackageRevisionHealth")


def test_it_runs_once_somebody_says_so(setup):
    setup.add(revisionActivationPolicy="Manual")
    setup.reconcile()

    setup.cluster.patch(objects.ref_of(setup.revision), {"spec": {"desiredState": "Active"}})
    setup.reconcile()

    assert len(setup.of(DEPLOYMENT)) == 1
    assert setup.told(setup.function, "Installed") == ("True", "ActivePackageRevision")


def test_what_a_function_says_reaches_its_revision(setup):
    setup.add()
    setup.reconcile()

    setup.change(packagePullPolicy="Always")
    setup.reconcile()

    (deployment,) = setup.of(DEPLOYMENT)
    assert setup.revision["spec"]["packagePullPolicy"] == "Always"
    assert deployment["spec"]["template"]["spec"]["containers"][0]["imagePullPolicy"] == "Always"


def test_a_configuration_shapes_the_deployment(setup):
    config = {"deploymentTemplate": {"spec": {"replicas": 3}}}
    setup.cluster.seed({**_kind(RUNTIME_CONFIG), "metadata": {"name": "default"}, "spec": config})
    setup.add()

    setup.reconcile()

    assert [deployment["spec"]["replicas"] for deployment in setup.of(DEPLOYMENT)] == [3]


def test_an_account_that_is_there_is_not_made(setup):
    config = {"deploymentTemplate": {"spec": {"template": {"spec": {"serviceAccountName": "theirs"}}}}}
    setup.cluster.seed({**_kind(RUNTIME_CONFIG), "metadata": {"name": "default"}, "spec": config})
    setup.add()

    setup.reconcile()

    assert setup.of(ACCOUNT) == []


def test_a_configuration_that_does_not_exist_is_told(setup):
    setup.add(runtimeConfigRef={"name": "nowhere"})

    with pytest.raises(StalledError, match="there is no DeploymentRuntimeConfig 'nowhere'"):
        setup.reconcile()

    assert setup.told(setup.function, "Healthy") == ("False", "UnhealthyPackageRevision")
    assert setup.world.events.events[-1].reason == "InstallPackageRevision"


def test_an_old_revision_whose_configuration_is_gone_is_stopped_all_the_same(setup):
    setup.cluster.seed({**_kind(RUNTIME_CONFIG), "metadata": {"name": "big"}, "spec": {}})
    setup.add(runtimeConfigRef={"name": "big"})
    setup.reconcile()
    setup.cluster.delete(setup.cluster.objects[Ref(RUNTIME_CONFIG, "big")])

    setup.change(package=ACME + ".1", runtimeConfigRef={"name": "default"})
    setup.reconcile()

    current = setup.function["status"]["currentRevision"]
    assert [objects.name(deployment) for deployment in setup.of(DEPLOYMENT)] == [current]


@pytest.mark.parametrize("kind", [SERVICE, DEPLOYMENT], ids=["a Service", "a Deployment"])
def test_what_belongs_to_somebody_else_is_not_taken(setup, kind):
    setup.add()
    setup.reconcile()
    (obj,) = setup.of(kind)
    owner = {"apiVersion": "v1", "kind": "Thing", "name": "theirs", "uid": "other", "controller": True}
    setup.cluster.patch(objects.ref_of(obj), {"metadata": {"ownerReferences": [owner]}})

    with pytest.raises(StalledError, match=f"cannot apply {kind.kind} .* it is controlled by Thing 'theirs'"):
        setup.reconcile()


def test_certificates_that_are_there_are_kept(setup):
    def encoded(word):
        return {key: base64.b64encode(f"{word} {key}".encode()).decode() for key in ("tls.crt", "tls.key", "ca.crt")}

    for name in ("crossplane-tls-client", "fn-tls-server"):
        metadata = {"name": name, "namespace": NAMESPACE}
        setup.cluster.seed({**_kind(SECRET), "metadata": metadata, "data": encoded(name)})
    setup.add()

    setup.reconcile()

    assert setup.authority.issued == []
    assert setup.cluster.objects[Ref(SECRET, "fn-tls-server", NAMESPACE)]["data"] == encoded("fn-tls-server")


def test_an_authority_that_is_there_is_used(setup):
    pair = {key: base64.b64encode(f"their {key}".encode()).decode() for key in ("tls.crt", "tls.key")}
    metadata = {"name": "crossplane-root-ca", "namespace": NAMESPACE}
    setup.cluster.seed({**_kind(SECRET), "metadata": metadata, "data": pair})
    setup.add()

    setup.reconcile()

    issued = setup.cluster.objects[Ref(SECRET, "crossplane-tls-client", NAMESPACE)]["data"]
    assert base64.b64decode(issued["ca.crt"]) == b"their tls.crt"


def test_secrets_that_are_empty_are_filled(setup):
    """As Crossplane's chart leaves them."""
    for name in ("crossplane-root-ca", "crossplane-tls-client"):
        setup.cluster.seed({**_kind(SECRET), "metadata": {"name": name, "namespace": NAMESPACE}})
    setup.add()

    setup.reconcile()

    assert sorted(setup.cluster.objects[Ref(SECRET, "crossplane-tls-client", NAMESPACE)]["data"]) == [
        "ca.crt",
        "tls.crt",
        "tls.key",
    ]


@pytest.mark.parametrize("crash_at", range(1, 10))
def test_whenever_it_is_interrupted_the_next_pass_finishes(setup, crash_at):
    setup.add()
    setup.cluster.fail_at = crash_at

    with pytest.raises(TransientError):
        setup.reconcile()
    setup.reconcile()

    assert len(setup.of(FUNCTION_REVISION)) == len(setup.of(DEPLOYMENT)) == len(setup.of(SERVICE)) == 1
    assert setup.revision["status"]["endpoint"] == ENDPOINT
    assert setup.told(setup.function, "Installed") == ("True", "ActivePackageRevision")


def test_a_paused_function_is_left_alone(setup):
    setup.add(annotations={"crossplane.io/paused": "true"})

    setup.reconcile()

    assert setup.of(FUNCTION_REVISION) == []
    assert setup.told(setup.function, "Synced") == ("False", "ReconcilePaused")


def test_a_function_that_is_gone_or_going_needs_nothing(setup):
    assert setup.reconcile() is None
    setup.cluster.seed({**_kind(FUNCTION), "metadata": {"name": "fn", "deletionTimestamp": "2030-01-01T00:00:00Z"}})

    assert setup.reconcile() is None
    assert setup.cluster.writes == []


@pytest.mark.parametrize("kind", [FUNCTION_REVISION, RUNTIME_CONFIG])
def test_nothing_is_made_before_everything_is_known(setup, kind):
    setup.add()
    setup.cluster.unwatched.add(kind)

    with pytest.raises(NotReadyError, match="not known yet"):
        setup.reconcile()

    assert setup.cluster.writes == []


def test_a_revision_of_that_name_that_is_not_known_is_waited_for(setup):
    setup.add()
    setup.reconcile()
    setup.cluster.patch(objects.ref_of(setup.revision), {"metadata": {"labels": None}})

    with pytest.raises(ConflictError, match="exists, and is not of this Function or not known yet"):
        setup.reconcile()


class TestDependents:
    @pytest.fixture
    def installed(self, setup):
        setup.add()
        setup.reconcile()
        return setup

    @pytest.mark.parametrize("kind", [FUNCTION, FUNCTION_REVISION, DEPLOYMENT])
    def test_a_function_looks_again_when_what_it_is_made_of_changes(self, installed, kind):
        (obj,) = installed.of(kind)

        assert list(functions.dependents(obj, installed.cluster)) == [REF]

    @pytest.mark.parametrize(("name", "woken"), [("default", [REF]), ("other", [])])
    def test_a_configuration_wakes_those_that_use_it(self, installed, name, woken):
        config = {**_kind(RUNTIME_CONFIG), "metadata": {"name": name}}

        assert list(functions.dependents(config, installed.cluster)) == woken

    @pytest.mark.parametrize(
        "owner",
        [None, {"kind": "ReplicaSet", "name": "x"}, {"kind": "FunctionRevision", "name": "gone"}],
        ids=["nobody's", "somebody's", "of a revision that is gone"],
    )
    def test_other_deployments_wake_nobody(self, installed, owner):
        owners = [{**owner, "controller": True, "uid": "u"}] if owner else []
        other = {**_kind(DEPLOYMENT), "metadata": {"name": "d", "ownerReferences": owners}}

        assert list(functions.dependents(other, installed.cluster)) == []

    def test_other_kinds_wake_nobody(self, installed):
        (service,) = installed.of(SERVICE)

        assert list(functions.dependents(service, installed.cluster)) == []
