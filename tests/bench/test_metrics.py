"""The bench counts what it says it counts."""

import os

from bench import metrics

TEXT = """
# HELP apiserver_request_total Counter of requests
apiserver_request_total{code="201",group="bench.example.org",resource="triples",scope="resource",verb="POST"} 3
apiserver_request_total{code="409",group="bench.example.org",resource="triples",scope="resource",verb="POST"} 1
apiserver_request_total{code="200",resource="triples",subresource="status",verb="PATCH"} 5
apiserver_request_total{code="200",resource="triples",subresource="",verb="GET"} 2
apiserver_request_total{code="0",resource="triples",subresource="",verb="WATCH"} 7
apiserver_request_total{code="200",resource="leases",subresource="",verb="PUT"} 40
apiserver_request_total{code="200",resource="",subresource="/readyz",verb="GET"} 11
process_cpu_seconds_total 12.5
process_resident_memory_bytes 3.2e+08
"""


def test_requests_are_counted_by_verb_and_resource_whatever_the_answer():
    count = metrics.read(TEXT)

    assert count.requests == {"POST triples": 4, "PATCH triples/status": 5, "GET triples": 2}


def test_reads_are_not_writes():
    count = metrics.read(TEXT)

    assert (count.total, count.writes) == (11, 9)


def test_what_came_since_is_the_difference():
    before = metrics.read(TEXT)
    after = metrics.read(TEXT.replace('verb="GET"} 2', 'verb="GET"} 6').replace("12.5", "14.0"))

    assert after.since(before) == metrics.Count({"GET triples": 4}, 1.5)


def test_a_process_has_used_time_and_memory():
    assert metrics.cpu_seconds(os.getpid()) > 0
    assert metrics.resident_mb(os.getpid()) > 1
