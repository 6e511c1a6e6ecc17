"""Print one value under one verb, as Go's fmt does; `gofmt` finds the verbs."""

from dataclasses import dataclass, replace

from crosshead.base import gofloats, goquotes, gotypes
from crosshead.base.encoding import utf8
from crosshead.base.values import Json

_SIXES = 6  # digits after the point of %e and %f
_LARGEST_RUNE = 0x10FFFF


@dataclass(slots=True)
class Flags:
    """What stands between the percent sign and the verb."""

    sharp: bool = False
    zero: bool = False
    plus: bool = False
    minus: bool = False
    space: bool = False
    width: int | None = None
    precision: int | None = None
    # Under %v the flags `#` and `+` mean something else: Go syntax, field names.
    go_syntax: bool = False

    @classmethod
    def read(cls, text: str) -> "Flags":
        """Return the flags that *text* holds."""
        if not text:
            return cls()
        return cls("#" in text, "0" in text, "+" in text, "-" in text, " " in text)

    def pad(self, text: str, *, zeros: bool = True) -> str:
        """Return *text*, filled up to the width; zeros go to the left only."""
        missing = (self.width or 0) - len(text)
        if missing <= 0:
            return text
        if self.minus:
            return text + " " * missing
        return ("0" if self.zero and zeros else " ") * missing + text


def show(value: Json, verb: str, flags: Flags) -> str:
    """Return *value* under *verb*."""
    if verb in "vw":
        flags.go_syntax, flags.sharp, flags.plus = flags.sharp, False, False
    if value is None:
        return flags.pad("<nil>") if verb in "Tv" else _bad(value, verb, flags)
    if verb == "T":
        return flags.pad(_cut(gotypes.name(value), flags))
    return _show(value, verb, flags)


def typed(value: Json, flags: Flags) -> str:
    """Return *value* after its type, as complaints have it."""
    return "<nil>" if value is None else f"{gotypes.name(value)}={_show(value, 'v', flags)}"


def _bad(value: Json, verb: str, flags: Flags) -> str:
    return f"%!{verb}({typed(value, flags)})"


def _show(value: Json, verb: str, flags: Flags) -> str:
    match value:
        case str():
            shown = _string(value, verb, flags)
        case bool():
            shown = flags.pad("true" if value else "false") if verb in "tv" else None
        case int():
            shown = _integer(value, verb, flags)
        case float():
            shown = _float(value, verb, flags)
        case _:
            # Where they are in memory (%p) is nobody's business, and changes with every run.
            shown = None if verb in "wp" else _container(value, verb, flags)
    return _bad(value, verb, flags) if shown is None else shown


def _container(value: Json, verb: str, flags: Flags) -> str:
    is_array = isinstance(value, list)
    if is_array:
        items = [_inner(item, verb, flags) for item in value]
    else:
        keys = sorted(value, key=utf8)
        items = [f"{_inner(key, verb, flags)}:{_inner(value[key], verb, flags)}" for key in keys]
    if flags.go_syntax:
        return f"{gotypes.name(value)}{{{', '.join(items)}}}"
    return f"{'' if is_array else 'map'}[{' '.join(items)}]"


def _inner(value: Json, verb: str, flags: Flags) -> str:
    if value is None:
        return "interface {}(nil)" if flags.go_syntax else "<nil>"
    return _show(value, verb, flags)


def _string(value: str, verb: str, flags: Flags) -> str | None:
    match verb:
        case "s" | "v" if not flags.go_syntax:
            return flags.pad(_cut(value, flags))
        case "q" | "v":
            return flags.pad(_quoted(_cut(value, flags), flags))
        case "x" | "X":
            return _hex_bytes(value, verb, flags)
        case _:
            return None


def _cut(value: str, flags: Flags) -> str:
    return value if flags.precision is None else value[: flags.precision]


def _quoted(value: str, flags: Flags) -> str:
    if flags.sharp and goquotes.can_backquote(value):
        return f"`{value}`"
    return goquotes.quote(value, ascii_only=flags.plus)


def _hex_bytes(value: str, verb: str, flags: Flags) -> str:
    raw = utf8(value)[: flags.precision]
    prefix = f"0{verb}" if flags.sharp and raw else ""
    pairs = [f"{byte:02{verb}}" for byte in raw]
    return flags.pad(prefix + (f" {prefix}" if flags.space else "").join(pairs))


def _integer(value: int, verb: str, flags: Flags) -> str | None:  # noqa: PLR0911 (one verb, one answer)
    match verb:
        case "d" | "v":
            return _in_base(value, "d", "", flags)
        case "b":
            return _in_base(value, "b", "0b" if flags.sharp else "", flags)
        case "o" | "O":
            return _octal(value, "0o" if verb == "O" else "", flags)
        case "x" | "X":
            return _in_base(value, verb, f"0{verb}" if flags.sharp else "", flags)
        case "c":
            return flags.pad(goquotes.rune(value))
        case "q":
            return flags.pad(goquotes.quote_rune(value, ascii_only=flags.plus))
        case "U":
            return _unicode(value, flags)
        case _:
            return None


def _octal(value: int, prefix: str, flags: Flags) -> str | None:
    # The leading 0 that # asks for is one that padding may have put there already.
    needs_zero = flags.sharp and not _digits(value, "o", flags).startswith("0")
    return _in_base(value, "o", prefix + "0" * needs_zero, flags)


def _in_base(value: int, base: str, prefix: str, flags: Flags) -> str:
    digits = _digits(value, base, flags)
    if not digits:  # "%.0d" of zero: nothing but padding
        return " " * (flags.width or 0)
    return flags.pad(_sign(flags, is_negative=value < 0) + prefix + digits, zeros=False)


def _digits(value: int, base: str, flags: Flags) -> str:
    wanted = flags.precision
    if wanted is None:
        wanted = (flags.width or 0) if flags.zero and not flags.minus else 0
        wanted -= bool(wanted and _sign(flags, is_negative=value < 0))
    elif wanted == 0 and value == 0:
        return ""
    return f"{abs(value):{base}}".rjust(wanted, "0")


def _sign(flags: Flags, *, is_negative: bool) -> str:
    if is_negative:
        return "-"
    return "+" if flags.plus else " " if flags.space else ""


def _unicode(value: int, flags: Flags) -> str:
    number = value % 2**64
    shown = f"U+{number:0{max(flags.precision or 0, 4)}X}"
    if flags.sharp and number <= _LARGEST_RUNE and goquotes.is_print(chr(number)):
        shown += f" '{chr(number)}'"
    return flags.pad(shown, zeros=False)


def _float(value: float, verb: str, flags: Flags) -> str | None:
    match verb:
        case "v":
            return _signed_float(value, "g", gofloats.SHORTEST, flags)
        case "b" | "g" | "G" | "x" | "X":
            return _signed_float(value, verb, gofloats.SHORTEST, flags)
        case "f" | "F":
            return _signed_float(value, "f", _SIXES, flags)
        case "e" | "E":
            return _signed_float(value, verb, _SIXES, flags)
        case _:
            return None


def _signed_float(value: float, verb: str, precision: int, flags: Flags) -> str:
    precision = precision if flags.precision is None else flags.precision
    number = gofloats.write(value, verb, precision)
    sign = "-" if number[0] == "-" else "+"
    number = number.lstrip("+-")
    if sign == "+" and flags.space and not flags.plus:
        sign = " "
    if number in {"Inf", "NaN"}:
        return _not_finite(number, sign, flags)
    if flags.sharp and verb != "b":
        number = _with_point(number, verb, precision)
    if sign == "+" and not flags.plus:
        return flags.pad(number)
    if flags.zero and not flags.minus:
        return sign + replace(flags, width=max((flags.width or 0) - 1, 0)).pad(number)
    return flags.pad(sign + number)


def _not_finite(number: str, sign: str, flags: Flags) -> str:
    """No number at all, so not padded with zeros; an infinity always shows its sign, but for the space flag's."""
    if number == "NaN" and not flags.space and not flags.plus:
        sign = ""
    return flags.pad(sign + number, zeros=False)


def _with_point(number: str, verb: str, precision: int) -> str:
    """Return *number* with a decimal point and the zeros that `#` asks for."""
    mark = {"x": "p", "X": "P", "E": "E", "G": "E"}.get(verb, "e")
    head, exponent, tail = number.partition(mark)
    wanted = (_SIXES if precision == gofloats.SHORTEST else precision) if verb in "gGxX" else 0
    counted = head.replace(".", "").lstrip("0") if head != "0" else "0"
    if "." not in head:
        head += "."
    return head + "0" * max(wanted - len(counted), 0) + exponent + tail
