"""The frames in hex of the specification's section 13, and its capture: decoded, encoded again, compared byte for byte."""

from __future__ import annotations

import re
from pathlib import Path

from . import bodies, frame, records, tlp
from .bodies import Discover, Hello, Offer, Refusal, padded
from .frame import Frame
from .pcapng import packets
from .records import Attach, Attached, Credit, Event, Push, Record, Refused

_BLOCK = re.compile(r"<!-- (golden|packet): (\S+) -->\n```text\n(.*?)```", re.S)


def blocks(text: str) -> dict[tuple[str, str], bytes]:
    """Kind (golden, packet) and name of each block of the specification, with its bytes."""
    return {(kind, name): bytes.fromhex("".join(line.split(";")[0] for line in hexes.splitlines()))
            for kind, name, hexes in _BLOCK.findall(text)}


def _again_tlp(data: bytes) -> bytes:
    return tlp.decode(data).encode()


def _again_credit(data: bytes) -> bytes:
    return b"".join(each.encode() for each in Credit.decode_all(data))


def _again_push(data: bytes) -> bytes:
    push = Push.decode(data)
    assert push is not None
    return push.encode()


_RECORDS = {
    records.TLP: _again_tlp,
    records.CREDIT: _again_credit,
    records.PUSH: _again_push,
    records.EVENT: lambda data: Event.decode(data).encode(),
    records.ATTACH: lambda data: Attach.decode(data).encode(),
    records.ATTACHED: lambda data: Attached.decode(data).encode(),
    records.REFUSED: lambda data: Refused.decode(data).encode(),
    records.DETACH: lambda data: records.encode_leave(records.decode_leave(data)),
    records.DETACHED: lambda data: records.encode_leave(records.decode_leave(data)),
}


def _again_record(record: Record) -> bytes:
    body = record.body
    if not record.flags & records.MORE and record.kind in _RECORDS:
        body = _RECORDS[record.kind](body)
    return Record(record.stream, record.kind, body, record.epoch_tag, record.flags).encode()


def _again_data(body: bytes) -> bytes:
    return b"".join(map(_again_record, records.decode_records(body, bodies.ALL_CAPABILITIES)))


_BODIES = {
    frame.HELLO: lambda body: Hello.decode(body).encode(),
    frame.WELCOME: lambda body: Hello.decode(body).encode(),
    frame.REFUSE: lambda body: Refusal.decode(body).encode(),
    frame.DATA: _again_data,
    frame.ACK: lambda body: bodies.encode_ranges(bodies.decode_ranges(body)),
    frame.BYE: lambda body: Refusal.decode(body).encode(),
    frame.DISCOVER: lambda body: Discover.decode(body).encode(),
    frame.OFFER: lambda body: Offer.decode(body).encode(),
}


def again(data: bytes) -> bytes:
    """A frame decoded down to its last field, and encoded anew from those."""
    read: Frame = frame.decode(data)
    read.body = padded(_BODIES[read.type](read.body))
    return read.encode()


def check(spec: Path) -> list[tuple[str, str]]:
    """Each golden frame's name and what is wrong with it: nothing, as an empty text."""
    everything = [(f"golden {name}", data) for (kind, name), data in blocks(spec.read_text()).items() if kind == "golden"]
    capture = spec.with_name(spec.stem + "-golden.pcapng")
    everything += [(f"capture packet {n}", data) for n, data in enumerate(packets(capture.read_bytes()), 1)]
    return [(name, "" if again(data) == data else "encoded otherwise") for name, data in everything]
