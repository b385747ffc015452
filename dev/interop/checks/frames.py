"""Frames and records (3, 4): what is malformed, what is ignored, what is delivered."""

from __future__ import annotations

import struct

from checks.bench import Bench
from pcieoe import bodies, frame, records, tlp
from pcieoe.raw import Raw
from pcieoe.records import Record
from pcieoe.suite import check, expect
from pcieoe.tlp import Tlp


def still_there(bench: Bench, one: Raw) -> Raw:
    """Resumes the session whose rail has ended, over another rail."""
    other = one.resumed(bench.dial_tcp())
    other.stream, other.epoch = one.stream, one.epoch
    other.alive()
    return other


def ends_rail_only(bench: Bench, one: Raw, what: str) -> Raw:
    """A reliable rail is refused as MALFORMED, and the session goes on over the next."""
    try:
        one.expect_refuse(bodies.MALFORMED)
    except AssertionError as why:
        raise AssertionError(f"{what}: {why}") from None
    return still_there(bench, one)


@check(1, 8)
def no_magic(bench: Bench) -> None:
    """bytes without the magic number end a TCP rail, not the session"""
    with bench.begun() as one:
        one.rail.send(b"GET / HTTP/1.1\r\n\r\n" + bytes(40))
        ends_rail_only(bench, one, "no magic").close()


@check(2, 18)
def not_a_frame(bench: Bench) -> None:
    """what is not a frame on a fresh rail is refused as MALFORMED"""
    with bench.raw() as one:
        one.rail.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" + bytes(20))
        one.expect_refuse(bodies.MALFORMED)


@check(18)
def not_hello(bench: Bench) -> None:
    """a rail that begins with another frame than HELLO is refused"""
    for kind, body in ((frame.ACK, b""), (frame.DATA, b""), (frame.BYE, bodies.Refusal(0, "x").encode()),
                       (frame.WELCOME, bodies.Hello(name="x").encode())):
        with bench.raw() as one:
            one.send(kind, body)
            one.expect_refuse(bodies.MALFORMED, bodies.UNKNOWN_SESSION)


@check(3)
def versions(bench: Bench) -> None:
    """another major version is refused in the appliance's own, any minor version is taken"""
    with bench.raw() as one:
        one.send(frame.HELLO, one.mine.encode(), seq=0, major=2)
        refused = one.expect(frame.REFUSE)
        expect(refused.major == 1, "REFUSE has version 1")
        expect(bodies.Refusal.decode(refused.body).code == bodies.VERSION, "REFUSE says VERSION")
        one.expect_end()
    for minor in (0, 15):
        with bench.raw() as one:
            one.send(frame.HELLO, one.mine.encode(), seq=0, minor=minor)
            one.welcome()


@check(4, 8)
def lengths(bench: Bench) -> None:
    """a length below 40, not a multiple of 4 or above the session's limit ends the rail"""
    for length, filling in ((36, 0), (42, 2), (0, 0), (16644, 16644 - 40)):
        with bench.begun() as one:
            one.rail.send(one.frame(frame.ACK, bytes(filling)).encode(length))
            ends_rail_only(bench, one, f"length {length}").close()


@check(6)
def reserved(bench: Bench) -> None:
    """reserved fields and unknown flags are sent as 0 and ignored"""
    with bench.raw() as one:
        body = bytearray(one.mine.encode() + b"later minor versions")
        body[0] = 0x80
        struct.pack_into(">H", body, 50, 0xFFFF)
        one.send(frame.HELLO, bytes(body), seq=0, flags=0xFFE0)
        welcome = one.welcome()
        expect(one.peer.capabilities & ~bodies.ALL_CAPABILITIES == 0, "unknown capabilities are 0")
        expect(welcome.flags & ~0x1F == 0 and welcome.body[50:52] == b"\0\0", "reserved fields are 0")
        one.ack(seq=1, more_flags=0x8000)
        one.attach(bench.scratch_card())
        packet = Tlp(tlp.CFGRD0, target=0x0100)
        record = one.tlp(packet)
        one.data(Record(record.stream, record.kind, record.body, record.epoch_tag, 0xFC))
        expect(len(one.completion(0).data) == 4, "a record with unknown flags is taken")


@check(7)
def crc_on_tcp(bench: Bench) -> None:
    """a CRC that is there is checked on TCP, too"""
    with bench.begun() as one:
        one.ack(more_flags=frame.CRC)
        one.alive()
        raw = bytearray(one.frame(frame.ACK, more_flags=frame.CRC).encode())
        raw[36] ^= 1
        one.rail.send(bytes(raw))
        ends_rail_only(bench, one, "wrong CRC").close()


@check(8, 9, 12)
def nothing_of_a_malformed_frame(bench: Bench) -> None:
    """nothing of a frame with a malformed record is delivered, and the session goes on"""
    with bench.attached() as (one, scratch):
        one.data(one.write(scratch, 1))
        expect(one.read(scratch) == 1, "a write is delivered")
        one.data(one.write(scratch, 2), Record(0, 0x7F))
        other = ends_rail_only(bench, one, "record kind 7Fh")
        expect(other.read(scratch) == 1, "the write in front of a malformed record is not delivered")
        other.close()


@check(10, 87)
def frame_types(bench: Bench) -> None:
    """undefined frame types, DISCOVER and OFFER end the rail"""
    for kind in (0, 9, 255, frame.DISCOVER, frame.OFFER):
        with bench.begun() as one:
            one.rail.send(one.frame(kind, bytes(88)).encode())
            ends_rail_only(bench, one, f"type {kind}").close()


@check(11)
def other_session(bench: Bench) -> None:
    """a frame with another session's number is dropped"""
    with bench.attached() as (one, scratch):
        one.data(one.write(scratch, 7))
        one.data(one.write(scratch, 8), session=one.session ^ 1)
        one.send(frame.BYE, bodies.Refusal(0, "not mine").encode(), session=one.session ^ 1)
        expect(one.read(scratch) == 7, "the session goes on, the write is not done")


@check(12)
def record_kinds(bench: Bench) -> None:
    """record kinds from 80h on are skipped, others that are not defined or not agreed on are malformed"""
    with bench.attached() as (one, scratch):
        one.data(Record(0, 0x80, b"hello"), Record(7, 0xFF, b""), one.write(scratch, 5))
        expect(one.read(scratch) == 5, "what follows a skipped record is delivered")
    for kind in (0x00, 0x07, 0x0F, 0x15, 0x7F):
        with bench.begun() as one:
            one.data(Record(0, kind))
            ends_rail_only(bench, one, f"kind {kind:x}").close()
    for kind, body in ((records.PUSH, bytes(16)), (records.REVOKE, b""), (records.EVENT, bytes(16))):
        with bench.begun(capabilities=3) as one:
            one.data(Record(1, kind, body))
            ends_rail_only(bench, one, f"kind {kind:x} without its capability").close()


@check(4, 9, 59, 96)
def record_lengths(bench: Bench) -> None:
    """records that are longer than their frame, or cut short, end the rail"""
    for body in (struct.pack(">HBBHH", 1, records.TLP, 0, 64, 0) + bytes(16), bytes(4),
                 Record(1, records.TLP, bytes(3)).encode(), Record(1, records.TLP).encode(),
                 Record(0, records.ATTACH, bytes(39)).encode(), Record(1, records.CREDIT, bytes(11)).encode(),
                 Record(1, records.DETACH, b"\0\x09\0\0").encode(), Record(1, records.CREDIT).encode(),
                 Record(0, records.ATTACH, records.Attach(1, "x", "y", [(7, 512)] * 3).encode()).encode(),
                 Record(1, records.EVENT, b"\6" + bytes(15)).encode(), Record(1, records.EVENT, bytes(12)).encode(),
                 Record(1, records.EVENT, bytes(12 + 257)).encode(),
                 Record(1, records.EVENT, bytes(8) + b"\xff" * 4 + bytes(4)).encode()):
        with bench.begun() as one:
            one.data(body)
            ends_rail_only(bench, one, body.hex()).close()


@check(13, 14)
def strange_streams(bench: Bench) -> None:
    """records for unknown streams, or with another epochTag, are dropped"""
    with bench.attached() as (one, scratch):
        one.data(one.write(scratch, 9))
        right = one.write(scratch, 10)
        one.data(Record(right.stream, right.kind, right.body, right.epoch_tag ^ 1),
                 Record(right.stream + 999, right.kind, right.body, right.epoch_tag),
                 Record(0xFFFF, records.CREDIT, bytes(12)), Record(0xFFFF, records.HOT_RESET))
        expect(one.read(scratch) == 9, "nothing of that was delivered")


@check(15)
def fragments(bench: Bench) -> None:
    """fragments are put together across frames, and dropped when anything comes between"""
    with bench.attached() as (one, scratch):
        body = one.write(scratch, 11).body
        pieces = [one.record(records.TLP, body[at:at + 4], records.MORE if at + 4 < len(body) else 0)
                  for at in range(0, len(body), 4)]
        for piece in pieces:
            one.data(piece)
        expect(one.read(scratch) == 11, "a TLP of one DW a frame is delivered")
        body = one.write(scratch, 12).body
        one.data(one.record(records.TLP, body[:8], records.MORE))
        one.data(Record(0, 0x80))
        one.data(one.record(records.TLP, body[8:]))
        one.data(one.record(records.TLP, body[:8], records.MORE), one.record(records.CREDIT, bytes(12)),
                 one.record(records.TLP, body[8:]))
        expect(one.read(scratch) == 11, "fragments with something between are dropped")


MALFORMED_TLPS = {
    "longer than its Length": Tlp(tlp.MWR32, address=0xE0000010, data=bytes(8)).encode(),
    "shorter than its Length": Tlp(tlp.MWR32, address=0xE0000010, length_dw=2, last_be=15, data=bytes(4)).encode(),
    "across 4 KiB": Tlp(tlp.MRD32, address=0xE0000FFC, length_dw=2, last_be=15).encode(),
    "Last BE with one DW": Tlp(tlp.MWR32, address=0xE0000010, last_be=15, data=bytes(4)).encode(),
    "First BE 0 with two DW": Tlp(tlp.MRD32, address=0xE0000010, length_dw=2, first_be=0, last_be=15).encode(),
    "a header cut short": Tlp(tlp.MRD32, address=0xE0000010).encode()[:8],
    "an undefined type": b"\x1f" + Tlp(tlp.MRD32).encode()[1:],
    "a configuration request of two DW": Tlp(tlp.CFGRD0, length_dw=2, target=0x100).encode(),
}


@check(16, 42)
def malformed_tlps(bench: Bench) -> None:
    """malformed TLPs are dropped, cost no credits for good and end nothing"""
    with bench.attached() as (one, scratch):
        one.data(one.write(scratch, 13))
        for _ in range(200):
            one.data(*(one.tlp(each) for each in MALFORMED_TLPS.values()))
        expect(one.read(scratch) == 13, "what is malformed is not done, and the stream goes on")
        expect(len(one.tlps()) == 0, f"nothing answered: {one.tlps()[:3]}")
        expect(one.records(records.CREDIT), "credits were given back")


@check(16)
def longest_tlp(bench: Bench) -> None:
    """a TLP longer than 4132 bytes is dropped without harm"""
    with bench.attached() as (one, scratch):
        long = Tlp(tlp.MWR32, address=0xE0100000, length_dw=0, last_be=15, data=bytes(4096)).encode()
        one.data(one.tlp(b"\x90\0\0\0" * 7 + long))
        one.data(one.tlp(long))
        one.data(one.write(scratch, 14))
        expect(one.read(scratch) == 14, "the stream goes on")


@check(17, 22)
def payload_limit(bench: Bench) -> None:
    """a TLP with more data than the session's payloadBytesMax is not delivered"""
    with bench.attached(payload_bytes_max=128) as (one, scratch):
        sram = scratch - 0x10 + 0x100000
        one.data(one.tlp(Tlp(tlp.MWR32, address=sram, length_dw=32, last_be=15, data=b"\1" * 128)))
        one.data(one.tlp(Tlp(tlp.MWR32, address=sram, length_dw=33, last_be=15, data=b"\2" * 132)))
        expect(one.read(sram) == 0x01010101, "128 bytes are written, 132 are not")


@check(52)
def names(bench: Bench) -> None:
    """names that are empty, too long, not UTF-8 or with control characters are malformed"""
    for name in (b"", b"x" * 65, b"\xff\xfe", b"a\nb", "a\x85b".encode(), b"a\x7fb"):
        with bench.raw() as one:
            body = bytearray(bodies.Hello(name="x").encode()[:52])
            body[48] = len(name)
            one.send(frame.HELLO, bodies.padded(bytes(body) + name), seq=0)
            one.expect_refuse(bodies.MALFORMED)
    with bench.raw() as one:
        body = bytearray(one.mine.encode())
        body[48] = 64
        one.send(frame.HELLO, bytes(body), seq=0)
        one.expect_refuse(bodies.MALFORMED)
    with bench.begun() as one:
        one.data(Record(0, records.ATTACH, struct.pack(">HBB4xQ24x", 1, 2, 1, 0) + b"a\nb"))
        ends_rail_only(bench, one, "a function's name").close()


@check(13, 59)
def wrong_streams(bench: Bench) -> None:
    """ATTACH outside of stream 0, and a function's records in it, are dropped"""
    with bench.attached() as (one, scratch):
        attach = records.Attach(900, "nobody's", "x", [(64, 4096)] * 3).encode()
        write = one.write(scratch, 16)
        one.data(one.record(records.ATTACH, attach), Record(0, write.kind, write.body), Record(0, records.HOT_RESET),
                 Record(0, records.CREDIT, bytes(12)), Record(0, records.DETACH, records.encode_leave("x")))
        expect(one.read(scratch) == 0, "nothing of that was done")
        expect(not any(each.kind == records.REFUSED for each in one.delivered), "ATTACH in another stream was answered")


@check(95)
def against_direction(bench: Bench) -> None:
    """records against their direction are dropped"""
    with bench.attached() as (one, scratch):
        one.data(one.record(records.EVENT, records.Event(0, 0, 0, bytes(4)).encode()),
                 one.record(records.ATTACHED, records.Attached(77, one.epoch, [(8, 512)] * 3).encode()),
                 one.record(records.DETACHED, records.encode_leave("x")), one.write(scratch, 15))
        expect(one.read(scratch) == 15, "the stream goes on")


