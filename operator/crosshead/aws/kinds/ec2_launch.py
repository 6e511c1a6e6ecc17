"""What launches an instance, and what of it is looked up by more than a path: its user data, interfaces and volumes."""

import base64
import binascii
from collections.abc import Mapping
from typing import Final

from crosshead.aws.shapes import truth, whole
from crosshead.base.values import Draft, Json, Object

_PLACES: Final = {
    "availabilityZone": "AvailabilityZone",
    "tenancy": "Tenancy",
    "placementGroup": "GroupName",
    "placementGroupId": "GroupId",
    "placementPartitionNumber": "PartitionNumber",
    "hostId": "HostId",
    "hostResourceGroupArn": "HostResourceGroupArn",
}
# Members of a volume of ours, and those of AWS' when one is made.
_VOLUME: Final = {
    "deleteOnTermination": "DeleteOnTermination",
    "encrypted": "Encrypted",
    "iops": "Iops",
    "kmsKeyId": "KmsKeyId",
    "snapshotId": "SnapshotId",
    "throughput": "Throughput",
    "volumeSize": "VolumeSize",
    "volumeType": "VolumeType",
}


def names(scene: Object) -> Draft:
    """Return the arguments of a launch that several parameters go into, or that one goes into in another form."""
    spec = scene["spec"]
    launch = {
        "Placement": {aws: _counted(spec[ours]) for ours, aws in _PLACES.items() if spec.get(ours) is not None},
        "UserData": user_data(spec),
        "CpuOptions": _processors(spec),
        "Root": _volume(first(spec.get("rootBlockDevice"))),
        "Mappings": [*_mappings(spec)],
        **_network(spec),
    }
    return {"launch": {name: value for name, value in launch.items() if value not in (None, [], {})}}


def first(block: Json) -> Mapping[str, Json]:
    """Return the only item of a block, nothing when there is none."""
    items = block if isinstance(block, list | tuple) else [block] if block else []
    return items[0] if items else {}


def _counted(value: Json) -> Json:
    return value if isinstance(value, str) else whole(value)


def user_data(spec: Object) -> bytes | None:
    """Return what an instance is told at its start, plain: botocore encodes it."""
    if spec.get("userDataBase64"):
        return plain(spec["userDataBase64"])
    return plain(spec["userData"]) if spec.get("userData") else None


def plain(text: Json) -> bytes:
    """Return *text* decoded, when it is encoded; upstream takes both."""
    try:
        return base64.b64decode(str(text), validate=True)
    except (binascii.Error, ValueError):
        return str(text).encode()


def same_data(declared: Json, found: Json, _: Object) -> bool:
    """Whether two texts tell an instance the same, encoded or not."""
    return plain(declared) == plain(found)


def _processors(spec: Object) -> Draft:
    """Return the options of processors; the first version has two of them outside of the block."""
    said = first(spec.get("cpuOptions"))
    counts = {
        "CoreCount": said.get("coreCount", spec.get("cpuCoreCount")),
        "ThreadsPerCore": said.get("threadsPerCore", spec.get("cpuThreadsPerCore")),
    }
    words = {"AmdSevSnp": said.get("amdSevSnp"), "NestedVirtualization": said.get("nestedVirtualization")}
    known = {name: whole(value) for name, value in counts.items() if value is not None}
    return {**known, **{name: value for name, value in words.items() if value}}


def _network(spec: Object) -> Draft:
    """Return where it is connected: by interfaces that exist, by one that is described, or by a subnet alone."""
    own, given = first(spec.get("primaryNetworkInterface")), spec.get("networkInterface") or ()
    if own or given:
        primary = [{"DeviceIndex": 0, "NetworkInterfaceId": own["networkInterfaceId"]}] if own else []
        return {"NetworkInterfaces": [*primary, *(_interface(one) for one in given)]}
    groups, subnet = list(spec.get("vpcSecurityGroupIds") or ()), spec.get("subnetId")
    addresses = [{"Ipv6Address": one} for one in spec.get("ipv6Addresses") or ()]
    count = spec.get("ipv6AddressCount")
    said: Draft = {"SubnetId": subnet, "Ipv6AddressCount": count if count is None else whole(count)}
    more = spec.get("secondaryPrivateIps") or ()
    if spec.get("associatePublicIpAddress") is None and not more:
        enable = spec.get("enablePrimaryIpv6")
        lone = {"PrivateIpAddress": spec.get("privateIp"), "SecurityGroupIds": groups, "EnablePrimaryIpv6": enable}
        return {**said, **lone, "Ipv6Addresses": addresses}
    return {"NetworkInterfaces": [_described(spec, {**said, "Groups": groups, "Ipv6Addresses": addresses})]}


def _interface(one: Object) -> Draft:
    numbers = {"DeviceIndex": one.get("deviceIndex", 0), "NetworkCardIndex": one.get("networkCardIndex")}
    known = {name: whole(value) for name, value in numbers.items() if value is not None}
    doomed = one.get("deleteOnTermination")
    deleted = {} if doomed is None else {"DeleteOnTermination": truth(doomed)}
    return {"NetworkInterfaceId": one["networkInterfaceId"], **known, **deleted}


def _described(spec: Object, said: Object) -> Draft:
    """Return an interface that AWS is to make: only such may have a public address, or several private ones."""
    public, own, more = (spec.get(n) for n in ("associatePublicIpAddress", "privateIp", "secondaryPrivateIps"))
    primary = [{"Primary": True, "PrivateIpAddress": own}] if own else []
    several = [*primary, *({"Primary": False, "PrivateIpAddress": one} for one in more or ())]
    whole_interface = {
        "DeviceIndex": 0,
        **said,
        "AssociatePublicIpAddress": public if public is None else truth(public),
        "PrimaryIpv6": spec.get("enablePrimaryIpv6"),
        **({"PrivateIpAddresses": several} if more else {"PrivateIpAddress": own}),
    }
    return {name: value for name, value in whole_interface.items() if value not in (None, [])}


def _volume(device: Object) -> Draft:
    found = {aws: device[ours] for ours, aws in _VOLUME.items() if device.get(ours) is not None}
    counted: Draft = {name: whole(found[name]) for name in ("Iops", "Throughput", "VolumeSize") if name in found}
    told: Draft = {name: truth(found[name]) for name in ("DeleteOnTermination", "Encrypted") if name in found}
    return {**found, **counted, **told}


def _mappings(spec: Object) -> list[Draft]:
    volumes = [{"DeviceName": one["deviceName"], "Ebs": _volume(one)} for one in spec.get("ebsBlockDevice") or ()]
    return [*volumes, *(_ephemeral(one) for one in spec.get("ephemeralBlockDevice") or ())]


def _ephemeral(one: Object) -> Draft:
    # AWS wants an empty text for "none".
    what = {"NoDevice": ""} if truth(one.get("noDevice")) else {"VirtualName": one.get("virtualName")}
    return {"DeviceName": one["deviceName"], **what}


def instance(found: Json, _: Object) -> Draft | None:
    """Return an instance of its reservation, which knows the owner."""
    if not found:
        return None
    one = found["Instances"][0]
    interfaces = one.get("NetworkInterfaces") or ()
    primary: Object = next((i for i in interfaces if (i.get("Attachment") or {}).get("DeviceIndex") == 0), {})
    listed = primary.get("PrivateIpAddresses") or ()
    return {
        **one,
        "OwnerId": found.get("OwnerId"),
        "Primary": primary,
        "OtherAddresses": [each["PrivateIpAddress"] for each in listed if not each.get("Primary")],
        "Profile": str((one.get("IamInstanceProfile") or {}).get("Arn") or "").rpartition("/")[2],
    }


def volumes(found: Json, scene: Object) -> Draft:
    """Return the root volume, and those others that are declared: somebody else may have attached more."""
    mapped = scene["record"].get("BlockDeviceMappings") or ()
    doomed = {one["DeviceName"]: one["Ebs"].get("DeleteOnTermination") for one in mapped if one.get("Ebs")}
    known = [_attached(one, doomed) for one in found or ()]
    declared = {one["deviceName"] for one in scene["spec"].get("ebsBlockDevice") or ()}
    root = scene["record"].get("RootDeviceName")
    return {
        "Root": next((one for one in known if one["DeviceName"] == root), None),
        "Others": [one for one in known if one["DeviceName"] in declared],
        "RootName": root,
        "Ids": {one["DeviceName"]: one["VolumeId"] for one in known},
        "Tags": known[0]["Tags"] if known else None,
    }


def _attached(volume: Object, doomed: Mapping[str, Json]) -> Draft:
    attachment = first(volume.get("Attachments"))
    tags = {tag["Key"]: tag["Value"] for tag in volume.get("Tags") or ()}
    return {
        **{name: volume.get(name) for name in ("VolumeId", "Encrypted", "Iops", "KmsKeyId", "SnapshotId")},
        **{name: volume.get(name) for name in ("Throughput", "VolumeType")},
        "VolumeSize": volume.get("Size"),
        "DeviceName": attachment.get("Device"),
        "DeleteOnTermination": doomed.get(str(attachment.get("Device"))),
        "Tags": tags,
    }
