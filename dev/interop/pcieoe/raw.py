"""A rail by hand: for whoever wants to send what no honest end would."""

from __future__ import annotations

import select
import secrets
import struct
import time
from collections.abc import Callable

from . import bodies, frame, records, tlp
from .bodies import Hello, Refusal
from .frame import Frame, Malformed
from .link import WORD, before
from .rail import Rail, RailEnded
from .records import Attach, Attached, Grant, Record, Refused
from .stream import GRANT
from .tlp import Tlp

PATIENCE_S = 5.0


class Raw:
    """An initiator's rail. It stamps, numbers and acknowledges unless told otherwise, and repeats nothing."""

    def __init__(self, rail: Rail, name: str = "", **mine: int) -> None:
        self.rail = rail
        mine.setdefault("hold_ms", 2000)
        self.mine = Hello(name=name or f"raw-{secrets.token_hex(4)}", instance_id=secrets.randbits(64), **mine)
        self.session = 0
        self.token = bytes(16)
        self.next = self.expected = 1
        self.peer = Hello()
        self.peer_ack = 1
        self.last: Frame | None = None
        self.last_ns = 0
        self.came: list[Frame] = []
        self.delivered: list[Record] = []
        self.streams: dict[str, tuple[int, int]] = {}
        self.over = False
        self._bad = 0
        self._request = 0
        self._tag = 0
        self._spoke_s = 0.0

    # --- frames ------------------------------------------------------------------------------------------------------

    def frame(self, kind: int, body: bytes = b"", **changes: int) -> Frame:
        """A frame of this session as it should be, but for the changes."""
        one = Frame(kind, self.session, self.next, self.expected, body=body)
        one.tx_time = time.monotonic_ns() // 16 & WORD
        if not self.rail.reliable:
            one.flags |= frame.CRC
        if self.last:
            one.flags |= frame.ECHO
            one.echo_time = self.last.tx_time
            one.echo_delay = (time.monotonic_ns() - self.last_ns) // 16 & WORD
        one.flags |= changes.pop("more_flags", 0)
        for name, value in changes.items():
            setattr(one, name, value)
        return one

    def send(self, kind: int, body: bytes = b"", **changes: int) -> Frame:
        """Sends such a frame."""
        one = self.frame(kind, body, **changes)
        self._spoke_s = time.monotonic()
        self.rail.send(one.encode())
        return one

    def data(self, *some: Record | bytes, **changes: int) -> int:
        """Sends records as a DATA frame; answers its number."""
        body = b"".join(each.encode() if isinstance(each, Record) else each for each in some)
        seq = self.send(frame.DATA, body, **changes).seq
        if "seq" not in changes and "session" not in changes:
            self.next = (seq + 1) & WORD
        return seq

    def ack(self, **changes: int) -> None:
        """Sends an ACK."""
        self.send(frame.ACK, **changes)

    def poll(self, timeout_s: float = 0.02) -> list[Frame]:
        """What has come; DATA in sequence is taken apart and acknowledged."""
        if self.over:
            time.sleep(min(timeout_s, 0.01))
            return []
        if self.acknowledging and self.session and time.monotonic() - self._spoke_s > 0.5:
            self.ack()
        select.select([self.rail], [], [], timeout_s)
        try:
            raws = self.rail.receive()
        except (RailEnded, Malformed):
            self.over = True
            return []
        some = []
        for data in raws:
            try:
                one = frame.decode(data, crc_needed=not self.rail.reliable)
            except Malformed:
                self._bad += 1
                continue
            some.append(one)
            self._take(one)
        self.came += some
        return some

    def _take(self, one: Frame) -> None:
        self.last, self.last_ns = one, time.monotonic_ns()
        if one.type in (frame.DATA, frame.ACK) and one.session == self.session and before(self.peer_ack, one.ack):
            self.peer_ack = one.ack
        if one.type == frame.DATA and one.session == self.session:
            if one.seq == self.expected:
                self.expected = (one.seq + 1) & WORD
                self.delivered += records.decode_records(one.body, bodies.ALL_CAPABILITIES)
            if self.acknowledging:
                self.ack()

    acknowledging = True

    def until(self, done: Callable[[], object], what: str, timeout_s: float = PATIENCE_S) -> None:
        """Polls until something is so. An AssertionError says what was waited for."""
        end = time.monotonic() + timeout_s
        while not done():
            if time.monotonic() > end:
                raise AssertionError(f"waited in vain for {what}; came: {', '.join(map(str, self.came[-5:])) or 'nothing'}")
            self.poll()

    def expect(self, kind: int, where: Callable[[Frame], bool] = lambda _: True, timeout_s: float = PATIENCE_S) -> Frame:
        """Waits for a frame of this type that has not been asked for before."""
        def find() -> Frame | None:
            return next((each for each in self.came if each.type == kind and where(each)), None)
        self.until(find, frame.TYPE_NAMES[kind], timeout_s)
        found = find()
        assert found
        self.came.remove(found)
        return found

    def expect_refuse(self, *codes: int, timeout_s: float = PATIENCE_S) -> None:
        """Waits for a REFUSE with one of these codes, and on a reliable rail for its end."""
        refusal = Refusal.decode(self.expect(frame.REFUSE, timeout_s=timeout_s).body)
        if refusal.code not in codes:
            raise AssertionError(f"REFUSE says {refusal}, not {' or '.join(bodies.CODE_NAMES[each] for each in codes)}")
        if self.rail.reliable:
            self.expect_end()

    def expect_end(self, timeout_s: float = PATIENCE_S) -> None:
        """Waits until the peer has closed the rail."""
        self.until(lambda: self.over, "the rail's end", timeout_s)

    def alive(self) -> None:
        """Makes sure that the session still answers over this rail: by PING."""
        self.poll()
        asked = self.frame(frame.ACK, more_flags=frame.PING)
        for _ in range(10):
            self.rail.send(asked.encode())
            try:
                self.until(lambda: any(each.flags & frame.ECHO and each.echo_time == asked.tx_time for each in self.came),
                           "an answer to PING", 0.5 if not self.rail.reliable else PATIENCE_S)
                return
            except AssertionError:
                if self.rail.reliable:
                    raise
        raise AssertionError("ten PINGs unanswered")

    def quiet(self, kind: int, for_s: float) -> None:
        """Makes sure that no frame of this type comes for so long."""
        end = time.monotonic() + for_s
        while time.monotonic() < end:
            self.poll()
            if any(each.type == kind for each in self.came):
                raise AssertionError(f"{frame.TYPE_NAMES[kind]} came: {self.came[-1]}")

    # --- handshake ---------------------------------------------------------------------------------------------------

    def hello(self, **changes: int) -> Frame:
        """Sends HELLO: for a new session, or to resume the one that is set here."""
        self.mine.token = self.token
        self.came = [each for each in self.came if each.type != frame.WELCOME]
        return self.send(frame.HELLO, self.mine.encode(), **{"seq": 0, **changes})

    def welcome(self) -> Frame:
        """Waits for WELCOME and takes what it says."""
        one = self.expect(frame.WELCOME)
        self.peer = Hello.decode(one.body)
        self.session, self.token = one.session, self.peer.token
        return one

    def begin(self) -> Raw:
        """A new session, confirmed."""
        self.hello()
        welcome = self.welcome()
        self.ack(seq=welcome.ack)
        self.next = 1
        return self

    def resume(self, rail: Rail, number: int = 0) -> Raw:
        """Another rail of this session, not confirmed yet; it goes on where this one is."""
        other = Raw(rail)
        other.mine = Hello(**vars(self.mine))
        other.mine.rail = number
        for name in ("session", "token", "next", "expected", "peer_ack", "streams", "delivered", "_request", "_tag"):
            setattr(other, name, getattr(self, name))
        return other

    def resumed(self, rail: Rail, number: int = 0) -> Raw:
        """The same, confirmed."""
        other = self.resume(rail, number)
        other.hello()
        other.next = other.welcome().ack
        other.ack()
        return other

    def close(self) -> None:
        """Ends the session with BYE if it has begun, and the rail."""
        if self.session and not self.over:
            self.send(frame.BYE, Refusal(bodies.OTHER, "done").encode())
        self.rail.close()
        self.over = True

    # --- functions ---------------------------------------------------------------------------------------------------

    def ask_for(self, function: str, epoch: int = 0, grant: Grant | None = None) -> int:
        """Sends ATTACH; answers its requestId."""
        self._request += 1
        self.data(Record(0, records.ATTACH, Attach(self._request, function, self.mine.name, grant or GRANT, epoch).encode()))
        return self._request

    def answer(self, request: int) -> tuple[Record, Attached | Refused]:
        """Waits for ATTACHED or REFUSED."""
        def find() -> tuple[Record, Attached | Refused] | None:
            for each in self.delivered:
                if each.kind in (records.ATTACHED, records.REFUSED):
                    read = (Attached if each.kind == records.ATTACHED else Refused).decode(each.body)
                    if read.request_id == request:
                        return each, read
            return None
        self.until(find, "an answer to ATTACH")
        found = find()
        assert found
        return found

    def attach(self, function: str, **options: object) -> Attached:
        """Attaches a function; its stream becomes the one that is spoken to."""
        record, read = self.answer(self.ask_for(function, **options))  # type: ignore[arg-type]
        if isinstance(read, Refused):
            raise AssertionError(f"ATTACH {function} refused: {read}")
        self.streams[function] = (record.stream, read.epoch)
        self.stream, self.epoch = record.stream, read.epoch
        return read

    stream = 0
    epoch = 0

    def record(self, kind: int, body: bytes = b"", flags: int = 0) -> Record:
        """A record of the stream."""
        return Record(self.stream, kind, body, self.epoch & 0xFFFF, flags)

    def tlp(self, packet: Tlp | bytes) -> Record:
        """A TLP of the stream."""
        return self.record(records.TLP, packet if isinstance(packet, bytes) else packet.encode())

    def records(self, kind: int) -> list[Record]:
        """What has been delivered of this kind in the stream."""
        return [each for each in self.delivered if each.kind == kind and each.stream == self.stream]

    def tlps(self) -> list[Tlp]:
        """The TLPs that have been delivered in the stream."""
        return [tlp.decode(each.body) for each in self.records(records.TLP)]

    def request(self, packet: Tlp) -> int:
        """Gives a request the next tag."""
        self._tag = (self._tag + 1) % 256
        packet.tag = self._tag
        return packet.tag

    def completion(self, tag: int, timeout_s: float = PATIENCE_S) -> Tlp:
        """Waits for the completion with this tag."""
        def find() -> Tlp | None:
            return next((each for each in self.tlps() if each.kind in (tlp.CPL, tlp.CPLD) and each.tag == tag), None)
        self.until(find, f"the completion with tag {tag}", timeout_s)
        found = find()
        assert found
        self.delivered = [each for each in self.delivered if each.kind != records.TLP or each.body != found.encode()]
        return found

    def config(self, at: int, value: int | None = None) -> int:
        """Reads or writes a register of configuration space."""
        packet = Tlp(tlp.CFGRD0 if value is None else tlp.CFGWR0, address=at, target=0x0100,
                     data=b"" if value is None else struct.pack("<I", value))
        tag = self.request(packet)
        self.data(self.tlp(packet))
        done = self.completion(tag)
        if done.status != tlp.SC:
            raise AssertionError(f"configuration register {at:x}: status {done.status}")
        return struct.unpack("<I", done.data)[0] if done.data else 0

    def read(self, address: int) -> int:
        """Reads a register of 4 bytes."""
        packet = Tlp(tlp.MRD32, address=address)
        tag = self.request(packet)
        self.data(self.tlp(packet))
        return struct.unpack("<I", self.completion(tag).data)[0]

    def write(self, address: int, value: int) -> Record:
        """The record of a write of a register."""
        return self.tlp(Tlp(tlp.MWR32, address=address, data=struct.pack("<I", value)))


def bring_up_scratch(one: Raw, address: int = 0xE0000000) -> int:
    """A scratch card's registers at this address, SRAM 1 MiB above; answers the address of SCRATCH."""
    one.config(0x10, address)
    one.config(0x18, address + 0x100000)
    one.config(0x1C, 0)
    one.config(0x04, 6)
    return address + 0x10
