"""The Go types of function-patch-and-transform's input, as far as they decide what the function can decode."""

from typing import Final

from crosshead.base.gostructs import Anything, Integer, Map, Slice, Struct, Text, Type

_ANYTHING: Final = Anything()
_TEXT: Final = Text()
_INTEGER: Final = Integer()


def _struct(name: str, /, **fields: Type) -> Struct:
    return Struct(f"v1beta1.{name}", fields)


def _text(name: str) -> Text:
    return Text(f"v1beta1.{name}")


_PATTERN: Final = _struct(
    "MatchTransformPattern",
    type=_text("MatchTransformPatternType"),
    literal=_TEXT,
    regexp=_TEXT,
    result=_ANYTHING,
)

_TRANSFORM: Final = _struct(
    "Transform",
    type=_text("TransformType"),
    map=Map(_ANYTHING, "v1beta1.MapTransform"),
    match=_struct(
        "MatchTransform",
        patterns=Slice(_PATTERN),
        fallbackValue=_ANYTHING,
        fallbackTo=_text("MatchFallbackTo"),
    ),
    math=_struct(
        "MathTransform", type=_text("MathTransformType"), multiply=_INTEGER, clampMin=_INTEGER, clampMax=_INTEGER
    ),
    string=_struct(
        "StringTransform",
        type=_text("StringTransformType"),
        fmt=_TEXT,
        convert=_text("StringConversionType"),
        trim=_TEXT,
        regexp=_struct("StringTransformRegexp", match=_TEXT, group=Integer("int")),
        join=_struct("StringTransformJoin", separator=_TEXT),
        replace=_struct("StringTransformReplace", search=_TEXT, replace=_TEXT),
    ),
    convert=_struct("ConvertTransform", toType=_text("TransformIOType"), format=_text("ConvertTransformFormat")),
)

_PATCH: Final[dict[str, Type]] = {
    "type": _text("PatchType"),
    "fromFieldPath": _TEXT,
    "toFieldPath": _TEXT,
    "combine": _struct(
        "Combine",
        variables=Slice(_struct("CombineVariable", fromFieldPath=_TEXT)),
        strategy=_text("CombineStrategy"),
        string=_struct("StringCombine", fmt=_TEXT),
    ),
    "transforms": Slice(_TRANSFORM),
    "policy": _struct(
        "PatchPolicy", fromFieldPath=_text("FromFieldPathPolicy"), toFieldPath=_text("ToFieldPathPolicy")
    ),
}

_READINESS_CHECK: Final = _struct(
    "ReadinessCheck",
    type=_text("ReadinessCheckType"),
    fieldPath=_TEXT,
    matchString=_TEXT,
    matchInteger=_INTEGER,
    matchCondition=_struct(
        "MatchConditionReadinessCheck", type=Text("v1.ConditionType"), status=Text("v1.ConditionStatus")
    ),
)

_CONNECTION_DETAIL: Final = _struct(
    "ConnectionDetail",
    name=_TEXT,
    type=_text("ConnectionDetailType"),
    fromConnectionSecretKey=_TEXT,
    fromFieldPath=_TEXT,
    value=_TEXT,
)

_TEMPLATE: Final = _struct(
    "ComposedTemplate",
    name=_TEXT,
    base=_ANYTHING,
    patches=Slice(_struct("ComposedPatch", patchSetName=_TEXT, **_PATCH)),
    connectionDetails=Slice(_CONNECTION_DETAIL),
    readinessChecks=Slice(_READINESS_CHECK),
)

_METADATA: Final = Struct(
    "v1.ObjectMeta",
    {
        **dict.fromkeys(("name", "generateName", "namespace", "selfLink", "resourceVersion"), _TEXT),
        "uid": Text("types.UID"),
        "generation": _INTEGER,
        "deletionGracePeriodSeconds": _INTEGER,
        "labels": Map(_TEXT),
        "annotations": Map(_TEXT),
        "finalizers": Slice(_TEXT),
        # Nobody writes these into an input; that they are known is enough.
        **dict.fromkeys(("creationTimestamp", "deletionTimestamp", "ownerReferences", "managedFields"), _ANYTHING),
    },
)

RESOURCES: Final = _struct(
    "Resources",
    apiVersion=_TEXT,
    kind=_TEXT,
    metadata=_METADATA,
    patchSets=Slice(_struct("PatchSet", name=_TEXT, patches=Slice(_struct("PatchSetPatch", **_PATCH)))),
    environment=_struct("Environment", patches=Slice(_struct("EnvironmentPatch", **_PATCH))),
    resources=Slice(_TEMPLATE),
    writeConnectionSecretToRef=_struct(
        "WriteConnectionSecretToRef",
        name=_TEXT,
        namespace=_TEXT,
        patches=Slice(_struct("ConnectionSecretPatch", **_PATCH)),
    ),
)
