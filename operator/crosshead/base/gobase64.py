"""Read base64 as Go's encoding/base64 does: line breaks are skipped, faults are named by their place."""

import base64
from typing import Final

from crosshead.base.encoding import text as as_text
from crosshead.base.encoding import utf8

_ALPHABET: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
_BREAKS: Final = b"\r\n"
_PAD: Final = ord("=")


class Base64Error(ValueError):
    """Text that is no base64."""


def decode(text: str) -> str:
    """Return what *text* encodes; it may be any bytes (see `encoding`)."""
    raw = utf8(text)
    fault = _fault(raw)
    if fault is not None:
        raise Base64Error(f"illegal base64 data at input byte {fault}")
    return as_text(base64.b64decode(raw.translate(None, _BREAKS)))


def encode(text: str) -> str:
    """Return *text* encoded."""
    return base64.b64encode(utf8(text)).decode()


def _fault(raw: bytes) -> int | None:
    """Return where *raw* stops being base64."""
    filled = 0
    for at, byte in enumerate(raw):
        if byte in _ALPHABET:
            filled = (filled + 1) % 4
        elif byte == _PAD:
            return _padding_fault(raw, at, filled)
        elif byte not in _BREAKS:
            return at
    return len(raw) - filled if filled else None


def _padding_fault(raw: bytes, at: int, filled: int) -> int | None:
    if filled < 2:
        return at
    after = _past_breaks(raw, at + 1)
    if filled == 2:
        if after == len(raw):
            return after
        if raw[after] != _PAD:
            return after - 1
        after = _past_breaks(raw, after + 1)
    return after if after < len(raw) else None


def _past_breaks(raw: bytes, at: int) -> int:
    while at < len(raw) and raw[at] in _BREAKS:
        at += 1
    return at
