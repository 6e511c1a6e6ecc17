"""What changes an instance: EC2 has a call for nearly every parameter, and some want the instance stopped."""

from collections.abc import Iterator, Mapping
from typing import Final

from crosshead.aws.calling import UPDATE
from crosshead.aws.calls import Request
from crosshead.aws.kinds.ec2_launch import first, user_data
from crosshead.aws.shapes import truth, whole
from crosshead.base.errors import StalledError
from crosshead.base.values import Draft, Json, Object

# What AWS changes of a volume that is in use, and what it never does.
_GROWING: Final = {"volumeSize": "Size", "iops": "Iops", "throughput": "Throughput"}
_FIXED: Final = ("encrypted", "kmsKeyId", "snapshotId")


def rested(changed: Object, scene: Object) -> tuple[Request, ...]:
    """
    Return what changes an instance that must be stopped for it.

    A running one is stopped, and is changed and started again once it is seen to have stopped.
    """
    if scene["at"].get("instanceState") != "stopped":
        return (Request("stop_instances", {"InstanceIds": [scene["id"]]}),)
    changes = (Request("modify_instance_attribute", {"InstanceId": scene["id"], **one}) for one in _resting(changed))
    return (*changes, Request("start_instances", {"InstanceIds": [scene["id"]]}))


def _resting(changed: Object) -> Iterator[Draft]:
    if "instanceType" in changed:
        yield {"InstanceType": {"Value": changed["instanceType"]}}
    if "ebsOptimized" in changed:
        yield {"EbsOptimized": {"Value": truth(changed["ebsOptimized"])}}
    if (data := user_data(changed)) is not None:
        yield {"UserData": {"Value": data}}


def monitored(changed: Object, scene: Object) -> tuple[Request, ...]:
    """Return what turns detailed monitoring on or off."""
    operation = "monitor_instances" if truth(changed["monitoring"]) else "unmonitor_instances"
    return (Request(operation, {"InstanceIds": [scene["id"]]}),)


def credited(changed: Object, scene: Object) -> tuple[Request, ...]:
    """Return what changes how an instance pays for bursts."""
    wanted = {"InstanceId": scene["id"], "CpuCredits": first(changed["creditSpecification"]).get("cpuCredits")}
    return (Request("modify_instance_credit_specification", {"InstanceCreditSpecifications": [wanted]}),)


def entitled(changed: Object, scene: Object) -> tuple[Request, ...]:
    """Return what gives an instance another profile."""
    profile = {"IamInstanceProfile": {"Name": changed["iamInstanceProfile"]}}
    old = scene["record"].get("Association")
    if old:
        return (Request("replace_iam_instance_profile_association", {"AssociationId": old, **profile}),)
    return (Request("associate_iam_instance_profile", {"InstanceId": scene["id"], **profile}),)


def readdressed(changed: Object, scene: Object) -> tuple[Request, ...]:
    """Return what gives the first interface of an instance other private addresses beside its own."""
    wanted, found = set(changed["secondaryPrivateIps"]), set(scene["at"].get("secondaryPrivateIps") or ())
    interface = {"NetworkInterfaceId": scene["at"].get("primaryNetworkInterfaceId")}
    gone, new = sorted(found - wanted), sorted(wanted - found)
    taken = (Request("unassign_private_ip_addresses", {**interface, "PrivateIpAddresses": gone}),) if gone else ()
    given = (Request("assign_private_ip_addresses", {**interface, "PrivateIpAddresses": new}),) if new else ()
    return (*taken, *given)


def metadata(declared: Json, _: Json) -> Object:
    """Return the members of the call that changes who may ask an instance about itself."""
    words = {
        "HttpEndpoint": "httpEndpoint",
        "HttpProtocolIpv6": "httpProtocolIpv6",
        "HttpTokens": "httpTokens",
        "InstanceMetadataTags": "instanceMetadataTags",
    }
    said = first(declared)
    hops = said.get("httpPutResponseHopLimit")
    limit = {} if hops is None else {"HttpPutResponseHopLimit": whole(hops)}
    return {**{aws: said[ours] for aws, ours in words.items() if said.get(ours)}, **limit}


def maintenance(declared: Json, _: Json) -> Object:
    """Return the members of the call that changes whether AWS recovers an instance."""
    return {"AutoRecovery": first(declared).get("autoRecovery")}


def naming(declared: Json, _: Json) -> Object:
    """Return the members of the call that changes the names of an instance in DNS."""
    said = first(declared)
    flags = {
        "EnableResourceNameDnsARecord": said.get("enableResourceNameDnsARecord"),
        "EnableResourceNameDnsAAAARecord": said.get("enableResourceNameDnsAaaaRecord"),
    }
    kind = {"PrivateDnsHostnameType": said["hostnameType"]} if said.get("hostnameType") else {}
    return {**{name: truth(value) for name, value in flags.items() if value is not None}, **kind}


def stored(changed: Object, scene: Object) -> tuple[Request, ...]:
    """Return what changes the volumes of an instance."""
    return tuple(_stored(changed, scene))


def _stored(changed: Object, scene: Object) -> Iterator[Request]:
    ids: Mapping[str, str] = scene["record"]["Volumes"]["Ids"]
    found = {one["deviceName"]: one for one in scene["at"].get("ebsBlockDevice") or ()}
    for one in changed.get("ebsBlockDevice") or ():
        if one["deviceName"] in found:
            yield from _volume(scene, "ebsBlockDevice", one, found[one["deviceName"]])
    if root := first(changed.get("rootBlockDevice")):
        at = first(scene["at"].get("rootBlockDevice"))
        name = scene["record"]["Volumes"]["RootName"]
        yield from _volume(scene, "rootBlockDevice", {"deviceName": name, **root}, at)
    if "volumeTags" in changed and ids:
        yield _tagged(sorted(ids.values()), changed["volumeTags"])


def _volume(scene: Object, field: str, wanted: Object, found: Object) -> Iterator[Request]:
    different = {n for n, value in wanted.items() if n != "deviceName" and value is not None and found.get(n) != value}
    if refused := sorted(different & set(_FIXED)):
        why = f"AWS never changes {', '.join(refused)} of a volume"
        raise StalledError(UPDATE, f"cannot change spec.forProvider.{field} of {scene['id']}: {why}")
    device = wanted["deviceName"]
    volume = scene["record"]["Volumes"]["Ids"].get(device)
    counts = {aws: whole(wanted[ours]) for ours, aws in _GROWING.items() if ours in different}
    kind = {"VolumeType": wanted["volumeType"]} if "volumeType" in different else {}
    if counts or kind:
        yield Request("modify_volume", {"VolumeId": volume, **counts, **kind})
    if "deleteOnTermination" in different:
        mapping = {"DeviceName": device, "Ebs": {"DeleteOnTermination": truth(wanted["deleteOnTermination"])}}
        yield Request("modify_instance_attribute", {"InstanceId": scene["id"], "BlockDeviceMappings": [mapping]})
    if "tags" in different:
        yield _tagged([str(volume)], wanted["tags"])


def _tagged(volumes: list[str], tags: Mapping[str, str]) -> Request:
    spelt = [{"Key": key, "Value": value} for key, value in sorted(tags.items())]
    return Request("create_tags", {"Resources": volumes, "Tags": spelt})


def has_tags(declared: Json, found: Json, _: Object) -> bool:
    """Whether what is *found* bears all tags that are *declared*: others may tag volumes, too."""
    return all(found.get(key) == value for key, value in declared.items())


def same_volume(declared: Json, found: Json, _: Object) -> bool:
    """Whether a volume is as large as declared, or larger: it never shrinks."""
    return bool(found >= declared)
