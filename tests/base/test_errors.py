import pytest

from crosshead.base import errors


@pytest.mark.parametrize(
    ("kind", "family"),
    [
        pytest.param(errors.ConflictError, errors.TransientError, id="a conflict may be gone next time"),
        pytest.param(errors.ThrottledError, errors.TransientError, id="being throttled passes"),
        pytest.param(errors.InvalidObjectError, errors.StalledError, id="an invalid object stays invalid"),
        pytest.param(errors.ForbiddenError, errors.StalledError, id="being forbidden is for a human"),
        pytest.param(errors.NotReadyError, errors.ReconcileError, id="waiting ends a reconcile"),
        pytest.param(errors.TransientError, errors.ReconcileError, id="misfortune ends a reconcile"),
        pytest.param(errors.StalledError, errors.ReconcileError, id="a mistake ends a reconcile"),
    ],
)
def test_errors_are_sorted_by_what_to_do_about_them(kind, family):
    assert issubclass(kind, family)


def test_an_error_carries_a_word_for_events_and_a_line_for_people():
    error = errors.StalledError("ComposeResources", "no such thing")

    assert (error.reason, error.message, str(error)) == ("ComposeResources", "no such thing", "no such thing")


def test_being_throttled_may_say_for_how_long():
    assert errors.ThrottledError("Apply", "too fast", 2.5).retry_after == 2.5


@pytest.mark.parametrize("kind", [errors.AbsentError, errors.AlreadyExistsError])
def test_answers_are_not_reconcile_errors(kind):
    assert not issubclass(kind, errors.ReconcileError)
