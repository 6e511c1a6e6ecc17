"""Every AWS kind has a page that says what can be said, what changes, and what comes out."""

import pytest

from crosshead.aws import pages
from crosshead.aws.catalogue import KINDS
from tests.golden_path.rendered import ROOT

BY_TITLE = {pages.title(kind): kind for kind in KINDS}


def test_a_page_says_which_apis_serve_the_kind_and_where_its_name_comes_from():
    text = pages.page(BY_TITLE["s3-bucketversionings"])

    assert "`s3.aws.upbound.io` (v1beta1, v1beta2; belongs to no namespace)" in text
    assert "`s3.aws.m.upbound.io` (v1beta1; belongs to a namespace)" in text
    assert "External name: AWS assigns it" in text


@pytest.mark.parametrize(
    ("title", "line"),
    [
        pytest.param("rds-instances", "| `instanceClass` (required) | text | can change |", id="what must be given"),
        pytest.param("rds-instances", "| `storageEncrypted` | true or false | fixed |", id="what stays"),
        pytest.param("rds-instances", "| `skipFinalSnapshot` | true or false | any time;", id="what is for us"),
        pytest.param("rds-instances", "`attribute.password`", id="connection details"),
        pytest.param("rds-instances", "| `passwordSecretRef` | `autoGeneratePassword` |", id="secrets"),
        pytest.param("ec2-subnets", "| `vpcId` | `vpcIdRef`, `vpcIdSelector` | VPC (ec2)", id="references"),
        pytest.param("ec2-eips", "- `vpc`", id="what is accepted and not acted on"),
    ],
)
def test_a_page_tells(title, line):
    assert line in pages.page(BY_TITLE[title])


def test_an_example_is_shown_as_it_is():
    assert "```yaml\nkind: Bucket\n```" in pages.page(BY_TITLE["s3-buckets"], "kind: Bucket\n")


@pytest.mark.parametrize("title", sorted(BY_TITLE))
def test_every_kind_has_an_example(title):
    kind = BY_TITLE[title]

    assert (ROOT / "examples" / "aws" / kind.service / f"{kind.plural}.yaml").is_file()


def test_the_index_leads_to_every_page():
    text = pages.index(KINDS)

    assert all(f"({title}.md)" in text for title in BY_TITLE)
