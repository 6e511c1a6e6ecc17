"""IAM with the policies that AWS maintains itself, with what moto leaves out, and with policies that are in use."""

from json import JSONDecoder
from typing import Any

import moto.iam.models as moto_iam
import moto.iam.responses as moto_responses
import moto.iam.urls as moto_urls
from moto.core.responses import ActionResult, EmptyResult
from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.exceptions import DeleteConflictException, NotFoundException

from crosshead.devel.emulation.timeline import Timeline


class IAMBackend(moto_iam.IAMBackend):  # type: ignore[misc]  # moto ships no types
    """The identities of one account."""

    # moto looks for it beside the module of the class, which ours is not.
    _url_module = moto_urls

    def get_policy(self, policy_arn: str) -> Any:  # noqa: ANN401  # moto's
        """Return a policy; one of AWS's own is there as soon as somebody asks for it."""
        self._maintain(policy_arn)
        return super().get_policy(policy_arn)

    def attach_role_policy(self, policy_arn: str, role_name: str) -> None:
        """Attach a policy, once."""
        self._maintain(policy_arn)
        if policy_arn not in self.get_role(role_name).managed_policies:
            super().attach_role_policy(policy_arn, role_name)

    def attach_user_policy(self, policy_arn: str, user_name: str) -> None:
        """Attach a policy, once."""
        self._maintain(policy_arn)
        if policy_arn not in self.get_user(user_name).managed_policies:
            super().attach_user_policy(policy_arn, user_name)

    def delete_policy(self, policy_arn: str) -> None:
        """Delete a policy that nobody has, and of which there is one version left."""
        policy = self.get_policy(policy_arn)
        if policy.attachment_count:
            raise DeleteConflictException("Cannot delete a policy attached to entities.")
        if len(policy.versions) > 1:
            raise DeleteConflictException("This policy has more than one version. Before you delete a policy, ...")
        super().delete_policy(policy_arn)

    def delete_user(self, user_name: str) -> None:
        """Delete a user who has no keys and is in no group."""
        user = self.get_user(user_name)
        if user.access_keys:
            raise DeleteConflictException("Cannot delete entity, must delete access keys first.")
        if any(user in group.users for group in self.groups.values()):
            raise DeleteConflictException("Cannot delete entity, must remove users from group first.")
        super().delete_user(user_name)

    def update_user(self, user_name: str, new_path: str | None = None, new_user_name: str | None = None) -> None:
        """Change a user, who keeps the tags: moto has them under the ARN, which changes, too."""
        user = self.get_user(user_name)
        tags = self.tagger.list_tags_for_resource(user.arn)["Tags"]
        super().update_user(user_name, new_path, new_user_name)
        self.tagger.tag_resource(user.arn, tags)

    def _maintain(self, policy_arn: str) -> None:
        """Have the policy that AWS maintains under *policy_arn*; moto would load all thousand of them."""
        if ":iam::aws:policy/" not in policy_arn or policy_arn in self.managed_policies:
            return
        name = policy_arn.rpartition("/")[2]
        begin = aws_managed_policies_data.find(f'\n "{name}":{{')
        if begin < 0:
            raise NotFoundException(f"Policy {policy_arn} does not exist or is not attachable.")
        data, _ = JSONDecoder().raw_decode(aws_managed_policies_data, begin + len(f'\n "{name}":'))
        policy = moto_iam.AWSManagedPolicy.from_data(name, self.account_id, self.region_name, data)
        if policy.arn == policy_arn:
            self.managed_policies[policy.arn] = policy


class IamResponse(moto_responses.IamResponse):  # type: ignore[misc]  # moto ships no types
    """One request; moto finds the method by the name of the operation."""

    def add_client_id_to_open_id_connect_provider(self) -> Any:  # noqa: ANN401, D102
        provider = self.backend.get_open_id_connect_provider(self._get_param("OpenIDConnectProviderArn"))
        client = self._get_param("ClientID")
        provider.client_id_list = [*(one for one in provider.client_id_list if one != client), client]
        return EmptyResult()

    def remove_client_id_from_open_id_connect_provider(self) -> Any:  # noqa: ANN401, D102
        provider = self.backend.get_open_id_connect_provider(self._get_param("OpenIDConnectProviderArn"))
        client = self._get_param("ClientID")
        provider.client_id_list = [one for one in provider.client_id_list if one != client]
        return EmptyResult()

    def create_user(self) -> Any:  # noqa: ANN401, D102
        answer = super().create_user()
        boundary = self._get_param("PermissionsBoundary")
        if boundary:
            self._bound(boundary)
        return answer

    def put_user_permissions_boundary(self) -> Any:  # noqa: ANN401, D102
        self._bound(self._get_param("PermissionsBoundary"))
        return EmptyResult()

    def list_service_specific_credentials(self) -> Any:  # noqa: ANN401, D102
        return ActionResult({"ServiceSpecificCredentials": []})

    def update_role(self) -> Any:  # noqa: ANN401, D102
        role = self.backend.get_role(self._get_param("RoleName"))
        self.backend.update_role(
            role.name,
            self._get_param("Description", role.description),
            self._get_param("MaxSessionDuration", role.max_session_duration),
        )
        return EmptyResult()

    def _bound(self, arn: str) -> None:
        user = self.backend.get_user(self._get_param("UserName"))
        user.permissions_boundary = {
            "PermissionsBoundaryType": "PermissionsBoundaryPolicy",
            "PermissionsBoundaryArn": arn,
        }


def install(_: Timeline) -> None:
    """Put this IAM in the place of moto's."""
    moto_iam.iam_backends.backend = IAMBackend
    moto_urls.url_paths["{0}/$"] = IamResponse.dispatch
