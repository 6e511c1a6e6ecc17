"""ElastiCache users, user groups, clusters and serverless caches, as boto3 sees them."""

import pytest
from botocore.exceptions import ClientError

from tests.devel.emulation.aws import code

pytestmark = pytest.mark.emulator

PASSWORD = "correct-horse-battery"
USER = {"UserId": "reader", "UserName": "reader", "Engine": "redis", "AccessString": "on ~* +@read"}


def create_user(cache, **more):
    asked = {**USER, "Passwords": [PASSWORD], **more}
    return cache.create_user(**{name: value for name, value in asked.items() if value is not None})


def user(cache):
    return cache.describe_users(UserId="reader")["Users"][0]


def test_a_user_is_changed_after_a_while(cache, passed):
    create_user(cache)

    cache.modify_user(UserId="reader", AccessString="on ~* +@all")

    assert user(cache)["Status"] == "modifying"
    passed()
    assert (user(cache)["Status"], user(cache)["AccessString"]) == ("active", "on ~* +@all")


@pytest.mark.usefixtures("instant")
@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        pytest.param({"Passwords": [PASSWORD, PASSWORD]}, {"Type": "password", "PasswordCount": 2}, id="passwords"),
        pytest.param({"NoPasswordRequired": True}, {"Type": "no-password"}, id="no password"),
        pytest.param({"AuthenticationMode": {"Type": "iam"}}, {"Type": "iam"}, id="a mode"),
        pytest.param({"AccessString": "off"}, {"Type": "password", "PasswordCount": 1}, id="something else"),
    ],
)
def test_of_passwords_only_the_number_is_shown(asked, shown, cache):
    create_user(cache)

    cache.modify_user(UserId="reader", **asked)

    assert user(cache)["Authentication"] == shown


@pytest.mark.usefixtures("instant")
@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        pytest.param({"Passwords": ["short"]}, "InvalidParameterValue", id="a short password"),
        pytest.param({"Passwords": None}, "InvalidParameterCombination", id="no password"),
        pytest.param(
            {"AuthenticationMode": {"Type": "password", "Passwords": [PASSWORD]}},
            "InvalidParameterCombination",
            id="passwords in two places",
        ),
    ],
)
def test_a_user_needs_one_way_to_prove_who_it_is(asked, refusal, cache):
    with pytest.raises(ClientError) as error:
        create_user(cache, **asked)

    assert code(error.value) == refusal


@pytest.mark.usefixtures("instant")
def test_a_group_needs_a_default_user_and_holds_on_to_it(cache):
    create_user(cache)
    with pytest.raises(cache.exceptions.DefaultUserRequired):
        cache.create_user_group(UserGroupId="people", Engine="redis", UserIds=["reader"])

    cache.create_user_group(UserGroupId="people", Engine="redis", UserIds=["reader", "default"])

    assert user(cache)["UserGroupIds"] == ["people"]
    with pytest.raises(cache.exceptions.DefaultUserAssociatedToUserGroupFault):
        cache.delete_user(UserId="default")
    cache.delete_user(UserId="reader")
    (group,) = cache.describe_user_groups(UserGroupId="people")["UserGroups"]
    assert group["UserIds"] == ["default"]
    cache.delete_user_group(UserGroupId="people")
    with pytest.raises(cache.exceptions.UserGroupNotFoundFault):
        cache.describe_user_groups(UserGroupId="people")


def test_what_is_busy_is_left_alone(cache):
    cache.create_user_group(UserGroupId="people", Engine="valkey")
    cache.create_serverless_cache(ServerlessCacheName="quotes", Engine="valkey")
    cache.create_cache_cluster(CacheClusterId="baskets", Engine="memcached", NumCacheNodes=1)

    with pytest.raises(cache.exceptions.InvalidUserGroupStateFault):
        cache.delete_user_group(UserGroupId="people")
    with pytest.raises(cache.exceptions.InvalidServerlessCacheStateFault):
        cache.delete_serverless_cache(ServerlessCacheName="quotes")
    with pytest.raises(cache.exceptions.InvalidCacheClusterStateFault):
        cache.delete_cache_cluster(CacheClusterId="baskets")


def test_a_serverless_cache_is_created_before_it_can_be_reached(cache, passed):
    created = cache.create_serverless_cache(ServerlessCacheName="Quotes", Engine="valkey")["ServerlessCache"]

    assert (created["ServerlessCacheName"], created["Status"], "Endpoint" in created) == ("quotes", "creating", False)
    passed()
    (found,) = cache.describe_serverless_caches()["ServerlessCaches"]
    assert found["Endpoint"]["Address"].endswith(".serverless.euw1.cache.amazonaws.com")


@pytest.mark.usefixtures("instant")
@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        pytest.param({"Engine": "redis", "NumCacheNodes": 2}, "InvalidParameterValue", id="redis on two nodes"),
        pytest.param(
            {"Engine": "memcached", "NumCacheNodes": 1, "AZMode": "cross-az"},
            "InvalidParameterCombination",
            id="one node in two zones",
        ),
        pytest.param(
            {"Engine": "memcached", "SnapshotRetentionLimit": 3}, "InvalidParameterCombination", id="nothing to keep"
        ),
    ],
)
def test_a_cluster_that_cannot_be_is_refused(asked, refusal, cache):
    with pytest.raises(ClientError) as error:
        cache.create_cache_cluster(CacheClusterId="baskets", **asked)

    assert code(error.value) == refusal


@pytest.mark.usefixtures("instant")
def test_a_cluster_changes_now_or_in_its_window(cache, control):
    cache.create_cache_cluster(CacheClusterId="baskets", Engine="memcached", NumCacheNodes=2)
    with pytest.raises(cache.exceptions.InvalidParameterCombinationException):
        cache.modify_cache_cluster(CacheClusterId="baskets", NumCacheNodes=1)

    cache.modify_cache_cluster(CacheClusterId="baskets", NumCacheNodes=1, CacheNodeIdsToRemove=["0002"])

    (found,) = cache.describe_cache_clusters(CacheClusterId="baskets")["CacheClusters"]
    assert (found["NumCacheNodes"], found["PendingModifiedValues"]["NumCacheNodes"]) == (2, 1)
    control.maintain()
    (found,) = cache.describe_cache_clusters(CacheClusterId="baskets")["CacheClusters"]
    assert found["NumCacheNodes"] == 1


@pytest.mark.usefixtures("instant")
def test_the_last_data_of_a_cluster_are_kept(cache):
    cache.create_cache_cluster(CacheClusterId="baskets", Engine="redis", NumCacheNodes=1)

    cache.delete_cache_cluster(CacheClusterId="baskets", FinalSnapshotIdentifier="last")

    (snapshot,) = cache.describe_snapshots(SnapshotName="last")["Snapshots"]
    assert snapshot["CacheClusterId"] == "baskets"
