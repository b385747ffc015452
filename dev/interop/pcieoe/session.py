"""What two ends share: one sequence of DATA frames in each direction over any number of rails (4.3, 6, 7)."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from . import bodies, frame, records
from .bodies import RAILS, SACK, Hello, Refusal
from .frame import Frame, Malformed
from .link import WORD, Link, Sent, before
from .rail import RailEnded
from .records import MORE, RECORD_HEADER_BYTES, Record

KEEP_ALIVE_S = 0.5
NAK_PAUSE_S = 0.0025
TLP_BYTES_MAX = 4132
PUSH_BYTES_MAX = 12 + 4096


class Violation(Exception):
    """The peer did what no end may: its rail ends (3.6)."""


def agreed(mine: int, theirs: int) -> int:
    """Capabilities that a session has (5.5)."""
    both = mine & theirs & bodies.ALL_CAPABILITIES
    return both if both & SACK else both & ~RAILS


@dataclass
class Counts:
    """What happened, for tests."""

    dropped: int = 0
    duplicates: int = 0
    sent_again: int = 0
    late: int = 0
    wrong_frames: int = 0
    reasons: list[str] = field(default_factory=list)


class Session:
    """Either end's half of a session. `deliver` gets whole records in order, `ended` the reason, once."""

    def __init__(self, number: int, token: bytes, mine: Hello, peer: Hello,
                 deliver: Callable[[Record], None], ended: Callable[[str], None]) -> None:
        self.number, self.token, self.mine, self.peer = number, token, mine, peer
        self.capabilities = agreed(mine.capabilities, peer.capabilities)
        self.frame_bytes = min(mine.frame_bytes_max, peer.frame_bytes_max)
        self.payload_bytes = min(mine.payload_bytes_max, peer.payload_bytes_max)
        self.hold_s = min(mine.hold_ms, peer.hold_ms) / 1000
        self._deliver, self._ended = deliver, ended
        self.links: list[Link] = []
        self.down: str | None = None
        self.expected = 1
        self.next_seq = 1
        self.unacknowledged: dict[int, Sent] = {}
        self.counts = Counts()
        self._kept: dict[int, list[Record]] = {}
        self._again: deque[int] = deque()
        self._new: deque[int] = deque()
        self._records: deque[bytes] = deque()
        self._gathered: tuple[Record, bytearray] | None = None
        self._no_rail_s = time.monotonic()
        self._nak_s = 0.0
        self._fruitless = 0
        self._progress = 0

    # --- rails -------------------------------------------------------------------------------------------------------

    def oldest(self) -> int:
        """The oldest DATA frame kept, or the next one."""
        return next(iter(self.unacknowledged), self.next_seq)

    def resume_ack_fits(self, ack: int) -> bool:
        """Whether the session can go on from there (5.4)."""
        if before(self.next_seq, ack):
            return False
        return not before(ack, self.oldest()) or bool(self.capabilities & RAILS) or bool(self.links)

    def join(self, link: Link, ack: int) -> None:
        """Gives the session a rail whose handshake said `ack`."""
        for old in [each for each in self.links if not self.capabilities & RAILS or each.number == link.number]:
            self.leave(old)
            old.rail.close()
        link.window = 10 * self.frame_bytes
        if not self.links:
            self._again.clear()
            for sent in self.unacknowledged.values():
                sent.link = None
        self.links.append(link)
        if not before(ack, self.oldest()):
            self._forget_before(ack)
        self._find_homeless()

    def leave(self, link: Link) -> None:
        """A rail is no more: what was under way on it goes over the others, or over the next."""
        if link in self.links:
            self.links.remove(link)
            for sent in list(link.under_way.values()):
                link.drop(sent)
            self._find_homeless()
        if not self.links:
            self._no_rail_s = time.monotonic()

    def _find_homeless(self) -> None:
        waiting = set(self._new)
        self._again = deque(seq for seq, sent in self.unacknowledged.items() if sent.link is None and seq not in waiting)

    def end(self, reason: str, bye: Refusal | None = None) -> None:
        """The session is down, with a BYE over its rails if the peer is to know."""
        if self.down is not None:
            return
        self.down = reason
        for link in self.links:
            if bye:
                link.send(self._frame(frame.BYE, bye.encode()))
            link.rail.close()
        self.links.clear()
        self._ended(reason)

    def refuse(self, link: Link, code: int, text: str) -> None:
        """Ends one rail and says why."""
        self.leave(link)
        link.send(self._frame(frame.REFUSE, Refusal(code, text).encode()))
        link.rail.close()

    # --- receiving ---------------------------------------------------------------------------------------------------

    def receive(self, link: Link) -> None:
        """Takes all that has come over a rail."""
        self.take(link, link.rail.receive)

    def take(self, link: Link, frames: Callable[[], list[bytes]]) -> None:
        """Takes frames of a rail, and ends it where it has to end."""
        try:
            for data in frames():
                self.on_bytes(link, data)
                if link not in self.links:
                    return
        except RailEnded:
            self.leave(link)
        except (Violation, Malformed) as why:
            self.counts.reasons.append(str(why))
            self.refuse(link, bodies.MALFORMED, str(why))
            self._count_fruitless()

    def _count_fruitless(self) -> None:
        self._fruitless = 1 if self._progress != self.expected else self._fruitless + 1
        self._progress = self.expected
        if self._fruitless >= 4:
            self.end("four rails in a row ended", Refusal(bodies.OTHER, "four rails in a row ended without progress"))

    def on_bytes(self, link: Link, data: bytes) -> None:
        """One frame's bytes. Raises Violation or Malformed where the rail has to end."""
        try:
            came = frame.decode(data, crc_needed=not link.rail.reliable)
            if came.session != self.number and not (came.type == frame.REFUSE and came.session == 0):
                self.counts.wrong_frames += 1
                return
            body = self._check_body(came)
        except Malformed:
            if link.rail.reliable:
                raise
            self.counts.dropped += 1
            return
        self._on_frame(link, came, body)

    def _check_body(self, came: Frame) -> list[Record] | Refusal | None:
        if came.type == frame.DATA:
            return records.decode_records(came.body, self.capabilities)
        if came.type in (frame.REFUSE, frame.BYE):
            return Refusal.decode(came.body)
        if came.type in (frame.DISCOVER, frame.OFFER):
            raise Malformed("DISCOVER or OFFER inside a rail")
        return None

    def _on_frame(self, link: Link, came: Frame, body: list[Record] | Refusal | None) -> None:
        if came.type in (frame.HELLO, frame.WELCOME):
            if link.rail.reliable:
                raise Violation("HELLO or WELCOME inside a session")
            return
        if came.type == frame.REFUSE:
            self.counts.reasons.append(f"refused: {body}")
            self.leave(link)
            link.rail.close()
            return
        link.heard(came)
        self._on_acknowledgement(came)
        if came.type == frame.BYE:
            assert isinstance(body, Refusal)
            self.end(f"BYE: {body}")
            return
        link.owes_answer |= bool(came.flags & frame.PING)
        if came.type == frame.DATA:
            assert isinstance(body, list)
            link.owes_ack = True
            self._on_data(link, came.seq, body)
        elif not self.capabilities & SACK and before(self.expected, came.seq):
            self._on_gap(link)

    def _on_data(self, link: Link, seq: int, body: list[Record]) -> None:
        if before(seq, self.expected) or seq in self._kept:
            self.counts.duplicates += 1
            link.owes_answer = True
        elif seq == self.expected:
            self._kept[seq] = body
            while self.expected in self._kept and self.down is None:
                body = self._kept.pop(self.expected)
                self.expected = (self.expected + 1) & WORD
                for record in body:
                    self._on_record(record)
        elif not self.capabilities & SACK:
            self._on_gap(link)
        elif before(seq, (self.expected + self.mine.reorder_frames) & WORD):
            self._kept[seq] = body
            self.counts.late += 1
            link.owes_answer = True
        else:
            self.counts.dropped += 1

    def _on_gap(self, link: Link) -> None:
        if link.rail.reliable:
            raise Violation("a gap on a reliable rail")
        now = time.monotonic()
        if now - self._nak_s > max(NAK_PAUSE_S, 2 * link.rtt_s):
            self._nak_s = now
            link.send(self._frame(frame.ACK, flags=frame.NAK))

    def _on_record(self, record: Record) -> None:
        if record.kind not in (records.TLP, records.PUSH):
            self._gathered = None
            self._deliver(record)
            return
        whole = bytearray(record.body)
        if self._gathered:
            first, so_far = self._gathered
            if (first.stream, first.kind, first.epoch_tag) == (record.stream, record.kind, record.epoch_tag):
                whole = so_far + record.body
        limit = TLP_BYTES_MAX if record.kind == records.TLP else PUSH_BYTES_MAX
        del whole[limit + 4:]
        if record.flags & MORE:
            self._gathered = record, whole
            return
        self._gathered = None
        self._deliver(Record(record.stream, record.kind, bytes(whole), record.epoch_tag, record.flags))

    # --- acknowledgements --------------------------------------------------------------------------------------------

    def _on_acknowledgement(self, came: Frame) -> None:
        if before(self.next_seq, came.ack):
            raise Violation("ack of what was never sent")
        arrived = []
        if self.capabilities & SACK:
            arrived = [(came.ack + 1 + bit) & WORD for bit in range(32) if came.sack >> bit & 1]
            if came.type == frame.ACK:
                arrived += self._ranges(came)
            if any(not before(seq, self.next_seq) for seq in arrived):
                raise Violation("sack of what was never sent")
        self._forget_before(came.ack)
        for seq in arrived:
            self._forget(seq)
        self._find_lost()
        if came.flags & frame.NAK and came.ack == self.oldest():
            self._send_all_again()

    def _ranges(self, came: Frame) -> list[int]:
        arrived, at = [], came.ack
        for first, behind in bodies.decode_ranges(came.body):
            if not before(at, first) or not before(first, behind) or before(self.next_seq, behind):
                raise Violation("ranges not ascending and apart, or of what was never sent")
            at = behind
            arrived += [(first + n) & WORD for n in range((behind - first) & WORD)]
        return arrived

    def _forget_before(self, ack: int) -> None:
        while self.unacknowledged and before(self.oldest(), ack):
            self._forget(self.oldest())

    def _forget(self, seq: int) -> None:
        sent = self.unacknowledged.pop(seq, None)
        if sent and sent.link:
            sent.link.arrived(sent)
            sent.link.drop(sent)

    def _find_lost(self) -> None:
        if not self.capabilities & SACK:
            return
        for link in self.links:
            if link.rail.reliable:
                continue
            lost = [sent for sent in link.under_way.values() if sent.order < link.newest_order]
            for sent in lost:
                link.lost(sent, self.frame_bytes)
                link.drop(sent)
                self._again.append(sent.seq)

    def _send_all_again(self) -> None:
        for sent in self.unacknowledged.values():
            if sent.link:
                sent.link.drop(sent)
        self._find_homeless()

    def backlog(self) -> int:
        """How many records and frames wait to be sent or acknowledged."""
        return len(self._records) + len(self.unacknowledged)

    # --- sending -----------------------------------------------------------------------------------------------------

    def queue(self, record: Record) -> None:
        """Takes a record to be sent, in fragments if it is longer than a frame (4.3)."""
        room = self.frame_bytes - frame.HEADER_BYTES - RECORD_HEADER_BYTES & ~3
        body = record.body
        while len(body) > room and record.kind in (records.TLP, records.PUSH):
            self._records.append(Record(record.stream, record.kind, body[:room], record.epoch_tag,
                                        record.flags | MORE).encode())
            body = body[room:]
        self._records.append(Record(record.stream, record.kind, body, record.epoch_tag, record.flags).encode())

    def _close_frames(self) -> None:
        limit = self.frame_bytes - frame.HEADER_BYTES
        while self._records and len(self.unacknowledged) * self.frame_bytes < self.mine.replay_bytes:
            body = bytearray(self._records.popleft())
            while self._records and len(body) + len(self._records[0]) <= limit:
                body += self._records.popleft()
            self.send_body(bytes(body))

    def send_body(self, body: bytes) -> int:
        """Numbers a DATA frame with this body and has it sent; returns its number."""
        seq = self.next_seq
        self.unacknowledged[seq] = Sent(seq, body)
        self._new.append(seq)
        self.next_seq = (seq + 1) & WORD
        return seq

    def _frame(self, kind: int, body: bytes = b"", flags: int = 0, seq: int | None = None) -> Frame:
        sack = 0
        if self.capabilities & SACK:
            for kept in self._kept:
                bit = (kept - self.expected - 1) & WORD
                sack |= 1 << bit if bit < 32 else 0
            if kind == frame.ACK:
                body = bodies.encode_ranges(self._kept_ranges())
        return Frame(kind, self.number, self.next_seq if seq is None else seq, self.expected, sack, flags=flags, body=body)

    def _kept_ranges(self) -> list[tuple[int, int]]:
        ranges: list[tuple[int, int]] = []
        for seq in sorted(self._kept, key=lambda each: (each - self.expected) & WORD):
            if ranges and ranges[-1][1] == seq:
                ranges[-1] = ranges[-1][0], (seq + 1) & WORD
            else:
                ranges.append((seq, (seq + 1) & WORD))
        return ranges

    def _within_window(self, seq: int) -> bool:
        if not self.capabilities & SACK or len(self.links) == 1 and self.links[0].rail.reliable:
            return True
        return (seq - self.oldest()) & WORD < self.peer.reorder_frames

    def _send_frames(self) -> None:
        for waiting, flags in ((self._again, frame.REPLAY), (self._new, 0)):
            while waiting:
                sent = self.unacknowledged.get(waiting[0])
                if sent is None or sent.link is not None:
                    waiting.popleft()
                    continue
                size = frame.HEADER_BYTES + len(sent.body)
                link = self._choose(size)
                if link is None or not self._within_window(sent.seq):
                    return
                waiting.popleft()
                again = flags if sent.times else 0
                self.counts.sent_again += bool(again)
                link.send(self._frame(frame.DATA, sent.body, again, sent.seq))
                link.carry(sent, size)

    def _choose(self, size: int) -> Link | None:
        well = [each for each in self.links if not each.doubted] or self.links
        roomy = [each for each in well if each.has_room(size)]
        return min(roomy, key=lambda each: (each.under_way_bytes, each.rtt_s), default=None)

    # --- time --------------------------------------------------------------------------------------------------------

    def work(self) -> None:
        """Sends what waits, acknowledges, looks at the timers. To be called every few milliseconds."""
        if self.down is not None:
            return
        now = time.monotonic()
        if not self.links and now - self._no_rail_s > self.hold_s:
            self.end("no rail for the hold time")
            return
        self._close_frames()
        self._send_frames()
        for link in list(self.links):
            self._look_at(link, now)

    def _look_at(self, link: Link, now: float) -> None:
        keep_alive_s = min(KEEP_ALIVE_S, self.peer.silence_ms / 4000)
        if now - link.heard_s > self.mine.silence_ms / 1000:
            self.refuse(link, bodies.MALFORMED, "nothing came for the silence time")
            return
        if link.under_way and now - max(link.progress_s, self._first_sent_s(link)) > link.time_s():
            self._on_time_over(link, now)
        if link.owes_ack or link.owes_answer or now - link.spoke_s > keep_alive_s:
            link.send(self._frame(frame.ACK))

    @staticmethod
    def _first_sent_s(link: Link) -> float:
        return next(iter(link.under_way.values())).at_s

    def _on_time_over(self, link: Link, now: float) -> None:
        others = [each for each in self.links if each is not link and not each.doubted]
        link.progress_s = now
        if others:
            link.doubted, link.asked = True, now_units()
            for sent in list(link.under_way.values()):
                link.drop(sent)
            self._find_homeless()
            link.send(self._frame(frame.ACK, flags=frame.PING))
        elif not link.rail.reliable:
            if not self.capabilities & SACK:
                self._send_all_again()
                return
            sent = next(iter(link.under_way.values()))
            link.lost(sent, self.frame_bytes)
            link.drop(sent)
            self._again.appendleft(sent.seq)


def now_units() -> int:
    """This end's clock, for what is asked from now on."""
    return time.monotonic_ns() // 16 & WORD
