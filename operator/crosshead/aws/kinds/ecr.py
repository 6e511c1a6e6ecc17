"""
ECR: repositories of images.

https://docs.aws.amazon.com/AmazonECR/latest/APIReference/
"""

from typing import Final

from crosshead.aws.calls import Call, Create, Delete, Read, Update
from crosshead.aws.comparing import key
from crosshead.aws.descriptor import Descriptor, Field, Shown, Tagging, fixed, sent
from crosshead.aws.pointing import ARN, KEY, one, within
from crosshead.aws.shapes import FLAG, Block, Member
from crosshead.managed.facts import Naming

_NAMED: Final = {"repositoryName": "id"}
_ENCRYPTION: Final = Block(
    (Member("encryptionType", "encryptionType"), Member("kmsKey", "kmsKey", same=key)), single=True, lone=False
)

_REPOSITORY: Final = Descriptor(
    service="ecr",
    kind="Repository",
    plural="repositories",
    versions=("v1beta1", "v1beta2"),
    naming=Naming.BY_US,
    identity="repositoryName",
    reads=(
        Read(Call("describe_repositories", {"repositoryNames": "[id]"}), "repositories[0]"),
        Read(Call("list_tags_for_resource", {"resourceArn": "record.repositoryArn"}), "tags", "Tags"),
    ),
    creates=(Create(Call("create_repository", _NAMED), "repository.repositoryName"),),
    updates=(
        # The exceptions to immutability belong to it.
        Update(
            call=Call("put_image_tag_mutability", _NAMED),
            always=("imageTagMutability", "imageTagMutabilityExclusionFilter"),
        ),
        Update(call=Call("put_image_scanning_configuration", _NAMED)),
    ),
    absent=frozenset({"RepositoryNotFoundException"}),
    delete=Delete(call=Call("delete_repository", {**_NAMED, "force": "spec.forceDelete"})),
    tagging=Tagging(
        create="tags",
        read="Tags || `[]`",
        add=Call("tag_resource", {"resourceArn": "at.arn"}),
        add_member="tags",
        remove=Call("untag_resource", {"resourceArn": "at.arn"}),
        remove_member="tagKeys",
    ),
    fields=(
        fixed("encryptionConfiguration", _ENCRYPTION, "encryptionConfiguration"),
        sent("forceDelete", FLAG),
        Field(
            name="imageScanningConfiguration",
            shape=Block((Member("scanOnPush", "scanOnPush", FLAG),), single=True),
            create="imageScanningConfiguration",
            modify="imageScanningConfiguration",
            read="imageScanningConfiguration",
            via="put_image_scanning_configuration",
        ),
        Field(
            name="imageTagMutability",
            create="imageTagMutability",
            modify="imageTagMutability",
            read="imageTagMutability",
        ),
        Field(
            name="imageTagMutabilityExclusionFilter",
            shape=Block((Member("filter", "filter"), Member("filterType", "filterType"))),
            create="imageTagMutabilityExclusionFilters",
            modify="imageTagMutabilityExclusionFilters",
            read="imageTagMutabilityExclusionFilters",
            absent=[],
        ),
    ),
    references=(within("encryptionConfiguration[*]", one("kmsKey", KEY, ARN)),),
    shown=(
        Shown("arn", "repositoryArn"),
        Shown("id", "repositoryName"),
        Shown("registryId", "registryId"),
        Shown("repositoryUrl", "repositoryUri"),
    ),
)

KINDS: Final = (_REPOSITORY,)
