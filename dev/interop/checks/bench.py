"""What checks are given: the ends that are to be looked at, and how they are reached."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pcieoe.initiator import Initiator
from pcieoe.rail import Rail, TcpRail
from pcieoe.suite import Skip


@dataclass
class Bench:
    """The options of the command line."""

    spec: Path
    tcp: tuple[str, int] | None = None
    scratch: str = ""
    nvme: str = ""
    seed: int = 1
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
