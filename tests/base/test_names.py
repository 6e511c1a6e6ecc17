import pytest

from crosshead.base import names

TEXTS = sorted(value for name, value in vars(names).items() if name.isupper() and "/" in value)


@pytest.mark.parametrize("text", TEXTS)
def test_every_qualified_name_is_one_that_kubernetes_takes(text):
    prefix, _, name = text.partition("/")

    assert prefix == "" or "." in prefix
    assert len(name) <= 63
