"""The packets of a pcapng file: as much of the format as `farslot capture` writes."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_SECTION, _PACKET = 0x0A0D0D0A, 6


def packets(data: bytes) -> Iterator[bytes]:
    """The bytes of each enhanced packet block."""
    at, order = 0, "<"
    while at < len(data):
        kind, = struct.unpack_from("<I", data, at)
        if kind == _SECTION:
            order = "<" if data[at + 8:at + 12] == b"\x4d\x3c\x2b\x1a" else ">"
        kind, size = struct.unpack_from(order + "II", data, at)
        if kind == _PACKET:
            captured, = struct.unpack_from(order + "I", data, at + 20)
            yield data[at + 28:at + 28 + captured]
        at += size
