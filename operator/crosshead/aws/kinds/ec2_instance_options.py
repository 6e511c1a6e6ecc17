"""The options of an EC2 instance: parameters that are blocks, each with a call of its own that changes it."""

from typing import Final

from crosshead.aws.descriptor import Field, fixed, sent
from crosshead.aws.kinds import ec2_changes
from crosshead.aws.kinds.ec2_idiom import ALONG
from crosshead.aws.shapes import FLAG, NUMBER, Block, Member

OPTIONS: Final = (
    Field(
        name="cpuOptions",
        shape=Block(
            (
                Member("amdSevSnp", "AmdSevSnp"),
                Member("coreCount", "CoreCount", NUMBER),
                Member("nestedVirtualization", "NestedVirtualization"),
                Member("threadsPerCore", "ThreadsPerCore", NUMBER),
            ),
            single=True,
        ),
        create=ALONG,
        read="CpuOptions",
        late=False,
    ),
    Field(
        name="creditSpecification",
        shape=Block((Member("cpuCredits", "CpuCredits"),), single=True),
        create="CreditSpecification",
        modify="CreditSpecification",
        read="Credits",
        via="modify_instance_credit_specification",
        late=False,
    ),
    fixed("enclaveOptions", Block((Member("enabled", "Enabled", FLAG),), single=True), "EnclaveOptions", late=False),
    sent(
        "instanceMarketOptions",
        Block(
            (
                Member("marketType", "MarketType"),
                Member(
                    "spotOptions",
                    "SpotOptions",
                    Block(
                        (
                            Member("instanceInterruptionBehavior", "InstanceInterruptionBehavior"),
                            Member("maxPrice", "MaxPrice"),
                            Member("spotInstanceType", "SpotInstanceType"),
                            Member("validUntil", "ValidUntil"),
                        ),
                        single=True,
                    ),
                ),
            ),
            single=True,
        ),
        "InstanceMarketOptions",
    ),
    sent(
        "launchTemplate",
        Block(
            (Member("id", "LaunchTemplateId"), Member("name", "LaunchTemplateName"), Member("version", "Version")),
            single=True,
        ),
        "LaunchTemplate",
    ),
    Field(
        name="maintenanceOptions",
        shape=Block((Member("autoRecovery", "AutoRecovery"),), single=True),
        create="MaintenanceOptions",
        modify="MaintenanceOptions",
        read="MaintenanceOptions",
        via="modify_instance_maintenance_options",
        change=ec2_changes.maintenance,
        late=False,
    ),
    Field(
        name="metadataOptions",
        shape=Block(
            (
                Member("httpEndpoint", "HttpEndpoint"),
                Member("httpProtocolIpv6", "HttpProtocolIpv6"),
                Member("httpPutResponseHopLimit", "HttpPutResponseHopLimit", NUMBER),
                Member("httpTokens", "HttpTokens"),
                Member("instanceMetadataTags", "InstanceMetadataTags"),
            ),
            single=True,
        ),
        create="MetadataOptions",
        modify="MetadataOptions",
        read="MetadataOptions",
        via="modify_instance_metadata_options",
        change=ec2_changes.metadata,
        late=False,
    ),
    Field(
        name="privateDnsNameOptions",
        shape=Block(
            (
                Member("enableResourceNameDnsARecord", "EnableResourceNameDnsARecord", FLAG),
                Member("enableResourceNameDnsAaaaRecord", "EnableResourceNameDnsAAAARecord", FLAG),
                Member("hostnameType", "HostnameType"),
            ),
            single=True,
        ),
        create="PrivateDnsNameOptions",
        modify="PrivateDnsNameOptions",
        read="PrivateDnsNameOptions",
        via="modify_private_dns_name_options",
        change=ec2_changes.naming,
        late=False,
    ),
)
