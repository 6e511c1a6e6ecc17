from crosshead.aws.memory import Memory
from crosshead.base.values import SecretValue

OLD, NEW = SecretValue("old"), SecretValue("new")


def test_what_is_seen_first_counts_as_told() -> None:
    memory = Memory()

    assert memory.is_told("u", "password", OLD)
    assert not memory.is_told("u", "password", NEW)


def test_what_is_noted_elsewhere_counts_when_nothing_is_remembered() -> None:
    memory = Memory()

    assert not memory.is_told("u", "password", NEW, OLD)
    assert memory.is_told("v", "password", NEW, NEW)


def test_what_is_remembered_counts_more_than_what_is_noted() -> None:
    memory = Memory()
    memory.tell("u", "password", NEW)

    assert memory.is_told("u", "password", NEW, OLD)


def test_what_was_told_is_known() -> None:
    memory = Memory()
    memory.tell("u", "password", OLD)
    memory.tell("u", "password", NEW)

    assert memory.is_told("u", "password", NEW)
    assert not memory.is_told("u", "password", OLD)


def test_secrets_of_two_resources_are_two() -> None:
    memory = Memory()
    memory.tell("one", "password", OLD)

    assert memory.is_told("two", "password", NEW)


def test_what_is_given_up_is_gone() -> None:
    memory = Memory()
    memory.give_up("u")

    assert (memory.is_given_up("u"), memory.is_given_up("v")) == (True, False)


def test_the_oldest_is_forgotten_first() -> None:
    memory = Memory(limit=2)
    for uid in ("one", "two", "one", "three"):
        memory.give_up(uid)

    assert [memory.is_given_up(uid) for uid in ("one", "two", "three")] == [True, False, True]


def test_no_secret_is_kept() -> None:
    memory = Memory()
    memory.tell("u", "password", SecretValue("hunter2"))

    assert "hunter2" not in repr(vars(memory))


def test_a_doubt_passes() -> None:
    times = iter([100.0, 129.0, 131.0])
    memory = Memory(now=lambda: next(times))
    memory.doubt("u", "no answer")

    assert [memory.doubts("u"), memory.doubts("u"), memory.doubts("v")] == ["no answer", "", ""]
