"""
Checksums of objects, as S3 shows them: Base64 of the big-endian value.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
"""

import base64
import hashlib
import zlib
from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

_Table = tuple[int, ...]
# The two that the standard library lacks: their polynomials, least significant bit first.
_CRC32C: Final = 0x82F63B78
_CRC64NVME: Final = 0x9A6C9329AC4BC9B5


@cache
def _table(polynomial: int) -> _Table:
    return tuple(_shifted(byte, polynomial) for byte in range(256))


def _shifted(value: int, polynomial: int) -> int:
    for _ in range(8):
        value = (value >> 1) ^ (polynomial if value & 1 else 0)
    return value


def _crc(content: bytes, polynomial: int, bits: int) -> bytes:
    table, ones = _table(polynomial), (1 << bits) - 1
    value = ones
    for byte in content:
        value = table[(value ^ byte) & 0xFF] ^ (value >> 8)
    return (value ^ ones).to_bytes(bits // 8, "big")


def crc32c(content: bytes) -> bytes:
    """Return the CRC of Castagnoli."""
    return _crc(content, _CRC32C, 32)


def crc64nvme(content: bytes) -> bytes:
    """Return the CRC of the NVMe specification."""
    return _crc(content, _CRC64NVME, 64)


# By the member that sends and shows it.
_SUMS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "ChecksumSHA256": lambda content: hashlib.sha256(content).digest(),
    "ChecksumSHA1": lambda content: hashlib.sha1(content, usedforsecurity=False).digest(),
    "ChecksumCRC64NVME": crc64nvme,
    "ChecksumCRC32C": crc32c,
    "ChecksumCRC32": lambda content: zlib.crc32(content).to_bytes(4, "big"),
}


def shown(record: Mapping[str, object]) -> str:
    """Return the algorithm of the checksum that *record* shows; "" when it shows none."""
    return next((member.removeprefix("Checksum") for member in _SUMS if record.get(member)), "")


def checksum(algorithm: str, content: bytes) -> str:
    """Return the checksum of *content*."""
    return base64.b64encode(_SUMS[f"Checksum{algorithm}"](content)).decode()


def etag(content: bytes) -> str:
    """Return the entity tag of *content* that was put in one piece, and not encrypted with a key of KMS."""
    return hashlib.md5(content, usedforsecurity=False).hexdigest()
