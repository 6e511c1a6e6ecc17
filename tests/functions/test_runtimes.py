"""Which runtime runs a function."""

import pytest

from crosshead.base.errors import NotReadyError, StalledError, TransientError
from crosshead.definitions.packages import FUNCTION, FUNCTION_REVISION
from crosshead.functions.registry import BuiltIns
from crosshead.functions.runtimes import InProcess, Remote, about, choose, described
from tests.functions.cluster import NONE, Installed, function, revision

ENDPOINT = "dns:///fn.crossplane-system:9443"
PACKAGE = "registry.example.org/acme/function-acme:v1"
DUMMY = "registry.example.org/crossplane-contrib/function-dummy:v0.4.1"
BUILT_INS = BuiltIns({"function-dummy": "dummy"})


@pytest.mark.parametrize(
    ("installed", "runtime"),
    [
        pytest.param(
            [function(package=DUMMY, target="localhost:1"), revision(endpoint=ENDPOINT)],
            Remote(PACKAGE, ENDPOINT, secure=True, source="FunctionRevision"),
            id="the endpoint of the active revision comes before all else",
        ),
        pytest.param(
            [revision(endpoint=ENDPOINT)],
            Remote(PACKAGE, ENDPOINT, secure=True, source="FunctionRevision"),
            id="a revision written by hand needs no Function",
        ),
        pytest.param(
            [revision("fn-2", state="Inactive", endpoint="dns:///old:1"), revision(endpoint=ENDPOINT)],
            Remote(PACKAGE, ENDPOINT, secure=True, source="FunctionRevision"),
            id="an inactive revision does not count",
        ),
        pytest.param(
            [function(package=DUMMY, target="127.0.0.1:5"), revision()],
            Remote(DUMMY, "127.0.0.1:5", secure=False, source="Development"),
            id="the annotations of render come before a built-in",
        ),
        pytest.param(
            [function(target="")],
            Remote(PACKAGE, "localhost:9443", secure=False, source="Development"),
            id="render's default target",
        ),
        pytest.param(
            [function(package=DUMMY)], InProcess(DUMMY, "function-dummy"), id="a built-in, by the Function's package"
        ),
        pytest.param(
            [function(package=DUMMY), revision()], InProcess(DUMMY, "function-dummy"), id="a built-in with a revision"
        ),
        pytest.param(
            [revision(image=DUMMY)], InProcess(DUMMY, "function-dummy"), id="a built-in, by the image of the revision"
        ),
    ],
)
def test_a_function_runs_where_it_says(installed, runtime):
    assert choose("fn", Installed(installed), BUILT_INS) == runtime


@pytest.mark.parametrize(
    ("installed", "kind", "words"),
    [
        pytest.param([], StalledError, "cannot find an active FunctionRevision", id="nothing"),
        pytest.param([revision(of="other", endpoint=ENDPOINT)], StalledError, "cannot find", id="of another function"),
        pytest.param([revision(state="Inactive")], StalledError, "cannot find", id="only an inactive revision"),
        pytest.param([function()], StalledError, "cannot find", id="a Function without a revision"),
        pytest.param(
            [revision()],
            TransientError,
            'active FunctionRevision "fn-1" has an empty status.endpoint',
            id="a revision that has no endpoint yet",
        ),
    ],
)
def test_a_function_that_runs_nowhere_is_told_in_crossplanes_words(installed, kind, words):
    with pytest.raises(kind, match=f'^cannot get gRPC client connection for Function "fn": .*{words}'):
        choose("fn", Installed(installed), NONE)


@pytest.mark.parametrize("kind", [FUNCTION, FUNCTION_REVISION])
def test_nothing_is_decided_before_everything_is_known(kind):
    installed = Installed([function(package=DUMMY)], unsynced={kind})

    with pytest.raises(NotReadyError, match="the installed Functions are not known yet"):
        choose("fn", installed, BUILT_INS)


@pytest.mark.parametrize(
    ("runtime", "text"),
    [
        pytest.param(
            InProcess(DUMMY, "function-dummy"),
            f"Runs inside the operator: built-in function-dummy stands in for {DUMMY}",
            id="a built-in",
        ),
        pytest.param(
            Remote(PACKAGE, ENDPOINT, secure=True, source="FunctionRevision"),
            f"Runs at {ENDPOINT}, the endpoint of its active FunctionRevision",
            id="an endpoint",
        ),
        pytest.param(
            Remote(PACKAGE, "localhost:1", secure=False, source="Development"),
            "Runs at localhost:1, which its annotations name for development",
            id="one of a developer",
        ),
    ],
)
def test_an_event_says_what_runs_a_function(runtime, text):
    assert described(runtime) == text


@pytest.mark.parametrize(
    ("installed", "kind"),
    [
        pytest.param([function(), revision()], "Function", id="the Function"),
        pytest.param([revision()], "FunctionRevision", id="a revision that somebody wrote by hand"),
    ],
)
def test_it_is_told_of(installed, kind):
    assert about("fn", Installed(installed))["kind"] == kind


def test_what_is_gone_by_now_is_told_nothing():
    assert about("fn", Installed()) is None
