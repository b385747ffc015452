"""Raw Ethernet (10.1 to 10.3), and what differs on rails that are not reliable."""

from __future__ import annotations

import secrets
import time

from checks.bench import Bench
from checks.sequence import ticket_read, value
from pcieoe import bodies, ethernet, frame
from pcieoe.bodies import Discover
from pcieoe.ethernet import GROUP, Station, answers, ask, draw_port, offers
from pcieoe.records import Record
from pcieoe.suite import check, expect, not_visible


@check(81, 83, 211)
def discovery(bench: Bench) -> None:
    """DISCOVER to the group is answered by an OFFER of the same nonce and length"""
    station, port, nonce = bench.station(), draw_port(), secrets.randbits(64)
    try:
        for name in ("", bench.appliance_name()):
            for size in (88, 200, 1000):
                ask(station, GROUP, port, Discover(nonce, name, size))
                came = offers(station, port, 1, 1)
                expect(came, f"no OFFER for name '{name}' and {size} bytes")
                _, one, offer = came[0]
                expect(offer.nonce == nonce and len(one.body) == size, f"OFFER {offer.nonce:x}, {len(one.body)} bytes")
                expect(one.session == one.seq == one.ack == one.tx_time == 0, "its other fields are 0")
                expect(not offer.flags & offer.CREDENTIALS, "it takes rails in clear, and says so")
                expect(len(offer.named) <= offer.functions, "no more functions are named than there are")
    finally:
        station.close()


@check(81)
def no_offer(bench: Bench) -> None:
    """DISCOVER that is too short, asks for somebody else, or has no CRC is not answered"""
    station, port = bench.station(), draw_port()
    try:
        ask(station, GROUP, port, Discover(1, "somebody-else"))
        ask(station, GROUP, port, Discover(2, "", 80))
        ask(station, GROUP, port, Discover(3), flags=0)
        station.send(GROUP, 2, port, frame.Frame(frame.DISCOVER, flags=frame.CRC, body=Discover(4).encode()).encode())
        station.send(GROUP, 1, port, frame.Frame(frame.DISCOVER, flags=frame.CRC, body=Discover(5).encode()).encode(), 0x88B6)
        came = offers(station, port, 0.3)
        expect(not came, f"an OFFER for nonce {[each[2].nonce for each in came]}")
    finally:
        station.close()


@check(82)
def offers_bounded(bench: Bench) -> None:
    """the rate of OFFERs is bounded"""
    station, port = bench.station(), draw_port()
    try:
        began, count = time.monotonic(), 0
        for n in range(4000):
            ask(station, GROUP, port, Discover(n))
            if n % 100 == 99:
                count += len(offers(station, port, 0.001))
        count += len(offers(station, port, 0.3))
        took = time.monotonic() - began
        expect(0 < count <= 2100 * max(1.0, took), f"{count} OFFERs in {took:.1f} s for 4000 DISCOVERs")
    finally:
        station.close()
        time.sleep(1)


@check(5)
def behind_the_frame(bench: Bench) -> None:
    """bytes of a packet behind the frame's length are ignored"""
    with bench.ethernet_begun() as one:
        asked = one.frame(frame.ACK, more_flags=frame.PING)
        one.rail.send(asked.encode() + b"\xff" * 33)
        one.expect(frame.ACK, lambda each: each.echo_time == asked.tx_time)


@check(4, 7, 10, 12, 87)
def dropped_not_ended(bench: Bench) -> None:
    """what is malformed, or has no CRC or a wrong one, is dropped as if it had been lost"""
    with bench.ethernet_attached() as (one, scratch):
        one.data(one.write(scratch, 1))
        expect(one.read(scratch) == 1, "a write is done")
        good = one.frame(frame.DATA, one.write(scratch, 2).encode())
        wrong = bytearray(good.encode())
        wrong[-1] ^= 1
        one.rail.send(bytes(wrong))
        good.flags &= ~frame.CRC
        one.rail.send(good.encode())
        one.rail.send(one.frame(frame.DATA, one.write(scratch, 3).encode()).encode(400))
        one.rail.send(one.frame(frame.DATA, one.write(scratch, 4).encode() + Record(0, 0x7F).encode()).encode())
        one.rail.send(b"not a frame at all, by its magic number and all else")
        for kind in (0, 9, frame.DISCOVER, frame.OFFER):
            one.rail.send(one.frame(kind, bytes(88)).encode())
        expect(one.read(scratch) == 1, "nothing of that was done, and the rail goes on")


@check(55)
def hello_doubled(bench: Bench) -> None:
    """HELLO and WELCOME inside a session are dropped on Ethernet"""
    with bench.ethernet_begun() as one:
        one.send(frame.HELLO, one.mine.encode(), seq=0)
        one.send(frame.WELCOME, one.mine.encode(), seq=0)
        one.alive()


@check(72, 88)
def hello_repeated(bench: Bench) -> None:
    """a repeated HELLO is answered with the same number and token, and makes no other rail"""
    with bench.raw(bench.ethernet_rail()) as one:
        one.hello()
        first = one.welcome()
        token = one.token
        one.session, one.token = 0, bytes(16)
        one.rail.peer_port, port = 1, one.rail.peer_port
        one.hello()
        one.rail.peer_port = port
        second = one.welcome()
        expect((first.session, token) == (second.session, one.token), "number and token are the same")
        one.ack(seq=1)
        one.alive()


@check(84)
def own_port(bench: Bench) -> None:
    """HELLO is answered from a port that is drawn for the rail"""
    ports = set()
    for _ in range(3):
        with bench.ethernet_begun() as one:
            one.alive()
            ports.add(one.rail.peer_port)
    expect(len(ports) == 3 and min(ports) >= 1024, f"ports {ports}")


@check(80)
def other_ports(bench: Bench) -> None:
    """a rail takes packets from its peer's port only"""
    with bench.ethernet_attached() as (one, scratch):
        one.data(one.write(scratch, 1))
        forged = one.frame(frame.DATA, one.write(scratch, 2).encode()).encode()
        station = bench.station()
        for _ in range(3):
            station.send(one.rail.peer, one.rail.peer_port, one.rail.port ^ 1, forged)
            station.send(b"\x02\0\0\0\0\1", one.rail.peer_port, one.rail.port, forged)
            station.send(one.rail.peer, one.rail.peer_port ^ 1, one.rail.port, forged)
            station.send(one.rail.peer, one.rail.peer_port, one.rail.port, forged, 0x88B6)
        station.close()
        expect(one.read(scratch) == 1, "a write from another port is not done")


@check(70)
def echo_of_welcome(bench: Bench) -> None:
    """on Ethernet only a frame that echoes a WELCOME of that rail confirms it"""
    with bench.raw(bench.ethernet_rail()) as one:
        one.acknowledging = False
        one.hello()
        one.welcome()
        wrong = one.frame(frame.ACK, seq=1)
        wrong.echo_time ^= 0x1234
        one.rail.send(wrong.encode())
        none = one.frame(frame.ACK, seq=1)
        none.flags &= ~frame.ECHO
        none.echo_time = none.echo_delay = 0
        one.rail.send(none.encode())
        one.quiet(frame.ACK, 0.7)
        one.acknowledging = True
        one.ack(seq=1)
        one.alive()


@check(29, 30)
def nak(bench: Bench) -> None:
    """without SACK a gap is answered with NAK at once, and not again for each frame"""
    with bench.ethernet_attached(capabilities=0, reorder_frames=0) as (one, scratch):
        start = one.read(scratch + 8)
        one.came.clear()
        reads = [ticket_read(one, scratch) for _ in range(20)]
        first = one.next
        for n in range(1, 20):
            one.data(reads[n][1], seq=first + n)
        naks = lambda: [each for each in one.came if each.flags & frame.NAK]  # noqa: E731
        one.until(naks, "a NAK")
        expect(naks()[0].ack == first, "it names the missing frame")
        one.poll(0.001)
        expect(len(naks()) <= 10, f"{len(naks())} NAKs for 19 frames")
        for n in range(20):
            one.data(reads[n][1], seq=first + n, more_flags=frame.REPLAY)
        expect([value(one, tag) for tag, _ in reads] == list(range(start + 1, start + 21)), "each is done once, in order")
        one.came.clear()
        one.next = first + 20
        one.ack(seq=one.next + 5)
        one.until(naks, "a NAK for an ACK whose seq is after what was received")


@check(33, 34)
def repeated_without_sack(bench: Bench) -> None:
    """without SACK what is not acknowledged is sent again in time, and at once after NAK"""
    with bench.ethernet_attached(capabilities=0, reorder_frames=0) as (one, scratch):
        one.alive()
        one.acknowledging = False
        base = one.expected
        one.data(ticket_read(one, scratch)[1])
        one.until(lambda: sum(each.type == frame.DATA and each.seq == base for each in one.came) >= 3, "three times the same")
        again = [each for each in one.came if each.type == frame.DATA and each.seq == base]
        expect(all(each.body == again[0].body for each in again), "with the same records")
        expect(again[-1].flags & frame.REPLAY, "and REPLAY")
        one.came.clear()
        one.ack(ack=base, more_flags=frame.NAK)
        one.expect(frame.DATA, lambda each: each.seq == base)
        one.acknowledging = True
        one.ack()


@check(34, 62)
def repeated_with_sack(bench: Bench) -> None:
    """with SACK only what is lost is sent again, and before any timer when it was overtaken"""
    with bench.ethernet_attached() as (one, scratch):
        one.alive()
        one.acknowledging = False
        base = one.expected
        one.came.clear()
        for n in range(3):
            one.data(ticket_read(one, scratch)[1], ack=base)
            one.until(lambda want=base + n: any(each.seq == want and each.type == frame.DATA for each in one.came), "DATA")
        sent = max(each.seq for each in one.came if each.type == frame.DATA)
        one.came.clear()
        one.send(frame.ACK, bodies.encode_ranges([(base + 1, sent + 1)]), ack=base, sack=(1 << sent - base) - 1)
        one.until(lambda: any(each.type == frame.DATA for each in one.came), "the lost frame again")
        one.poll()
        again = {each.seq for each in one.came if each.type == frame.DATA}
        expect(again == {base}, f"sent again: {again}, missing was {base} alone")
        one.acknowledging = True
        one.ack()


@check(65)
def window(bench: Bench) -> None:
    """without acknowledgements a sender keeps to ten frames of the session's size"""
    with bench.ethernet_attached() as (one, scratch):
        one.alive()
        one.acknowledging = False
        base, size = one.expected, min(one.mine.frame_bytes_max, one.peer.frame_bytes_max)
        seen: dict[int, int] = {}
        for _ in range(60):
            one.data(one.tlp(bench.read_request(one, scratch - 0x10 + 0x100000, 1024)), ack=base, sack=0)
        end = time.monotonic() + 0.25
        while time.monotonic() < end:
            seen.update({each.seq: len(each.body) + 40 for each in one.poll() if each.type == frame.DATA})
        expect(seen and sum(seen.values()) <= 11 * size, f"{sum(seen.values())} bytes of {size} each under way")
        one.acknowledging = True
        one.ack()


@check(85)
def longest_frames(bench: Bench) -> None:
    """frames are as long as what has come through, and no longer"""
    found = ethernet.discover(bench.interface())[0]
    station = bench.station()
    station.close()
    expect(0 < found.frame_bytes <= station.mtu - 4, f"{found.frame_bytes} of {station.mtu - 4}")


@check(81)
def short_hello(bench: Bench) -> None:
    """a HELLO that is malformed is not welcomed"""
    station, port = bench.station(), draw_port()
    try:
        found = ethernet.discover(bench.interface())[0]
        station.send(found.address, 1, port, frame.Frame(frame.HELLO, ack=1, flags=frame.CRC).encode())
        station.send(found.address, 1, port, frame.Frame(frame.ACK, ack=1, flags=frame.CRC).encode())
        time.sleep(0.2)
        got = [each for each in station.receive() if each.to_port == port and answers(each.data)]
        expect(all(frame.decode(each.data).type == frame.REFUSE for each in got), "WELCOME for nothing")
    finally:
        station.close()


not_visible("packets with its own address would have to come from the appliance's own host", 86)
not_visible("the interface of the other host would have to be taken down", 89)
