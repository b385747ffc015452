"""Initiators, looked at by an appliance: this end listens, the initiator that is to be looked at dials."""

from __future__ import annotations

import contextlib
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future

from checks.bench import Bench
from pcieoe import bodies, frame, records, tlp
from pcieoe.appliance import Appliance, Fresh
from pcieoe.bodies import Hello, Refusal
from pcieoe.frame import Frame
from pcieoe.function import DEVICE, MSIX_AT, PCIE_AT, TABLE_AT, VENDOR, LittleFunction
from pcieoe.records import Attached, Record
from pcieoe.suite import check, expect
from pcieoe.vfio_user import BAR0, CONFIG, Client, signalled

MEMORY, MEMORY_BYTES = 0x40000000, 1 << 20


@contextlib.contextmanager
def up(bench: Bench) -> Iterator[tuple[Appliance, LittleFunction]]:
    """The appliance once the initiator has attached its function."""
    _, name, _ = bench.initiator_at()
    appliance = bench.appliance()
    appliance.wait(lambda: name in appliance.holders, 30, "the initiator to attach the function")
    appliance.idle(0.1)
    yield appliance, appliance.served[name]  # type: ignore[misc]


def while_polling(appliance: Appliance, work: Callable[[], object], timeout_s: float = 15.0) -> object:
    """Does something that blocks while the appliance goes on."""
    done: Future = Future()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as why:  # pylint: disable=broad-except  # handed on by result()
            done.set_exception(why)
    threading.Thread(target=run, daemon=True).start()
    appliance.wait(done.done, timeout_s, "the client")
    return done.result()


@contextlib.contextmanager
def client(bench: Bench, appliance: Appliance) -> Iterator[Client]:
    """A vfio-user client of the function."""
    _, _, path = bench.initiator_at()
    one = while_polling(appliance, lambda: connected(path))
    assert isinstance(one, Client)
    try:
        while_polling(appliance, lambda: one.set_config(4, 2, 2))
        yield one
    finally:
        one.close()
        appliance.idle(0.1)


def connected(path: str, timeout_s: float = 10.0) -> Client:
    """A client, as soon as somebody listens there."""
    end = time.monotonic() + timeout_s
    while True:
        try:
            return Client(path)
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


@check(20, 46, 71)
def initiator_attaches(bench: Bench) -> None:
    """an initiator says HELLO, answers WELCOME at once, and attaches its function"""
    appliance = bench.appliance()
    answers: list[Frame] = []
    appliance.overhear = lambda _, came: answers.append(came)
    _, name, _ = bench.initiator_at()
    appliance.wait(lambda: name in appliance.holders, 90, "ATTACH")
    came, hello = appliance.hellos[0]
    expect((came.session, came.seq, came.ack, hello.token) == (0, 0, 1, bytes(16)), f"a HELLO for a new session: {came}")
    expect(hello.sizes_fit() and hello.instance_id, "sizes are in their ranges, the instance has a number")
    expect(answers[0].seq == 1 and answers[0].flags & frame.ECHO, "WELCOME is answered, with its ack as seq")


@check(17, 22, 41, 45)
def initiator_end_to_end(bench: Bench) -> None:
    """a client reads configuration space and BARs; the function writes and reads its memory and interrupts it"""
    with up(bench) as (appliance, function), client(bench, appliance) as one:
        expect(while_polling(appliance, lambda: one.config(0)) == VENDOR | DEVICE << 16, "its ids")

        def prepare() -> int:
            one.set_config(0x10, 0xFFFFFFFF)
            size = -one.config(0x10) & 0xFFFFFFFF
            one.set_config(0x10, 0xFE000000)
            one.set_config(4, 6, 2)
            one.map(MEMORY, MEMORY_BYTES)
            return size
        expect(while_polling(appliance, prepare) == 0x4000, "the BAR's size")
        vector, = while_polling(appliance, lambda: one.use_msix(1))  # type: ignore[misc]
        registers(appliance, function, one)
        while_polling(appliance, lambda: (
            one.write(BAR0, TABLE_AT, bytes.fromhex("0000e0fe") + bytes(4) + b"\x05\0\0\0" + bytes(4)),
            one.set_config(MSIX_AT + 2, 0x8000, 2)))
        dma(appliance, function, one)
        expect(function.interrupt(), "MSI-X is enabled at the function")
        appliance.wait(lambda: signalled(vector), 5, "the interrupt")


def registers(appliance: Appliance, function: LittleFunction, one: Client) -> None:
    """Reads and writes of all widths."""
    expect(while_polling(appliance, lambda: one.read(BAR0, 0, 4)) == b"PEER", "the first register")
    for size in (1, 2, 4, 8):
        data = secrets.token_bytes(size)
        while_polling(appliance, lambda d=data: one.write(BAR0, 0x100, d))
        got = while_polling(appliance, lambda n=size: one.read(BAR0, 0x100, n))
        expect(got == data and bytes(function.bar[0x100:0x100 + size]) == data, f"a write of {size} bytes")


def dma(appliance: Appliance, function: LittleFunction, one: Client) -> None:
    """The function's reads and writes of the server's memory, allowed and not."""
    assert one.memory
    data = secrets.token_bytes(8192)
    function.write_memory(MEMORY + 0x100, data)
    appliance.wait(lambda: one.memory[0x100:0x100 + len(data)] == data, 5, "the write to be in memory")  # type: ignore[index]
    got: list[bytes | None] = []
    for n in range(16):
        function.read_memory(MEMORY + 0x1000 + 512 * n, 512, got.append)
    appliance.wait(lambda: len(got) == 16, 5, "sixteen reads")
    expect(b"".join(each or b"" for each in got) == one.memory[0x1000:0x3000], "reads bring what is there")
    got.clear()
    function.read_memory(0x99990000, 64, got.append)
    appliance.wait(lambda: got, 5, "a read outside of all windows")
    expect(got == [None], "it is refused")


@check(16, 43, 13, 14, 95)
def initiator_guards(bench: Bench) -> None:
    """an initiator drops malformed TLPs, stale records and what is against its direction, and guards memory and bus mastering"""
    with up(bench) as (appliance, function), client(bench, appliance) as one:
        def prepare() -> None:
            one.set_config(4, 2, 2)
            one.map(MEMORY, MEMORY_BYTES)
        while_polling(appliance, prepare)
        got: list[bytes | None] = []
        function.stream.send_tlp(memory_write(MEMORY, b"evil"))
        function.read_memory(MEMORY, 64, got.append)
        appliance.wait(lambda: got, 5, "an answer")
        expect(got == [None] and one.memory and one.memory[:4] == bytes(4), "without Bus Master Enable nothing is done")
        while_polling(appliance, lambda: one.set_config(4, 6, 2))
        send = function.stream.session.queue
        good = function.stream.record(records.TLP, memory_write(MEMORY, b"evil"))
        send(Record(good.stream, good.kind, good.body, good.epoch_tag ^ 1))
        send(Record(good.stream + 7, good.kind, good.body, good.epoch_tag))
        send(Record(0, 0x80, b"skip me"))
        send(function.stream.record(records.HOT_RESET))
        send(Record(good.stream, good.kind, good.body + bytes(4), good.epoch_tag))
        function.read_memory(MEMORY, 64, got.append)
        appliance.wait(lambda: len(got) == 2, 5, "a read after all that")
        expect(got[1] == bytes(64), "none of it was done")


def memory_write(address: int, data: bytes) -> bytes:
    """A memory write of whole DWs."""
    return tlp.Tlp(tlp.MWR32, 0x100, 0, address, len(data) // 4, 15, 15 if len(data) > 4 else 0, data).encode()


@check(20, 32, 39)
def initiator_resumes(bench: Bench) -> None:
    """an initiator resumes its session after its rail died, with number, token and ack, and nothing is lost"""
    with up(bench) as (appliance, function), client(bench, appliance) as one:
        lent = next(iter(appliance.sessions.values()))
        for n in range(3):
            for link in lent.session.links:
                link.rail.abort()  # type: ignore[attr-defined]
            hellos = len(appliance.hellos)
            expect(while_polling(appliance, lambda: one.read(BAR0, 0, 4)) == b"PEER", "a read across the outage")
            came, hello = appliance.hellos[hellos]
            expect(came.session == lent.session.number and hello.token == lent.session.token, f"resumed: {came} ({n})")
        expect(not function.resets, "the function was not reset")


@check(27, 24)
def initiator_begins_anew(bench: Bench) -> None:
    """an initiator whose session is not known, or cannot go on, begins a new one and attaches again"""
    _, name, _ = bench.initiator_at()
    with up(bench) as (appliance, _):
        for n in range(2):
            number = next(iter(appliance.sessions))
            if n == 0:
                appliance.forget()
            else:
                lent = appliance.sessions[number]
                for link in lent.session.links:
                    link.rail.abort()  # type: ignore[attr-defined]
                appliance.answer = lambda fresh, came, hello: came.session != 0 and (
                    appliance.welcome(fresh, came.session, hello.token, 5_000_000) or True)
            appliance.wait(lambda old=number: name in appliance.holders and old not in appliance.sessions, 15,
                           "a new session with the function")


@check(75)
def initiator_compares(bench: Bench) -> None:
    """an initiator gives no rail to a session whose WELCOME names another node or instance"""
    with up(bench) as (appliance, _):
        lent = next(iter(appliance.sessions.values()))
        for change in ({"name": "somebody-else"}, {"instance_id": 12345}):
            for link in lent.session.links:
                link.rail.abort()  # type: ignore[attr-defined]
            answered: list[Fresh] = []

            def lie(fresh: Fresh, came: Frame, hello: Hello, lies: dict = change, said: list = answered) -> bool:
                if came.session == 0 or said:
                    return False
                said.append(fresh)
                appliance.welcome(fresh, came.session, hello.token, lent.session.expected, **lies)
                return True
            appliance.answer = lie
            appliance.wait(lambda said=answered: said and said[0] not in appliance.fresh, 10, "the rail to be given up")
            expect(answered[0].link not in lent.session.links, f"{change} was taken")
            appliance.answer = None
            appliance.wait(lambda: lent.session.links or lent.session.down is not None, 30, "another rail")


@check(51, 40)
def initiator_guards_attached(bench: Bench) -> None:
    """an initiator ends a session in which ATTACHED answers nothing"""
    with up(bench) as (appliance, _):
        lent = next(iter(appliance.sessions.values()))
        lent.session.queue(Record(9, records.ATTACHED, Attached(4711, 3, [(64, 4096)] * 3).encode(), 3))
        appliance.wait(lambda: lent.session.down is not None, 5, "the session's end")
        expect("BYE" in str(lent.session.down), f"by BYE: {lent.session.down}")


@check(8, 10, 12)
def initiator_malformed(bench: Bench) -> None:
    """an initiator ends a rail over which something malformed comes, and resumes its session"""
    with up(bench) as (appliance, _):
        lent = next(iter(appliance.sessions.values()))
        for mistake in (b"HTTP/1.1 400 Bad Request\r\n\r\n" + bytes(40), Frame(99, lent.session.number).encode(),
                        Frame(frame.ACK, lent.session.number).encode(36)):
            link = lent.session.links[0]
            link.rail.send(mistake)
            appliance.wait(lambda old=link: old not in lent.session.links and lent.session.links, 10, "another rail")
        expect(lent.session.down is None, "the session goes on")


@check(3)
def initiator_version(bench: Bench) -> None:
    """an initiator understands a REFUSE of any version, and tries again later"""
    _, name, _ = bench.initiator_at()
    with up(bench) as (appliance, _):
        refused: list[Fresh] = []

        def refuse(fresh: Fresh, _: Frame, __: Hello) -> bool:
            if refused:
                return False
            refused.append(fresh)
            fresh.link.send(Frame(frame.REFUSE, major=2, minor=0, body=Refusal(bodies.VERSION, "version 2 here").encode()))
            fresh.link.rail.close()
            appliance.fresh.remove(fresh)
            return True
        appliance.answer = refuse
        appliance.forget()
        appliance.wait(lambda: refused and name in appliance.holders, 30, "another try")


@check(49, 48)
def initiator_is_detached(bench: Bench) -> None:
    """an initiator answers DETACHED, and asks for the function again"""
    _, name, _ = bench.initiator_at()
    with up(bench) as (appliance, function):
        lent, stream = appliance.holders[name], function.stream
        appliance.detach(name, "taken away")
        appliance.wait(lambda: lent.streams.get(stream.number) is not stream, 5, "DETACH")
        appliance.wait(lambda: name in appliance.holders, 15, "ATTACH again")


@check(50)
def initiator_resets(bench: Bench) -> None:
    """a client's reset resets the function, by HOT_RESET or FLR, and its registers are as they were"""
    with up(bench) as (appliance, function), client(bench, appliance) as one:
        while_polling(appliance, lambda: one.write(BAR0, 0x100, b"\1\2\3\4"))
        while_polling(appliance, one.reset)
        appliance.wait(lambda: function.resets > 0, 5, "the function's reset")
        expect(while_polling(appliance, lambda: one.read(BAR0, 0x100, 4)) == bytes(4), "and its memory is clear")
        expect(while_polling(appliance, lambda: one.read(CONFIG, PCIE_AT, 1)) == b"\x10", "configuration space is there")


@check(100)
def initiator_events(bench: Bench) -> None:
    """an initiator answers reads from what EVENT told, and asks again after a write"""
    with up(bench) as (appliance, function), client(bench, appliance) as one:
        while_polling(appliance, lambda: one.set_config(4, 6, 2))
        changes = function.changes
        function.tell(0x200, b"told", changes)
        appliance.idle(0.1)
        expect(while_polling(appliance, lambda: one.read(BAR0, 0x200, 4)) == b"told", "a read is answered by EVENT's value")
        while_polling(appliance, lambda: one.write(BAR0, 0x300, bytes(4)))
        expect(while_polling(appliance, lambda: one.read(BAR0, 0x200, 4)) == bytes(4), "after a write the card is asked")
        function.tell(0x200, b"late", changes)
        appliance.idle(0.1)
        expect(while_polling(appliance, lambda: one.read(BAR0, 0x200, 4)) == bytes(4), "an EVENT from before is no answer")
