"""End to end: real cards driven over rails good and bad, their bytes compared."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable

from checks.bench import Bench
from pcieoe import nvme, scratch
from pcieoe.initiator import Initiator
from pcieoe.port import Port
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
