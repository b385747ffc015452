"""A driver for NVMe controllers, as little of NVM Express 2.0 as reading and writing takes."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from .port import Port

CAP, CC, CSTS, AQA, ASQ, ACQ, DOORBELLS = 0x00, 0x14, 0x1C, 0x24, 0x28, 0x30, 0x1000
ENTRIES = 32
PAGE = 4096
QUEUES, DATA, DATA_BYTES = 0x40000000, 0x100000000, 1 << 20
IDENTIFY, CREATE_CQ, CREATE_SQ, SET_FEATURES = 0x06, 0x05, 0x01, 0x09
FLUSH, WRITE, READ = 0x00, 0x01, 0x02


@dataclass
class Queue:
    """A submission queue and its completion queue, at offsets of the queues' window."""

    number: int
    at: int
    tail: int = 0
    head: int = 0
    phase: int = 1


class Nvme:
    """A controller with its admin queues and one pair for I/O; a command at a time, or many."""

    def __init__(self, port: Port) -> None:
        self.port = port
        bars = port.bring_up()
        self.registers = bars[0].address
        port.use_large_packets()
        port.use_msix(bars, 2)
        self.queues = port.memory.add(QUEUES, 16 * PAGE)
        self.data = port.memory.add(DATA, DATA_BYTES)
        self._next = 0
        self._done: dict[int, tuple[int, int]] = {}
        self.admin = Queue(0, 0)
        self._enable()
        self.controller = self.identify(1)
        self.serial = self.controller[4:24].decode().strip()
        self.io = Queue(1, 2 * PAGE)
        self._must(self.admin, SET_FEATURES, dword10=7, dword11=0)
        self._must(self.admin, CREATE_CQ, address=QUEUES + 3 * PAGE, dword10=ENTRIES - 1 << 16 | 1, dword11=1 << 16 | 3)
        self._must(self.admin, CREATE_SQ, address=QUEUES + 2 * PAGE, dword10=ENTRIES - 1 << 16 | 1, dword11=1 << 16 | 1)
        namespace = self.identify(0, 1)
        self.blocks, = struct.unpack_from("<Q", namespace)
        self.block_bytes = 1 << namespace[128 + 4 * (namespace[26] & 15) + 2]

    def get(self, at: int, size: int = 4) -> int:
        """A register."""
        return int.from_bytes(self.port.read(self.registers + at, size), "little")

    def set(self, at: int, value: int, size: int = 4) -> None:
        """Writes a register."""
        self.port.write(self.registers + at, value.to_bytes(size, "little"))

    def _await(self, mask: int, value: int) -> None:
        for _ in range(2000):
            if self.get(CSTS) & mask == value:
                return
            self.port.initiator.poll()
        raise TimeoutError(f"CSTS never became {value}: {self.get(CSTS):x}")

    def _enable(self) -> None:
        self.set(CC, 0)
        self._await(1, 0)
        self.set(AQA, ENTRIES - 1 << 16 | ENTRIES - 1)
        self.set(ASQ, QUEUES, 8)
        self.set(ACQ, QUEUES + PAGE, 8)
        self.set(CC, 6 << 16 | 4 << 20 | 1)
        self._await(1, 1)

    def submit(self, queue: Queue, opcode: int, namespace: int = 0, address: int = 0, list_at: int = 0, dword10: int = 0,
               dword11: int = 0, dword12: int = 0) -> int:
        """Writes an entry; answers the command's identifier. Somebody has to ring."""
        self._next = (self._next + 1) & 0x7FFF
        entry = struct.pack("<BBHIQQQQIIIIII", opcode, 0, self._next, namespace, 0, 0, address, list_at, dword10, dword11,
                            dword12, 0, 0, 0)
        at = queue.at + 64 * queue.tail
        self.queues[at:at + 64] = entry
        queue.tail = (queue.tail + 1) % ENTRIES
        return self._next

    def ring(self, queue: Queue) -> None:
        """Tells the controller of new entries."""
        self.set(DOORBELLS + 8 * queue.number, queue.tail)

    def _collect(self, queue: Queue) -> None:
        before = queue.head
        while True:
            at = queue.at + PAGE + 16 * queue.head
            result, _, _, _, command, status = struct.unpack_from("<IIHHHH", self.queues, at)
            if status & 1 != queue.phase:
                break
            self._done[command] = status >> 1, result
            queue.head = (queue.head + 1) % ENTRIES
            queue.phase ^= queue.head == 0
        if queue.head != before:
            self.set(DOORBELLS + 8 * queue.number + 4, queue.head)

    def finish(self, queue: Queue, command: int, timeout_s: float = 30.0) -> int:
        """Waits for a command; answers its status."""
        def done() -> bool:
            self._collect(queue)
            return command in self._done
        self.port.initiator.wait(done, timeout_s, f"NVMe command {command}")
        return self._done.pop(command)[0]

    def _must(self, queue: Queue, opcode: int, **fields: int) -> None:
        command = self.submit(queue, opcode, **fields)
        self.ring(queue)
        status = self.finish(queue, command)
        if status:
            raise RuntimeError(f"NVMe command {opcode:x} ended with status {status:x}")

    def identify(self, what: int, namespace: int = 0) -> bytes:
        """Identify: 1 the controller, 0 a namespace."""
        self._must(self.admin, IDENTIFY, namespace=namespace, address=DATA, dword10=what)
        return bytes(self.data[:PAGE])

    def prepare(self, opcode: int, block: int, size: int, at: int = 0) -> int:
        """Submits a transfer between the drive and `at` in the data window; without ringing."""
        pages = (size + PAGE - 1) // PAGE
        second = DATA + at + PAGE if pages == 2 else 0
        if pages > 2:
            list_at = 8 * PAGE + PAGE * (self.io.tail % 8)
            self.queues[list_at:list_at + 8 * (pages - 1)] = b"".join(
                struct.pack("<Q", DATA + at + PAGE * n) for n in range(1, pages))
            second = QUEUES + list_at
        return self.submit(self.io, opcode, 1, DATA + at, second, block & 0xFFFFFFFF, block >> 32,
                           size // self.block_bytes - 1)

    def transfer(self, opcode: int, block: int, size: int) -> int:
        """Reads or writes and waits; answers the status."""
        command = self.prepare(opcode, block, size)
        self.ring(self.io)
        return self.finish(self.io, command)

    def write(self, block: int, data: bytes) -> int:
        """Writes blocks."""
        self.data[:len(data)] = data
        return self.transfer(WRITE, block, len(data))

    def read(self, block: int, size: int) -> bytes:
        """Reads blocks."""
        self.data[:size] = bytes(size)
        status = self.transfer(READ, block, size)
        if status:
            raise RuntimeError(f"read ended with status {status:x}")
        return bytes(self.data[:size])
