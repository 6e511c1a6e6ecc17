"""EKS: Kubernetes clusters of AWS."""

from typing import Final

from crosshead.aws.kinds import eks_access, eks_cluster, eks_nodes

KINDS: Final = (*eks_cluster.KINDS, *eks_nodes.KINDS, *eks_access.KINDS)
