"""ElastiCache subnet groups and parameter groups, as boto3 sees them."""

import pytest

from tests.devel.emulation.aws import create_cache

pytestmark = pytest.mark.emulator


def test_a_subnet_group_is_created_changed_and_deleted(cache, cache_subnets, subnets):
    cache.modify_cache_subnet_group(CacheSubnetGroupName=cache_subnets, SubnetIds=subnets)

    (group,) = cache.describe_cache_subnet_groups(CacheSubnetGroupName=cache_subnets)["CacheSubnetGroups"]
    assert {subnet["SubnetIdentifier"] for subnet in group["Subnets"]} == set(subnets)
    assert group["CacheSubnetGroupDescription"] == "two zones"
    cache.delete_cache_subnet_group(CacheSubnetGroupName=cache_subnets)
    with pytest.raises(cache.exceptions.CacheSubnetGroupNotFoundFault):
        cache.describe_cache_subnet_groups(CacheSubnetGroupName=cache_subnets)


@pytest.mark.usefixtures("instant")
def test_a_subnet_group_in_use_is_not_deleted(cache, cache_subnets):
    create_cache(cache, CacheSubnetGroupName=cache_subnets)

    with pytest.raises(cache.exceptions.CacheSubnetGroupInUse):
        cache.delete_cache_subnet_group(CacheSubnetGroupName=cache_subnets)

    cache.delete_replication_group(ReplicationGroupId="sessions")
    cache.delete_cache_subnet_group(CacheSubnetGroupName=cache_subnets)


def test_a_subnet_group_needs_subnets_that_exist(cache, cache_subnets):
    missing = ["subnet-0123456789abcdef0"]

    with pytest.raises(cache.exceptions.InvalidSubnet):
        cache.create_cache_subnet_group(
            CacheSubnetGroupName="other", CacheSubnetGroupDescription="-", SubnetIds=missing
        )
    with pytest.raises(cache.exceptions.InvalidSubnet):
        cache.modify_cache_subnet_group(CacheSubnetGroupName=cache_subnets, SubnetIds=missing)


@pytest.mark.usefixtures("instant")
def test_a_parameter_group_lives_and_is_used(cache):
    cache.create_cache_parameter_group(
        CacheParameterGroupName="lru", CacheParameterGroupFamily="redis7", Description="evicts"
    )
    policy = {"ParameterName": "maxmemory-policy", "ParameterValue": "allkeys-lru"}
    cache.modify_cache_parameter_group(CacheParameterGroupName="lru", ParameterNameValues=[policy])
    create_cache(cache, CacheParameterGroupName="lru")

    (parameter,) = cache.describe_cache_parameters(CacheParameterGroupName="lru", Source="user")["Parameters"]

    assert parameter["ParameterValue"] == "allkeys-lru"
    with pytest.raises(cache.exceptions.InvalidCacheParameterGroupStateFault):
        cache.delete_cache_parameter_group(CacheParameterGroupName="lru")
    cache.delete_replication_group(ReplicationGroupId="sessions")
    cache.delete_cache_parameter_group(CacheParameterGroupName="lru")
    with pytest.raises(cache.exceptions.CacheParameterGroupNotFoundFault):
        cache.describe_cache_parameter_groups(CacheParameterGroupName="lru")


def test_default_parameter_groups_exist_and_stay(cache):
    groups = cache.describe_cache_parameter_groups()["CacheParameterGroups"]

    assert "default.redis7" in {group["CacheParameterGroupName"] for group in groups}
    with pytest.raises(cache.exceptions.InvalidCacheParameterGroupStateFault):
        cache.delete_cache_parameter_group(CacheParameterGroupName="default.redis7")
