"""A root port in software: reads and writes of a function, and the server's memory that the function reaches (11)."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from . import records, tlp
from .initiator import Initiator
from .records import Attached, Record
from .stream import Stream
from .tlp import Tlp

ROOT_PORT, FUNCTION = 0x0000, 0x0100
MSI_BASE = 0xFEE00000
RCB = 64
COMMAND, CACHE_LINE, BAR0 = 0x04, 0x0C, 0x10
BUS_MASTER, MEMORY_SPACE, IO_SPACE = 4, 2, 1


class NotDone(Exception):
    """A request ended with another status than SC."""

    def __init__(self, status: int) -> None:
        super().__init__(f"completion status {status}")
        self.status = status


@dataclass
class Asked:
    """A request that waits for its completions."""

    want: int
    data: bytearray = field(default_factory=bytearray)
    status: int | None = None


@dataclass
class Bar:
    """A base address register, sized and programmed."""

    index: int
    address: int
    size: int
    io: bool


class Memory:
    """What the server has opened for the function: windows by bus address. Everything else is UR."""

    def __init__(self) -> None:
        self.windows: dict[int, bytearray] = {}

    def add(self, address: int, size: int) -> bytearray:
        """Opens a window."""
        return self.windows.setdefault(address, bytearray(size))

    def find(self, address: int, size: int) -> tuple[bytearray, int] | None:
        """The window that holds these bytes and where they are in it."""
        for base, window in self.windows.items():
            if base <= address and address + size <= base + len(window):
                return window, address - base
        return None


class Port:
    """One function behind a root port of its own."""

    def __init__(self, initiator: Initiator, function: str, **options: int) -> None:
        self.initiator, self.memory = initiator, Memory()
        self.bus_master = False
        self.interrupts: list[int] = []
        self.events: list[records.Event] = []
        self.refused_dma = 0
        self.reads_served = 0
        self.bytes_written = 0
        self.completion_bytes_max = 128
        self.shuffle = False
        self._asked: dict[int, Asked] = {}
        self._tag = 0
        self.stream, self.attached = initiator.attach(function, lambda _: (self._on_tlp, self._on_other), **options)
        self.identity: Attached = self.attached

    # --- what the function sends -------------------------------------------------------------------------------------

    def _on_other(self, record: Record) -> None:
        if record.kind == records.EVENT:
            self.events.append(records.Event.decode(record.body))

    def _on_tlp(self, packet: Tlp) -> None:
        if packet.kind in (tlp.CPL, tlp.CPLD):
            self._on_completion(packet)
        elif packet.kind in (tlp.MWR32, tlp.MWR64):
            self._on_write(packet)
        elif packet.kind in (tlp.MRD32, tlp.MRD64):
            self._on_read(packet)
        elif packet.kind in tlp.ATOMICS32 + tlp.ATOMICS64:
            self._on_atomic(packet)

    def _on_completion(self, packet: Tlp) -> None:
        asked = self._asked.get(packet.tag)
        if asked is None or packet.requester != ROOT_PORT:
            return
        if packet.status != tlp.SC:
            asked.status = packet.status
            return
        skip = packet.lower_address & 3 if packet.byte_count == asked.want else 0
        asked.data += packet.data[skip:] if asked.want > 4 else packet.data
        if asked.want == 0 or asked.want <= 4 or len(asked.data) >= asked.want:
            asked.status = tlp.SC

    def _on_write(self, packet: Tlp) -> None:
        start, size = packet.start(), packet.payload_bytes()
        if MSI_BASE <= packet.address < MSI_BASE + 0x100000 and size == 4:
            self.interrupts.append(struct.unpack("<I", packet.data)[0])
            return
        found = self.memory.find(start, size) if self.bus_master else None
        if found is None:
            self.refused_dma += 1
            return
        if not packet.first_be:
            return
        window, at = found
        skip = start - packet.address
        window[at:at + size] = packet.data[skip:skip + size]
        self.bytes_written += size

    def _complete(self, packet: Tlp, status: int, data: bytes = b"", count: int = 4, lower: int = 0) -> None:
        answer = Tlp(tlp.CPLD if data else tlp.CPL, requester=packet.requester, tag=packet.tag, status=status,
                     completer=ROOT_PORT, byte_count=count, lower_address=lower, data=data,
                     length_dw=len(data) // 4, traffic=packet.traffic & 0x7030)
        self.stream.send_tlp(answer.encode())

    def _on_read(self, packet: Tlp) -> None:
        start, size = packet.start(), packet.payload_bytes()
        found = self.memory.find(start, size) if self.bus_master else None
        if found is None:
            self.refused_dma += 1
            self._complete(packet, tlp.UR)
            return
        self.reads_served += 1
        window, at = found
        end = start + size
        while start < end:
            stop = min(end, (start + self.completion_bytes_max) // RCB * RCB) if end - start > self.completion_bytes_max else end
            stop = stop if stop > start else end
            whole = window[at:at + stop - start]
            body = bytes(start & 3) + bytes(whole) + bytes(-stop & 3)
            self._complete(packet, tlp.SC, body, end - start, start & 0x7F)
            at += stop - start
            start = stop

    def _on_atomic(self, packet: Tlp) -> None:
        operands = len(packet.data) // (2 if packet.kind & 0x1F == 0x0E else 1)
        found = self.memory.find(packet.address, operands) if self.bus_master else None
        if found is None:
            self.refused_dma += 1
            self._complete(packet, tlp.UR)
            return
        window, at = found
        old = int.from_bytes(window[at:at + operands], "little")
        first = int.from_bytes(packet.data[:operands], "little")
        kind = packet.kind & 0x1F
        if kind == 0x0C:
            new = old + first
        elif kind == 0x0D:
            new = first
        else:
            new = int.from_bytes(packet.data[operands:], "little") if old == first else old
        before = bytes(window[at:at + operands])
        window[at:at + operands] = (new & (1 << 8 * operands) - 1).to_bytes(operands, "little")
        self._complete(packet, tlp.SC, before, operands, packet.address & 0x7F)

    # --- what the server asks ----------------------------------------------------------------------------------------

    def ask(self, packet: Tlp, want: int) -> int:
        """Sends a non-posted request; answers its tag."""
        while self._tag in self._asked:
            self._tag = (self._tag + 1) % 256
        packet.tag, packet.requester = self._tag, ROOT_PORT
        self._tag = (self._tag + 1) % 256
        self._asked[packet.tag] = Asked(want)
        self.stream.send_tlp(packet.encode())
        return packet.tag

    def answer(self, tag: int, timeout_s: float = 10.0) -> bytes:
        """Waits for a request's completions. Raises NotDone, TimeoutError."""
        asked = self._asked[tag]
        try:
            self.initiator.wait(lambda: asked.status is not None, timeout_s, f"the completion with tag {tag}")
        finally:
            del self._asked[tag]
        if asked.status != tlp.SC:
            raise NotDone(asked.status or 0)
        return bytes(asked.data)

    @staticmethod
    def _enables(at: int, size: int) -> int:
        return ((1 << size) - 1) << (at & 3)

    def config_read(self, at: int, size: int = 4) -> int:
        """Reads 1, 2 or 4 bytes of configuration space."""
        packet = Tlp(tlp.CFGRD0, address=at & ~3, first_be=self._enables(at, size), target=FUNCTION)
        data = self.answer(self.ask(packet, 4))
        return int.from_bytes(data, "little") >> 8 * (at & 3) & (1 << 8 * size) - 1

    def config_write(self, at: int, value: int, size: int = 4) -> None:
        """Writes 1, 2 or 4 bytes of configuration space."""
        data = (value << 8 * (at & 3)).to_bytes(4, "little")
        packet = Tlp(tlp.CFGWR0, address=at & ~3, first_be=self._enables(at, size), target=FUNCTION, data=data)
        self.answer(self.ask(packet, 0))
        if at == COMMAND:
            self.bus_master = bool(value & BUS_MASTER)

    def read(self, address: int, size: int, timeout_s: float = 10.0) -> bytes:
        """Reads memory space."""
        return self.read_later(address, size)(timeout_s)

    def read_later(self, address: int, size: int):
        """Sends a memory read; what is answered waits for it."""
        head, count, first, last = self._span(address, size)
        packet = Tlp(tlp.MRD64 if address >> 32 else tlp.MRD32, address=address & ~3, length_dw=count, first_be=first,
                     last_be=last)
        tag = self.ask(packet, size)

        def take(timeout_s: float = 10.0) -> bytes:
            data = self.answer(tag, timeout_s)
            return data[head:head + size] if size <= 4 and len(data) > size else data[:size]
        return take

    @staticmethod
    def _span(address: int, size: int) -> tuple[int, int, int, int]:
        head = address & 3
        count = (head + size + 3) // 4
        if count == 1:
            return head, 1, ((1 << size) - 1) << head, 0
        return head, count, 0xF << head & 0xF, 0xF >> (-(head + size) & 3)

    def write(self, address: int, data: bytes) -> None:
        """Writes memory space, posted."""
        head, count, first, last = self._span(address, len(data))
        body = (bytes(head) + data).ljust(4 * count, b"\0")
        self.stream.send_tlp(Tlp(tlp.MWR64 if address >> 32 else tlp.MWR32, ROOT_PORT, 0, address & ~3, count, first, last,
                                 body).encode())

    # --- bring-up ----------------------------------------------------------------------------------------------------

    def bring_up(self, base: int = 0xE0000000) -> list[Bar]:
        """Sizes the BARs, gives them addresses, switches memory, I/O and bus mastering on."""
        bars, index, io_base = [], 0, 0x1000
        while index < 6:
            at = BAR0 + 4 * index
            self.config_write(at, 0xFFFFFFFF)
            low = self.config_read(at)
            if low == 0:
                index += 1
                continue
            io, wide = bool(low & 1), low & 7 == 4
            mask = low & ~(3 if io else 15)
            if wide:
                self.config_write(at + 4, 0xFFFFFFFF)
                mask |= self.config_read(at + 4) << 32
            size = -mask & ((1 << 64) - 1 if wide else 0xFFFFFFFF)
            size &= 0xFFFF if io else -1
            start = io_base if io else (base + size - 1) & -size
            self.config_write(at, start & 0xFFFFFFFF)
            if wide:
                self.config_write(at + 4, start >> 32)
            if io:
                io_base += size
            else:
                base = start + size
            bars.append(Bar(index, start, size, io))
            index += 2 if wide else 1
        self.config_write(COMMAND, BUS_MASTER | MEMORY_SPACE | IO_SPACE, 2)
        return bars

    def capability(self, wanted: int) -> int:
        """Where a capability of configuration space is; 0 if there is none."""
        at = self.config_read(0x34, 1)
        while at:
            if self.config_read(at, 1) == wanted:
                return at
            at = self.config_read(at + 1, 1)
        return 0

    def use_msix(self, bars: list[Bar], vectors: int) -> None:
        """Programs so many vectors, whose messages hold their number, and switches MSI-X on."""
        at = self.capability(0x11)
        table = self.config_read(at + 4)
        bar = next(each for each in bars if each.index == table & 7)
        for vector in range(vectors):
            self.write(bar.address + (table & ~7) + 16 * vector, struct.pack("<QII", MSI_BASE, vector, 0))
        self.config_write(at + 2, 0x8000, 2)

    def use_large_packets(self) -> None:
        """Max_Payload_Size and Max_Read_Request_Size of 4096 bytes, or what the function takes of that."""
        at = self.capability(0x10)
        most = self.config_read(at + 4) & 7
        self.config_write(at + 8, most << 5 | 5 << 12 | 0x10, 2)
        self.completion_bytes_max = min(128 << most, self.initiator.session.payload_bytes)  # type: ignore[union-attr]

    def push(self, address: int, size: int, steady: bool) -> bool:
        """Sends memory along (4.5), as it is now."""
        found = self.memory.find(address, size) if self.bus_master else None
        if not found:
            return False
        window, at = found
        data = bytes(window[at:at + size])
        return self.stream.send_push(records.Push(address, self.stream.heard & 0xFFFFFFFF, data), steady)

    def detach(self) -> None:
        """Gives the function back, and waits until the appliance has answered."""
        self.initiator.detach(self.stream)
        self.initiator.wait(lambda: self.stream.number not in self.initiator.streams, 10, "DETACHED")
