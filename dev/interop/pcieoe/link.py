"""A rail as a session sees it: its clock, its round trip, what is under way on it (3.1, 6.2, 6.5, 7.2)."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from .frame import CRC, ECHO, Frame
from .rail import Rail

UNIT_NS = 16
WORD = 0xFFFFFFFF


def before(a: int, b: int) -> bool:
    """Whether sequence number `a` is before `b` (2)."""
    return (a - b) & WORD >= 1 << 31


def clock_units() -> int:
    """This end's clock as txTime has it."""
    return time.monotonic_ns() // UNIT_NS & WORD


@dataclass
class Sent:
    """A DATA frame that is kept until it is acknowledged."""

    seq: int
    body: bytes
    link: Link | None = None
    order: int = 0
    at_s: float = 0.0
    times: int = 0


@dataclass
class Link:
    """One rail of a session."""

    rail: Rail
    number: int = 0
    heard_s: float = field(default_factory=time.monotonic)
    spoke_s: float = field(default_factory=time.monotonic)
    echo_time: int | None = None
    echo_at_ns: int = 0
    rtt_s: float = 0.0
    rtt_min_s: float = 0.0
    variation_s: float = 0.0
    window: int = 0
    under_way: dict[int, Sent] = field(default_factory=dict)
    under_way_bytes: int = 0
    orders: int = 0
    newest_order: int = 0
    progress_s: float = 0.0
    owes_ack: bool = False
    owes_answer: bool = False
    doubted: bool = False
    asked: int = 0
    frames: int = 0
    loss_mark: int = 0

    def send(self, frame: Frame) -> bytes:
        """Stamps and sends a frame; returns its bytes."""
        frame.tx_time = clock_units()
        frame.flags &= ~(CRC | ECHO)
        if not self.rail.reliable:
            frame.flags |= CRC
        frame.echo_time = frame.echo_delay = 0
        if self.echo_time is not None:
            frame.flags |= ECHO
            frame.echo_time = self.echo_time
            frame.echo_delay = (time.monotonic_ns() - self.echo_at_ns) // UNIT_NS & WORD
        data = frame.encode()
        self.rail.send(data)
        self.spoke_s = time.monotonic()
        self.owes_ack = self.owes_answer = False
        return data

    def heard(self, frame: Frame) -> None:
        """Takes a frame's times."""
        self.heard_s = time.monotonic()
        self.frames += 1
        self.echo_time, self.echo_at_ns = frame.tx_time, time.monotonic_ns()
        if frame.flags & ECHO:
            self._measure(((clock_units() - frame.echo_time - frame.echo_delay) & WORD) * UNIT_NS / 1e9)
            if self.doubted and not before(frame.echo_time, self.asked):
                self.doubted = False

    def _measure(self, rtt_s: float) -> None:
        if rtt_s > 10:
            return
        if not self.rtt_s:
            self.rtt_s = self.rtt_min_s = rtt_s
            self.variation_s = rtt_s / 2
        self.variation_s += (abs(rtt_s - self.rtt_s) - self.variation_s) / 4
        self.rtt_s += (rtt_s - self.rtt_s) / 8
        self.rtt_min_s = min(self.rtt_min_s, rtt_s)

    def time_s(self) -> float:
        """After how long without an acknowledgement this rail's time is over (6.2)."""
        if not self.rtt_s:
            return 0.01 if not self.rail.reliable else 0.03
        usual = 2 * self.rtt_s + 4 * self.variation_s + 0.002
        if self.rail.reliable:
            return max(0.03, 4 * self.rtt_s)
        return min(usual, max(0.06, min(2 * self.rtt_min_s, 0.09)))

    def has_room(self, size: int) -> bool:
        """Whether the window (6.5) lets a frame of this size out."""
        return self.rail.reliable or not self.under_way or self.under_way_bytes + size <= self.window

    def carry(self, sent: Sent, size: int) -> None:
        """Takes note that a DATA frame is under way here."""
        if not self.under_way:
            self.progress_s = time.monotonic()
        self.orders += 1
        sent.link, sent.order, sent.at_s = self, self.orders, time.monotonic()
        sent.times += 1
        self.under_way[sent.seq] = sent
        self.under_way_bytes += size

    def drop(self, sent: Sent) -> None:
        """Takes note that it is not under way here any more."""
        if self.under_way.pop(sent.seq, None):
            self.under_way_bytes -= 40 + len(sent.body)
        sent.link = None

    def arrived(self, sent: Sent) -> None:
        """One of ours has come to the peer."""
        self.progress_s = time.monotonic()
        if sent.times == 1 or self.progress_s - sent.at_s >= self.rtt_s:
            self.newest_order = max(self.newest_order, sent.order)
        self.window += 40 + len(sent.body)

    def lost(self, sent: Sent, frame_bytes: int) -> None:
        """One of ours has not: the window shrinks, once for all that were under way then."""
        if sent.order > self.loss_mark:
            self.loss_mark = self.orders
            self.window = max(4 * frame_bytes, self.window * 7 // 10)
