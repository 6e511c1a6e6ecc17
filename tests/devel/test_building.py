"""The build, with commands that take no time in place of apt, dpkg-deb and make; the real one is `dev prepare`."""

import platform
from collections import namedtuple

import pytest

from crosshead.devel import building
from crosshead.devel.building import BuildError
from crosshead.devel.corrections import CorrectionError
from crosshead.devel.locations import Binaries
from crosshead.devel.processes import ProcessError

SOURCES = """\
Types: deb
URIs: http://mirror.example.org/debian
Suites: bookworm
Components: main
"""
TYPE_GO = "\tif data == nil || reflect.DeepEqual(reflect.Zero(reflect.TypeOf(data)), reflect.ValueOf(data)) {\n"
COMMANDS = {
    "apt-get": """\
echo "apt-get $*"
test "$1" = -c && test -s "$2" || exit 9
case "$*" in
  *download-only*) tar -czf kubernetes_1.orig.tar.gz -C "$SOURCE" kubernetes-1 ;;
  *" download "*) touch etcd-server_1.deb golang_1.deb ;;
esac
""",
    "dpkg-deb": """\
mkdir -p "$3/usr/bin" "$3/usr/share/gocode/src/github.com/modern-go/reflect2"
echo "#!/bin/sh" > "$3/usr/bin/etcd"
chmod +x "$3/usr/bin/etcd"
echo new > "$3/usr/share/gocode/src/github.com/modern-go/reflect2/new.go"
""",
    "make": """\
echo "make $*, CGO_ENABLED=$CGO_ENABLED, GOFLAGS=$GOFLAGS, $(cat vendor/github.com/modern-go/reflect2/new.go)"
test -z "$FAIL" || exit 2
mkdir -p _output/local/go/bin _output/local/bin
for name in kube-apiserver kube-controller-manager; do
  cp vendor/k8s.io/kube-openapi/pkg/validation/validate/type.go _output/local/go/bin/$name
  chmod +x _output/local/go/bin/$name
  rsync -pc _output/local/go/bin/$name _output/local/bin/ || exit 3
done
""",
}
Usage = namedtuple("Usage", "free")  # noqa: PYI024  # shutil's answer has more, nobody asks


@pytest.fixture(autouse=True)
def source(tmp_path):
    """The Kubernetes source that apt "downloads"."""
    root = tmp_path / "source"
    check = root / "kubernetes-1/vendor/k8s.io/kube-openapi/pkg/validation/validate/type.go"
    reflect2 = root / "kubernetes-1/vendor/github.com/modern-go/reflect2"
    check.parent.mkdir(parents=True)
    reflect2.mkdir(parents=True)
    check.write_text(TYPE_GO)
    (reflect2 / "old.go").write_text("old")
    return check


@pytest.fixture(autouse=True)
def _machine(tmp_path, monkeypatch):
    """A Debian 12 whose commands are the ones above."""
    tools, apt = tmp_path / "tools", tmp_path / "apt"
    tools.mkdir()
    (apt / "sources.list.d").mkdir(parents=True)
    (apt / "sources.list.d/debian.sources").write_text(SOURCES)
    for name, script in COMMANDS.items():
        (tools / name).write_text(f"#!/bin/sh\n{script}")
        (tools / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")
    monkeypatch.setenv("SOURCE", str(tmp_path / "source"))
    monkeypatch.setenv("GOFLAGS", "-mod=mod")
    monkeypatch.setattr(building, "_APT", apt)
    release = {"VERSION_CODENAME": "bookworm", "PRETTY_NAME": "Debian 12"}
    monkeypatch.setattr(platform, "freedesktop_os_release", lambda: release)


@pytest.fixture
def target(tmp_path):
    (tmp_path / "target").mkdir()
    return tmp_path / "target"


def test_only_the_three_programs_are_left(target):
    building.build(target, print)

    assert Binaries.in_folder(target).missing == ()
    assert sorted(path.name for path in target.iterdir()) == ["etcd", "kube-apiserver", "kube-controller-manager"]


def test_the_source_is_corrected_before_it_is_compiled(target):
    building.build(target, print)

    assert (target / "kube-apiserver").read_text() == "\tif data == nil {\n"


def test_what_it_downloads_and_how_long_it_takes_is_said_first(target):
    said = []

    building.build(target, said.append)

    assert all(word in said[0] for word in (*building.PACKAGES, "minutes", "does not install"))
    assert [words.partition(" (")[0] for words in said[1:]] == [
        "reading Debian's package lists",
        "downloading the compiler and etcd",
        "downloading the source of Kubernetes",
        "unpacking etcd-server",
        "unpacking golang",
        "unpacking kubernetes",
        "compiling kube-apiserver and kube-controller-manager",
    ]


def test_the_compiler_sees_no_settings_of_ours(target, monkeypatch):
    monkeypatch.setenv("FAIL", "1")

    with pytest.raises(ProcessError, match=r"status 2: .*make WHAT=cmd/kube-apiserver .*CGO_ENABLED=0, GOFLAGS=, new"):
        building.build(target, print)


def test_a_failed_build_leaves_nothing(target, monkeypatch):
    monkeypatch.setenv("FAIL", "1")

    with pytest.raises(ProcessError):
        building.build(target, print)

    assert list(target.iterdir()) == []


def test_another_source_is_not_compiled(target, source):
    source.write_text("something else\n")

    with pytest.raises(CorrectionError):
        building.build(target, print)

    assert list(target.iterdir()) == []


def test_another_system_is_told_what_to_do_instead(target, monkeypatch):
    monkeypatch.setattr(platform, "freedesktop_os_release", lambda: {"PRETTY_NAME": "Fedora 40"})

    with pytest.raises(BuildError, match="Debian 12 only, and this is Fedora 40: set KUBEBUILDER_ASSETS"):
        building.build(target, print)


def test_a_missing_tool_is_named_before_anything_is_downloaded(target, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path / "tools"))

    with pytest.raises(BuildError, match="the build needs tar, bash, awk: install"):
        building.build(target, print)


def test_a_full_disk_is_noticed_before_anything_is_downloaded(target, monkeypatch):
    monkeypatch.setattr(building.shutil, "disk_usage", lambda _path: Usage(2**30))

    with pytest.raises(BuildError, match="needs 4 GB of free disk"):
        building.build(target, print)


def test_a_machine_without_debian_sources_is_told_so(target, tmp_path):
    (tmp_path / "apt/sources.list.d/debian.sources").unlink()
    (tmp_path / "apt/sources.list").write_text("deb http://vendor.example.org stable main\n")

    with pytest.raises(BuildError, match="names no source of Debian packages"):
        building.build(target, print)
