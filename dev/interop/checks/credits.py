"""Flow control (8)."""

from __future__ import annotations

import time

from checks.bench import Bench
from pcieoe import bodies, records, tlp
from pcieoe.raw import Raw, bring_up_scratch
from pcieoe.records import Credit
from pcieoe.suite import check, expect, not_visible

MEMORY = 0x10000000


def start_dma(one: Raw, scratch: int, operation: int, size: int) -> None:
    """Has the card move bytes between its SRAM and the server's memory."""
    registers = scratch - 0x10
    for at, value in ((0x20, MEMORY), (0x24, 0), (0x28, 0), (0x2C, size), (0x30, operation)):
        one.data(one.write(registers + at, value))


def writes(one: Raw) -> int:
    """How many memory writes the card has sent."""
    return sum(each.kind in (tlp.MWR32, tlp.MWR64) for each in one.tlps())


def reads(one: Raw) -> int:
    """How many memory reads the card has sent."""
    return sum(each.kind in (tlp.MRD32, tlp.MRD64) for each in one.tlps())


def settle(one: Raw, for_s: float = 0.15) -> None:
    """Time enough for what should not come."""
    end = time.monotonic() + for_s
    while time.monotonic() < end:
        one.poll()


@check(41, 45)
def posted_credits(bench: Bench) -> None:
    """a sender stops when posted headers or data run out, and goes on with CREDIT"""
    for grant, stops_at in (((8, 0), 8), ((0, 512), 64), ((20, 512), 20)):
        with bench.begun(capabilities=bodies.SACK | bodies.RAILS) as one:
            one.attach(bench.scratch_card(), grant=[grant, (0, 0), (0, 0)])
            start_dma(one, bring_up_scratch(one), 2, 65536)
            one.until(lambda: writes(one) >= stops_at, "as many writes as credits allow")
            settle(one)
            expect(writes(one) == stops_at, f"{writes(one)} writes of 128 bytes for a grant of {grant}")
            headers, data = (each and each + 10 * n for each, n in zip(grant, (1, 8)))
            one.data(one.record(records.CREDIT, Credit(0, headers, data).encode()))
            one.until(lambda: writes(one) >= stops_at + 10, "ten more")
            settle(one)
            expect(writes(one) == stops_at + 10, "and no more than ten")


@check(41)
def non_posted_credits(bench: Bench) -> None:
    """reads that have no credits hold up neither completions nor posted requests"""
    with bench.begun() as one:
        one.attach(bench.scratch_card(), grant=[(0, 0), (8, 0), (0, 0)])
        scratch = bring_up_scratch(one)
        start_dma(one, scratch, 1, 65536)
        one.until(lambda: reads(one) == 8, "eight reads")
        one.data(one.write(scratch, 3))
        expect(one.read(scratch) == 3, "the card goes on answering")
        expect(reads(one) == 8, "and reads no more")


@check(41)
def completion_credits(bench: Bench) -> None:
    """completions wait for their credits, and posted requests pass them"""
    with bench.begun() as one:
        one.attach(bench.scratch_card(), grant=[(0, 0), (0, 0), (8, 512)])
        scratch = bring_up_scratch(one)
        used = 4  # by the completions of configuration writes
        for _ in range(12):
            one.data(one.tlp(bench.read_request(one, scratch, 4)))
        start_dma(one, scratch, 2, 4096)
        one.until(lambda: writes(one) == 32, "the writes of a transfer")
        settle(one)
        came = [each for each in one.tlps() if each.kind == tlp.CPLD]
        expect(len(came) == 8 - used, f"{len(came)} completions with credits for {8 - used}")
        one.data(one.record(records.CREDIT, Credit(2, 100, 600).encode()))
        one.until(lambda: len([each for each in one.tlps() if each.kind == tlp.CPLD]) == 12, "all completions")


@check(42)
def credits_given_back(bench: Bench) -> None:
    """credits are given back in absolute counts, once a quarter of a class's window is free"""
    with bench.begun(capabilities=bodies.SACK | bodies.RAILS) as one:
        granted = one.attach(bench.scratch_card()).grant
        headers = granted[0][0]
        scratch = bring_up_scratch(one)
        for _ in range((headers or 1024) // 4 + 8):
            one.data(one.write(scratch, 1))
        one.read(scratch)
        if headers:
            last = {each.klass: each for record in one.records(records.CREDIT) for each in Credit.decode_all(record.body)}
            expect(0 in last and headers + headers // 4 <= last[0].headers <= headers + headers // 4 + 8, f"CREDIT: {last}")


@check(44)
def wrong_credits(bench: Bench) -> None:
    """CREDIT that takes back, goes beyond its window or names no class is ignored"""
    with bench.begun(capabilities=bodies.SACK | bodies.RAILS) as one:
        one.attach(bench.scratch_card(), grant=[(8, 512), (0, 0), (0, 0)])
        scratch = bring_up_scratch(one)
        for credit in (Credit(3, 9, 600), Credit(0, 7, 512), Credit(0, 9, 511), Credit(0, 8 + (1 << 29), 512), Credit(255, 0, 0)):
            one.data(one.record(records.CREDIT, credit.encode()))
        start_dma(one, scratch, 2, 65536)
        one.until(lambda: writes(one) >= 8, "eight writes")
        settle(one)
        expect(writes(one) == 8, f"{writes(one)} writes with credits for eight")


not_visible("functions here deal with TLPs as they come, and give their credits back as fast as anybody can send", 43)
