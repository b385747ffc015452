"""Frames: the header of 3.1, its types and flags, and what makes a frame malformed before anybody looks into its body."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from .crc import crc32c

MAGIC = 0x5045
MAJOR, MINOR = 1, 2
HEADER_BYTES = 40
FRAME_BYTES_MIN = 1464
FRAME_BYTES_MAX = 65532

HELLO, WELCOME, REFUSE, DATA, ACK, BYE, DISCOVER, OFFER = range(1, 9)
TYPE_NAMES = dict(enumerate("HELLO WELCOME REFUSE DATA ACK BYE DISCOVER OFFER".split(), 1))

CRC, ECHO, NAK, REPLAY, PING = 1, 2, 4, 8, 16

_HEADER = struct.Struct(">HBBHHIIIIIIII")
_CRC_OFFSET = 36


class Malformed(Exception):
    """Bytes that are not as the specification wants them; says which rule they break."""


@dataclass
class Frame:
    """One frame. The length and the CRC are made when it is encoded."""

    type: int
    session: int = 0
    seq: int = 0
    ack: int = 0
    sack: int = 0
    tx_time: int = 0
    echo_time: int = 0
    echo_delay: int = 0
    flags: int = 0
    body: bytes = b""
    major: int = MAJOR
    minor: int = MINOR

    def encode(self, length: int | None = None) -> bytes:
        """The frame's bytes. `length` lies about its length, for whoever wants that."""
        size = HEADER_BYTES + len(self.body)
        data = bytearray(_HEADER.pack(
            MAGIC, self.major << 4 | self.minor, self.type, self.flags, size if length is None else length,
            self.session, self.seq, self.ack, self.sack, self.tx_time, self.echo_time, self.echo_delay, 0))
        data += self.body
        if self.flags & CRC:
            struct.pack_into(">I", data, _CRC_OFFSET, crc32c(bytes(data)))
        return bytes(data)

    def __str__(self) -> str:
        name = TYPE_NAMES.get(self.type, f"type {self.type}")
        return f"{name} session {self.session:x} seq {self.seq} ack {self.ack} sack {self.sack:x} flags {self.flags:x}"


def frame_length(data: bytes) -> int:
    """The length that the preamble says. Raises Malformed when these 8 bytes begin no frame."""
    magic, _, _, _, length = struct.unpack_from(">HBBHH", data)
    if magic != MAGIC:
        raise Malformed("magic")
    if length < HEADER_BYTES or length % 4 or length > FRAME_BYTES_MAX:
        raise Malformed("length")
    return length


def decode(data: bytes, crc_needed: bool = False) -> Frame:
    """The frame that `data` begins with; what is behind its length is ignored (PCIEOE-5)."""
    if len(data) < HEADER_BYTES:
        raise Malformed("length")
    length = frame_length(data)
    if length > len(data):
        raise Malformed("length")
    data = data[:length]
    _, version, kind, flags, _, session, seq, ack, sack, tx, echo, delay, crc = struct.unpack_from(">HBBHHIIIIIIII", data)
    major = version >> 4
    if major != MAJOR and kind not in (HELLO, REFUSE):
        raise Malformed("version")
    if crc_needed and not flags & CRC:
        raise Malformed("no crc")
    if flags & CRC and crc != crc32c(data[:_CRC_OFFSET] + bytes(4) + data[HEADER_BYTES:]):
        raise Malformed("crc")
    if kind not in TYPE_NAMES:
        raise Malformed("type")
    return Frame(kind, session, seq, ack, sack, tx, echo, delay, flags, data[HEADER_BYTES:], major, version & 15)
