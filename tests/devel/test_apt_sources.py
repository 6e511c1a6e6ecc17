"""The private apt asks Debian's own sources, wherever the machine gets them from, and nobody else's."""

import pytest

from crosshead.devel import apt_sources

DEBIAN = """\
Types: deb
# a comment between the fields
URIs: http://mirror.example.org/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
"""
SECURITY = DEBIAN.replace("debian\nSuites: bookworm bookworm-updates", "debian-security\nSuites: bookworm-security")
MIRROR = DEBIAN.replace("http://mirror.example.org/debian", "http://mirror.example.org/os")
VENDOR = """\
Types: deb
URIs: https://example.com/linux/debian
Suites: bookworm
Components: stable
"""


def stanza(text):
    return [line for line in text.splitlines() if line]


def test_a_stanza_keeps_its_fields_and_offers_sources():
    assert stanza(apt_sources.with_sources("debian.sources", DEBIAN, "bookworm")) == [
        "Types: deb deb-src",
        "URIs: http://mirror.example.org/debian",
        "Suites: bookworm bookworm-updates",
        "Components: main",
        "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg",
    ]


def test_every_debian_stanza_is_taken_and_stays_a_stanza():
    both = apt_sources.with_sources("debian.sources", f"{DEBIAN}\n\n{VENDOR}\n{SECURITY}", "bookworm")

    assert both.count("Types: deb deb-src") == 2
    assert "\n\nTypes:" in both
    assert "stable" not in both


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(MIRROR, id="a mirror that only the key gives away"),
        pytest.param(DEBIAN.replace("Components: main", "Components:\n main\n contrib"), id="continued lines"),
        pytest.param(DEBIAN.replace("Types", "TYPES").replace("\n", "\r\n"), id="other spelling and line ends"),
    ],
)
def test_debian_is_recognised(text):
    assert "Types: deb deb-src" in apt_sources.with_sources("any.sources", text, "bookworm")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(VENDOR, id="a vendor's component"),
        pytest.param(DEBIAN.replace("bookworm bookworm-updates", "trixie"), id="another release"),
        pytest.param(DEBIAN.replace("bookworm bookworm-updates", "bookworm-pgdg"), id="a vendor's suite"),
        pytest.param(f"Enabled: no\n{DEBIAN}", id="switched off"),
        pytest.param(MIRROR.replace("debian-archive", "vendor"), id="a vendor that copies suite and component"),
        pytest.param("", id="an empty file"),
    ],
)
def test_others_are_left_out(text):
    assert apt_sources.with_sources("any.sources", text, "bookworm") == ""


def test_a_line_is_offered_for_programs_and_sources():
    text = (
        "# the system\n"
        "deb [signed-by=/usr/share/keyrings/debian.gpg] http://mirror.example.org/debian bookworm main contrib\n"
        "deb-src http://mirror.example.org/debian bookworm main\n"
        "deb http://mirror.example.org/debian-security bookworm-security main\n"
        "deb https://example.com/linux/debian bookworm stable\n"
        "deb\n"
    )

    assert apt_sources.with_sources("sources.list", text, "bookworm").splitlines() == [
        "deb [signed-by=/usr/share/keyrings/debian.gpg] http://mirror.example.org/debian bookworm main contrib",
        "deb-src [signed-by=/usr/share/keyrings/debian.gpg] http://mirror.example.org/debian bookworm main contrib",
        "deb http://mirror.example.org/debian-security bookworm-security main",
        "deb-src http://mirror.example.org/debian-security bookworm-security main",
    ]


def test_the_private_apt_keeps_everything_in_its_folder():
    text = apt_sources.configuration("/somewhere")

    assert 'Dir::State::Lists "/somewhere/lists";' in text
    assert 'Dir::Cache "/somewhere/cache";' in text
    assert "#clear APT::Update::Post-Invoke;" in text
