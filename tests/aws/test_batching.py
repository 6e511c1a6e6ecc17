"""One listing answers many; who must know exactly asks for himself."""

import threading

import pytest

from crosshead.aws.batching import Answer, Batches, Question
from crosshead.base.errors import ForbiddenError, ThrottledError, TransientError

WHAT = ("account", "eu-west-1", "rds", "describe_db_instances")
LONG_AGO = float("-inf")


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Aws:
    """Lists *things*, a hundred a page."""

    def __init__(self, things: int) -> None:
        self.things = [{"Id": f"thing-{number}"} for number in range(things)]
        self.requests = 0
        self.error: Exception | None = None

    def pages(self):
        for start in range(0, len(self.things), 100):
            self.requests += 1
            if self.error:
                raise self.error
            yield self.things[start : start + 100]


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def batches(clock):
    return Batches(clock)


def ask(batches, aws, number, patience=60.0, since=LONG_AGO):
    question = Question(f"thing-{number}", f"uid-{number}", patience, since)
    return batches.ask(WHAT, question, aws.pages, lambda item: [item["Id"]])


def know(batches, count):
    for number in range(count):
        batches.note(WHAT, f"uid-{number}", exists=True)


def test_a_thousand_looks_cost_ten_requests(batches):
    aws = Aws(1000)
    know(batches, 1000)

    answers = [ask(batches, aws, number) for number in range(1000)]

    assert [answer.item["Id"] for answer in answers] == [thing["Id"] for thing in aws.things]
    assert aws.requests == 10


def test_a_few_are_asked_for_one_by_one(batches):
    aws = Aws(2)
    know(batches, 1)

    assert ask(batches, aws, 0) is None
    assert aws.requests == 0


def test_few_among_many_of_others_are_not_worth_a_listing(batches, clock):
    aws = Aws(1000)
    know(batches, 5)
    ask(batches, aws, 0)
    clock.now += 600

    assert ask(batches, aws, 1) is None
    assert aws.requests == 10


def test_who_was_not_seen_before_is_asked_for_alone(batches):
    aws = Aws(20)
    know(batches, 10)

    assert ask(batches, aws, 15) is None
    assert aws.requests == 0


def test_an_answer_says_how_old_it_is(batches, clock):
    aws = Aws(10)
    know(batches, 10)
    ask(batches, aws, 0)
    clock.now += 12

    assert ask(batches, aws, 1) == Answer({"Id": "thing-1"}, 12.0)


@pytest.mark.parametrize(
    ("patience", "since", "requests"),
    [
        pytest.param(60.0, LONG_AGO, 1, id="old enough for who is patient"),
        pytest.param(10.0, LONG_AGO, 2, id="too old for who is not"),
        pytest.param(0.0, LONG_AGO, 1, id="nobody waits for who wants to know now"),
        pytest.param(60.0, 1010.0, 1, id="from before our last change, which is too fresh for listings"),
    ],
)
def test_how_old_an_answer_may_be(batches, clock, patience, since, requests):
    aws = Aws(10)
    know(batches, 10)
    ask(batches, aws, 0)
    clock.now += 20

    answer = ask(batches, aws, 1, patience, since)

    assert aws.requests == requests
    assert (answer is None) == (patience == 0.0 or since > 0)


def test_what_a_listing_does_not_show_is_asked_for_by_itself_and_no_other_listing_is_made_for_it(batches):
    aws = Aws(10)
    know(batches, 12)
    ask(batches, aws, 0)

    assert ask(batches, aws, 11) is None
    assert aws.requests == 1


def test_the_same_answer_is_not_given_twice(batches, clock):
    """Who asks again wants to see what has become of it."""
    aws = Aws(10)
    know(batches, 10)
    ask(batches, aws, 0)
    clock.now += 1

    assert ask(batches, aws, 0) is None


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(ForbiddenError("Observe", "not allowed to list"), id="who may not list"),
        pytest.param(TransientError("Observe", "no answer"), id="who gets no answer"),
    ],
)
def test_without_a_listing_each_is_asked_for_by_itself_for_a_while(batches, clock, error):
    aws = Aws(10)
    aws.error = error
    know(batches, 10)

    assert [ask(batches, aws, number) for number in range(10)] == [None] * 10
    assert aws.requests == 1

    aws.error = None
    clock.now += 601
    assert ask(batches, aws, 0) is not None


def test_a_throttled_listing_is_told_and_tried_again_later(batches):
    aws = Aws(10)
    aws.error = ThrottledError("Observe", "slow down")
    know(batches, 10)

    with pytest.raises(ThrottledError):
        ask(batches, aws, 0)

    aws.error = None
    assert ask(batches, aws, 0) is not None


def test_what_is_gone_does_not_count(batches):
    aws = Aws(10)
    know(batches, 2)
    batches.note(WHAT, "uid-1", exists=False)

    assert ask(batches, aws, 0) is None


def test_who_asks_at_once_shares_one_listing(batches):
    aws = Aws(300)
    know(batches, 300)
    answers: list[Answer | None] = []
    asking = [threading.Thread(target=lambda n=n: answers.append(ask(batches, aws, n))) for n in range(16)]

    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()

    assert None not in answers
    assert aws.requests == 3


def test_who_is_new_does_not_wait_for_a_listing_in_the_making(batches):
    aws, begun, go_on = Aws(100), threading.Event(), threading.Event()
    know(batches, 100)

    def slowly():
        begun.set()
        go_on.wait(10)
        yield from aws.pages()

    question = Question("thing-1", "uid-1", 60.0, LONG_AGO)
    listing = threading.Thread(target=lambda: batches.ask(WHAT, question, slowly, lambda item: [item["Id"]]))
    listing.start()
    begun.wait(10)

    assert ask(batches, aws, 500) is None
    batches.note(WHAT, "uid-500", exists=True)
    assert listing.is_alive()
    go_on.set()
    listing.join()
