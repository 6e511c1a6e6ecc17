"""Worker processes answer, are asked again, and are replaced when they fail."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from crosshead.functions import workers
from crosshead.functions.workers import WorkerError, Workers

SCRIPT = """
import os, sys, time
count = 0
def reply(text):
    sys.stdout.buffer.write(len(text).to_bytes(8) + text)
    sys.stdout.buffer.flush()
{start}
reply(b"")
while length := sys.stdin.buffer.read(8):
    question = sys.stdin.buffer.read(int.from_bytes(length)).decode()
    count += 1
    exec(question)
    reply(b"%d %d" % (count, os.getpid()))
"""


@pytest.fixture
def pool(tmp_path):
    made = Workers(script(tmp_path))
    yield made
    made.close()


def script(folder, start=""):
    path = folder / "worker.py"
    path.write_text(SCRIPT.format(start=start))
    return path


def test_a_worker_is_asked_again(pool):
    first, second = (pool.ask(b"pass", 5.0).split() for _ in range(2))

    assert (first[0], second[0]) == (b"1", b"2")
    assert first[1] == second[1]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        pytest.param(b"time.sleep(60)", "it takes longer than 0.3 s", id="it sleeps"),
        pytest.param(b"os.kill(os.getpid(), 11)", "it is nested too deeply", id="its stack ends"),
        pytest.param(b"os.abort()", "it needs more memory than it may have", id="its memory ends"),
        pytest.param(b"os._exit(3)", "its process ended with 3", id="it leaves"),
        pytest.param(b"1/0", "its process ended with 1", id="it raises"),
        pytest.param(b"os.write(1, b'x' * 3); os._exit(0)", "its process ended with 0", id="it stops in mid-answer"),
    ],
)
def test_a_worker_that_fails_is_replaced(pool, question, words):
    with pytest.raises(WorkerError, match=words):
        pool.ask(question, 0.3)

    assert pool.ask(b"pass", 5.0).startswith(b"1 ")


def test_a_worker_that_does_not_start_is_told(tmp_path):
    with pytest.raises(WorkerError, match="its process ended with 7"):
        Workers(script(tmp_path, start="os._exit(7)")).ask(b"pass", 5.0)


def test_a_worker_that_has_answered_many_is_replaced(pool, monkeypatch):
    monkeypatch.setattr(workers, "_ANSWERS_AT_MOST", 2)

    assert [pool.ask(b"pass", 5.0)[:1] for _ in range(3)] == [b"1", b"2", b"1"]


def test_workers_know_nothing_of_this_process(pool, monkeypatch):
    monkeypatch.setenv("SECRET", "told")

    assert pool.ask(b"assert 'SECRET' not in os.environ and os.getcwd() == '/'", 5.0)


def test_several_are_asked_at_the_same_time(pool):
    with ThreadPoolExecutor(3) as threads:
        answers = list(threads.map(lambda _: pool.ask(b"time.sleep(0.2)", 5.0), range(3)))

    assert len({answer.split()[1] for answer in answers}) == 3
