"""Rails of raw Ethernet, and who is to be found on a segment (10.1 to 10.3). Linux only: AF_PACKET."""

from __future__ import annotations

import fcntl
import secrets
import select
import socket
import struct
import time
from dataclasses import dataclass

from . import frame
from .bodies import Discover, Offer
from .frame import HEADER_BYTES, Frame, Malformed
from .rail import RailEnded

ETHERTYPE = 0x88B5
GROUP = bytes.fromhex("03504349656f")
APPLIANCE_PORT = 1
RAIL_HEADER_BYTES = 4
PACKET_LENGTHS = (9000, 4000, 1500)
_SIOCGIFMTU = 0x8921


@dataclass
class Packet:
    """A packet: whom it is from, whom it is for, and what stands behind the rail header."""

    destination: bytes
    source: bytes
    to_port: int
    from_port: int
    data: bytes


class Station:
    """An interface's packets of our EtherType."""

    def __init__(self, interface: str) -> None:
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETHERTYPE))
        self.socket.bind((interface, ETHERTYPE))
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 21)
        self.address: bytes = self.socket.getsockname()[4]
        request = fcntl.ioctl(self.socket, _SIOCGIFMTU, struct.pack("16si12x", interface.encode(), 0))
        self.mtu: int = struct.unpack_from("16si", request)[1]

    def send(self, destination: bytes, to_port: int, from_port: int, data: bytes, ethertype: int = ETHERTYPE) -> None:
        """Sends a packet."""
        try:
            self.socket.send(destination + self.address + struct.pack(">HHH", ethertype, to_port, from_port) + data)
        except BlockingIOError:
            pass

    def receive(self) -> list[Packet]:
        """What has come. Raises RailEnded when the interface is down."""
        packets = []
        while True:
            try:
                data, where = self.socket.recvfrom(65536)
            except BlockingIOError:
                return packets
            except OSError:
                raise RailEnded from None
            if where[2] == socket.PACKET_OUTGOING or len(data) < 18:
                continue
            ethertype, to_port, from_port = struct.unpack_from(">HHH", data, 12)
            if ethertype == ETHERTYPE:
                packets.append(Packet(data[:6], data[6:12], to_port, from_port, data[18:]))

    def close(self) -> None:
        """Lets go of the interface."""
        self.socket.close()


def draw_port() -> int:
    """A port at random."""
    return 1024 + secrets.randbelow(65536 - 1024)


class EthernetRail:
    """A rail between two stations and ports. Until the peer has answered, what it sends comes from a port not known yet."""

    reliable = False

    def __init__(self, interface: str, peer: bytes, frame_bytes_max: int, port: int = APPLIANCE_PORT,
                 own_port: int | None = None) -> None:
        self.station = Station(interface)
        self.peer, self.peer_port = peer, port
        self.port = own_port or draw_port()
        self.settled = port != APPLIANCE_PORT
        self.frame_bytes_max = frame_bytes_max
        self.strangers = 0

    @classmethod
    def dial(cls, interface: str, name: str = "", timeout_s: float = 3.0) -> EthernetRail:
        """Finds the appliance of this name, or whoever is there first, and what comes through to it."""
        found = discover(interface, name, timeout_s=timeout_s)
        if not found or not found[0].frame_bytes:
            raise OSError(f"nobody answers on {interface}, or nothing comes through")
        return cls(interface, found[0].address, found[0].frame_bytes)

    def fileno(self) -> int:
        """The socket's."""
        return self.station.socket.fileno()

    def send(self, data: bytes) -> None:
        """Sends a frame, or any bytes."""
        self.station.send(self.peer, self.peer_port, self.port, data)

    def receive(self) -> list[bytes]:
        """What has come from the peer."""
        frames = []
        for packet in self.station.receive():
            if packet.source != self.peer or packet.to_port != self.port or packet.destination != self.station.address:
                continue
            if not self.settled and answers(packet.data):
                self.peer_port, self.settled = packet.from_port, True
            if packet.from_port == self.peer_port and self.settled:
                frames.append(packet.data)
            else:
                self.strangers += 1
        return frames

    def close(self) -> None:
        """Nothing on Ethernet says so: the silence timer does."""
        self.station.close()


def answers(data: bytes) -> bool:
    """Whether it is a well-formed WELCOME or REFUSE."""
    try:
        return frame.decode(data, crc_needed=True).type in (frame.WELCOME, frame.REFUSE)
    except Malformed:
        return False


@dataclass
class Found:
    """An appliance, and how long frames may be on the way there and back."""

    address: bytes
    offer: Offer
    frame_bytes: int


def ask(station: Station, destination: bytes, port: int, discover_body: Discover, **changes: int) -> None:
    """Sends a DISCOVER."""
    station.send(destination, APPLIANCE_PORT, port, Frame(
        frame.DISCOVER, **{"flags": frame.CRC, "body": discover_body.encode(), **changes}).encode())


def offers(station: Station, port: int, wait_s: float, enough: int = 1 << 30) -> list[tuple[Packet, Frame, Offer]]:
    """OFFERs to this port that come within this time, or until one of so many bytes has come."""
    found: list[tuple[Packet, Frame, Offer]] = []
    end = time.monotonic() + wait_s
    while (left := end - time.monotonic()) > 0 and not any(len(came.body) >= enough for _, came, _ in found):
        if not select.select([station.socket], [], [], left)[0]:
            break
        for packet in station.receive():
            if packet.to_port != port or packet.source == station.address:
                continue
            try:
                came = frame.decode(packet.data, crc_needed=True)
                if came.type == frame.OFFER:
                    found.append((packet, came, Offer.decode(came.body)))
            except Malformed:
                continue
    return found


def discover(interface: str, name: str = "", timeout_s: float = 3.0) -> list[Found]:
    """Who is there, and what comes through (10.2, steps 1 and 2)."""
    station, port, nonce = Station(interface), draw_port(), secrets.randbits(64)
    try:
        pause_s, end = 0.05, time.monotonic() + timeout_s
        while time.monotonic() < end:
            ask(station, GROUP, port, Discover(nonce, name))
            came = [(packet, offer) for packet, _, offer in offers(station, port, pause_s, 1) if offer.nonce == nonce]
            if came:
                return [Found(source, offer, _comes_through(station, source, name, offer))
                        for source, offer in {packet.source: offer for packet, offer in came}.items()]
            pause_s *= 2
        return []
    finally:
        station.close()


def _comes_through(station: Station, peer: bytes, name: str, offer: Offer) -> int:
    longest = min(station.mtu - RAIL_HEADER_BYTES, offer.frame_bytes_max) & ~3
    lengths = sorted({longest, *(n - RAIL_HEADER_BYTES & ~3 for n in PACKET_LENGTHS if n - RAIL_HEADER_BYTES < longest)})
    port, nonce = draw_port(), secrets.randbits(64)
    back: set[int] = set()
    for wait_s in (0.05, 0.1, 0.2, 0.4):
        for length in lengths:
            ask(station, peer, port, Discover(nonce, name, length - HEADER_BYTES))
        back |= {len(came.body) + HEADER_BYTES for packet, came, each in offers(station, port, wait_s, longest - HEADER_BYTES)
                 if each.nonce == nonce and packet.source == peer}
        if longest in back:
            break
    return max(back & set(lengths), default=0)
