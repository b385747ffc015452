"""What frames travel over (10): TCP, in memory, and anything of these that loses, doubles and reorders."""

from __future__ import annotations

import random
import socket
import ssl
import time
from typing import Protocol

from .frame import FRAME_BYTES_MAX, Malformed, frame_length

LINGER_S = 1.0
TCP_PORT = 7580


class RailEnded(Exception):
    """The carrier has no more to give."""


class Rail(Protocol):
    """One way for frames. Nothing here blocks but `close`."""

    reliable: bool
    frame_bytes_max: int

    def fileno(self) -> int:
        """For select; -1 if there is none."""

    def send(self, data: bytes) -> None:
        """Takes a frame."""

    def receive(self) -> list[bytes]:
        """What has come. Raises RailEnded, or Malformed when a byte stream is no frames."""

    def close(self) -> None:
        """Ends it, so that the peer can read what was sent last."""


class TcpRail:
    """Frames one after another in a TCP connection, or in TLS on one."""

    reliable = True
    frame_bytes_max = FRAME_BYTES_MAX

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setblocking(False)
        self._in = bytearray()
        self._out = bytearray()
        self._ended = False

    @classmethod
    def dial(cls, host: str, port: int, tls: ssl.SSLContext | None = None, timeout_s: float = 3.0) -> TcpRail:
        """Connects; with `tls` protected by 10.4. Raises OSError."""
        connection = socket.create_connection((host, port), timeout_s)
        return cls(tls.wrap_socket(connection) if tls else connection)

    def certificate(self) -> dict:
        """What the peer has proved, as ssl says it; empty on a rail in clear."""
        return self._socket.getpeercert() or {} if isinstance(self._socket, ssl.SSLSocket) else {}

    def fileno(self) -> int:
        """The socket's descriptor."""
        return self._socket.fileno()

    def send(self, data: bytes) -> None:
        """Takes a frame, or any bytes."""
        self._out += data
        self._flush()

    def wants_to_write(self) -> bool:
        """Whether the kernel would not take all yet."""
        return bool(self._out)

    def _flush(self) -> None:
        while self._out:
            try:
                del self._out[:self._socket.send(self._out)]
            except (BlockingIOError, ssl.SSLWantWriteError, ssl.SSLWantReadError):
                return
            except OSError:
                self._out.clear()
                self._ended = True

    def _read(self) -> None:
        while not self._ended:
            try:
                data = self._socket.recv(1 << 18)
            except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                return
            except OSError:
                data = b""
            self._ended = not data
            self._in += data

    def receive(self) -> list[bytes]:
        """Whole frames that have come."""
        self._flush()
        self._read()
        frames = []
        while len(self._in) >= 8:
            try:
                size = frame_length(self._in)
            except Malformed:
                if frames:
                    break  # What came before is well-formed; the next call finds this again.
                raise
            if len(self._in) < size:
                break
            frames.append(bytes(self._in[:size]))
            del self._in[:size]
        if self._ended and not frames:
            raise RailEnded
        return frames

    def close(self) -> None:
        """Ends writing, then reads and discards until the peer closes, a second at most (5.3)."""
        try:
            self._socket.setblocking(True)
            self._socket.settimeout(0.1)
            if self._out:
                self._socket.sendall(self._out)
            if isinstance(self._socket, ssl.SSLSocket):
                self._socket = self._socket.unwrap()
            self._socket.shutdown(socket.SHUT_WR)
            end = time.monotonic() + LINGER_S
            while time.monotonic() < end and self._socket.recv(1 << 16):
                pass
        except OSError:
            pass
        self._socket.close()

    def abort(self) -> None:
        """Ends it as if the cable had been cut: nothing that waits is sent."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self._socket.close()


class MemoryRail:
    """Frames in memory (10): make two and `join` them."""

    def __init__(self, reliable: bool = False, frame_bytes_max: int = FRAME_BYTES_MAX) -> None:
        self.reliable = reliable
        self.frame_bytes_max = frame_bytes_max
        self._in: list[bytes] = []
        self.peer: MemoryRail | None = None
        self.closed = False

    def join(self, other: MemoryRail) -> None:
        """Makes the two one rail."""
        self.peer, other.peer = other, self

    def fileno(self) -> int:
        """Nothing to select on."""
        return -1

    def send(self, data: bytes) -> None:
        """Gives the peer a frame."""
        if self.peer and not self.peer.closed:
            self.peer._in.append(data)

    def receive(self) -> list[bytes]:
        """What has come."""
        frames, self._in = self._in, []
        if not frames and self.reliable and self.peer and self.peer.closed:
            raise RailEnded
        return frames

    def close(self) -> None:
        """Ends this side."""
        self.closed = True


class Hostile:
    """An unreliable rail made worse in both directions: what is lost, doubled and held back follows from a seed."""

    def __init__(self, rail: Rail, seed: int, loss: float = 0.0, double: float = 0.0, reorder: float = 0.0) -> None:
        self.rail = rail
        self.reliable = rail.reliable
        self.frame_bytes_max = rail.frame_bytes_max
        self.loss, self.double, self.reorder = loss, double, reorder
        self._chance = random.Random(seed)
        self._held: dict[str, bytes | None] = {"in": None, "out": None}
        self.lost = self.doubled = self.reordered = 0

    def fileno(self) -> int:
        """The rail's own."""
        return self.rail.fileno()

    def _mangle(self, way: str, data: bytes) -> list[bytes]:
        if self._chance.random() < self.loss:
            self.lost += 1
            return []
        frames = [data]
        if self._chance.random() < self.double:
            self.doubled += 1
            frames.append(data)
        held, self._held[way] = self._held[way], None
        if held is not None:
            frames.append(held)
        elif self._chance.random() < self.reorder:
            self.reordered += 1
            self._held[way] = frames.pop(0)
        return frames

    def send(self, data: bytes) -> None:
        """Perhaps."""
        for each in self._mangle("out", data):
            self.rail.send(each)

    def receive(self) -> list[bytes]:
        """What has come, or some of it."""
        return [each for data in self.rail.receive() for each in self._mangle("in", data)]

    def close(self) -> None:
        """The rail's own."""
        self.rail.close()
