"""Packets of protected Ethernet rails (10.5), behind the rail header.

They are read and made here as the specification's examples have them. No rail is made of them: Python's ssl has no exporter (RFC 8446, 7.5).
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from dataclasses import dataclass

from .aes import open_sealed, seal
from .crc import crc32c
from .frame import Malformed

MAGIC = 0x5053
KEYS, SEALED = 1, 2
REPLY = 1
KEYS_BYTES_MAX = 1400
TAG_BYTES = 16
_START = struct.Struct(">HBBHH")


@dataclass
class KeysPacket:
    """A piece of a handshake."""

    attempt: int
    seq: int
    ack: int
    data: bytes
    flags: int = 0

    def encode(self) -> bytes:
        """The packet's bytes."""
        head = _START.pack(MAGIC, KEYS, self.flags, 28 + len(self.data), 0) + struct.pack(
            ">QII", self.attempt, self.seq, self.ack)
        return head + struct.pack(">I", crc32c(head + bytes(4) + self.data)) + self.data

    @classmethod
    def decode(cls, packet: bytes) -> KeysPacket:
        """Raises Malformed when lengths or the CRC are wrong."""
        magic, kind, flags, size, _ = _START.unpack_from(packet)
        if magic != MAGIC or kind != KEYS or not 28 <= size <= min(len(packet), 28 + KEYS_BYTES_MAX):
            raise Malformed("no KEYS packet")
        attempt, seq, ack, crc = struct.unpack_from(">QIII", packet, 8)
        if crc != crc32c(packet[:24] + bytes(4) + packet[28:size]):
            raise Malformed("CRC of a KEYS packet")
        return cls(attempt, seq, ack, packet[28:size], flags)


def expand(secret: bytes, info: bytes, size: int) -> bytes:
    """HKDF-Expand with SHA-256 (RFC 5869), for what one block gives."""
    return hmac.new(secret, info + b"\1", hashlib.sha256).digest()[:size]


@dataclass
class Phase:
    """The keys of one direction for a while."""

    secret: bytes
    number: int = 0

    def next(self) -> Phase:
        """The keys that follow."""
        return Phase(expand(self.secret, b"pcieoe next", 32), self.number + 1)

    def key(self) -> bytes:
        """For AES-256."""
        return expand(self.secret, b"pcieoe key", 32)

    def nonce(self, packet: int) -> bytes:
        """Of a packet."""
        base = expand(self.secret, b"pcieoe iv", 12)
        return base[:4] + (int.from_bytes(base[4:], "big") ^ packet).to_bytes(8, "big")

    def seal(self, packet: int, frame: bytes) -> bytes:
        """A SEALED packet."""
        head = _START.pack(MAGIC, SEALED, self.number & 0xFF, 16 + len(frame) + TAG_BYTES, 0) + struct.pack(">Q", packet)
        return head + seal(self.key(), self.nonce(packet), frame, head)

    def open(self, packet: bytes) -> tuple[int, bytes] | None:
        """Number and frame of a SEALED packet of this phase; None for any other."""
        magic, kind, phase, size, _ = _START.unpack_from(packet)
        if magic != MAGIC or kind != SEALED or phase != self.number & 0xFF or not 32 <= size <= len(packet):
            return None
        number, = struct.unpack_from(">Q", packet, 8)
        frame = open_sealed(self.key(), self.nonce(number), packet[16:size], packet[:16])
        return None if frame is None else (number, frame)
