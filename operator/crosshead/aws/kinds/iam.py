"""IAM: who may do what. It is the same in all regions; its answers take seconds to spread."""

from typing import Final

from crosshead.aws.kinds import iam_policy, iam_role, iam_user

KINDS: Final = (*iam_policy.KINDS, *iam_role.KINDS, *iam_user.KINDS)
