"""What a launch template says of the instances that are launched with it. Upstream has "true" as a text here."""

from typing import Final

from crosshead.aws.comparing import key
from crosshead.aws.descriptor import Field
from crosshead.aws.kinds.ec2_launch import same_data
from crosshead.aws.shapes import FLAG, FLAG_TEXT, NUMBER, TEXT, Block, Map, Member, Same, Scalar, Shape, Texts
from crosshead.base.values import Json


def _data(name: str, aws: str = "", shape: Shape = TEXT, same: Same | None = None) -> Field:
    """Return a part of the data of a version. AWS never changes a version: it is compared with the latest."""
    member = aws or f"{name[0].upper()}{name[1:]}"
    within = f"LaunchTemplateData.{member}"
    return Field(
        name=name,
        shape=shape,
        create=within,
        modify=within,
        read=f"Version.{within}",
        # What the latest version says nothing of may be declared now.
        absent=_nothing(shape),
        late=False,
        same=same,
    )


def _nothing(shape: Shape) -> Json:
    match shape:
        case Scalar():
            return False if shape is FLAG else ""
        case Map():
            return {}
        case _:
            return []


def _range(name: str, aws: str) -> Member:
    return Member(name, aws, Block((Member("max", "Max", NUMBER), Member("min", "Min", NUMBER)), single=True))


_DEVICES: Final = Block(
    (
        Member("deviceName", "DeviceName"),
        Member(
            "ebs",
            "Ebs",
            Block(
                (
                    Member("deleteOnTermination", "DeleteOnTermination", FLAG_TEXT),
                    Member("encrypted", "Encrypted", FLAG_TEXT),
                    Member("iops", "Iops", NUMBER),
                    Member("kmsKeyId", "KmsKeyId", same=key),
                    Member("snapshotId", "SnapshotId"),
                    Member("throughput", "Throughput", NUMBER),
                    Member("volumeInitializationRate", "VolumeInitializationRate", NUMBER),
                    Member("volumeSize", "VolumeSize", NUMBER),
                    Member("volumeType", "VolumeType"),
                ),
                single=True,
            ),
        ),
        Member("noDevice", "NoDevice"),
        Member("virtualName", "VirtualName"),
    )
)

_RESERVATION: Final = Block(
    (
        Member("capacityReservationPreference", "CapacityReservationPreference"),
        Member(
            "capacityReservationTarget",
            "CapacityReservationTarget",
            Block(
                (
                    Member("capacityReservationId", "CapacityReservationId"),
                    Member("capacityReservationResourceGroupArn", "CapacityReservationResourceGroupArn"),
                ),
                single=True,
            ),
        ),
    ),
    single=True,
)

_PROCESSORS: Final = Block(
    (
        Member("amdSevSnp", "AmdSevSnp"),
        Member("coreCount", "CoreCount", NUMBER),
        Member("nestedVirtualization", "NestedVirtualization"),
        Member("threadsPerCore", "ThreadsPerCore", NUMBER),
    ),
    single=True,
)

_MARKET: Final = Block(
    (
        Member("marketType", "MarketType"),
        Member(
            "spotOptions",
            "SpotOptions",
            Block(
                (
                    Member("blockDurationMinutes", "BlockDurationMinutes", NUMBER),
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
)

_REQUIREMENTS: Final = Block(
    (
        _range("acceleratorCount", "AcceleratorCount"),
        Member("acceleratorManufacturers", "AcceleratorManufacturers", Texts()),
        Member("acceleratorNames", "AcceleratorNames", Texts()),
        _range("acceleratorTotalMemoryMib", "AcceleratorTotalMemoryMiB"),
        Member("acceleratorTypes", "AcceleratorTypes", Texts()),
        Member("allowedInstanceTypes", "AllowedInstanceTypes", Texts()),
        Member("bareMetal", "BareMetal"),
        _range("baselineEbsBandwidthMbps", "BaselineEbsBandwidthMbps"),
        Member("burstablePerformance", "BurstablePerformance"),
        Member("cpuManufacturers", "CpuManufacturers", Texts()),
        Member("excludedInstanceTypes", "ExcludedInstanceTypes", Texts()),
        Member("instanceGenerations", "InstanceGenerations", Texts()),
        Member("localStorage", "LocalStorage"),
        Member("localStorageTypes", "LocalStorageTypes", Texts()),
        Member(
            "maxSpotPriceAsPercentageOfOptimalOnDemandPrice", "MaxSpotPriceAsPercentageOfOptimalOnDemandPrice", NUMBER
        ),
        _range("memoryGibPerVcpu", "MemoryGiBPerVCpu"),
        _range("memoryMib", "MemoryMiB"),
        _range("networkBandwidthGbps", "NetworkBandwidthGbps"),
        _range("networkInterfaceCount", "NetworkInterfaceCount"),
        Member("onDemandMaxPricePercentageOverLowestPrice", "OnDemandMaxPricePercentageOverLowestPrice", NUMBER),
        Member("requireHibernateSupport", "RequireHibernateSupport", FLAG),
        Member("spotMaxPricePercentageOverLowestPrice", "SpotMaxPricePercentageOverLowestPrice", NUMBER),
        _range("totalLocalStorageGb", "TotalLocalStorageGB"),
        _range("vcpuCount", "VCpuCount"),
    ),
    single=True,
)

_METADATA: Final = Block(
    (
        Member("httpEndpoint", "HttpEndpoint"),
        Member("httpProtocolIpv6", "HttpProtocolIpv6"),
        Member("httpPutResponseHopLimit", "HttpPutResponseHopLimit", NUMBER),
        Member("httpTokens", "HttpTokens"),
        Member("instanceMetadataTags", "InstanceMetadataTags"),
    ),
    single=True,
)

_INTERFACES: Final = Block(
    (
        Member("associateCarrierIpAddress", "AssociateCarrierIpAddress", FLAG_TEXT),
        Member("associatePublicIpAddress", "AssociatePublicIpAddress", FLAG_TEXT),
        Member("deleteOnTermination", "DeleteOnTermination", FLAG_TEXT),
        Member("description", "Description"),
        Member("deviceIndex", "DeviceIndex", NUMBER),
        Member("interfaceType", "InterfaceType"),
        Member("ipv4AddressCount", "SecondaryPrivateIpAddressCount", NUMBER),
        Member("ipv4Addresses", "PrivateIpAddresses", Texts(each="PrivateIpAddress")),
        Member("ipv4PrefixCount", "Ipv4PrefixCount", NUMBER),
        Member("ipv4Prefixes", "Ipv4Prefixes", Texts(each="Ipv4Prefix")),
        Member("ipv6AddressCount", "Ipv6AddressCount", NUMBER),
        Member("ipv6Addresses", "Ipv6Addresses", Texts(each="Ipv6Address")),
        Member("ipv6PrefixCount", "Ipv6PrefixCount", NUMBER),
        Member("ipv6Prefixes", "Ipv6Prefixes", Texts(each="Ipv6Prefix")),
        Member("networkCardIndex", "NetworkCardIndex", NUMBER),
        Member("networkInterfaceId", "NetworkInterfaceId"),
        Member("primaryIpv6", "PrimaryIpv6", FLAG_TEXT),
        Member("privateIpAddress", "PrivateIpAddress"),
        Member("securityGroups", "Groups", Texts()),
        Member("subnetId", "SubnetId"),
    )
)

_PLACEMENT: Final = Block(
    (
        Member("affinity", "Affinity"),
        Member("availabilityZone", "AvailabilityZone"),
        Member("groupId", "GroupId"),
        Member("groupName", "GroupName"),
        Member("hostId", "HostId"),
        Member("hostResourceGroupArn", "HostResourceGroupArn"),
        Member("partitionNumber", "PartitionNumber", NUMBER),
        Member("spreadDomain", "SpreadDomain"),
        Member("tenancy", "Tenancy"),
    ),
    single=True,
)

_NAMING: Final = Block(
    (
        Member("enableResourceNameDnsARecord", "EnableResourceNameDnsARecord", FLAG),
        Member("enableResourceNameDnsAaaaRecord", "EnableResourceNameDnsAAAARecord", FLAG),
        Member("hostnameType", "HostnameType"),
    ),
    single=True,
)


def _lone(name: str, aws: str, shape: Shape = TEXT) -> Block:
    return Block((Member(name, aws, shape),), single=True)


DATA: Final = (
    _data("blockDeviceMappings", shape=_DEVICES),
    _data("capacityReservationSpecification", shape=_RESERVATION),
    _data("cpuOptions", shape=_PROCESSORS),
    _data("creditSpecification", shape=_lone("cpuCredits", "CpuCredits")),
    _data("disableApiStop", shape=FLAG),
    _data("disableApiTermination", shape=FLAG),
    _data("ebsOptimized", shape=FLAG_TEXT),
    _data("elasticGpuSpecifications", shape=Block((Member("type", "Type"),))),
    # AWS takes several, upstream one.
    _data("elasticInferenceAccelerator", "ElasticInferenceAccelerators", Block((Member("type", "Type"),), lone=True)),
    _data("enclaveOptions", shape=_lone("enabled", "Enabled", FLAG)),
    _data("hibernationOptions", shape=_lone("configured", "Configured", FLAG)),
    _data("iamInstanceProfile", shape=Block((Member("arn", "Arn"), Member("name", "Name")), single=True)),
    _data("imageId"),
    _data("instanceInitiatedShutdownBehavior"),
    _data("instanceMarketOptions", shape=_MARKET),
    _data("instanceRequirements", shape=_REQUIREMENTS),
    _data("instanceType"),
    _data("kernelId"),
    _data("keyName"),
    _data(
        "licenseSpecification",
        "LicenseSpecifications",
        Block((Member("licenseConfigurationArn", "LicenseConfigurationArn"),)),
    ),
    _data("maintenanceOptions", shape=_lone("autoRecovery", "AutoRecovery")),
    _data("metadataOptions", shape=_METADATA),
    _data("monitoring", shape=_lone("enabled", "Enabled", FLAG)),
    _data("networkInterfaces", shape=_INTERFACES),
    _data("networkPerformanceOptions", shape=_lone("bandwidthWeighting", "BandwidthWeighting")),
    _data("placement", shape=_PLACEMENT),
    _data("privateDnsNameOptions", shape=_NAMING),
    _data("ramDiskId"),
    _data("securityGroupNames", "SecurityGroups", Texts()),
    _data(
        "tagSpecifications",
        shape=Block((Member("resourceType", "ResourceType"), Member("tags", "Tags", Map(pairs=True)))),
    ),
    _data("userData", same=same_data),
    _data("vpcSecurityGroupIds", "SecurityGroupIds", Texts()),
)
