"""
Derive, from the machine's own apt configuration, one that offers Debian's source packages too.

Text in, text out; `building` reads and writes the files. No address is known here: a machine behind a mirror keeps
its mirror. Third parties' entries are left out, for they have no business in this build.
"""

from collections.abc import Iterator

_POCKETS = ("", "-updates", "-security", "/updates")


def with_sources(name: str, text: str, codename: str) -> str:
    """Return the entries for Debian *codename* of one apt file, for programs and sources; empty when it has none."""
    entries = _stanzas(text, codename) if name.endswith(".sources") else _lines(text, codename)
    return "".join(f"{entry}\n" for entry in entries)


def configuration(folder: str) -> str:
    """
    Return the apt.conf of a private apt that keeps everything in *folder*.

    The machine's own hooks (`Post-Invoke`) are cleared: they mean the system's apt, and clean up its caches.
    """
    return f"""\
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
Dir::Etc::SourceList "/dev/null";
Dir::Etc::SourceParts "{folder}/sources.list.d";
Dir::State::Lists "{folder}/lists";
Dir::Cache "{folder}/cache";
APT::Sandbox::User "root";
Acquire::Languages "none";
"""


def _stanzas(text: str, codename: str) -> Iterator[str]:
    """Yield the stanzas of a deb822 file that are Debian's; their other fields (`Signed-By`) stay as they are."""
    for stanza in _split(text):
        fields = dict(_fields(stanza))
        if fields.get("enabled", "yes").lower() != "no" and _is_debian(
            fields.get("uris", "") + fields.get("signed-by", ""),
            fields.get("suites", "").split(),
            fields.get("components", "").split(),
            codename,
        ):
            yield "\n".join(_offer_sources(line) for line in stanza) + "\n"


def _split(text: str) -> Iterator[list[str]]:
    """Yield the paragraphs of *text*, without comments (which apt allows between the lines of one)."""
    for block in text.replace("\r\n", "\n").split("\n\n"):
        lines = [line for line in block.splitlines() if line.strip() and not line.startswith("#")]
        if lines:
            yield lines


def _fields(stanza: list[str]) -> Iterator[tuple[str, str]]:
    """Yield a field's name, in lower case, and its value, continued lines joined."""
    name, value = "", ""
    for line in stanza:
        if line[0].isspace():
            value += line
        else:
            yield name, value.strip()
            head, _, value = line.partition(":")
            name = head.strip().lower()
    yield name, value.strip()


def _offer_sources(line: str) -> str:
    return "Types: deb deb-src" if line.lower().startswith("types:") else line


def _lines(text: str, codename: str) -> Iterator[str]:
    """Yield the lines of a one-line-style file that are Debian's, each for programs and for sources."""
    for line in text.splitlines():
        kind, _, rest = line.partition(" ")
        uri, *words = _without_options(rest.strip()).split() or [""]
        if kind == "deb" and words and _is_debian(uri, words[:1], words[1:], codename):
            yield f"deb {rest.strip()}\ndeb-src {rest.strip()}"


def _without_options(rest: str) -> str:
    return rest.partition("]")[2] if rest.startswith("[") else rest


def _is_debian(origin: str, suites: list[str], components: list[str], codename: str) -> bool:
    """Whether an entry is Debian's own: others copy its codename, but hardly its component, address and key too."""
    known = {codename + pocket for pocket in _POCKETS}
    return "debian" in origin and "main" in components and bool(suites) and set(suites) <= known
