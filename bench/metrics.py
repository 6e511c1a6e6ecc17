"""What the API server and the kernel have counted. Counting costs the API server one request that no resource sees."""

import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_SAMPLE = re.compile(r"^(?P<name>\w+)(?:\{(?P<labels>[^}]*)\})? (?P<value>\S+)$", re.MULTILINE)
_LABEL = re.compile(r'(\w+)="([^"]*)"')
_WRITES = frozenset({"POST", "PUT", "PATCH", "APPLY", "DELETE", "DELETECOLLECTION"})
# What the API server and the controller manager do for themselves, whoever else is there.
_HOUSEKEEPING = frozenset(
    {
        "apiservices",
        "clusterrolebindings",
        "clusterroles",
        "configmaps",
        "customresourcedefinitions",
        "endpoints",
        "endpointslices",
        "flowschemas",
        "leases",
        "namespaces",
        "nodes",
        "pods",
        "prioritylevelconfigurations",
        "rolebindings",
        "roles",
        "serviceaccounts",
        "services",
    }
)


@dataclass(frozen=True, slots=True)
class Count:
    """The counters of one moment."""

    requests: Counter[str]
    apiserver_cpu: float

    def since(self, earlier: "Count") -> "Count":
        """Return what was added since *earlier*."""
        return Count(self.requests - earlier.requests, self.apiserver_cpu - earlier.apiserver_cpu)

    @property
    def total(self) -> int:
        """All requests."""
        return self.requests.total()

    @property
    def writes(self) -> int:
        """The requests that write."""
        return sum(count for key, count in self.requests.items() if key.partition(" ")[0] in _WRITES)


def read(text: str) -> Count:
    """Read the API server's metrics: requests as `<verb> <resource>`, without its own housekeeping."""
    requests: Counter[str] = Counter()
    cpu = 0.0
    for name, labels, value in _samples(text):
        if name == "process_cpu_seconds_total":
            cpu = value
        if name == "apiserver_request_total" and (key := _key(labels)):
            requests[key] += int(value)
    return Count(requests, cpu)


def _samples(text: str) -> Iterator[tuple[str, dict[str, str], float]]:
    for match in _SAMPLE.finditer(text):
        yield match["name"], dict(_LABEL.findall(match["labels"] or "")), float(match["value"])


def _key(labels: dict[str, str]) -> str:
    """Name the request; empty for those that are not counted (a watch is counted when it ends, at no fixed time)."""
    resource, verb = labels.get("resource", ""), labels.get("verb", "")
    if not resource or resource in _HOUSEKEEPING or verb == "WATCH":
        return ""
    subresource = labels.get("subresource", "")
    return f"{verb} {resource}/{subresource}" if subresource else f"{verb} {resource}"


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mb(pid: int) -> float:
    """Return the memory of a process that is resident now."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0
