from crosshead.runtime.metrics import Metrics


def test_reconciles_are_counted_by_kind_and_result():
    metrics = Metrics()

    metrics.reconciled("XBucket", "success", 0.02)
    metrics.reconciled("XBucket", "success", 0.02)

    assert b'crosshead_reconcile_total{kind="XBucket",result="success"} 2.0' in metrics.page()
    assert b'crosshead_reconcile_seconds_count{kind="XBucket"} 2.0' in metrics.page()


def test_requests_are_counted_by_verb_resource_and_code():
    metrics = Metrics()

    metrics.requested("PATCH", "buckets", 200, 0.01)

    assert b'crosshead_kube_requests_total{code="200",resource="buckets",verb="PATCH"} 1.0' in metrics.page()


def test_the_time_of_a_watch_says_nothing():
    metrics = Metrics()

    metrics.requested("WATCH", "buckets", 200, 600.0)

    assert b'crosshead_kube_request_seconds_count{verb="WATCH"}' not in metrics.page()


def test_a_gauge_shows_what_is_true_when_somebody_asks():
    metrics = Metrics()
    depth = [1]
    metrics.gauge("queue_depth", "Keys ready.", lambda: depth[0])

    depth[0] = 7

    assert b"crosshead_queue_depth 7.0" in metrics.page()


def test_two_operators_in_one_process_do_not_share_their_numbers():
    one, other = Metrics(), Metrics()

    one.counter("watch_attempts", "Watches begun.", "kind").labels("X").inc()

    assert b"watch_attempts" not in other.page()
