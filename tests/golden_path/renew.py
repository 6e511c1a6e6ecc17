"""Write the golden files: `make golden`. Their difference is to be read before it is committed."""

from tests.golden_path import rendered


def main() -> None:
    """Write a file for each example, and remove those of examples that are gone."""
    for old in rendered.GOLDEN.glob("*.yaml"):
        old.unlink()
    for example in rendered.examples():
        rendered.golden(example).write_text(rendered.text(example))


if __name__ == "__main__":
    main()
