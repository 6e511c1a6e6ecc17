"""EnvironmentConfig: data for compositions to look things up in."""

from pydantic import Field

from crosshead.api.crds import AGE, Names, Version, custom_resource_definition
from crosshead.api.model import ApiModel, FreeMap, FreeObject
from crosshead.api.schemas import structural
from crosshead.base.values import Draft


class EnvironmentConfig(ApiModel):
    """Data for compositions to look things up in."""

    api_version: str
    kind: str
    metadata: FreeObject
    data: FreeMap = Field(default_factory=dict)
    """The data: anything that JSON can express."""


def environment_config_crd() -> Draft:
    """Return the CRD of EnvironmentConfig."""
    names = Names("EnvironmentConfig", "environmentconfigs", short=("envcfg",), categories=("crossplane",))
    schema = structural(EnvironmentConfig)
    versions = (
        Version("v1alpha1", schema, (AGE,), storage=False, has_status=False),
        Version("v1beta1", schema, (AGE,), has_status=False),
    )
    return custom_resource_definition("apiextensions.crossplane.io", names, versions)
