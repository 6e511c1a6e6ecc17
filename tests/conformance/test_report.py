"""The page that tells what conforms is as fresh as the tables."""

from tests.conformance import report


def test_the_page_is_what_make_conformance_writes():
    assert report.PAGE.read_text(encoding="utf-8") == report.page(), "run `make conformance`"
