"""A little PCI Express function: some registers and memory, DMA and one MSI-X vector. An appliance's, for initiators to try."""

from __future__ import annotations

import struct
from collections.abc import Callable

from . import records, tlp
from .records import Record
from .stream import Stream
from .tlp import Tlp

VENDOR, DEVICE, CLASS_REVISION = 0xFA51, 0x1234, 0xFF000001
BAR_BYTES = 0x4000
TABLE_AT, PBA_AT = 0x2000, 0x3000
PCIE_AT, MSIX_AT = 0x40, 0x80
COMMAND, BAR0 = 0x04, 0x10


class LittleFunction:
    """BAR 0 is 16 KiB of memory; the MSI-X table is at 2000h. What it does by itself, its owner says."""

    IDENTITY = (VENDOR, DEVICE, VENDOR, DEVICE, CLASS_REVISION, 0)

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.resets = 0
        self.written: list[tuple[int, bytes]] = []
        self.pushes: list[records.Push] = []
        self.revokes = 0
        self.silent = False
        self.changes = 0
        self._id = 0
        self._tag = 0
        self._asked: dict[int, tuple[bytearray, Callable[[bytes | None], None], int]] = {}
        self._begin()

    def _begin(self) -> None:
        self.bar = bytearray(BAR_BYTES)
        self.bar[:4] = b"PEER"
        self.bar[TABLE_AT + 12] = 1
        config = bytearray(4096)
        struct.pack_into("<HHHHI", config, 0, VENDOR, DEVICE, 0, 0x10, CLASS_REVISION)
        struct.pack_into("<HH", config, 0x2C, VENDOR, DEVICE)
        config[0x34] = PCIE_AT
        # An endpoint of version 2 with FLR, that takes 512 bytes of payload.
        struct.pack_into("<BBHIHH", config, PCIE_AT, 0x10, MSIX_AT, 2, 1 << 28 | 1 << 15 | 2, 2 << 12, 0)
        struct.pack_into("<BBHII", config, MSIX_AT, 0x11, 0, 0, TABLE_AT, PBA_AT)
        self.config = config
        mask = bytearray(4096)
        struct.pack_into("<H", mask, COMMAND, 0x0407)
        struct.pack_into("<I", mask, BAR0, ~(BAR_BYTES - 1) & 0xFFFFFFFF)
        mask[0x0C] = mask[0x3C] = 0xFF
        struct.pack_into("<H", mask, PCIE_AT + 8, 0x7FFF)
        struct.pack_into("<H", mask, MSIX_AT + 2, 0xC000)
        self._writable = mask

    # --- requests that come ------------------------------------------------------------------------------------------

    def on_record(self, record: Record) -> None:
        """HOT_RESET, PUSH and REVOKE."""
        if record.kind == records.HOT_RESET:
            self.changes += 1
            self.resets += 1
            self._asked.clear()
            self._begin()
        elif record.kind == records.PUSH:
            push = records.Push.decode(record.body)
            if push:
                self.pushes.append(push)
        elif record.kind == records.REVOKE:
            self.revokes += 1

    def on_tlp(self, packet: Tlp) -> None:
        """A TLP from the server."""
        if packet.kind not in (tlp.CPL, tlp.CPLD, tlp.MRD32, tlp.MRD64, tlp.IORD, tlp.CFGRD0, tlp.CFGRD1):
            self.changes += 1
        if packet.kind in (tlp.CPL, tlp.CPLD):
            self._on_completion(packet)
        elif self.silent:
            return
        elif packet.kind in (tlp.CFGRD0, tlp.CFGWR0):
            self._config(packet)
        elif packet.kind in (tlp.MRD32, tlp.MRD64):
            self._read(packet)
        elif packet.kind in (tlp.MWR32, tlp.MWR64):
            self._write(packet)
        elif packet.kind in (tlp.IORD, tlp.IOWR, tlp.CFGRD1, tlp.CFGWR1, *tlp.ATOMICS32, *tlp.ATOMICS64):
            self._complete(packet, tlp.UR)

    def _complete(self, packet: Tlp, status: int, data: bytes = b"", count: int = 4, lower: int = 0) -> None:
        self.stream.send_tlp(Tlp(
            tlp.CPLD if data else tlp.CPL, requester=packet.requester, tag=packet.tag, completer=self._id, status=status,
            byte_count=count, lower_address=lower, data=data, length_dw=len(data) // 4,
            traffic=packet.traffic & 0x7030).encode())

    def _config(self, packet: Tlp) -> None:
        if packet.target & 7:
            self._complete(packet, tlp.UR)
            return
        if packet.kind == tlp.CFGRD0:
            self._complete(packet, tlp.SC, bytes(self.config[packet.address:packet.address + 4]))
            return
        self._id = packet.target
        for n in range(4):
            if packet.first_be >> n & 1:
                at = packet.address + n
                mask = self._writable[at]
                self.config[at] = self.config[at] & ~mask & 0xFF | packet.data[n] & mask
        flr = packet.address == PCIE_AT + 8 and packet.first_be & 2 and packet.data[1] & 0x80
        self._complete(packet, tlp.SC)
        if flr:
            self.resets += 1
            self._begin()

    def _offset(self, packet: Tlp) -> int | None:
        base = struct.unpack_from("<I", self.config, BAR0)[0] & ~15
        at = packet.address - base
        return at if self.config[COMMAND] & 2 and 0 <= at <= BAR_BYTES - 4 * packet.length_dw else None

    def _read(self, packet: Tlp) -> None:
        at = self._offset(packet)
        if at is None:
            self._complete(packet, tlp.UR)
            return
        size, start, most = packet.payload_bytes(), packet.start() - packet.address, self.payload_bytes()
        data, low = self.bar[at:at + 4 * packet.length_dw], packet.start()
        sent = 0
        while sent < len(data):
            piece = bytes(data[sent:sent + most])
            left = size - max(0, sent - start)
            self._complete(packet, tlp.SC, piece, left, (low if sent == 0 else packet.address + sent) & 0x7F)
            sent += len(piece)

    def _write(self, packet: Tlp) -> None:
        at = self._offset(packet)
        if at is None or not packet.first_be:
            return
        start, size = packet.start() - packet.address, packet.payload_bytes()
        data = packet.data[start:start + size]
        self.bar[at + start:at + start + size] = data
        self.written.append((at + start, data))

    def payload_bytes(self) -> int:
        """Max_Payload_Size as software has set it."""
        return 128 << (self.config[PCIE_AT + 8] >> 5 & 7)

    # --- what it does itself -----------------------------------------------------------------------------------------

    def bus_master(self) -> bool:
        """Whether it may."""
        return bool(self.config[COMMAND] & 4)

    def write_memory(self, address: int, data: bytes) -> None:
        """Writes the server's memory, in whole DWs."""
        while data:
            count = min(len(data), self.payload_bytes(), 4096 - address % 4096)
            self.stream.send_tlp(Tlp(
                tlp.MWR64 if address >> 32 else tlp.MWR32, self._id, 0, address, count // 4, 15, 15 if count > 4 else 0,
                data[:count]).encode())
            address, data = address + count, data[count:]

    def read_memory(self, address: int, size: int, then: Callable[[bytes | None], None]) -> None:
        """Reads whole DWs of the server's memory, at most 512 bytes that cross no 4 KiB; None if it was refused."""
        self._tag = (self._tag + 1) % 32
        self._asked[self._tag] = (bytearray(), then, size)
        self.stream.send_tlp(Tlp(
            tlp.MRD64 if address >> 32 else tlp.MRD32, self._id, self._tag, address, size // 4, 15,
            15 if size > 4 else 0).encode())

    def _on_completion(self, packet: Tlp) -> None:
        asked = self._asked.get(packet.tag)
        if asked is None:
            return
        data, then, size = asked
        data += packet.data
        if packet.status != tlp.SC or len(data) >= size:
            del self._asked[packet.tag]
            then(bytes(data) if packet.status == tlp.SC else None)

    def interrupt(self) -> bool:
        """Signals vector 0; False when software has not enabled it."""
        low, high, data, control = struct.unpack_from("<IIII", self.bar, TABLE_AT)
        if self.config[MSIX_AT + 3] & 0xC0 != 0x80 or control & 1:
            return False
        self.write_memory(high << 32 | low, struct.pack("<I", data))
        return True

    def tell(self, offset: int, data: bytes, changes: int) -> None:
        """Sends an EVENT of registers in BAR 0."""
        self.stream.send_event(records.Event(0, changes, offset, data))
