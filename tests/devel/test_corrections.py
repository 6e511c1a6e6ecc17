"""The two corrections fit the source that they were made for, and say so when it is another."""

import pytest

from crosshead.devel import corrections
from crosshead.devel.corrections import CorrectionError

TYPE_GO = """\
func (t *typeValidator) Validate(data interface{}) *Result {
	result := new(Result)
	if data == nil || reflect.DeepEqual(reflect.Zero(reflect.TypeOf(data)), reflect.ValueOf(data)) {
		// nil or zero value for the passed structure require Type: null
"""


def test_only_null_is_null():
    assert corrections.tell_zero_from_null(TYPE_GO).splitlines()[2] == "\tif data == nil {"


@pytest.mark.parametrize(
    ("text", "count"),
    [pytest.param("if data == nil {\n", 0, id="corrected already"), pytest.param(TYPE_GO * 2, 2, id="two places")],
)
def test_another_source_is_not_corrected_by_guessing(text, count):
    with pytest.raises(CorrectionError, match=f"expected 1 line that compares with a zero, got {count}"):
        corrections.tell_zero_from_null(text)


def test_all_old_code_of_reflect2_goes(tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    for path in (
        old / "gone.go",
        old / "gone.s",
        old / "both.go",
        old / "LICENSE",
        new / "both.go",
        new / "both_test.go",
    ):
        path.write_text(path.parent.name)

    corrections.replace_reflect2(old, new)

    assert {path.name: path.read_text() for path in old.iterdir()} == {"both.go": "new", "LICENSE": "old"}


def test_nothing_is_removed_when_there_is_nothing_to_put_in_its_place(tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    (old / "old.go").write_text("old")

    with pytest.raises(CorrectionError, match="holds no Go files"):
        corrections.replace_reflect2(old, new)

    assert (old / "old.go").exists()


def test_both_are_made_where_the_source_has_them(tmp_path):
    source, reflect2 = tmp_path / "source", tmp_path / "reflect2"
    check = source / "vendor/k8s.io/kube-openapi/pkg/validation/validate/type.go"
    old = source / "vendor/github.com/modern-go/reflect2"
    for folder in (check.parent, old, reflect2):
        folder.mkdir(parents=True)
    check.write_text(TYPE_GO)
    (reflect2 / "new.go").write_text("new")

    corrections.correct(source, reflect2)

    assert "reflect.DeepEqual" not in check.read_text()
    assert (old / "new.go").exists()
