"""The literal names of Crossplane's API: finalizers, labels, annotations, field owners, condition types, reasons."""

from typing import Final

# Finalizers
DEFINED_FINALIZER: Final = "defined.apiextensions.crossplane.io"
OFFERED_FINALIZER: Final = "offered.apiextensions.crossplane.io"
CLAIM_FINALIZER: Final = "finalizer.apiextensions.crossplane.io"
COMPOSITE_FINALIZER: Final = "composite.apiextensions.crossplane.io"
MANAGED_FINALIZER: Final = "finalizer.managedresource.crossplane.io"
IN_USE_FINALIZER: Final = "in-use.crossplane.io"
# Kubernetes' own: the object stays until its dependents are gone.
FOREGROUND_FINALIZER: Final = "foregroundDeletion"
USAGE_FINALIZER: Final = "usage.apiextensions.crossplane.io"

# Field owners of server-side apply
CLAIM_OWNER: Final = "apiextensions.crossplane.io/claim"
COMPOSITE_OWNER: Final = "apiextensions.crossplane.io/composite"
COMPOSED_OWNER_PREFIX: Final = "apiextensions.crossplane.io/composed/"
MANAGED_OWNER: Final = "managed.crosshead.io"
# On API server 1.20 a status applied under the owner of the object steals that owner's other fields: it has its own.
STATUS_OWNER_SUFFIX: Final = "/status"

# Labels
COMPOSITE_LABEL: Final = "crossplane.io/composite"
CLAIM_NAME_LABEL: Final = "crossplane.io/claim-name"
CLAIM_NAMESPACE_LABEL: Final = "crossplane.io/claim-namespace"
COMPOSITION_NAME_LABEL: Final = "crossplane.io/composition-name"
COMPOSITION_HASH_LABEL: Final = "crossplane.io/composition-hash"
IN_USE_LABEL: Final = "crossplane.io/in-use"
PROVIDER_CONFIG_LABEL: Final = "crossplane.io/provider-config"

# Annotations
COMPOSITION_RESOURCE_NAME: Final = "crossplane.io/composition-resource-name"
EXTERNAL_NAME: Final = "crossplane.io/external-name"
CREATE_PENDING: Final = "crossplane.io/external-create-pending"
CREATE_SUCCEEDED: Final = "crossplane.io/external-create-succeeded"
CREATE_FAILED: Final = "crossplane.io/external-create-failed"
PAUSED: Final = "crossplane.io/paused"
POLL_INTERVAL: Final = "crossplane.io/poll-interval"
RECONCILE_REQUESTED_AT: Final = "crossplane.io/reconcile-requested-at"
# Ours: the namespaces of composed resources, which references of before Crossplane 2.0 have no field for.
RESOURCE_NAMESPACES: Final = "crosshead.io/resource-namespaces"

CONNECTION_SECRET_TYPE: Final = "connection.crossplane.io/v1alpha1"  # noqa: S105 (a type, not a secret)

# Condition types
READY: Final = "Ready"
SYNCED: Final = "Synced"
# How the last create, update or delete has ended; of managed resources that upstream works on in the background.
LAST_OPERATION: Final = "LastAsyncOperation"
ESTABLISHED: Final = "Established"
OFFERED: Final = "Offered"

# Condition reasons
AVAILABLE: Final = "Available"
UNAVAILABLE: Final = "Unavailable"
CREATING: Final = "Creating"
DELETING: Final = "Deleting"
WAITING: Final = "Waiting"
RECONCILE_SUCCESS: Final = "ReconcileSuccess"
RECONCILE_ERROR: Final = "ReconcileError"
RECONCILE_PAUSED: Final = "ReconcilePaused"

PAUSED_MESSAGE: Final = "Reconciliation (including deletion) is paused via the pause annotation"
