"""
The rows of the tables that the engine does not reproduce yet, or never will, each with the reason.

The test below every table walks all the other rows. Whole tables that wait for their part of the engine stand at the
end.
"""

NOT_COVERED = {
    "xr-pipeline": {
        "sequencer/no-desired": "a request has a desired state here, as Crossplane's have; with an empty one we agree",
    },
    "names": {
        "names/conn/empty-ns": "an empty namespace is none: upstream names a Secret that can never be written",
        "names/claim-sync/claim-no-spec": "the API server admits no claim whose spec is not an object",
    },
}

TABLES_NOT_COVERED = {}

# Rounds of the oracle, by case and round.
ORACLE = {
    "crossplane-contrib+function-go-templating/example-filesystem-composition-fs#1": (
        "its templates are in a folder of the function's own image; a built-in has none and says so in other words"
    ),
}

# The same rounds through the production reconciler.
_TWO_IN_ONE = "two resources of the composition have one name and kind: in a cluster they are one object, fought over"
_INCLUDE = "crossplane-contrib+function-go-templating/example-functions-include-composition"
RECONCILER = {
    **{f"{_INCLUDE}#{name}": _TWO_IN_ONE for name in ("1", "2", "alt-1", "alt-2", "alt-3", "alt-4")},
    "upbound+composition-testing/crossplane-cli-validate-composition#own": (
        "its observed resources are applied under UIDs that the fake cluster does not keep"
    ),
}
