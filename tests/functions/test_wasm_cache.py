"""Native code is kept where only its owner can write, and taken from nowhere else."""

import logging
from pathlib import Path

import pytest

from crosshead.base.errors import StalledError
from crosshead.functions import wasm_cache
from crosshead.functions.wasm import Host
from tests.functions import guests


@pytest.fixture
def wasm(tmp_path):
    return guests.write(tmp_path)


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "home" / "cache"


def compiled(cache):
    [kept] = cache.glob("*.cwasm")
    return kept


def test_what_was_compiled_is_kept_for_its_owner_alone(wasm, cache):
    Host(wasm, cache)

    assert cache.stat().st_mode & 0o777 == 0o700
    assert compiled(cache).stat().st_mode & 0o777 == 0o600


def test_it_is_compiled_once(wasm, cache):
    Host(wasm, cache)
    before = compiled(cache).stat()

    Host(wasm, cache)

    assert compiled(cache).stat().st_ino == before.st_ino


def test_another_module_is_another_file(wasm, cache):
    Host(wasm, cache)

    Host(guests.write(wasm.parent, guests.DYING), cache)

    assert len(list(cache.iterdir())) == 2


@pytest.mark.parametrize("mode", [0o720, 0o702, 0o750])
def test_a_folder_that_is_open_to_others_is_refused(wasm, cache, mode):
    Host(wasm, cache)
    cache.chmod(mode)

    with pytest.raises(StalledError, match="must be ours, no link, and closed to others"):
        Host(wasm, cache)


def test_a_folder_that_was_open_before_the_first_time_is_refused(wasm, cache):
    cache.mkdir(parents=True, mode=0o755)

    with pytest.raises(StalledError, match="closed to others"):
        Host(wasm, cache)

    assert list(cache.iterdir()) == []


def test_a_file_that_others_can_write_is_refused(wasm, cache):
    Host(wasm, cache)
    compiled(cache).chmod(0o660)

    with pytest.raises(StalledError, match="closed to others"):
        Host(wasm, cache)


def test_a_link_is_refused(wasm, cache, tmp_path):
    Host(wasm, cache)
    kept = compiled(cache)
    kept.rename(tmp_path / "elsewhere")
    kept.symlink_to(tmp_path / "elsewhere")

    with pytest.raises(StalledError, match="no link"):
        Host(wasm, cache)


def test_a_file_that_is_broken_is_compiled_again(wasm, cache):
    Host(wasm, cache)
    compiled(cache).write_bytes(compiled(cache).read_bytes()[:100])

    assert Host(wasm, cache).ask(b"?", 1.0) == b"ok1"
    assert compiled(cache).stat().st_size > 100


def test_where_nothing_can_be_kept_it_runs_all_the_same(wasm, tmp_path, caplog):
    (tmp_path / "file").touch()

    with caplog.at_level(logging.WARNING):
        host = Host(wasm, tmp_path / "file" / "cache")

    assert host.ask(b"?", 1.0) == b"ok1"
    assert "every start compiles it again" in caplog.text


@pytest.mark.parametrize("told", [pytest.param("cache", id="a relative path does not count"), ""])
def test_the_folder_is_the_users(monkeypatch, tmp_path, told):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", told)

    assert wasm_cache.default_folder() == tmp_path / ".cache" / "crosshead" / "wasm"


def test_the_folder_is_where_the_environment_says(monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", "/var/cache")

    assert wasm_cache.default_folder() == Path("/var/cache/crosshead/wasm")
