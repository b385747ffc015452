"""Records: what DATA frames are made of (4, 8.2, 9)."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from .bodies import EVENT as EVENT_CAPABILITY
from .bodies import PUSH as PUSH_CAPABILITY
from .bodies import TEXT_BYTES_MAX, check_name, clean_text, padded
from .frame import Malformed

TLP, CREDIT, HOT_RESET, PUSH, EVENT, REVOKE = range(1, 7)
ATTACH, ATTACHED, REFUSED, DETACH, DETACHED = range(0x10, 0x15)
SKIPPABLE = 0x80

MORE, STEADY = 1, 2

POSTED, NON_POSTED, COMPLETION = range(3)

NO_SUCH_FUNCTION, HELD, STALE_EPOCH, NO_RESOURCES, NOT_ALLOWED, NOT_READY = range(1, 7)

_HEADER = struct.Struct(">HBBHH")
RECORD_HEADER_BYTES = _HEADER.size


@dataclass
class Record:
    """One record."""

    stream: int
    kind: int
    body: bytes = b""
    epoch_tag: int = 0
    flags: int = 0

    def encode(self) -> bytes:
        """The record's bytes with their padding."""
        return padded(_HEADER.pack(self.stream, self.kind, self.flags, len(self.body), self.epoch_tag) + self.body)


def decode_records(body: bytes, capabilities: int) -> list[Record]:
    """All records of a DATA frame's body, each checked (PCIEOE-9, 12)."""
    records, at = [], 0
    while at < len(body):
        if at + RECORD_HEADER_BYTES > len(body):
            raise Malformed("record header cut short")
        stream, kind, flags, size, tag = _HEADER.unpack_from(body, at)
        at += RECORD_HEADER_BYTES
        if at + size > len(body):
            raise Malformed("record longer than its frame")
        record = Record(stream, kind, body[at:at + size], tag, flags)
        check_record(record, capabilities)
        records.append(record)
        at += size + -size % 4
    return records


def check_record(record: Record, capabilities: int) -> None:
    """Raises Malformed for what 4.2, 4.6 and 9 do not allow."""
    kind = record.kind
    if kind >= SKIPPABLE:
        return
    if kind in (PUSH, REVOKE) and not capabilities & PUSH_CAPABILITY:
        raise Malformed("PUSH or REVOKE without the capability")
    if kind == EVENT and not capabilities & EVENT_CAPABILITY:
        raise Malformed("EVENT without the capability")
    if (record.stream == 0) != (kind in (ATTACH, REFUSED)) and kind != ATTACHED:
        raise Malformed("kind in the wrong stream")
    checks = {TLP: _check_tlp, CREDIT: Credit.decode_all, EVENT: Event.decode, ATTACH: Attach.decode,
              ATTACHED: Attached.decode, REFUSED: Refused.decode, DETACH: decode_leave, DETACHED: decode_leave}
    if kind in checks:
        checks[kind](record.body)
    elif kind not in (HOT_RESET, PUSH, REVOKE):
        raise Malformed(f"record kind {kind:x}")


def _check_tlp(body: bytes) -> None:
    if len(body) < 4 or len(body) % 4:
        raise Malformed("TLP length")


@dataclass
class Credit:
    """An entry of CREDIT (8.2): absolute counts, modulo 2^32."""

    klass: int
    headers: int
    data: int

    def encode(self) -> bytes:
        """The entry's bytes."""
        return struct.pack(">B3xII", self.klass, self.headers, self.data)

    @classmethod
    def decode_all(cls, body: bytes) -> list[Credit]:
        """The entries of a record."""
        if not body or len(body) % 12:
            raise Malformed("CREDIT length")
        return [cls(*struct.unpack_from(">B3xII", body, at)) for at in range(0, len(body), 12)]


Grant = list[tuple[int, int]]
"""Headers and data for each of the three classes; 0 is infinite."""


def _grant_bytes(grant: Grant) -> bytes:
    return b"".join(struct.pack(">II", *each) for each in grant)


def _grant(body: bytes, at: int) -> Grant:
    grant = [struct.unpack_from(">II", body, at + 8 * klass) for klass in range(3)]
    if any(headers and not 8 <= headers <= 1 << 28 or data and not 512 <= data <= 1 << 28 for headers, data in grant):
        raise Malformed("credits granted out of range")
    return grant


@dataclass
class Attach:
    """The body of ATTACH (9.1)."""

    request_id: int
    function: str
    server: str
    grant: Grant
    epoch: int = 0

    def encode(self) -> bytes:
        """The body's bytes."""
        function, server = self.function.encode(), self.server.encode()
        return struct.pack(">HBB4xQ", self.request_id, len(function), len(server), self.epoch) \
            + _grant_bytes(self.grant) + function + server

    @classmethod
    def decode(cls, body: bytes) -> Attach:
        """Raises Malformed when lengths, names or grants are wrong."""
        if len(body) < 40:
            raise Malformed("ATTACH too short")
        request, function, server, epoch = struct.unpack_from(">HBB4xQ", body)
        if len(body) < 40 + function + server:
            raise Malformed("ATTACH too short for its names")
        return cls(request, check_name(body[40:40 + function]), check_name(body[40 + function:40 + function + server]),
                   _grant(body, 16), epoch)


@dataclass
class Attached:
    """The body of ATTACHED (9.2)."""

    request_id: int
    epoch: int
    grant: Grant
    vendor: int = 0
    device: int = 0
    subsystem_vendor: int = 0
    subsystem: int = 0
    class_revision: int = 0
    serial: int = 0

    def encode(self) -> bytes:
        """The body's bytes."""
        return struct.pack(">H6xQ", self.request_id, self.epoch) + _grant_bytes(self.grant) + struct.pack(
            ">HHHHI4xQ", self.vendor, self.device, self.subsystem_vendor, self.subsystem, self.class_revision, self.serial)

    @classmethod
    def decode(cls, body: bytes) -> Attached:
        """Raises Malformed when the length, the epoch or grants are wrong."""
        if len(body) < 64:
            raise Malformed("ATTACHED too short")
        request, epoch = struct.unpack_from(">H6xQ", body)
        if not epoch:
            raise Malformed("epoch 0")
        return cls(request, epoch, _grant(body, 16), *struct.unpack_from(">HHHHI4xQ", body, 40))


@dataclass
class Refused:
    """The body of REFUSED (9.3)."""

    request_id: int
    code: int
    holder: str = ""
    text: str = ""

    def encode(self) -> bytes:
        """The body's bytes."""
        holder, text = self.holder.encode(), self.text.encode()[:TEXT_BYTES_MAX]
        return struct.pack(">HHBBH", self.request_id, self.code, len(holder), 0, len(text)) + holder + text

    @classmethod
    def decode(cls, body: bytes) -> Refused:
        """Raises Malformed when lengths or the holder's name are wrong."""
        if len(body) < 8:
            raise Malformed("REFUSED too short")
        request, code, holder, _, text = struct.unpack_from(">HHBBH", body)
        if len(body) < 8 + holder + text:
            raise Malformed("REFUSED too short for its texts")
        name = check_name(body[8:8 + holder]) if holder else ""
        return cls(request, code, name, clean_text(body[8 + holder:8 + holder + text]))


def encode_leave(text: str) -> bytes:
    """The body of DETACH and DETACHED (9.4)."""
    data = text.encode()[:TEXT_BYTES_MAX]
    return struct.pack(">H2x", len(data)) + data


def decode_leave(body: bytes) -> str:
    """The cause in DETACH or DETACHED."""
    if len(body) < 4:
        raise Malformed("DETACH or DETACHED too short")
    size, = struct.unpack_from(">H", body)
    if len(body) < 4 + size:
        raise Malformed("DETACH or DETACHED too short for its text")
    return clean_text(body[4:4 + size])


@dataclass
class Push:
    """The body of PUSH (4.5)."""

    address: int
    heard: int
    data: bytes

    def encode(self) -> bytes:
        """The body's bytes."""
        return struct.pack(">QI", self.address, self.heard) + self.data

    @classmethod
    def decode(cls, body: bytes) -> Push | None:
        """None for one that is dropped though its frame is well-formed (PCIEOE-91)."""
        if not 13 <= len(body) <= 12 + 4096:
            return None
        push = cls(*struct.unpack_from(">QI", body), body[12:])
        return push if push.address % 4096 + len(push.data) <= 4096 else None


@dataclass
class Event:
    """The body of EVENT (4.6): values, or with `harmless` the size of a range."""

    bar: int
    changes: int
    offset: int
    data: bytes = b""
    harmless: int = field(default=0)

    def encode(self) -> bytes:
        """The body's bytes."""
        rest = struct.pack(">I", self.harmless) if self.harmless else self.data
        return struct.pack(">BBHII", self.bar, bool(self.harmless), 0, self.changes, self.offset) + rest

    @classmethod
    def decode(cls, body: bytes) -> Event:
        """Raises Malformed by PCIEOE-96."""
        if len(body) < 13:
            raise Malformed("EVENT too short")
        bar, flags, _, changes, offset = struct.unpack_from(">BBHII", body)
        event = cls(bar, changes, offset)
        if flags & 1:
            if len(body) != 16:
                raise Malformed("EVENT with HARMLESS of another length")
            event.harmless, = struct.unpack_from(">I", body, 12)
            size = event.harmless
        else:
            event.data = body[12:]
            size = len(event.data)
        if bar > 5 or not size or not event.harmless and size > 256 or offset + size > 1 << 32:
            raise Malformed("EVENT's range")
        return event
