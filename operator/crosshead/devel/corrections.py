"""
Correct Kubernetes 1.20's source where it is older than the compiler that Debian builds it with.

Both are needed. Without the first the API server dies on the first custom resource; without the second it takes the
empty string for null, and refuses a CRD with `default: ""` and every object that holds one.
"""

import re
import shutil
from pathlib import Path

_TYPE_CHECK = Path("vendor/k8s.io/kube-openapi/pkg/validation/validate/type.go")
_REFLECT2 = Path("vendor/github.com/modern-go/reflect2")
_ZERO_IS_NULL = re.compile(r"^(\s*if data == nil) \|\| reflect\.DeepEqual\(reflect\.Zero\(.*\{$", re.MULTILINE)


class CorrectionError(RuntimeError):
    """The source is not the one that the corrections were made for."""


def correct(source: Path, reflect2: Path) -> None:
    """Correct the Kubernetes tree *source*, with Debian's *reflect2* package."""
    replace_reflect2(source / _REFLECT2, reflect2)
    path = source / _TYPE_CHECK
    path.write_text(tell_zero_from_null(path.read_text()))


def tell_zero_from_null(text: str) -> str:
    """Return *text* with null being null only, not every zero value."""
    corrected, count = _ZERO_IS_NULL.subn(r"\1 {", text)
    if count != 1:
        raise CorrectionError(f"cannot correct {_TYPE_CHECK}: expected 1 line that compares with a zero, got {count}")
    return corrected


def replace_reflect2(old: Path, new: Path) -> None:
    """
    Replace the Go and assembly files in *old* by those of *new*.

    All old ones must go: 1.0.2 spread its declarations over other files, and one left over declares them twice.
    """
    replacements = [path for path in _code_in(new) if not path.name.endswith("_test.go")]
    if not replacements:
        raise CorrectionError(f"cannot replace {_REFLECT2}: {new} holds no Go files")
    for path in _code_in(old):
        path.unlink()
    for path in replacements:
        shutil.copy(path, old / path.name)


def _code_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*") if path.suffix in {".go", ".s"})
