"""
What a refusal by RBAC means, and what would lift it: told where people look, on the object that suffers from it.

The operator's rights are those of every ClusterRole that has Crossplane's label: who composes a kind that Crossplane
does not bring along grants it by one more. Crossplane asks the API server for what exactly is missing; its refusal has
all of that but the label, and costs nothing.
"""

import re
from typing import Final

from crosshead.base.errors import ForbiddenError, ReconcileError

# Crossplane's reason of the event that explains a refusal.
REASON: Final = "RoleBasedAccessControl"
LABEL: Final = "rbac.crossplane.io/aggregate-to-crossplane"

# What is done to what is composed, in the order in which roles are written.
_VERBS: Final = "get, list, watch, create, patch, delete"
# Admission and quotas refuse with 403 too, in other words: no role would change their mind.
_REFUSAL: Final = re.compile(r'cannot \w+ resource "([^"]+)" in API group "([^"]*)"')


def is_missing(error: ReconcileError) -> bool:
    """Whether *error* is the lack of a permission, which a role can grant."""
    return isinstance(error, ForbiddenError) and _REFUSAL.search(error.message) is not None


def explained(error: ReconcileError) -> str:
    """Return the message of *error*; where a permission is missing, with what would grant it."""
    found = _REFUSAL.search(error.message) if isinstance(error, ForbiddenError) else None
    if found is None:
        return error.message
    resource, group = found.groups()
    role = f'a ClusterRole with the label {LABEL}: "true"'
    return f'{error.message}; grant it by {role} that allows {_VERBS} on {resource} in API group "{group}"'
