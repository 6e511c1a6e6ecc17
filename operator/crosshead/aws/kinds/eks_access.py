"""
EKS: what is added to a cluster, and who may do what: add-ons, roles for pods, entries for roles.

https://docs.aws.amazon.com/eks/latest/APIReference/
"""

from typing import Final

from crosshead.aws.calls import Call, Create, Delete, Read, Update
from crosshead.aws.comparing import document
from crosshead.aws.descriptor import Descriptor, Field, Shown, fixed, sent, settable
from crosshead.aws.kinds.eks_idiom import CLUSTER, EXISTS, TAGGING, below, states
from crosshead.aws.pointing import ARN, ID, ROLE, one
from crosshead.aws.shapes import FLAG, TEXT, Block, Member, Texts
from crosshead.base.values import Json, Object
from crosshead.managed.facts import Naming, Reference

_ADDON: Final = {"clusterName": "cluster", "addonName": "part"}


def _role(name: str) -> Field:
    """Return a role that need not be: AWS does not speak of one that is not."""
    return Field(name=name, create=name, modify=name, read=name, absent="")


def _with_associations(addon: Json, _: Object) -> Json:
    """Associations are named by their ARN, and asked for by the last part of it."""
    ids = [arn.rpartition("/")[2] for arn in addon.get("podIdentityAssociations") or ()]
    return {**addon, "AssociationIds": ids}


_EKS_ADDON: Final = Descriptor(
    service="eks",
    kind="Addon",
    plural="addons",
    naming=Naming.BY_PROVIDER,
    identity="id",
    names=below("addonName"),
    reads=(
        Read(Call("describe_addon", _ADDON), "addon", pick=_with_associations),
        # The add-on names its associations; what they say is asked only when it matters.
        Read(
            Call(
                "describe_pod_identity_association",
                {"clusterName": "cluster", "associationId": "item"},
                when="spec.podIdentityAssociation",
                each="record.AssociationIds",
            ),
            "association",
            "Associations",
        ),
    ),
    creates=(
        Create(
            Call(
                "create_addon", {**_ADDON, "resolveConflicts": "spec.resolveConflictsOnCreate || spec.resolveConflicts"}
            ),
            "id",
        ),
    ),
    updates=(
        Update(
            call=Call(
                "update_addon", {**_ADDON, "resolveConflicts": "spec.resolveConflictsOnUpdate || spec.resolveConflicts"}
            )
        ),
    ),
    exists=EXISTS,
    delete=Delete(call=Call("delete_addon", {**_ADDON, "preserve": "spec.preserve"})),
    readiness=states(
        CREATE_FAILED="see its health in AWS",
        UPDATE_FAILED="see its health in AWS",
        DELETE_FAILED="see its health in AWS; it is tried again",
        DEGRADED="see its health in AWS",
    ),
    tagging=TAGGING,
    fields=(
        Field(name="addonName", read="addonName"),
        settable("addonVersion", TEXT, "addonVersion"),
        Field(name="clusterName", read="clusterName"),
        settable("configurationValues", TEXT, "configurationValues", same=document),
        fixed(
            "namespaceConfig",
            Block((Member("namespace", "namespace"),), single=True, nested=True),
            "namespaceConfig",
        ),
        Field(
            name="podIdentityAssociation",
            shape=Block((Member("roleArn", "roleArn"), Member("serviceAccount", "serviceAccount"))),
            create="podIdentityAssociations",
            modify="podIdentityAssociations",
            read="Associations",
            late=False,
        ),
        sent("preserve", FLAG),
        sent("resolveConflicts"),
        sent("resolveConflictsOnCreate"),
        sent("resolveConflictsOnUpdate"),
        _role("serviceAccountRoleArn"),
    ),
    required=("addonName",),
    references=(one("clusterName", CLUSTER, ID), one("serviceAccountRoleArn", ROLE, ARN)),
    shown=(
        Shown("arn", "addonArn"),
        Shown("createdAt", "createdAt"),
        Shown("id", "id"),
        Shown("modifiedAt", "modifiedAt"),
    ),
)

_ASSOCIATION: Final = {"clusterName": "spec.clusterName", "associationId": "id"}

_POD_IDENTITY_ASSOCIATION: Final = Descriptor(
    service="eks",
    kind="PodIdentityAssociation",
    plural="podidentityassociations",
    naming=Naming.BY_PROVIDER,
    identity="associationId",
    reads=(Read(Call("describe_pod_identity_association", _ASSOCIATION), "association"),),
    # A service account has one association at most.
    find=Read(
        Call(
            "list_pod_identity_associations",
            {
                "clusterName": "spec.clusterName",
                "namespace": "spec.namespace",
                "serviceAccount": "spec.serviceAccount",
            },
        ),
        "associations[0].associationId",
    ),
    creates=(Create(Call("create_pod_identity_association"), "association.associationId"),),
    updates=(Update(call=Call("update_pod_identity_association", _ASSOCIATION)),),
    delete=Delete(call=Call("delete_pod_identity_association", _ASSOCIATION)),
    tagging=TAGGING,
    exists=EXISTS,
    fields=(
        fixed("clusterName", TEXT, "clusterName"),
        settable("disableSessionTags", FLAG, "disableSessionTags"),
        fixed("namespace", TEXT, "namespace"),
        settable("roleArn", TEXT, "roleArn"),
        fixed("serviceAccount", TEXT, "serviceAccount"),
        _role("targetRoleArn"),
    ),
    required=("namespace", "serviceAccount"),
    references=(one("clusterName", CLUSTER, ID), one("roleArn", ROLE, ARN), one("targetRoleArn", ROLE, ARN)),
    shown=(
        Shown("associationArn", "associationArn"),
        Shown("associationId", "associationId"),
        Shown("externalId", "externalId"),
        Shown("id", "associationId"),
    ),
)

_ENTRY: Final = {"clusterName": "cluster", "principalArn": "part"}

_ACCESS_ENTRY: Final = Descriptor(
    service="eks",
    kind="AccessEntry",
    plural="accessentries",
    naming=Naming.BY_PROVIDER,
    identity="id",
    names=below("principalArn"),
    reads=(Read(Call("describe_access_entry", _ENTRY), "accessEntry"),),
    creates=(Create(Call("create_access_entry", _ENTRY), "id"),),
    updates=(Update(call=Call("update_access_entry", _ENTRY)),),
    exists=EXISTS,
    delete=Delete(call=Call("delete_access_entry", _ENTRY)),
    tagging=TAGGING,
    fields=(
        Field(name="clusterName", read="clusterName"),
        settable("kubernetesGroups", Texts(), "kubernetesGroups"),
        Field(name="principalArn", read="principalArn"),
        fixed("type", TEXT, "type"),
        settable("userName", TEXT, "username"),
    ),
    references=(
        one("clusterName", CLUSTER, ID),
        Reference("principalArn", "principalArnFromRoleRef", "principalArnFromRoleSelector", ROLE, ARN),
    ),
    shown=(
        Shown("accessEntryArn", "accessEntryArn"),
        Shown("createdAt", "createdAt"),
        Shown("id", "id"),
        Shown("modifiedAt", "modifiedAt"),
    ),
)

KINDS: Final = (_EKS_ADDON, _POD_IDENTITY_ASSOCIATION, _ACCESS_ENTRY)
