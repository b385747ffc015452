"""End to end: real cards driven over rails good and bad, their bytes compared."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable

from checks.bench import Bench
from pcieoe import bodies, nvme, records, scratch
from pcieoe.initiator import Initiator
from pcieoe.port import Port
from pcieoe.rail import Hostile
from pcieoe.scratch import Scratch
from pcieoe.suite import check, expect

MEMORY = 0x1_2340_0000


def use_scratch(bench: Bench, one: Initiator, rounds: int = 1) -> None:
    """Registers, SRAM, DMA both ways at odd addresses, interrupts, a refused address, an AtomicOp."""
    port = Port(one, bench.scratch_card())
    try:
        card = Scratch(port)
        expect(card.get(scratch.ID) == 0x48435253, "ID reads SRCH")
        card.set(scratch.SCRATCH, 0x12345678)
        expect(card.get(scratch.SCRATCH) == 0x12345678, "SCRATCH holds what was written")
        first = card.get(scratch.TICKET)
        expect(card.get(scratch.TICKET) == first + 1, "TICKET counts each read once")
        window = port.memory.add(MEMORY, card.sram_bytes)
        chance = random.Random(bench.seed)
        for _ in range(rounds):
            transfer_both_ways(card, window, chance)
        card.set(scratch.IRQ_SIGNAL, 3)
        one.wait(lambda: port.interrupts[-1] == 3, 5, "vector 3")
        expect(card.transfer(scratch.TO_SRAM, 0x9999_0000, 0, 64) == scratch.STATUS_UR, "UR ends a transfer")
        expect(port.refused_dma == 1, "the window refused one request")
        fetch_add(card, window)
        if one.session and one.session.capabilities & 8:
            expect(port.events, "the card tells of its registers")
    finally:
        port.detach()


def transfer_both_ways(card: Scratch, window: bytearray, chance: random.Random) -> None:
    """Fills SRAM from the server's memory and takes it back, both at addresses that are multiples of nothing."""
    size = card.sram_bytes
    window[:] = wanted = chance.randbytes(size)
    expect(card.transfer(scratch.TO_SRAM, MEMORY, 0, size) == scratch.DONE, "memory to SRAM is done")
    expect(card.port.read(card.sram + 5, 1000) == wanted[5:1005], "SRAM holds the bytes")
    window[:] = bytes(size)
    at, count = chance.randrange(1, 4096), size - 8192 + chance.randrange(4096)
    expect(card.transfer(scratch.TO_MEMORY, MEMORY + at, at, count) == scratch.DONE, "SRAM to memory is done")
    expect(window == bytes(at) + wanted[at:at + count] + bytes(size - at - count), "memory holds these bytes and no others")


def fetch_add(card: Scratch, window: bytearray) -> None:
    """An AtomicOp by the card on the server's memory."""
    port = card.port
    port.config_write(port.capability(0x10) + 0x28, 0x40, 2)
    struct.pack_into("<I", window, 0, 1)
    port.write(card.sram, struct.pack("<I", 41))
    expect(card.transfer(scratch.FETCH_ADD, MEMORY, 0, 4) == scratch.DONE, "FetchAdd is done")
    expect(struct.unpack_from("<I", window) == (42,), "FetchAdd added")
    expect(port.read(card.sram, 4) == struct.pack("<I", 1), "FetchAdd brought what had been there")


def use_nvme(bench: Bench, one: Initiator, rounds: int = 4, between: Callable[[int], None] | None = None) -> None:
    """Admin queue, Identify, I/O queues with MSI-X, writes and reads of all sizes, compared; many at once."""
    port = Port(one, bench.nvme_drive())
    try:
        drive = nvme.Nvme(port)
        expect(drive.serial, "Identify Controller has a serial number")
        chance = random.Random(bench.seed)
        for n in range(rounds):
            if between:
                between(n)
            size = 4096 << n % 6
            data, block = chance.randbytes(size), chance.randrange(drive.blocks - 256)
            expect(drive.write(block, data) == 0, "a write ends with status 0")
            expect(drive.read(block, size) == data, "what was written is read")
        many_at_once(drive, chance)
        expect(drive.read(0, 4096) is not None and port.interrupts[-1] == 1, "I/O completions raise vector 1")
        expect(drive.transfer(nvme.READ, drive.blocks, 4096) & 0xFF == 0x80, "LBA Out of Range beyond the end")
    finally:
        port.detach()


def many_at_once(drive: nvme.Nvme, chance: random.Random) -> None:
    """Sixteen writes with one doorbell, then sixteen reads."""
    size = 8192
    data = [chance.randbytes(size) for _ in range(16)]
    for n, each in enumerate(data):
        drive.data[n * size:(n + 1) * size] = each
    for opcode in (nvme.WRITE, nvme.READ):
        commands = [drive.prepare(opcode, 1000 + 16 * n, size, n * size) for n in range(16)]
        drive.ring(drive.io)
        for command in commands:
            expect(drive.finish(drive.io, command) == 0, "a command among sixteen ends with status 0")
        if opcode == nvme.WRITE:
            drive.data[:16 * size] = bytes(16 * size)
    expect(drive.data[:16 * size] == b"".join(data), "sixteen reads bring what sixteen writes wrote")


@check(28, 32, 35, 41, 42, 45, 46)
def scratch_tcp(bench: Bench) -> None:
    """a scratch card over TCP"""
    with bench.initiator() as one:
        use_scratch(bench, one)


@check(28, 41, 42, 45)
def nvme_tcp(bench: Bench) -> None:
    """an NVMe drive over TCP"""
    with bench.initiator() as one:
        use_nvme(bench, one)


@check(12, 22)
def scratch_without_capabilities(bench: Bench) -> None:
    """a peer without capabilities, with the smallest frames and payload, over TCP"""
    with bench.initiator(capabilities=0, frame_bytes_max=1464, payload_bytes_max=128, read_request_bytes_max=128) as one:
        use_scratch(bench, one)


@check(15, 45)
def large_tlps_small_frames(bench: Bench) -> None:
    """TLPs of 4 KiB in fragments, in frames of 1464 bytes"""
    with bench.initiator(frame_bytes_max=1464) as one:
        use_nvme(bench, one)


@check(66, 62)
def nvme_four_rails(bench: Bench) -> None:
    """an NVMe drive over four TCP rails, each of which dies in turn"""
    with bench.initiator(*[bench.dial_tcp] * 4) as one:
        def kill(n: int) -> None:
            path = one.paths[n % 4]
            if path.link:
                path.link.rail.abort()
        use_nvme(bench, one, 12, kill)


@check(32, 66)
def nvme_all_rails_die(bench: Bench) -> None:
    """an NVMe drive whose rails all die again and again; the session is resumed"""
    with bench.initiator(bench.dial_tcp, bench.dial_tcp) as one:
        def kill(_: int) -> None:
            for path in one.paths:
                if path.link:
                    path.link.rail.abort()
        use_nvme(bench, one, 8, kill)
        expect(one.sessions == 1, f"{one.sessions} sessions, one was to be resumed")


@check(28, 34, 62, 65)
def nvme_ethernet(bench: Bench) -> None:
    """an NVMe drive over raw Ethernet"""
    with bench.initiator(bench.ethernet_rail) as one:
        use_nvme(bench, one)


@check(28, 34, 60, 61, 62)
def hostile_ethernet(bench: Bench) -> None:
    """both cards over raw Ethernet that loses, doubles and reorders 3 % each"""
    with bench.initiator(lambda: Hostile(bench.ethernet_rail(), bench.seed, 0.03, 0.03, 0.03)) as one:
        use_nvme(bench, one, 10)
        use_scratch(bench, one)


@check(28, 29, 33, 34)
def hostile_ethernet_without_sack(bench: Bench) -> None:
    """the same with a peer without capabilities"""
    with bench.initiator(lambda: Hostile(bench.ethernet_rail(), bench.seed, 0.03, 0.03, 0.03), capabilities=0) as one:
        use_nvme(bench, one, 6)


@check(62, 66, 26)
def mixed_rails(bench: Bench) -> None:
    """both cards over two TCP rails and two of raw Ethernet at once, one of them hostile, while TCP rails die"""
    smallest = min(rail.frame_bytes_max for rail in bench.each_ethernet_rail())
    ways = [bench.dial_tcp, lambda: Hostile(bench.ethernet_rail(), bench.seed, 0.03, 0.03, 0.03),
            lambda: bench.ethernet_rail(len(bench.interfaces) - 1), bench.dial_tcp]
    with bench.initiator(*ways, frame_bytes_max=smallest) as one:
        def kill(n: int) -> None:
            link = one.paths[3 * (n % 2)].link
            if link:
                link.rail.abort()
        use_nvme(bench, one, 10, kill)
        use_scratch(bench, one)
        expect(one.sessions == 1 and one.session, "one session carried everything")


@check()
def two_at_once(bench: Bench) -> None:
    """two functions in one session, each with transfers under way"""
    with bench.initiator() as one:
        drive_port = Port(one, bench.nvme_drive())
        drive = nvme.Nvme(drive_port)
        card_port = Port(one, bench.scratch_card())
        card = Scratch(card_port)
        card_port.memory.add(MEMORY, card.sram_bytes)[:] = wanted = random.Random(bench.seed).randbytes(card.sram_bytes)
        for n in range(4):
            command = drive.prepare(nvme.READ, 256 * n, 65536)
            card.start(scratch.TO_SRAM, MEMORY, 0, card.sram_bytes, 1)
            drive.ring(drive.io)
            expect(drive.finish(drive.io, command) == 0, "the drive reads")
            one.wait(lambda want=n: len(card_port.interrupts) > want, 10, "the card's interrupt")
        expect(card_port.read(card.sram, 4096) == wanted[:4096], "the card has the bytes")
        drive_port.detach()
        card_port.detach()


@check(90, 92, 94, 97, 98)
def pushed_commands(bench: Bench) -> None:
    """commands and data that are pushed ahead of their doorbell are used, and need no read request"""
    with bench.initiator() as one:
        if not one.session or not one.session.capabilities & bodies.PUSH:
            raise AssertionError("PUSH was not agreed on")
        port = Port(one, bench.nvme_drive())
        try:
            drive = nvme.Nvme(port)
            chance = random.Random(bench.seed)
            saved = 0
            for n in range(8):
                data, block = chance.randbytes(4096), 5000 + 8 * n
                drive.data[:4096] = data
                at = drive.io.at + 64 * drive.io.tail
                command = drive.prepare(nvme.WRITE, block, 4096)
                served = port.reads_served
                port.push(nvme.QUEUES + at, 64, steady=True)
                port.push(nvme.DATA, 4096, steady=True)
                drive.ring(drive.io)
                expect(drive.finish(drive.io, command) == 0, "a pushed write ends with status 0")
                saved += port.reads_served == served
                expect(drive.read(block, 4096) == data, "the drive holds what was pushed")
            expect(saved > 0, "none of 8 writes did without read requests: is PUSH of any use?")
        finally:
            port.detach()


@check(93, 97, 98)
def revoked_commands(bench: Bench) -> None:
    """what was revoked is read anew; nothing older than the doorbell is ever used"""
    with bench.initiator() as one:
        port = Port(one, bench.nvme_drive())
        try:
            drive = nvme.Nvme(port)
            for n in range(8):
                at = drive.io.at + 64 * drive.io.tail
                old = drive.prepare(nvme.READ, 0, 4096)
                drive.io.tail = (drive.io.tail - 1) % nvme.ENTRIES
                port.push(nvme.QUEUES + at, 64, steady=True)
                port.stream.revoke()
                new = drive.prepare(nvme.READ, 0, 4096)
                drive.ring(drive.io)
                expect(drive.finish(drive.io, new) == 0, f"the command written last is done ({n})")
                expect(old not in drive._done, "the command that was revoked is not")
        finally:
            port.detach()


@check(91)
def malformed_pushes(bench: Bench) -> None:
    """a PUSH without bytes, too long or across 4 KiB is not used, gives its credits back and ends nothing"""
    with bench.attached() as (one, address):
        for body in (b"", bytes(12), bytes(12 + 4097), (4095).to_bytes(8, "big") + bytes(4 + 2)):
            for _ in range(300):
                one.data(one.record(records.PUSH, body, records.STEADY))
        one.data(one.write(address, 6))
        expect(one.read(address) == 6, "the stream goes on")
        expect(not one.records(records.DETACHED), "nothing was detached")


@check(99, 100)
def events(bench: Bench) -> None:
    """EVENT comes ahead of what tells of new values, with the count of changes that the values have seen"""
    with bench.initiator() as one:
        port = Port(one, bench.scratch_card())
        try:
            card = Scratch(port)
            window = port.memory.add(MEMORY, 4096)
            window[:4] = b"abcd"
            for n in range(5):
                port.events.clear()
                card.set(scratch.SCRATCH, n)
                sent = port.stream.sent_changes
                one.wait(lambda want=sent: any(not each.harmless and each.changes == want for each in port.events), 5,
                         f"an EVENT that has seen {sent} changes")
                told = [each for each in port.events if each.bar == 0 and each.offset == 0 and not each.harmless][-1]
                expect(told.data[scratch.SCRATCH] == n, "it tells the value that was written")
            port.events.clear()
            seen = len(port.interrupts)
            card.start(scratch.TO_SRAM, MEMORY, 0, 4, 2)
            one.wait(lambda: len(port.interrupts) > seen, 5, "the interrupt")
            last = [each for each in port.events if each.bar == 0 and not each.harmless
                    and each.offset <= scratch.DMA_STATUS < each.offset + len(each.data)]
            expect(last and last[-1].data[scratch.DMA_STATUS - last[-1].offset] == scratch.DONE,
                   "DMA_STATUS was told before the interrupt that announces it")
        finally:
            port.detach()
