"""The initiator's end: dials, says HELLO, keeps a session over its paths, attaches functions (5.4, 7, 9)."""

from __future__ import annotations

import secrets
import select
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from . import bodies, frame, records
from .bodies import RAILS, Hello, Refusal
from .frame import Frame, Malformed
from .link import Link, clock_units
from .rail import Rail, RailEnded
from .records import Attach, Attached, Grant, Record, Refused
from .session import Session
from .stream import GRANT, Stream

HANDSHAKE_S = 3.0
HELLO_PAUSE_S = 0.05
DIAL_PAUSE_S, DIAL_PAUSE_MAX_S = 0.05, 2.0
CONFIRMATIONS = 4


class Refusing(Exception):
    """The appliance said no: by REFUSE or REFUSED."""

    def __init__(self, code: int, text: str, holder: str = "") -> None:
        super().__init__(f"{code}: {text}")
        self.code, self.holder = code, holder


@dataclass
class Handshake:
    """A HELLO that waits for its answer."""

    link: Link
    hello: Frame
    began_s: float
    next_s: float
    pause_s: float = HELLO_PAUSE_S
    said: set[int] = field(default_factory=set)


@dataclass
class Path:
    """A way to the appliance: how it is dialled, and how it stands."""

    dial: Callable[[], Rail]
    number: int = 0
    next_s: float = 0.0
    pause_s: float = DIAL_PAUSE_S
    handshake: Handshake | None = None
    link: Link | None = None
    confirm: tuple[float, float, int, int] | None = None
    switched_off: bool = False
    refusals: list[Refusal] = field(default_factory=list)


class Initiator:
    """One end for everything that a server wants of one appliance. Not thread-safe: call `poll`, or what calls it."""

    def __init__(self, name: str, dials: list[Callable[[], Rail]], **mine: int) -> None:
        self.mine = Hello(name=name, instance_id=secrets.randbits(64), **mine)
        if not self.mine.capabilities & bodies.SACK:
            self.mine.reorder_frames = 0
        self.paths = [Path(dial, number) for number, dial in enumerate(dials)]
        self.session: Session | None = None
        self.streams: dict[int, Stream] = {}
        self.sessions = 0
        self.last_end: str | None = None
        self._requests: dict[int, tuple[Grant, Callable[[Stream], tuple]]] = {}
        self._answers: dict[int, Attached | Refused | None] = {}
        self._made: dict[int, Stream] = {}
        self._next_request = 1
        self._peer: tuple[str, int] | None = None

    # --- life --------------------------------------------------------------------------------------------------------

    def connect(self, timeout_s: float = 10.0, rails: int = 1) -> Session:
        """Waits until so many rails carry the session."""
        self.wait(lambda: self.session is not None and len(self.session.links) >= rails, timeout_s, "a session")
        assert self.session
        return self.session

    def wait(self, done: Callable[[], bool], timeout_s: float = 10.0, what: str = "") -> None:
        """Polls until something is so. Raises TimeoutError."""
        end = time.monotonic() + timeout_s
        while not done():
            if time.monotonic() > end:
                refusals = [str(each) for path in self.paths for each in path.refusals[-1:]]
                raise TimeoutError(f"waited {timeout_s} s for {what}; refused: {refusals}; ended: {self.last_end}")
            self.poll()

    def idle(self, for_s: float) -> None:
        """Polls for a while."""
        end = time.monotonic() + for_s
        while time.monotonic() < end:
            self.poll()

    def poll(self, timeout_s: float = 0.005) -> None:
        """One turn: what has come, what is to be sent, timers."""
        rails = [each for path in self.paths for each in self._rails(path)]
        wanted = [each.fileno() for each in rails if each.fileno() >= 0]
        writing = [each.fileno() for each in rails if getattr(each, "wants_to_write", bool)()]
        select.select(wanted, writing, [], timeout_s if wanted else min(timeout_s, 0.001))
        for path in self.paths:
            self._work(path)
        if self.session:
            for link in list(self.session.links):
                self.session.receive(link)
            self.session.work()

    @staticmethod
    def _rails(path: Path) -> list[Rail]:
        return [each.link.rail if isinstance(each, Handshake) else each.rail for each in (path.handshake, path.link) if each]

    def close(self, text: str = "going down") -> None:
        """Ends the session with BYE."""
        for path in self.paths:
            path.switched_off = True
            if path.handshake:
                path.handshake.link.rail.close()
        if self.session:
            self.session.work()
            self.session.end("closed", Refusal(bodies.OTHER, text))

    def cut(self) -> None:
        """All rails die without a word, and their paths stay away until `mend`."""
        for path in self.paths:
            path.switched_off = True
            for rail in self._rails(path):
                getattr(rail, "abort", rail.close)()
            if path.link and self.session:
                self.session.leave(path.link)
            path.link = path.handshake = None

    def mend(self) -> None:
        """Paths may be dialled again."""
        for path in self.paths:
            path.switched_off, path.next_s, path.pause_s = False, 0.0, DIAL_PAUSE_S

    # --- paths -------------------------------------------------------------------------------------------------------

    def _work(self, path: Path) -> None:
        now = time.monotonic()
        if path.link and (not self.session or path.link not in self.session.links):
            path.link = None
        if path.handshake:
            self._await_welcome(path, now)
        elif path.link:
            self._confirm(path, now)
        elif not path.switched_off and now >= path.next_s and self._may_dial(path):
            self._dial(path, now)

    def _may_dial(self, path: Path) -> bool:
        """Only one HELLO for a new session at a time, and others only with RAILS (PCIEOE-73)."""
        if self.session:
            return path.number == 0 or bool(self.session.capabilities & RAILS)
        return not any(each.handshake for each in self.paths if each is not path)

    def _pause(self, path: Path, now: float) -> None:
        path.next_s = now + path.pause_s * (0.5 + secrets.randbelow(500) / 1000)
        path.pause_s = min(2 * path.pause_s, DIAL_PAUSE_MAX_S)

    def _dial(self, path: Path, now: float) -> None:
        self._pause(path, now)
        try:
            rail = path.dial()
        except OSError:
            return
        mine = Hello(**vars(self.mine))
        mine.frame_bytes_max = min(mine.frame_bytes_max, rail.frame_bytes_max)
        hello = Frame(frame.HELLO, ack=1)
        if self.session:
            mine.token, mine.rail = self.session.token, path.number if self.session.capabilities & RAILS else 0
            hello.session, hello.ack = self.session.number, self.session.expected
        hello.body = mine.encode()
        path.handshake = Handshake(Link(rail, path.number), hello, now, now)
        self._await_welcome(path, now)

    def _await_welcome(self, path: Path, now: float) -> None:
        shake = path.handshake
        assert shake
        if now - shake.began_s > HANDSHAKE_S:
            self._give_up(path)
            return
        if now >= shake.next_s:
            shake.link.send(shake.hello)
            shake.said.add(shake.hello.tx_time)
            shake.next_s = now + (shake.pause_s if not shake.link.rail.reliable else HANDSHAKE_S)
            shake.pause_s *= 2
        try:
            for data in shake.link.rail.receive():
                if path.handshake is shake:
                    self._on_answer(path, shake, data)
                elif path.link is shake.link and self.session:
                    self.session.take(path.link, lambda one=data: [one])
        except RailEnded:
            self._give_up(path)
        except Malformed:
            self._give_up(path)

    def _give_up(self, path: Path) -> None:
        if path.handshake:
            path.handshake.link.rail.close()
        path.handshake = None
        self._pause(path, time.monotonic())

    def _on_answer(self, path: Path, shake: Handshake, data: bytes) -> None:
        reliable = shake.link.rail.reliable
        try:
            came = frame.decode(data, crc_needed=not reliable)
            if came.type == frame.REFUSE:
                refusal = Refusal.decode(came.body)
            elif came.type == frame.WELCOME:
                welcome = Hello.decode(came.body)
            else:
                raise Malformed("neither WELCOME nor REFUSE")
            if not reliable and came.major == frame.MAJOR and came.echo_time not in shake.said:
                raise Malformed("answers none of my HELLOs")
        except Malformed:
            if reliable:
                raise
            return
        if came.type == frame.REFUSE:
            self._on_refuse(path, refusal)
        else:
            self._on_welcome(path, shake, came, welcome)

    def _on_refuse(self, path: Path, refusal: Refusal) -> None:
        path.refusals.append(refusal)
        self._give_up(path)
        if self.session and refusal.code in (bodies.UNKNOWN_SESSION, bodies.BAD_TOKEN, bodies.SEQUENCE):
            self.session.end(f"refused: {refusal}")

    def _on_welcome(self, path: Path, shake: Handshake, came: Frame, welcome: Hello) -> None:
        shake.link.heard(came)
        if self.session and shake.hello.session == self.session.number:
            if (welcome.name, welcome.instance_id) != self._peer or came.session != self.session.number:
                self._give_up(path)
                return
            if not self.session.resume_ack_fits(came.ack):
                self.session.end("cannot resume")
                self._give_up(path)
                return
        elif self.session or shake.hello.session:
            self._give_up(path)
            return
        else:
            self._peer = welcome.name, welcome.instance_id
            mine = Hello.decode(shake.hello.body)
            self.session = Session(came.session, welcome.token, mine, welcome, self._deliver, self._ended)
            self.sessions += 1
        self.session.join(shake.link, came.ack)
        path.handshake, path.link, path.pause_s = None, shake.link, DIAL_PAUSE_S
        self._answer_welcome(path, came.ack)
        path.confirm = (time.monotonic(), HELLO_PAUSE_S, CONFIRMATIONS, came.ack)
        shake.link.frames = 0

    def _answer_welcome(self, path: Path, seq: int) -> None:
        """WELCOME is answered (5.4): by an ACK with its ack as seq."""
        assert path.link and self.session
        path.link.send(self.session._frame(frame.ACK, seq=seq))

    def _confirm(self, path: Path, now: float) -> None:
        if not path.confirm or not path.link:
            return
        since, pause, left, ack = path.confirm
        if path.link.rail.reliable or path.link.frames or not left:
            path.confirm = None
        elif now - since > pause:
            path.confirm = (now, 2 * pause, left - 1, ack)
            self._answer_welcome(path, ack)

    # --- streams -----------------------------------------------------------------------------------------------------

    def _ended(self, reason: str) -> None:
        self.last_end = reason
        self.session = None
        for stream in self.streams.values():
            stream.left = True
        self.streams.clear()
        self._requests.clear()
        for path in self.paths:
            path.link = None
            path.next_s = time.monotonic() + DIAL_PAUSE_S

    def _deliver(self, record: Record) -> None:
        if record.kind in (records.ATTACHED, records.REFUSED):
            self._on_attach_answer(record)
            return
        stream = self.streams.get(record.stream)
        if stream and record.epoch_tag == stream.epoch & 0xFFFF:
            if record.kind == records.DETACHED:
                self._on_detached(stream)
            elif not stream.left:
                stream.on_record(record)

    def _on_attach_answer(self, record: Record) -> None:
        assert self.session
        answer = (Attached if record.kind == records.ATTACHED else Refused).decode(record.body)
        request = self._requests.pop(answer.request_id, None)
        wrong = request is None
        if isinstance(answer, Attached):
            wrong |= (record.stream == 0 or record.stream in self.streams or record.epoch_tag != answer.epoch & 0xFFFF)
        if wrong or request is None:
            self.session.end("ATTACHED or REFUSED answers nothing", Refusal(bodies.OTHER, "what was answered?"))
            return
        self._answers[answer.request_id] = answer
        if isinstance(answer, Attached):
            grant, make = request
            stream = Stream(self.session, record.stream, answer.epoch, grant, answer.grant,
                            lambda packet: stream.taker(packet), lambda each: stream.other(each))  # type: ignore[attr-defined]
            stream.taker, stream.other = make(stream)  # type: ignore[attr-defined]
            self.streams[record.stream] = self._made[answer.request_id] = stream

    def _on_detached(self, stream: Stream) -> None:
        if not stream.left:
            self.detach(stream, "you have left")
        del self.streams[stream.number]

    def attach(self, function: str, make: Callable[[Stream], tuple], epoch: int = 0, grant: Grant | None = None,
               timeout_s: float = 10.0) -> tuple[Stream, Attached]:
        """Asks for a function. `make` gets the stream and answers who takes its TLPs and its other records."""
        assert self.session
        request = self._next_request
        self._next_request = request % 0xFFFF + 1
        self._requests[request] = (grant or GRANT, make)
        self.session.queue(Record(0, records.ATTACH, Attach(
            request, function, self.mine.name, grant or GRANT, epoch).encode()))
        self.wait(lambda: request in self._answers, timeout_s, f"an answer to ATTACH {function}")
        answer = self._answers.pop(request)
        if isinstance(answer, Refused):
            raise Refusing(answer.code, answer.text, answer.holder)
        assert isinstance(answer, Attached)
        return self._made.pop(request), answer

    def detach(self, stream: Stream, text: str = "done") -> None:
        """Leaves a stream; nothing is sent in it any more."""
        if self.session and not stream.left:
            self.session.queue(stream.record(records.DETACH, records.encode_leave(text)))
        stream.left = True


def clock() -> int:
    """This end's clock in units of 16 ns."""
    return clock_units()
