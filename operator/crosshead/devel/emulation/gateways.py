"""NAT gateways that take their time and hold on to their addresses, and endpoints that can be changed."""

from collections.abc import Iterator
from typing import Any, Final

import moto.ec2.models as moto_ec2
from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError, ResourceAlreadyAssociatedError
from moto.ec2.responses import EC2Response as MotoResponse

from crosshead.devel.emulation.timeline import Timeline


class Gateways(moto_ec2.EC2Backend):  # type: ignore[misc]  # moto ships no types
    """What leads out of the networks of one account and region."""

    timeline: Timeline

    def create_nat_gateway(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  # moto's
        """Create a gateway, which is pending at first."""
        if (subnet := kwargs.get("subnet_id")) is not None:
            self.get_subnet(subnet)
        gateway = super().create_nat_gateway(*args, **kwargs)
        gateway.state = "pending"
        self.timeline.after(self.timeline.delays.creating, lambda: _set(gateway, "pending", "available"))
        return gateway

    def describe_nat_gateways(self, filters: Any, nat_gateway_ids: list[str] | None) -> list[Any]:  # noqa: ANN401
        """List gateways; moto does not filter by tags, and does not mind what does not exist."""
        unknown = [one for one in nat_gateway_ids or () if one not in self.nat_gateways]
        if unknown:
            raise EC2ClientError("NatGatewayNotFound", f"NatGateway {unknown[0]} was not found")
        found = super().describe_nat_gateways(filters, nat_gateway_ids)
        tags = {name.removeprefix("tag:"): set(values) for name, values in (filters or {}).items() if "tag:" in name}
        return [one for one in found if _bears(one, tags)]

    def delete_nat_gateway(self, nat_gateway_id: str) -> Any:  # noqa: ANN401  # moto's
        """Begin to delete a gateway; it lets its address go at the end."""
        (gateway,) = self.describe_nat_gateways(None, [nat_gateway_id])
        gateway.state = "deleting"
        self.timeline.after(self.timeline.delays.deleting, lambda: self._delete_nat_gateway(gateway))
        return gateway

    def _delete_nat_gateway(self, gateway: Any) -> None:  # noqa: ANN401  # moto's
        gateway.state = "deleted"
        interface = gateway.nat_gateway_addresses[0]["networkInterfaceId"]
        for address in self.addresses:
            if address.network_interface_id == interface:
                self.disassociate_address(association_id=address.association_id)
        self.enis.pop(interface, None)

    def release_address(self, address: str | None = None, allocation_id: str | None = None) -> None:
        """Release an address that nothing uses."""
        used = [one for one in self.addresses if one.allocation_id == allocation_id and one.association_id]
        if allocation_id and used:
            raise EC2ClientError("InvalidIPAddress.InUse", f"The address {allocation_id} is in use.")
        super().release_address(address, allocation_id)

    def associate_route_table(
        self, route_table_id: str, gateway_id: str | None = None, subnet_id: str | None = None
    ) -> str:
        """Associate what is not associated yet: moto answers with what there is, whatever table that is with."""
        target = subnet_id or gateway_id
        known = (one for table in self.route_tables.values() for one in table.associations)
        if any(target in {one.get("SubnetId"), one.get("GatewayId")} for one in known):
            raise ResourceAlreadyAssociatedError(str(target))
        return str(super().associate_route_table(route_table_id, gateway_id, subnet_id))

    def _iterate_security_rules(self, *args: Any, **kwargs: Any) -> Iterator[Any]:  # noqa: ANN401  # moto's
        """Yield the rules of a permission, and why they are: moto knows of networks only, and compares it."""
        lists = next((one for one in args[6:7]), kwargs.get("prefix_list_ids")) or ()
        why = {one["PrefixListId"]: one["Description"] for one in lists if "Description" in one}
        for rule in super()._iterate_security_rules(*args, **kwargs):
            said = rule.source_group.get("Description") or why.get(rule.prefix_list_id)
            rule.source_group = {name: part for name, part in rule.source_group.items() if name != "Description"}
            rule.ip_range = {**rule.ip_range, **({"Description": said} if said else {})}
            yield rule

    def _sg_update_description(self, security_rule: Any, rule: Any) -> None:  # noqa: ANN401  # moto's
        rule.ip_range = {**rule.ip_range, "Description": security_rule.ip_range.get("Description", "")}

    def gateways_in(self, subnet_id: str) -> list[Any]:
        """Return the NAT gateways that live in a subnet."""
        return [one for one in self.nat_gateways.values() if one.subnet_id == subnet_id and one.state != "deleted"]


def _set(gateway: Any, before: str, now: str) -> None:  # noqa: ANN401  # moto's
    if gateway.state == before:
        gateway.state = now


def _bears(gateway: Any, tags: dict[str, set[str]]) -> bool:  # noqa: ANN401  # moto's
    has = {tag["key"]: tag["value"] for tag in gateway.get_tags()}
    return all(has.get(key) in values for key, values in tags.items())


_TEMPLATE: Final = "launch-template"


class EC2Response(MotoResponse):  # type: ignore[misc]  # moto ships no types
    """One request; moto finds the method by the name of the operation."""

    def modify_vpc_endpoint(self) -> Any:  # noqa: ANN401, D102
        answer = super().modify_vpc_endpoint()
        (endpoint,) = self.ec2_backend.describe_vpc_endpoints([self._get_param("VpcEndpointId")])
        self._shape(endpoint)
        return answer

    def create_vpc_endpoint(self) -> Any:  # noqa: ANN401, D102
        answer = super().create_vpc_endpoint()
        endpoint = answer.result["VpcEndpoint"]
        endpoint.vpc_endpoint_type = endpoint.vpc_endpoint_type or "Gateway"
        endpoint.private_dns_enabled = False
        self._shape(endpoint)
        return answer

    def _shape(self, endpoint: Any) -> None:  # noqa: ANN401  # moto's
        if self._get_param("PrivateDnsEnabled") is not None:
            endpoint.private_dns_enabled = self._get_bool_param("PrivateDnsEnabled")
        endpoint.ip_address_type = self._get_param("IpAddressType") or getattr(endpoint, "ip_address_type", "ipv4")
        endpoint.dns_options = self._get_param("DnsOptions") or getattr(endpoint, "dns_options", None)

    def describe_launch_templates(self) -> Any:  # noqa: ANN401, D102
        for template in self.ec2_backend.launch_templates.values():
            # moto keeps those that it was created with.
            template.tags = template.get_tags()
        return super().describe_launch_templates()

    def create_launch_template(self) -> Any:  # noqa: ANN401, D102
        answer = super().create_launch_template()
        template = self.ec2_backend.get_launch_template(answer.result["LaunchTemplate"]["LaunchTemplateId"])
        # The tags of the template are none of those that its instances get.
        data = template.versions[0].data
        data["TagSpecifications"] = [one for one in data["TagSpecifications"] if one["ResourceType"] != _TEMPLATE]
        return answer

    def modify_security_group_rules(self) -> Any:  # noqa: ANN401, D102
        group = self.ec2_backend.get_security_group_from_id(self._get_param("GroupId"))
        for change in self._get_param("SecurityGroupRules", []):
            rule, wanted = group.get_rule(change["SecurityGroupRuleId"]), change["SecurityGroupRule"]
            if rule is None:
                raise EC2ClientError(
                    "InvalidSecurityGroupRuleId.NotFound",
                    f"The security group rule ID '{change['SecurityGroupRuleId']}' does not exist",
                )
            _rewrite(rule, wanted)
        return ActionResult({"Return": True})


def _rewrite(rule: Any, wanted: dict[str, Any]) -> None:  # noqa: ANN401  # moto's
    """Replace what a rule says: moto knows how to for networks of IPv4."""
    is_open = wanted["IpProtocol"] == "-1"
    rule.ip_protocol = wanted["IpProtocol"]
    rule.from_port, rule.to_port = (None if is_open else int(wanted[port]) for port in ("FromPort", "ToPort"))
    parts = {"CidrIpv4": "CidrIp", "CidrIpv6": "CidrIpv6", "Description": "Description"}
    rule.ip_range = {moto: wanted[aws] for aws, moto in parts.items() if wanted.get(aws)}
    rule.prefix_list_id = wanted.get("PrefixListId")
    group = wanted.get("ReferencedGroupId")
    rule.source_group = {"GroupId": group, "UserId": rule.owner_id} if group else {}
