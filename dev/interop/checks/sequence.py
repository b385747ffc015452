"""One sequence: duplicates, gaps, acknowledgements, rails that die (6, 7)."""

from __future__ import annotations

import struct
import time

from checks.bench import Bench
from checks.frames import still_there
from pcieoe import bodies, frame, tlp
from pcieoe.raw import Raw
from pcieoe.suite import check, expect, not_visible
from pcieoe.tlp import Tlp

TICKET = 8
"""From SCRATCH to TICKET, which counts its reads."""


def ticket_read(one: Raw, scratch: int) -> tuple[int, bytes]:
    """A read that must be done once: its tag and the record."""
    packet = Tlp(tlp.MRD32, address=scratch + TICKET)
    tag = one.request(packet)
    return tag, one.tlp(packet).encode()


def value(one: Raw, tag: int) -> int:
    """What such a read has brought."""
    return struct.unpack("<I", one.completion(tag).data)[0]


@check(28)
def duplicates(bench: Bench) -> None:
    """a DATA frame that comes twice is done once and acknowledged at once"""
    with bench.attached() as (one, scratch):
        first = one.read(scratch + TICKET)
        tag, body = ticket_read(one, scratch)
        seq = one.data(body)
        for _ in range(5):
            one.data(body, seq=seq, more_flags=frame.REPLAY)
        expect(value(one, tag) == first + 1, "the read is done")
        one.came.clear()
        one.data(body, seq=seq)
        one.expect(frame.ACK, lambda each: each.ack == one.next)
        expect(one.read(scratch + TICKET) == first + 2, "and done once")


@check(60, 61)
def late_frames(bench: Bench) -> None:
    """with SACK frames after a gap are kept, told by sack and ranges, and delivered in their turn"""
    with bench.attached() as (one, scratch):
        first = one.next
        reads = [ticket_read(one, scratch) for _ in range(6)]
        start = one.read(scratch + TICKET)
        first = one.next
        for n in (1, 2, 4, 5):
            one.data(reads[n][1], seq=first + n)
        ack = one.expect(frame.ACK, lambda each: each.sack == 0b11011)
        expect(ack.ack == first, "ack names the missing frame")
        expect(bodies.decode_ranges(ack.body) == [(first + 1, first + 3), (first + 4, first + 6)], "ranges say the same")
        one.data(reads[0][1], seq=first)
        expect([value(one, reads[n][0]) for n in range(3)] == [start + 1, start + 2, start + 3], "three are delivered")
        one.data(reads[3][1], seq=first + 3)
        expect([value(one, reads[n][0]) for n in range(3, 6)] == [start + 4, start + 5, start + 6], "and the others")
        one.next = first + 6
        one.alive()


@check(60)
def beyond_reorder(bench: Bench) -> None:
    """with SACK a frame beyond reorderFrames is dropped"""
    with bench.begun() as one:
        one.data(seq=one.next + one.peer.reorder_frames)
        one.next = 1
        one.came.clear()
        one.ack(more_flags=frame.PING)
        ack = one.expect(frame.ACK)
        one.alive()
        expect(ack.sack == 0 and not ack.body and ack.ack == 1, f"it was kept: {ack}")


@check(31, 61)
def wrong_acknowledgements(bench: Bench) -> None:
    """acknowledging what was never sent, by ack, sack or a range, or ranges in disorder, ends the rail"""
    for changes, ranges in (({"ack": 1000}, []), ({"sack": 1 << 20}, []), ({}, [(500, 600)]), ({}, [(1, 1)]),
                            ({}, [(0, 1)])):
        with bench.begun() as one:
            one.send(frame.ACK, bodies.encode_ranges(ranges), **changes)
            one.expect_refuse(bodies.MALFORMED)
            still_there(bench, one).close()


@check(64)
def ping(bench: Bench) -> None:
    """a frame with PING is answered at once, on its own rail"""
    with bench.begun() as one:
        other = one.resumed(bench.dial_tcp(), 1)
        other.alive()
        for rail in (one, other, one):
            began = time.monotonic()
            rail.alive()
            expect(time.monotonic() - began < 0.4, "before any keep-alive")


@check(53)
def echo_fields(bench: Bench) -> None:
    """echo fields tell the last frame's txTime and how long ago it came"""
    with bench.raw() as one:
        hello = one.hello()
        welcome = one.welcome()
        expect(welcome.flags & frame.ECHO and welcome.echo_time == hello.tx_time, "WELCOME echoes HELLO's txTime")
        one.ack(seq=1)
        one.acknowledging = False
        sent = one.frame(frame.ACK)
        began = time.monotonic_ns()
        one.rail.send(sent.encode())
        echoed = one.expect(frame.ACK, lambda each: each.echo_time == sent.tx_time, 3)
        passed = (time.monotonic_ns() - began) // 16
        expect(passed * 2 // 10 < echoed.echo_delay <= passed, f"echoDelay {echoed.echo_delay} of {passed} units")


@check(35)
def acknowledged_soon(bench: Bench) -> None:
    """DATA is acknowledged soon, and 256 frames at the latest"""
    with bench.begun() as one:
        one.data()
        began = time.monotonic()
        one.until(lambda: one.peer_ack == 2, "the acknowledgement")
        expect(time.monotonic() - began < 0.4, "it does not wait for a keep-alive")
        for _ in range(1000):
            one.data()
        one.until(lambda: one.peer_ack == one.next, "the last acknowledgement")


@check(32)
def kept_until_acknowledged(bench: Bench) -> None:
    """what was not acknowledged is sent again after resuming, with the same numbers and records"""
    with bench.attached() as (one, scratch):
        one.alive()
        one.acknowledging = False
        expected = one.expected
        one.came.clear()
        for n in range(3):
            one.data(ticket_read(one, scratch)[1], ack=expected)
            one.until(lambda: len({each.seq for each in one.came if each.type == frame.DATA}) > n, "DATA")
        first = {each.seq: each.body for each in one.came if each.type == frame.DATA and each.seq >= expected}
        expect(len(first) >= 3, "three answers came, and none was acknowledged")
        one.rail.abort()
        one.over = True
        other = one.resume(bench.dial_tcp())
        other.expected = expected
        other.hello(ack=expected)
        other.next = other.welcome().ack
        other.ack()
        other.until(lambda: other.expected >= one.expected, "all again")
        again = {each.seq: each for each in other.came if each.type == frame.DATA and each.seq in first}
        expect({seq: each.body for seq, each in again.items()} == first, "the same numbers and records")
        expect(all(each.flags & frame.REPLAY for each in again.values()), "REPLAY is set")
        one.session = 0
        other.close()


@check(66, 32)
def lost_rail(bench: Bench) -> None:
    """with RAILS a rail that dies disturbs no other, and its frames go over those"""
    with bench.attached() as (one, scratch):
        other = one.resumed(bench.dial_tcp(), 1)
        other.stream, other.epoch = one.stream, one.epoch
        other.alive()
        tag, body = ticket_read(one, scratch)
        other.next = one.next
        one.rail.abort()
        one.over = True
        other.data(body)
        other.completion(tag)
        other.alive()
        other.close()
        one.session = 0


@check(63)
def within_reorder(bench: Bench) -> None:
    """with several rails no frame is sent beyond what this end said that it reorders"""
    with bench.attached(reorder_frames=8, frame_bytes_max=1464) as (one, scratch):
        other = one.resumed(bench.dial_tcp(), 1)
        other.stream, other.epoch = one.stream, one.epoch
        other.alive()
        one.acknowledging = other.acknowledging = False
        base, seen = one.expected, set()
        other.next = one.next
        for _ in range(30):
            packet = bench.read_request(other, scratch - 0x10 + 0x100000, 1024)
            other.data(other.tlp(packet), ack=base, sack=0)
        end = time.monotonic() + 0.4
        while time.monotonic() < end:
            for rail in (one, other):
                seen |= {each.seq for each in rail.poll() if each.type == frame.DATA}
                rail.ack(ack=base, sack=0)
        expect(seen and max(seen) < base + 8, f"frames up to {max(seen, default=0)}, {base + 8} is beyond")
        one.session = 0
        other.close()


not_visible("how an end spreads DATA over rails that are well is its own choice", 67)
