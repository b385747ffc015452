"""Sessions: begun, resumed, replaced, refused (5, 7)."""

from __future__ import annotations

import struct
import time

from checks.bench import Bench
from checks.frames import still_there
from pcieoe import bodies, frame, records
from pcieoe.records import Record
from pcieoe.suite import check, expect, not_visible


@check(22)
def smaller_of_both(bench: Bench) -> None:
    """frames are no longer than the smaller of both ends' limits"""
    with bench.attached(frame_bytes_max=1464, payload_bytes_max=256) as (one, scratch):
        one.config(0x10 + 8, scratch - 0x10 + 0x100000)
        for _ in range(20):
            packet = bench.read_request(one, scratch - 0x10 + 0x100000, 1024)
            one.data(one.tlp(packet))
        one.until(lambda: sum(len(each.data) for each in one.tlps()) >= 20 * 1024, "all data")
        expect(max(len(each.body) for each in one.came) + 40 <= 1464, "no frame is longer")
        expect(max(len(each.data) for each in one.tlps()) <= 256, "no TLP has more data")


@check(23)
def sizes_out_of_range(bench: Bench) -> None:
    """sizes out of range are refused with FRAME_SIZE"""
    for name, value in (("frame_bytes_max", 1460), ("frame_bytes_max", 1466), ("frame_bytes_max", 65533),
                        ("payload_bytes_max", 64), ("payload_bytes_max", 8192), ("payload_bytes_max", 300),
                        ("read_request_bytes_max", 0), ("read_request_bytes_max", 1000)):
        with bench.raw(**{name: value}) as one:
            one.hello()
            try:
                one.expect_refuse(bodies.FRAME_SIZE)
            except AssertionError as why:
                raise AssertionError(f"{name} {value}: {why}") from None


@check(23)
def smaller_rail(bench: Bench) -> None:
    """a rail that cannot carry the session's frames is refused with FRAME_SIZE"""
    with bench.begun() as one:
        other = one.resume(bench.dial_tcp(), 1)
        other.mine.frame_bytes_max = 1464
        other.hello()
        other.expect_refuse(bodies.FRAME_SIZE)
        one.alive()


@check(19)
def resume_needs_all(bench: Bench) -> None:
    """a session is resumed only by its number, token, node name and instance id together"""
    with bench.begun() as one:
        for name, value, code in (("token", bytes(16), bodies.BAD_TOKEN), ("token", b"x" * 16, bodies.BAD_TOKEN),
                                  ("name", "somebody-else", bodies.BAD_TOKEN), ("instance_id", 1, bodies.BAD_TOKEN),
                                  ("session", one.session ^ 1, bodies.UNKNOWN_SESSION)):
            other = one.resume(bench.dial_tcp())
            setattr(other if name in ("token", "session") else other.mine, name, value)
            other.hello()
            other.expect_refuse(code)
        one.alive()


@check(24)
def resume_out_of_reach(bench: Bench) -> None:
    """resuming at a frame that was never sent is refused with SEQUENCE, and does no harm to the session"""
    with bench.begun() as one:
        other = one.resume(bench.dial_tcp(), 1)
        other.hello(ack=1000)
        other.expect_refuse(bodies.SEQUENCE)
        one.alive()


@check(21)
def replaced_by_name(bench: Bench) -> None:
    """a new session ends the older one of its node name, with BYE and REPLACED, once it is confirmed"""
    with bench.attached() as (one, _), bench.raw(name=one.mine.name) as other:
        other.hello()
        welcome = other.welcome()
        one.alive()
        other.ack(seq=welcome.ack)
        code = bodies.Refusal.decode(one.expect(frame.BYE).body).code
        expect(code == bodies.REPLACED, f"BYE says code {code}")
        one.expect_end()
        other.alive()
        bench.wait_free(other)


@check(70)
def hello_alone(bench: Bench) -> None:
    """a HELLO alone, new or to resume, changes nothing"""
    with bench.begun() as one:
        for again in (one.resume(bench.dial_tcp()), one.resume(bench.dial_tcp())):
            again.hello()
            again.welcome()
            one.alive()
            again.rail.close()
        with bench.raw(name=one.mine.name) as other:
            other.hello()
            other.welcome()
            one.alive()
            other.session = 0
        one.alive()


@check(70, 73)
def other_rail_confirms(bench: Bench) -> None:
    """a HELLO over another rail with the new session's number and token makes that session"""
    with bench.raw() as one:
        one.hello()
        one.welcome()
        other = one.resumed(bench.dial_tcp(), 1)
        other.alive()
        one.ack(seq=1)
        one.alive()
        other.alive()


@check(26, 74)
def same_number_replaces(bench: Bench) -> None:
    """with RAILS a rail replaces the one of its number and joins the others; a number above 7 is refused"""
    with bench.begun() as one:
        second = one.resumed(bench.dial_tcp(), 1)
        one.alive()
        second.alive()
        third = one.resumed(bench.dial_tcp(), 1)
        third.alive()
        second.expect_end()
        one.alive()
        wrong = one.resume(bench.dial_tcp(), 8)
        wrong.hello()
        wrong.expect_refuse(bodies.MALFORMED, bodies.OTHER, bodies.BAD_TOKEN, bodies.BUSY)
        one.alive()


@check(26)
def one_rail_without_rails(bench: Bench) -> None:
    """without RAILS a new rail replaces the one there is"""
    for capabilities in (0, 1, 2):
        with bench.begun(capabilities=capabilities, reorder_frames=64 if capabilities == 1 else 0) as one:
            expect(one.peer.reorder_frames or not capabilities & 1, "WELCOME says how far it reorders")
            other = one.resumed(bench.dial_tcp())
            other.alive()
            one.expect_end()


@check(55)
def hello_inside(bench: Bench) -> None:
    """HELLO and WELCOME inside a session end a TCP rail"""
    for kind in (frame.HELLO, frame.WELCOME):
        with bench.begun() as one:
            one.send(kind, one.mine.encode(), seq=0)
            one.expect_refuse(bodies.MALFORMED)
            still_there(bench, one).close()


@check(25, slow=True)
def silent_handshake(bench: Bench) -> None:
    """a rail on which no session is agreed on is refused after some 3 s"""
    for said in (b"", frame.Frame(frame.HELLO).encode()[:20]):
        with bench.raw() as one:
            began = time.monotonic()
            one.rail.send(said)
            one.expect_refuse(bodies.MALFORMED, timeout_s=20)
            expect(2 < time.monotonic() - began, "not before")


@check(25, slow=True)
def unanswered_welcome(bench: Bench) -> None:
    """a WELCOME that nobody answers makes no session"""
    with bench.raw() as one:
        one.acknowledging = False
        one.hello()
        one.welcome()
        one.expect_refuse(bodies.MALFORMED, timeout_s=20)
        other = one.resume(bench.dial_tcp())
        other.hello()
        other.expect_refuse(bodies.UNKNOWN_SESSION, bodies.BAD_TOKEN)


@check(54, alone=True)
def fresh_rails_bounded(bench: Bench) -> None:
    """rails without a session are bounded, and what is beyond is answered with BUSY"""
    rails = []
    try:
        for _ in range(1100):
            one = bench.fresh()
            rails.append(one)
            one.poll(0)
            if len(rails) % 32 == 0:
                for each in rails:
                    each.poll(0)
                if any(each.over or each.came for each in rails):
                    break
        busy = [each for each in rails if each.came]
        expect(busy, f"{len(rails)} rails without a word, and none refused")
        expect(bodies.Refusal.decode(busy[0].came[0].body).code == bodies.BUSY, "REFUSE says BUSY")
    finally:
        for each in rails:
            each.rail.abort()
    time.sleep(1)
    with bench.begun() as one:
        one.alive()


@check(39, slow=True)
def hold_time(bench: Bench) -> None:
    """a session without a rail for its hold time, the smaller of both, is down"""
    with bench.begun(hold_ms=1500) as one:
        one.rail.abort()
        one.over = True
        time.sleep(0.3)
        other = still_there(bench, one)
        other.rail.abort()
        time.sleep(2.5)
        third = other.resume(bench.dial_tcp())
        third.hello()
        third.expect_refuse(bodies.UNKNOWN_SESSION, bodies.BAD_TOKEN)


@check(38, slow=True)
def silence(bench: Bench) -> None:
    """a rail over which nothing comes is ended after the silence time, with REFUSE"""
    with bench.begun() as one:
        one.acknowledging = False
        began = time.monotonic()
        one.expect_refuse(*range(11), timeout_s=20 + one.peer.silence_ms / 1000)
        expect(time.monotonic() - began > 0.8 * one.peer.silence_ms / 1000, "not before")
        still_there(bench, one).close()


@check(37, slow=True)
def keep_alive(bench: Bench) -> None:
    """an end that has nothing to send sends ACK: every 500 ms, or four times in the peer's silence time"""
    for silence_ms, most_s in ((3000, 0.5), (400, 0.1)):
        with bench.begun(silence_ms=silence_ms) as one:
            times: list[float] = []
            end = time.monotonic() + 20
            while len(times) < 6 and time.monotonic() < end:
                one.ack()  # it must be heard itself, and not be answered
                times += [time.monotonic()] * bool(one.poll(0.02))
            expect(len(times) == 6, f"only {len(times)} frames in 20 s")
            shortest = min(b - a for a, b in zip(times, times[1:]))
            expect(shortest < 1.5 * most_s, f"pauses of {shortest:.3f} s at least")


@check(40)
def bye(bench: Bench) -> None:
    """BYE ends the session with all its streams"""
    with bench.attached() as (one, _):
        one.send(frame.BYE, bodies.Refusal(0, "done").encode())
        one.expect_end()
        with bench.begun() as other:
            bench.wait_free(other)
            again = one.resume(bench.dial_tcp())
            again.hello()
            again.expect_refuse(bodies.UNKNOWN_SESSION, bodies.BAD_TOKEN)


@check(36)
def four_mistakes(bench: Bench) -> None:
    """a session ends when four rails in a row ended for what came over them without progress"""
    with bench.begun() as one:
        rail = one
        for n in range(4):
            rail.data(Record(0, 0x7F))
            rail.until(lambda r=rail: any(each.type in (frame.REFUSE, frame.BYE) for each in r.came), "REFUSE or BYE")
            if n < 3:
                rail = one.resume(bench.dial_tcp())
                rail.hello()
                rail.welcome()
                rail.next = 1
                rail.ack()
        rail = one.resume(bench.dial_tcp())
        rail.hello()
        rail.expect_refuse(bodies.UNKNOWN_SESSION, bodies.BAD_TOKEN)


@check(56)
def asks_and_never_acknowledges(bench: Bench) -> None:
    """a session whose initiator asks and acknowledges no answers ends"""
    with bench.begun() as one:
        one.acknowledging = False
        body = struct.pack(">HBB4xQ", 1, 1, 1, 0) + struct.pack(">II", 64, 4096) * 3 + b"xy"
        many = b"".join(Record(0, records.ATTACH, body).encode() for _ in range(200))
        for _ in range(3000):
            one.data(many, ack=1, sack=0)
            one.poll(0)
            if one.over:
                break
        one.expect_end(10)


@check(29, 30)
def gap_without_sack(bench: Bench) -> None:
    """without SACK a gap, by DATA or by an ACK's seq, ends a TCP rail"""
    for kind in (frame.DATA, frame.ACK):
        with bench.begun(capabilities=0, reorder_frames=0) as one:
            one.send(kind, seq=5)
            one.expect_refuse(bodies.MALFORMED)
            still_there(bench, one).close()



not_visible("what an initiator drops on raw Ethernet changes nothing that an appliance sees", 57, 58)
not_visible("an initiator dials its ways in an order of its own", 73)
