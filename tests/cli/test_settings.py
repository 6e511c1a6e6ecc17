"""Flags, environment, defaults."""

import argparse
from datetime import timedelta

import pytest

from crosshead.cli import settings


def parse(*words, **environ):
    parser = argparse.ArgumentParser(exit_on_error=False)
    settings.add_arguments(parser, environ)
    return parser.parse_args(words)


@pytest.mark.parametrize(
    ("words", "environ", "expected"),
    [
        pytest.param((), {}, timedelta(minutes=10), id="the default"),
        pytest.param((), {"CROSSHEAD_POLL_INTERVAL": "1h30m"}, timedelta(minutes=90), id="the environment"),
        pytest.param(
            ("--poll-interval=5s",), {"CROSSHEAD_POLL_INTERVAL": "1h"}, timedelta(seconds=5), id="the flag wins"
        ),
    ],
)
def test_where_a_setting_comes_from(words, environ, expected):
    assert parse(*words, **environ).poll_interval == expected


@pytest.mark.parametrize(
    ("word", "text"),
    [
        pytest.param("--poll-interval=soon", "a duration is written like 10m, 1h30m or 500ms", id="no duration"),
        pytest.param("--backoff-jitter=2", "2 is not between 0 and 1", id="no fraction"),
    ],
)
def test_a_bad_setting_is_refused_with_a_sentence(word, text):
    with pytest.raises(argparse.ArgumentError, match=text):
        parse(word)


def test_every_setting_has_an_environment_variable_that_the_help_names():
    parser = argparse.ArgumentParser()
    settings.add_arguments(parser, {})

    assert all(one.variable in parser.format_help() for one in settings.SETTINGS)
