"""Transaction layer packets, as Base 2.1.2 and 2.2 have them: those that a server and a function send each other."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from .frame import Malformed
from .records import COMPLETION, NON_POSTED, POSTED

# Fmt and Type together, the first byte without prefixes.
MRD32, MRD64, MWR32, MWR64 = 0x00, 0x20, 0x40, 0x60
IORD, IOWR = 0x02, 0x42
CFGRD0, CFGWR0, CFGRD1, CFGWR1 = 0x04, 0x44, 0x05, 0x45
CPL, CPLD, CPLLK, CPLDLK = 0x0A, 0x4A, 0x0B, 0x4B
ATOMICS32, ATOMICS64 = (0x4C, 0x4D, 0x4E), (0x6C, 0x6D, 0x6E)
FETCH_ADD, SWAP, CAS = 0x4C, 0x4D, 0x4E
MSG, MSGD = range(0x30, 0x38), range(0x70, 0x78)

SC, UR, RRS, CA = 0, 1, 2, 4

WITH_DATA, FOUR_DW, PREFIX = 0x40, 0x20, 0x80


def memory_request(kind: int) -> bool:
    """Whether it is a read, write or AtomicOp in memory space."""
    return kind in (MRD32, MRD64, MWR32, MWR64) or kind in ATOMICS32 or kind in ATOMICS64


@dataclass
class Tlp:
    """One TLP without prefixes. `address` is a memory or I/O address; of a configuration request its register's offset."""

    kind: int
    requester: int = 0
    tag: int = 0
    address: int = 0
    length_dw: int = 1
    first_be: int = 0xF
    last_be: int = 0
    data: bytes = b""
    target: int = 0
    status: int = SC
    byte_count: int = 0
    lower_address: int = 0
    completer: int = 0
    traffic: int = 0
    """Bits of bytes 1 and 2 that are neither kind nor length: TC, attributes, TD, EP."""

    def encode(self) -> bytes:
        """The TLP's bytes."""
        first = struct.pack(">I", self.kind << 24 | self.traffic << 8 | self.length_dw & 0x3FF)
        # 10-bit tags: bits 9 and 8 stand in byte 1.
        first = first[:1] + bytes([first[1] | (self.tag >> 9 & 1) << 7 | (self.tag >> 8 & 1) << 3]) + first[2:]
        if self.kind in (CPL, CPLD, CPLLK, CPLDLK):
            rest = struct.pack(">HHHBB", self.completer, self.status << 13 | self.byte_count & 0xFFF, self.requester,
                               self.tag & 0xFF, self.lower_address & 0x7F)
            return first + rest + self.data
        rest = struct.pack(">HBB", self.requester, self.tag & 0xFF, self.last_be << 4 | self.first_be)
        if self.kind in (CFGRD0, CFGWR0, CFGRD1, CFGWR1):
            rest += struct.pack(">HH", self.target, self.address & 0xFFC)
        elif self.kind & FOUR_DW:
            rest += struct.pack(">Q", self.address)
        else:
            rest += struct.pack(">I", self.address)
        return first + rest + self.data

    def payload_bytes(self) -> int:
        """Bytes that byte enables leave, of a request: length minus what they leave out at both ends."""
        head = (self.first_be & -self.first_be).bit_length() - 1 if self.first_be else 0
        if self.length_dw == 1:
            return self.first_be.bit_length() - head if self.first_be else 1
        return 4 * self.length_dw - head - (4 - self.last_be.bit_length())

    def start(self) -> int:
        """Address of the first byte that is enabled."""
        return self.address + ((self.first_be & -self.first_be).bit_length() - 1 if self.first_be else 0)


def length_in_dw(first_dw: int) -> int:
    """What the Length field means: 0 is 1024."""
    return first_dw & 0x3FF or 1024


def header_offset(data: bytes) -> int:
    """Where the header begins: behind prefixes."""
    at = 0
    while at + 4 <= len(data) and data[at] & 0xE0 == PREFIX:
        at += 4
    return at


def credits_of(data: bytes) -> tuple[int, int]:
    """Class and data credits of a TLP, well-formed or not (8.1)."""
    at = header_offset(data)
    if at + 4 > len(data):
        return NON_POSTED, 0
    first, = struct.unpack_from(">I", data, at)
    kind = first >> 24
    units = -(-length_in_dw(first) // 4) if kind & WITH_DATA else 0
    if kind in (MWR32, MWR64) or kind in MSG or kind in MSGD:
        return POSTED, units
    if kind in (CPL, CPLD, CPLLK, CPLDLK):
        return COMPLETION, units
    if kind in (MRD32, MRD64, 0x01, 0x21, IORD, IOWR, CFGRD0, CFGWR0, CFGRD1, CFGWR1) \
            or kind in ATOMICS32 or kind in ATOMICS64 or kind in (0x5B, 0x7B, 0x1B, 0x3B):
        return NON_POSTED, units
    return NON_POSTED, 0


def decode(data: bytes) -> Tlp:
    """The TLP in `data`. Raises Malformed where Base 2.2 calls it so."""
    at = header_offset(data)
    if len(data) - at < 12:
        raise Malformed("TLP header cut short")
    first, = struct.unpack_from(">I", data, at)
    kind, count = first >> 24, length_in_dw(first)
    header = 16 if kind & FOUR_DW else 12
    digest = 4 if first >> 15 & 1 else 0
    size = 4 * count if kind & WITH_DATA else 0
    if len(data) != at + header + size + digest:
        raise Malformed("TLP length is not what it says")
    byte1 = first >> 16 & 0xFF
    high_tag = (byte1 >> 7 & 1) << 9 | (byte1 >> 3 & 1) << 8
    tlp = Tlp(kind, length_dw=count, data=data[at + header:at + header + size])
    tlp.traffic = first >> 8 & 0x77FC
    if kind in (CPL, CPLD, CPLLK, CPLDLK):
        tlp.completer, status, tlp.requester, tag, lower = struct.unpack_from(">HHHBB", data, at + 4)
        tlp.status, tlp.byte_count = status >> 13, status & 0xFFF or 4096
        tlp.tag, tlp.lower_address = high_tag | tag, lower & 0x7F
        return tlp
    tlp.requester, tag, enables = struct.unpack_from(">HBB", data, at + 4)
    tlp.tag, tlp.first_be, tlp.last_be = high_tag | tag, enables & 15, enables >> 4
    if kind in (CFGRD0, CFGWR0, CFGRD1, CFGWR1):
        tlp.target, register = struct.unpack_from(">HH", data, at + 8)
        tlp.address = register & 0xFFC
    elif kind & FOUR_DW:
        tlp.address = struct.unpack_from(">Q", data, at + 8)[0] & ~3
    else:
        tlp.address = struct.unpack_from(">I", data, at + 8)[0] & ~3
    if memory_request(kind) and kind & 0x1F == 0 and tlp.address % 4096 + 4 * count > 4096:
        raise Malformed("TLP crosses 4 KiB")
    return tlp
