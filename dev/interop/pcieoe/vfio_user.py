"""A client of vfio-user 0.0: as much of it as a hypervisor does with a device's configuration space, BARs, memory and interrupts."""

from __future__ import annotations

import array
import json
import mmap
import os
import socket
import struct

VERSION, DMA_MAP, DMA_UNMAP, GET_INFO, REGION_INFO, _, IRQ_INFO, SET_IRQS, REGION_READ, REGION_WRITE = range(1, 11)
DMA_READ, DMA_WRITE, RESET = 11, 12, 13
BAR0, CONFIG = 0, 7
MSIX = 2
_HEADER = struct.Struct("<HHIII")


class Client:
    """One device. Its interrupts come as eventfds; its memory is the one given to `map`."""

    def __init__(self, path: str, timeout_s: float = 10.0) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(timeout_s)
        self._socket.connect(path)
        self._id = 0
        self.memory: mmap.mmap | None = None
        capabilities = {"capabilities": {"max_msg_fds": 8, "max_data_xfer_size": 1048576}}
        self.call(VERSION, struct.pack("<HH", 0, 0) + json.dumps(capabilities).encode() + b"\0")

    def call(self, command: int, body: bytes = b"", descriptors: tuple[int, ...] = ()) -> bytes:
        """Sends a message and waits for its reply. Raises OSError with the errno that it says."""
        self._id = (self._id + 1) & 0xFFFF
        data = _HEADER.pack(self._id, command, _HEADER.size + len(body), 0, 0) + body
        extra = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))] if descriptors else []
        self._socket.sendmsg([data], extra)
        while True:
            number, _, size, flags, errno = _HEADER.unpack(self._exactly(_HEADER.size))
            answer = self._exactly(size - _HEADER.size)
            if flags & 15 == 1 and number == self._id:
                break
        if flags & 0x20:
            raise OSError(errno, os.strerror(errno))
        return answer

    def _exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            piece = self._socket.recv(size - len(data))
            if not piece:
                raise ConnectionError("the device has gone")
            data += piece
        return data

    def read(self, region: int, offset: int, size: int) -> bytes:
        """Reads from a region."""
        return self.call(REGION_READ, struct.pack("<QII", offset, region, size))[16:]

    def write(self, region: int, offset: int, data: bytes) -> None:
        """Writes to a region."""
        self.call(REGION_WRITE, struct.pack("<QII", offset, region, len(data)) + data)

    def config(self, offset: int, size: int = 4) -> int:
        """A register of configuration space."""
        return int.from_bytes(self.read(CONFIG, offset, size), "little")

    def set_config(self, offset: int, value: int, size: int = 4) -> None:
        """Writes one."""
        self.write(CONFIG, offset, value.to_bytes(size, "little"))

    def map(self, address: int, size: int) -> mmap.mmap:
        """Gives the device this much memory at a bus address."""
        descriptor = os.memfd_create("guest")
        os.ftruncate(descriptor, size)
        self.memory = mmap.mmap(descriptor, size)
        self.call(DMA_MAP, struct.pack("<IIQQQ", 32, 3, 0, address, size), (descriptor,))
        os.close(descriptor)
        return self.memory

    def unmap(self, address: int, size: int) -> None:
        """Takes it away."""
        self.call(DMA_UNMAP, struct.pack("<IIQQ", 24, 0, address, size))

    def use_msix(self, vectors: int) -> list[int]:
        """Eventfds for MSI-X vectors."""
        made = [os.eventfd(0, os.EFD_NONBLOCK) for _ in range(vectors)]
        self.call(SET_IRQS, struct.pack("<IIIII", 20, 1 << 2 | 1 << 5, MSIX, 0, vectors), tuple(made))
        return made

    def reset(self) -> None:
        """Resets the device."""
        self.call(RESET)

    def close(self) -> None:
        """Lets go of the device."""
        self._socket.close()


def signalled(descriptor: int) -> int:
    """How often an eventfd was written since this was last asked."""
    try:
        return os.eventfd_read(descriptor)
    except BlockingIOError:
        return 0
