"""What stands behind the header in frames that carry no records: handshake, refusal, discovery (5.2, 5.3, 5.6), ranges (6.2)."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from .frame import FRAME_BYTES_MAX, FRAME_BYTES_MIN, Malformed

SACK, RAILS, PUSH, EVENT = 1, 2, 4, 8
ALL_CAPABILITIES = SACK | RAILS | PUSH | EVENT

(OTHER, VERSION, MALFORMED, UNKNOWN_SESSION, BAD_TOKEN, BUSY, FRAME_SIZE, SEQUENCE, NOT_ALLOWED, SHUTTING_DOWN,
 REPLACED) = range(11)
CODE_NAMES = dict(enumerate(
    "OTHER VERSION MALFORMED UNKNOWN_SESSION BAD_TOKEN BUSY FRAME_SIZE SEQUENCE NOT_ALLOWED SHUTTING_DOWN REPLACED".split()))

NAME_BYTES_MAX = 64
TEXT_BYTES_MAX = 256
RANGES_MAX = 64
DISCOVER_BYTES_MIN = 128


def padded(data: bytes) -> bytes:
    """`data` and zero bytes up to a multiple of 4."""
    return data + bytes(-len(data) % 4)


def check_name(data: bytes) -> str:
    """A name as 5.1 has it."""
    if not 1 <= len(data) <= NAME_BYTES_MAX:
        raise Malformed("name length")
    try:
        name = data.decode()
    except UnicodeDecodeError:
        raise Malformed("name is not UTF-8") from None
    if any(ord(c) < 0x20 or 0x7F <= ord(c) <= 0x9F for c in name):
        raise Malformed("control character in a name")
    return name


def clean_text(data: bytes) -> str:
    """A text fit to be shown: whatever came, without control characters."""
    text = data[:TEXT_BYTES_MAX].decode(errors="replace")
    return "".join("?" if ord(c) < 0x20 or 0x7F <= ord(c) <= 0x9F else c for c in text)


@dataclass
class Hello:
    """The body of HELLO and WELCOME."""

    capabilities: int = ALL_CAPABILITIES
    frame_bytes_max: int = 16640
    payload_bytes_max: int = 4096
    read_request_bytes_max: int = 4096
    reorder_frames: int = 256
    replay_bytes: int = 1 << 20
    hold_ms: int = 30_000
    silence_ms: int = 3_000
    instance_id: int = 0
    token: bytes = bytes(16)
    rail: int = 0
    name: str = ""

    _FIXED = struct.Struct(">IHHHHIIIQ16sBBH")

    def encode(self) -> bytes:
        """The body's bytes."""
        name = self.name.encode()
        return padded(self._FIXED.pack(
            self.capabilities, self.frame_bytes_max, self.payload_bytes_max, self.read_request_bytes_max,
            self.reorder_frames, self.replay_bytes, self.hold_ms, self.silence_ms, self.instance_id, self.token,
            len(name), self.rail, 0) + name)

    @classmethod
    def decode(cls, body: bytes) -> Hello:
        """Raises Malformed when lengths or the name are wrong; sizes are the handshake's to judge."""
        if len(body) < cls._FIXED.size:
            raise Malformed("HELLO or WELCOME too short")
        caps, frame, payload, read, reorder, replay, hold, silence, instance, token, size, rail, _ = \
            cls._FIXED.unpack_from(body)
        if len(body) < cls._FIXED.size + size:
            raise Malformed("HELLO or WELCOME too short for its name")
        name = check_name(body[cls._FIXED.size:cls._FIXED.size + size])
        return cls(caps, frame, payload, read, reorder, replay, hold, silence, instance, token, rail, name)

    def sizes_fit(self) -> bool:
        """Whether sizes are in their ranges (PCIEOE-23)."""
        return (FRAME_BYTES_MIN <= self.frame_bytes_max <= FRAME_BYTES_MAX and self.frame_bytes_max % 4 == 0
                and all(128 <= n <= 4096 and n & (n - 1) == 0
                        for n in (self.payload_bytes_max, self.read_request_bytes_max)))


@dataclass
class Refusal:
    """The body of REFUSE and BYE."""

    code: int
    text: str = ""

    def encode(self) -> bytes:
        """The body's bytes; the text is cut to its limit."""
        text = self.text.encode()[:TEXT_BYTES_MAX].decode(errors="ignore").encode()
        return padded(struct.pack(">HH", self.code, len(text)) + text)

    @classmethod
    def decode(cls, body: bytes) -> Refusal:
        """Raises Malformed when the length is wrong."""
        if len(body) < 4:
            raise Malformed("REFUSE or BYE too short")
        code, size = struct.unpack_from(">HH", body)
        if len(body) < 4 + size:
            raise Malformed("REFUSE or BYE too short for its text")
        return cls(code, clean_text(body[4:4 + size]))

    def __str__(self) -> str:
        return f"{CODE_NAMES.get(self.code, self.code)}: {self.text}"


@dataclass
class Discover:
    """The body of DISCOVER, `size` bytes with its zeros."""

    nonce: int
    name: str = ""
    size: int = DISCOVER_BYTES_MIN - 40

    def encode(self) -> bytes:
        """The body's bytes."""
        name = self.name.encode()
        return (struct.pack(">QB3x", self.nonce, len(name)) + name).ljust(self.size, b"\0")

    @classmethod
    def decode(cls, body: bytes) -> Discover:
        """Raises Malformed when it is too short."""
        if len(body) < DISCOVER_BYTES_MIN - 40:
            raise Malformed("DISCOVER too short")
        nonce, size = struct.unpack_from(">QB", body)
        if len(body) < 12 + size:
            raise Malformed("DISCOVER too short for its name")
        return cls(nonce, check_name(body[12:12 + size]) if size else "", len(body))


@dataclass
class Offer:
    """The body of OFFER, `size` bytes with its zeros."""

    nonce: int
    instance_id: int
    frame_bytes_max: int
    functions: int
    name: str
    flags: int = 0
    named: list[str] = field(default_factory=list)
    size: int = DISCOVER_BYTES_MIN - 40

    CREDENTIALS = 1
    _FIXED = struct.Struct(">QQHHHBB")

    def encode(self) -> bytes:
        """The body's bytes."""
        name = self.name.encode()
        body = self._FIXED.pack(self.nonce, self.instance_id, self.frame_bytes_max, self.functions, len(self.named),
                                len(name), self.flags) + name
        for each in self.named:
            body += bytes([len(each.encode())]) + each.encode()
        return body.ljust(self.size, b"\0")

    @classmethod
    def decode(cls, body: bytes) -> Offer:
        """Raises Malformed when names do not fit."""
        if len(body) < cls._FIXED.size:
            raise Malformed("OFFER too short")
        nonce, instance, frame, functions, count, size, flags = cls._FIXED.unpack_from(body)
        at = cls._FIXED.size + size
        offer = cls(nonce, instance, frame, functions, check_name(body[cls._FIXED.size:at]), flags, [], len(body))
        for _ in range(count):
            if at >= len(body) or at + 1 + body[at] > len(body):
                raise Malformed("OFFER too short for its functions")
            offer.named.append(check_name(body[at + 1:at + 1 + body[at]]))
            at += 1 + body[at]
        return offer


def encode_ranges(ranges: list[tuple[int, int]]) -> bytes:
    """The body of an ACK: [first, behind the last) of each run of frames kept after a gap."""
    return b"".join(struct.pack(">II", *each) for each in ranges[:RANGES_MAX])


def decode_ranges(body: bytes) -> list[tuple[int, int]]:
    """The whole ranges in an ACK's body, at most 64; whether they make sense is the sender's to judge."""
    count = min(len(body) // 8, RANGES_MAX)
    return [struct.unpack_from(">II", body, 8 * each) for each in range(count)]
