"""A driver for the scratch card, by its README (cards/scratch)."""

from __future__ import annotations

import struct

from .port import Port

ID, SCRATCH, TICKET = 0x00, 0x10, 0x18
DMA_ADDRESS, DMA_SRAM, DMA_LENGTH, DMA_COMMAND, DMA_STATUS, DMA_DONE = 0x20, 0x28, 0x2C, 0x30, 0x34, 0x38
IRQ_SIGNAL = 0x40
TO_SRAM, TO_MEMORY, SCATTER, FETCH_ADD, SWAP, CAS = range(1, 7)
IDLE, BUSY, DONE, REFUSED, STATUS_UR, STATUS_CA = range(6)


class Scratch:
    """The card, brought up with MSI-X."""

    def __init__(self, port: Port, vectors: int = 4) -> None:
        self.port = port
        self.bars = {bar.index: bar for bar in port.bring_up()}
        port.use_msix(list(self.bars.values()), vectors)
        self.registers = self.bars[0].address
        self.sram = self.bars[2].address
        self.sram_bytes = self.bars[2].size

    def get(self, at: int) -> int:
        """A register."""
        return struct.unpack("<I", self.port.read(self.registers + at, 4))[0]

    def set(self, at: int, value: int) -> None:
        """Writes a register."""
        self.port.write(self.registers + at, struct.pack("<I", value))

    def start(self, operation: int, address: int, sram: int, length: int, vector: int | None = None) -> None:
        """Begins a transfer."""
        self.port.write(self.registers + DMA_ADDRESS, struct.pack("<QII", address, sram, length))
        self.set(DMA_COMMAND, operation if vector is None else operation | 1 << 8 | vector << 16)

    def transfer(self, operation: int, address: int, sram: int, length: int, timeout_s: float = 20.0) -> int:
        """Does a transfer, waits for its interrupt, answers the status."""
        seen = len(self.port.interrupts)
        self.start(operation, address, sram, length, vector=1)
        self.port.initiator.wait(lambda: len(self.port.interrupts) > seen, timeout_s, "the transfer's interrupt")
        return self.get(DMA_STATUS)
