"""What checks are given: the ends that are to be looked at, and how they are reached."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pcieoe import records, tlp
from pcieoe.appliance import Appliance
from pcieoe.ethernet import EthernetRail, Station, discover
from pcieoe.initiator import Initiator
from pcieoe.function import LittleFunction
from pcieoe.rail import Rail, TcpRail
from pcieoe.raw import Raw, bring_up_scratch
from pcieoe.suite import Skip


@dataclass
class Bench:
    """The options of the command line."""

    spec: Path
    tcp: tuple[str, int] | None = None
    scratch: str = ""
    nvme: str = ""
    seed: int = 1
    interfaces: tuple[str, ...] = ()
    listen: int = 0
    socket: str = ""
    wants: str = ""
    tls: tuple[str, int] | None = None
    pki: Path | None = None
    wrong_pki: Path | None = None
    _appliance: Appliance | None = None
    _names: int = 0

    def dial_tcp(self) -> TcpRail:
        """A new TCP rail to the appliance."""
        if not self.tcp:
            raise Skip("give --tcp")
        return TcpRail.dial(*self.tcp)

    def name(self) -> str:
        """A node name that nobody else has."""
        self._names += 1
        return f"interop-{self._names}"

    def scratch_card(self) -> str:
        """The name of a function that is a scratch card."""
        if not self.scratch:
            raise Skip("give --scratch")
        return self.scratch

    def nvme_drive(self) -> str:
        """The name of a function that is an NVMe controller, whose contents may be overwritten."""
        if not self.nvme:
            raise Skip("give --nvme")
        return self.nvme

    def tls_at(self) -> tuple[str, int]:
        """An appliance's TCP listener that takes protected rails only."""
        if not self.tls:
            raise Skip("give --tls")
        return self.tls

    def credentials(self) -> Path:
        """A folder with an initiator's credentials for it."""
        if not self.pki:
            raise Skip("give --pki")
        return self.pki

    def appliance(self) -> Appliance:
        """The one that the initiator dials; one for all checks, since initiators pause between their attempts."""
        port, function, _ = self.initiator_at()
        if self._appliance is None:
            self._appliance = Appliance("interop-appliance", {function: LittleFunction}, port=port)
        self._appliance.answer = self._appliance.overhear = None
        return self._appliance

    def close(self) -> None:
        """Ends that appliance."""
        if self._appliance:
            self._appliance.close()

    def initiator_at(self) -> tuple[int, str, str]:
        """The port that the initiator dials, the function that it wants, and its vfio-user socket."""
        if not self.listen or not self.socket:
            raise Skip("give --listen and --socket")
        return self.listen, self.wants, self.socket

    @contextlib.contextmanager
    def initiator(self, *dials: Callable[[], Rail], rails: int = 0, **mine: int) -> Iterator[Initiator]:
        """An initiator with a session over all these ways, which ends with BYE."""
        ways = list(dials or (self.dial_tcp,))
        one = Initiator(self.name(), ways, **mine)
        try:
            one.connect(rails=rails or len(ways))
            yield one
        finally:
            one.close()

    @contextlib.contextmanager
    def raw(self, rail: Rail | None = None, name: str = "", **mine: int) -> Iterator[Raw]:
        """A rail by hand on which nothing has been said."""
        one = Raw(rail or self.dial_tcp(), name or self.name(), **mine)
        try:
            yield one
        finally:
            one.close()

    @contextlib.contextmanager
    def begun(self, rail: Rail | None = None, **mine: int) -> Iterator[Raw]:
        """The same with a session that has begun."""
        with self.raw(rail, **mine) as one:
            yield one.begin()

    @contextlib.contextmanager
    def attached(self, rail: Rail | None = None, **mine: int) -> Iterator[tuple[Raw, int]]:
        """The same with a scratch card, and the address of its SCRATCH register."""
        with self.begun(rail, **mine) as one:
            one.attach(self.scratch_card())
            yield one, bring_up_scratch(one)

    def fresh(self) -> Raw:
        """A rail by hand that the caller has to end."""
        return Raw(self.dial_tcp(), self.name())

    @staticmethod
    def read_request(one: Raw, address: int, size: int) -> tlp.Tlp:
        """A memory read with the next tag."""
        packet = tlp.Tlp(tlp.MRD32, address=address, length_dw=size // 4, last_be=15 if size > 4 else 0)
        one.request(packet)
        return packet

    def wait_free(self, one: Raw, timeout_s: float = 5.0) -> None:
        """Makes sure that the scratch card can be had, and leaves it attached here."""
        end = time.monotonic() + timeout_s
        while True:
            _, answer = one.answer(one.ask_for(self.scratch_card()))
            if isinstance(answer, records.Attached):
                return
            if time.monotonic() > end:
                raise AssertionError(f"the function was not let go: {answer}")
            time.sleep(0.02)

    # --- raw Ethernet ------------------------------------------------------------------------------------------------

    def interface(self, number: int = 0) -> str:
        """An interface that leads to the appliance."""
        if len(self.interfaces) <= number:
            raise Skip("give --ethernet" if number == 0 else "give --ethernet twice")
        return self.interfaces[number]

    def station(self) -> Station:
        """All packets of the first interface."""
        return Station(self.interface())

    def appliance_name(self) -> str:
        """The name of whoever answers there."""
        return discover(self.interface())[0].offer.name

    def ethernet_rail(self, number: int = 0) -> EthernetRail:
        """A new rail over that interface."""
        return EthernetRail.dial(self.interface(number))

    @contextlib.contextmanager
    def ethernet_begun(self, **mine: int) -> Iterator[Raw]:
        """A session by hand over raw Ethernet."""
        rail = self.ethernet_rail()
        with self.begun(rail, frame_bytes_max=rail.frame_bytes_max, **mine) as one:
            yield one

    @contextlib.contextmanager
    def ethernet_attached(self, **mine: int) -> Iterator[tuple[Raw, int]]:
        """The same with a scratch card."""
        rail = self.ethernet_rail()
        with self.attached(rail, frame_bytes_max=rail.frame_bytes_max, **mine) as one:
            yield one

    def each_ethernet_rail(self) -> list[EthernetRail]:
        """A rail over each interface, closed again: for what they can carry."""
        rails = [self.ethernet_rail(n) for n in range(max(1, len(self.interfaces)))]
        for each in rails:
            each.close()
        return rails
