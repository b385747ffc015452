"""The appliance's end: takes rails, makes sessions, lends functions (5.4, 9)."""

from __future__ import annotations

import secrets
import select
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from . import bodies, frame, records
from .bodies import Hello, Refusal
from .frame import Frame, Malformed
from .link import Link
from .rail import RailEnded, TcpRail
from .records import Attach, Attached, Record, Refused
from .session import Session, agreed
from .stream import GRANT, Stream

HANDSHAKE_S = 3.0
FRESH_RAILS_MAX = 64
ANSWERS_WAITING_MAX = 1024


@dataclass
class Fresh:
    """A rail without a session: what it has said, and what it was answered."""

    link: Link
    since_s: float = field(default_factory=time.monotonic)
    hello: Hello | None = None
    came: Frame | None = None
    welcome: Hello | None = None
    session: int = 0
    said: set[int] = field(default_factory=set)


@dataclass
class Lent:
    """A session with what it holds."""

    session: Session
    peer: Hello
    streams: dict[int, Stream] = field(default_factory=dict)


class Appliance:
    """Serves one process's functions. `functions` makes what answers in a stream, by name."""

    def __init__(self, name: str, functions: dict[str, Callable[[Stream], object]], host: str = "127.0.0.1", port: int = 0,
                 **mine: int) -> None:
        self.mine = Hello(name=name, instance_id=secrets.randbits(64), **mine)
        self._listener = socket.create_server((host, port))
        self._listener.setblocking(False)
        self.port: int = self._listener.getsockname()[1]
        self._functions = functions
        self.fresh: list[Fresh] = []
        self.sessions: dict[int, Lent] = {}
        self.holders: dict[str, Lent] = {}
        self.served: dict[str, object] = {}
        self.log: list[str] = []
        self.hellos: list[tuple[Frame, Hello]] = []
        self.taking = True
        self.answer: Callable[[Fresh, Frame, Hello], bool] | None = None
        self.overhear: Callable[[Lent, Frame], None] | None = None
        self._epoch = 0

    # --- life --------------------------------------------------------------------------------------------------------

    def poll(self, timeout_s: float = 0.005) -> None:
        """One turn."""
        rails = [each.link.rail for each in self.fresh] + [link.rail for lent in self.sessions.values()
                                                           for link in lent.session.links]
        wanted = [each.fileno() for each in rails if each.fileno() >= 0]
        select.select(wanted + ([self._listener] if self.taking else []), [], [], timeout_s)
        if self.taking:
            self._accept()
        for fresh in list(self.fresh):
            self._listen(fresh)
        for lent in list(self.sessions.values()):
            for link in list(lent.session.links):
                lent.session.receive(link)
            lent.session.work()

    def wait(self, done: Callable[[], object], timeout_s: float = 10.0, what: str = "") -> None:
        """Polls until something is so. Raises TimeoutError."""
        end = time.monotonic() + timeout_s
        while not done():
            if time.monotonic() > end:
                raise TimeoutError(f"waited {timeout_s} s for {what}; log: {self.log[-5:]}")
            self.poll()

    def idle(self, for_s: float) -> None:
        """Polls for a while."""
        end = time.monotonic() + for_s
        while time.monotonic() < end:
            self.poll()

    def close(self) -> None:
        """Goes down with BYE."""
        self._listener.close()
        for lent in list(self.sessions.values()):
            lent.session.work()
            lent.session.end("closed", Refusal(bodies.SHUTTING_DOWN, "going down"))

    def forget(self) -> None:
        """What a crash does: sessions and rails are gone without a word."""
        for lent in list(self.sessions.values()):
            for link in lent.session.links:
                getattr(link.rail, "abort", link.rail.close)()
            lent.session.links.clear()
            lent.session.end("forgotten")
        for fresh in self.fresh:
            fresh.link.rail.close()
        self.fresh.clear()
        self.mine.instance_id = secrets.randbits(64)

    # --- rails -------------------------------------------------------------------------------------------------------

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except BlockingIOError:
                return
            fresh = Fresh(Link(TcpRail(connection)))
            if len(self.fresh) >= FRESH_RAILS_MAX:
                self._refuse(fresh, bodies.BUSY, "too many rails without a session")
            else:
                self.fresh.append(fresh)

    def _refuse(self, fresh: Fresh, code: int, text: str) -> None:
        self.log.append(f"refused {code}: {text}")
        fresh.link.send(Frame(frame.REFUSE, body=Refusal(code, text).encode()))
        fresh.link.rail.close()
        if fresh in self.fresh:
            self.fresh.remove(fresh)

    def _listen(self, fresh: Fresh) -> None:
        if time.monotonic() - fresh.since_s > HANDSHAKE_S:
            self._refuse(fresh, bodies.MALFORMED, "no session within 3 s")
            return
        try:
            frames = fresh.link.rail.receive()
            for n, data in enumerate(frames):
                self._take(fresh, data)
                if fresh not in self.fresh:
                    self._hand_over(fresh, frames[n + 1:])
                    return
        except RailEnded:
            if fresh in self.fresh:
                self.fresh.remove(fresh)
            fresh.link.rail.close()
        except Malformed as why:
            self._refuse(fresh, bodies.MALFORMED, str(why))

    def _hand_over(self, fresh: Fresh, frames: list[bytes]) -> None:
        lent = self.sessions.get(fresh.session)
        if lent and fresh.link in lent.session.links:
            lent.session.take(fresh.link, lambda: frames)

    def _take(self, fresh: Fresh, data: bytes) -> None:
        came = frame.decode(data)
        if fresh.hello is None:
            if came.type != frame.HELLO:
                raise Malformed("a rail begins with HELLO")
            if came.major != frame.MAJOR:
                self._refuse(fresh, bodies.VERSION, f"this end speaks version {frame.MAJOR}")
                return
            self._on_hello(fresh, came, Hello.decode(came.body))
            return
        if came.type not in (frame.DATA, frame.ACK, frame.BYE) or came.session != fresh.session:
            raise Malformed("DATA, ACK or BYE answers WELCOME")
        self._confirmed(fresh, came)
        self._hand_over(fresh, [data])

    def _on_hello(self, fresh: Fresh, came: Frame, hello: Hello) -> None:
        self.hellos.append((came, hello))
        fresh.hello, fresh.came = hello, came
        fresh.link.heard(came)
        if self.answer and self.answer(fresh, came, hello):
            return
        if not hello.sizes_fit():
            self._refuse(fresh, bodies.FRAME_SIZE, "sizes out of range")
        elif hello.rail > 7:
            self._refuse(fresh, bodies.MALFORMED, "rails have numbers up to 7")
        elif came.session:
            self._resume(fresh, came, hello)
        else:
            fresh.session = secrets.randbelow((1 << 32) - 1) + 1
            self.welcome(fresh, fresh.session, secrets.token_bytes(16), 1)

    def welcome(self, fresh: Fresh, number: int, token: bytes, ack: int, **changes: object) -> None:
        """Sends WELCOME, with changes if somebody wants to know what comes of them."""
        assert fresh.hello
        mine = Hello(**{**vars(self.mine), "token": token, "rail": fresh.hello.rail, **changes})  # type: ignore[arg-type]
        if not agreed(mine.capabilities, fresh.hello.capabilities) & bodies.SACK:
            mine.reorder_frames = 0
        fresh.session, fresh.welcome = number, mine
        fresh.link.send(Frame(frame.WELCOME, number, 0, ack, body=mine.encode()))

    def _resume(self, fresh: Fresh, came: Frame, hello: Hello) -> None:
        lent = self.sessions.get(came.session)
        if lent is None:
            for other in self.fresh:
                if other.session == came.session and other.welcome and other is not fresh \
                        and other.welcome.token == hello.token:
                    self._make(other)
            lent = self.sessions.get(came.session)
        if lent is None:
            self._refuse(fresh, bodies.UNKNOWN_SESSION, "no such session")
        elif (hello.token, hello.name, hello.instance_id) != (lent.session.token, lent.peer.name, lent.peer.instance_id):
            self._refuse(fresh, bodies.BAD_TOKEN, "not who began it")
        elif hello.frame_bytes_max < lent.session.frame_bytes:
            self._refuse(fresh, bodies.FRAME_SIZE, "the rail is too small for the session")
        elif not lent.session.resume_ack_fits(came.ack):
            self._refuse(fresh, bodies.SEQUENCE, "not kept")
        else:
            self.welcome(fresh, came.session, lent.session.token, lent.session.expected)

    def _make(self, fresh: Fresh) -> Lent:
        """The session that a WELCOME named."""
        assert fresh.hello and fresh.welcome
        for older in [each for each in self.sessions.values() if each.peer.name == fresh.hello.name]:
            older.session.end("replaced", Refusal(bodies.REPLACED, "another instance of this node"))
        lent = Lent(None, fresh.hello)  # type: ignore[arg-type]
        lent.session = Session(fresh.session, fresh.welcome.token, fresh.welcome, fresh.hello,
                               lambda record: self._deliver(lent, record), lambda why: self._ended(lent, why))
        self.sessions[fresh.session] = lent
        return lent

    def _confirmed(self, fresh: Fresh, came: Frame) -> None:
        lent = self.sessions.get(fresh.session) or self._make(fresh)
        self.fresh.remove(fresh)
        assert fresh.hello
        fresh.link.number = fresh.hello.rail
        lent.session.join(fresh.link, came.ack)
        if self.overhear:
            self.overhear(lent, came)

    # --- streams -----------------------------------------------------------------------------------------------------

    def _ended(self, lent: Lent, why: str) -> None:
        self.log.append(f"ended: {why}")
        self.sessions.pop(lent.session.number, None)
        for name in [each for each, holder in self.holders.items() if holder is lent]:
            del self.holders[name]

    def _deliver(self, lent: Lent, record: Record) -> None:
        if record.kind == records.ATTACH and record.stream == 0:
            self._on_attach(lent, Attach.decode(record.body))
            return
        stream = lent.streams.get(record.stream)
        if not stream or record.epoch_tag != stream.epoch & 0xFFFF:
            return
        if record.kind == records.DETACH:
            if not stream.left:
                lent.session.queue(stream.record(records.DETACHED, records.encode_leave("as asked")))
            stream.left = True
            del lent.streams[record.stream]
            self.holders = {name: holder for name, holder in self.holders.items()
                            if self.served.get(name) is not stream.function}  # type: ignore[attr-defined]
        elif not stream.left and record.kind in (records.TLP, records.CREDIT, records.HOT_RESET, records.PUSH, records.REVOKE):
            stream.on_record(record)

    def _on_attach(self, lent: Lent, attach: Attach) -> None:
        def refuse(code: int, holder: str, text: str) -> None:
            lent.session.queue(Record(0, records.REFUSED, Refused(attach.request_id, code, holder, text).encode()))
        if lent.session.backlog() > ANSWERS_WAITING_MAX:
            lent.session.end("asks and does not listen", Refusal(bodies.OTHER, "acknowledge some answers"))
        elif attach.function not in self._functions:
            refuse(records.NO_SUCH_FUNCTION, "", "no such function")
        elif attach.function in self.holders:
            refuse(records.HELD, self.holders[attach.function].peer.name, "held")
        elif attach.epoch and attach.epoch <= self._epoch:
            refuse(records.STALE_EPOCH, "", "too old")
        else:
            self._lend(lent, attach)

    def _lend(self, lent: Lent, attach: Attach) -> None:
        self._epoch = max(self._epoch + 1, attach.epoch)
        number = next(n for n in range(1, 65536) if n not in lent.streams)
        made: list = []
        stream = Stream(lent.session, number, self._epoch, GRANT, attach.grant, lambda packet: made[0].on_tlp(packet),
                        lambda record: made[0].on_record(record))
        function = self._functions[attach.function](stream)
        made.append(function)
        stream.function = function  # type: ignore[attr-defined]
        lent.streams[number] = stream
        self.served[attach.function], self.holders[attach.function] = function, lent
        body = Attached(attach.request_id, self._epoch, GRANT, *function.IDENTITY).encode()  # type: ignore[attr-defined]
        lent.session.queue(Record(number, records.ATTACHED, body, self._epoch & 0xFFFF))

    def detach(self, name: str, text: str) -> None:
        """Takes a function away from whoever has it."""
        lent = self.holders.pop(name)
        stream = self.served[name].stream  # type: ignore[attr-defined]
        lent.session.queue(stream.record(records.DETACHED, records.encode_leave(text)))
        stream.left = True

