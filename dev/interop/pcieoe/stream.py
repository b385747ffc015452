"""One function in a session: credits both ways and the order of what waits for them (8)."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from . import records, tlp
from .frame import Malformed
from .link import WORD, before
from .records import COMPLETION, NON_POSTED, POSTED, Credit, Event, Grant, Push, Record
from .session import Session

GRANT: Grant = [(64, 4096), (64, 512), (0, 0)]
CREDITS_MAX = 1 << 28
PUSH_DATA_MAX = 4096


class Stream:
    """Either end's half of a stream. `on_tlp` gets well-formed TLPs, `on_record` everything else."""

    def __init__(self, session: Session, number: int, epoch: int, mine: Grant, theirs: Grant,
                 on_tlp: Callable[[tlp.Tlp], None], on_record: Callable[[Record], None]) -> None:
        self.session, self.number, self.epoch = session, number, epoch
        self._on_tlp, self._on_record = on_tlp, on_record
        self._mine, self._theirs = mine, theirs
        self._allocated = [list(each) for each in theirs]
        self._consumed = [[0, 0] for _ in range(3)]
        self._granted = [list(each) for each in mine]
        self._told = [list(each) for each in mine]
        self._received = [[0, 0] for _ in range(3)]
        self._waiting: deque[tuple[int, int, Record]] = deque()
        self.left = False
        self.heard = 0
        self.sent_changes = 0
        self.malformed = 0
        self.bad_credits = 0
        self.overflow = False
        self.withhold = False

    def record(self, kind: int, body: bytes = b"", flags: int = 0) -> Record:
        """A record of this stream."""
        return Record(self.number, kind, body, self.epoch & 0xFFFF, flags)

    # --- sending -----------------------------------------------------------------------------------------------------

    def send_tlp(self, data: bytes) -> None:
        """Sends a TLP when there are credits for it and for what it may not pass."""
        klass, units = tlp.credits_of(data)
        if not (klass == NON_POSTED and data[tlp.header_offset(data)] in (tlp.MRD32, tlp.MRD64, tlp.IORD, tlp.CFGRD0)
                or klass == COMPLETION):
            self.sent_changes += 1
        self._send(klass, units, self.record(records.TLP, data))

    def send_push(self, push: Push, steady: bool) -> bool:
        """Sends memory along, if enough credits stay (PCIEOE-94)."""
        units = -(-len(push.data) // 16)
        for which, need in ((0, 1), (1, units)):
            first = self._theirs[POSTED][which]
            left = (self._allocated[POSTED][which] - self._consumed[POSTED][which] - need) & WORD
            if first and (left >= 1 << 31 or left < first // 4):
                return False
        if self._waiting:
            return False
        self._send(POSTED, units, self.record(records.PUSH, push.encode(), records.STEADY if steady else 0))
        return True

    def send_event(self, event: Event) -> None:
        """Tells registers, in their place among posted requests."""
        body = event.encode()
        self._send(POSTED, -(-(len(body) - 12) // 16), self.record(records.EVENT, body))

    def revoke(self) -> None:
        """Takes back all that was pushed."""
        self._send(-1, 0, self.record(records.REVOKE))

    def hot_reset(self) -> None:
        """Resets the function, in its place among the TLPs."""
        self.sent_changes += 1
        self._send(-1, 0, self.record(records.HOT_RESET))

    def _send(self, klass: int, units: int, record: Record) -> None:
        self._waiting.append((klass, units, record))
        self._go_on()

    def _covered(self, klass: int, units: int) -> bool:
        if klass < 0:
            return True
        for which, need in ((0, 1), (1, units)):
            if self._theirs[klass][which] == 0:
                continue
            if (self._allocated[klass][which] - self._consumed[klass][which] - need) & WORD >= 1 << 31:
                return False
        return True

    def _go_on(self) -> None:
        """What is in front goes; what is blocked blocks its class, and a posted request all behind it (8.4)."""
        blocked: set[int] = set()
        stay: deque[tuple[int, int, Record]] = deque()
        for klass, units, record in self._waiting:
            posted = klass in (POSTED, -1)
            if POSTED in blocked or not posted and klass in blocked or not self._covered(klass, units):
                blocked.add(POSTED if posted else klass)
                stay.append((klass, units, record))
                continue
            if klass >= 0:
                self._consumed[klass][0] += 1
                self._consumed[klass][1] += units
            self.session.queue(record)
        self._waiting = stay

    def _on_credit(self, body: bytes) -> None:
        for entry in Credit.decode_all(body):
            if entry.klass > 2:
                self.bad_credits += 1
                continue
            fits = True
            for which, value in ((0, entry.headers), (1, entry.data)):
                if self._theirs[entry.klass][which] == 0:
                    continue
                beyond = (value - self._consumed[entry.klass][which]) & WORD
                fits &= not before(value, self._allocated[entry.klass][which] & WORD) and beyond <= CREDITS_MAX
            if not fits:
                self.bad_credits += 1
                continue
            for which, value in ((0, entry.headers), (1, entry.data)):
                old = self._allocated[entry.klass][which]
                self._allocated[entry.klass][which] = old + ((value - old) & WORD) if value or old else 0
        self._go_on()

    # --- receiving ---------------------------------------------------------------------------------------------------

    def on_record(self, record: Record) -> None:
        """Takes a record whose stream and epoch tag are this one's."""
        if record.kind == records.CREDIT:
            self._on_credit(record.body)
        elif record.kind == records.TLP:
            self._on_tlp_bytes(record.body)
        elif record.kind in (records.PUSH, records.EVENT):
            size = min(max(len(record.body) - 12, 0), PUSH_DATA_MAX)
            if record.kind == records.EVENT:
                self.heard += 1
                size = len(record.body) - 12
            if self._account(POSTED, -(-size // 16)):
                self._on_record(record)
                self._give_back(POSTED, -(-size // 16))
        else:
            self._on_record(record)

    def _on_tlp_bytes(self, data: bytes) -> None:
        klass, units = tlp.credits_of(data)
        if klass != NON_POSTED:
            self.heard += 1
        if not self._account(klass, units):
            return
        try:
            packet = tlp.decode(data)
            if len(packet.data) > self.session.payload_bytes:
                raise Malformed("more data than the session's payload")
            self._on_tlp(packet)
        except Malformed:
            self.malformed += 1
        self._give_back(klass, units)

    def _account(self, klass: int, units: int) -> bool:
        for which, need in ((0, 1), (1, units)):
            self._received[klass][which] += need
            if self._mine[klass][which] and self._received[klass][which] > self._granted[klass][which]:
                self.overflow = True
        return not self.overflow

    def _give_back(self, klass: int, units: int) -> None:
        tell = False
        for which, freed in ((0, 1), (1, units)):
            window = self._mine[klass][which]
            if window and not self.withhold:
                self._granted[klass][which] += freed
                tell |= 4 * (self._granted[klass][which] - self._told[klass][which]) >= window
        if tell and not self.left:
            self._told[klass] = list(self._granted[klass])
            headers, data = (each & WORD for each in self._told[klass])
            self.session.queue(self.record(records.CREDIT, Credit(klass, headers, data).encode()))

    def outstanding(self, klass: int) -> tuple[int, int]:
        """Headers and data that the peer took and has not given back yet."""
        return tuple(self._consumed[klass][n] - self._allocated[klass][n] + self._theirs[klass][n]
                     for n in (0, 1))  # type: ignore[return-value]
