"""Named checks of numbered requirements, and the table that they make."""

from __future__ import annotations

import re
import sys
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

_REQUIREMENT = re.compile(r"^\* \*\*PCIEOE-(\d+)\*\* (.*)$", re.M)


class Skip(Exception):
    """What a check needs was not given; says what."""


@dataclass
class Check:
    """One check: what it is called and which requirements it looks at."""

    name: str
    requirements: tuple[int, ...]
    run: Callable
    slow: bool = False
    alone: bool = False

    def of_initiators(self) -> bool:
        """Whether it looks at an initiator: those run beside those that look at an appliance."""
        return self.run.__module__.endswith("initiators")


@dataclass
class Verdict:
    """How a check ended."""

    check: Check
    kind: str
    why: str = ""
    seconds: float = 0.0


CHECKS: list[Check] = []
NOT_VISIBLE: dict[int, str] = {}


def check(*requirements: int, slow: bool = False, alone: bool = False) -> Callable:
    """Makes a function that takes the bench a check; the first line of its docstring is its name.

    A slow one waits for timers: it runs beside the others and uses no function. One that needs to be alone comes last.
    """
    def register(function: Callable) -> Callable:
        CHECKS.append(Check(function.__doc__.splitlines()[0].rstrip("."), requirements, function, slow, alone))
        return function
    return register


def not_visible(why: str, *requirements: int) -> None:
    """Says why requirements cannot be seen from outside."""
    NOT_VISIBLE.update(dict.fromkeys(requirements, why))


def expect(truth: object, what: str) -> None:
    """Fails a check."""
    if not truth:
        raise AssertionError(what)


@dataclass
class Report:
    """All verdicts, and what they say of the requirements."""

    spec: Path
    verdicts: list[Verdict] = field(default_factory=list)

    def run(self, bench: object, only: str = "") -> None:
        """Runs all checks, or those whose name or requirement holds `only`; those that wait beside those that work."""
        wanted = [each for each in CHECKS if not only or only in each.name or only in map(str, each.requirements)]
        last = [each for each in wanted if each.alone]
        wanted = [each for each in wanted if not each.alone]
        lanes = [[each for each in wanted if not each.slow and each.of_initiators() == which] for which in (False, True)]
        lanes += [[each] for each in wanted if each.slow]
        with ThreadPoolExecutor(len(lanes)) as pool:
            for done in [pool.submit(self._lane, lane, bench) for lane in lanes]:
                done.result()
        self._lane(last, bench)

    def _lane(self, lane: list[Check], bench: object) -> None:
        for each in lane:
            self._one(each, bench)

    def _one(self, each: Check, bench: object) -> None:
        began = time.monotonic()
        verdict = Verdict(each, "pass")
        try:
            each.run(bench)
        except Skip as why:
            verdict.kind, verdict.why = "skipped", str(why)
        except Exception as why:  # pylint: disable=broad-except  # whatever goes wrong, the others go on
            verdict.kind, verdict.why = "fail", f"{type(why).__name__}: {why}"
            if not isinstance(why, (AssertionError, TimeoutError)):
                traceback.print_exc()
        verdict.seconds = time.monotonic() - began
        self.verdicts.append(verdict)
        print(f"  {verdict.kind:7} {verdict.seconds:5.2f} s  {each.name}{': ' if verdict.why else ''}{verdict.why}",
              flush=True)

    def table(self) -> int:
        """Prints a line for each requirement and the last line; answers how many checks failed."""
        print()
        for number, text in _REQUIREMENT.findall(self.spec.read_text()):
            print(f"PCIEOE-{number:<4} {self._of(int(number))}  ({text[:60].rsplit(' ', 1)[0]} ...)")
        failed = [each for each in self.verdicts if each.kind == "fail"]
        skipped = sum(each.kind == "skipped" for each in self.verdicts)
        for each in failed:
            print(f"failed: {each.check.name}: {each.why}", file=sys.stderr)
        done = len(self.verdicts) - skipped
        print(f"interop: {done} checks, {len(failed)} failed" + (f" ({skipped} skipped)" if skipped else ""))
        return len(failed)

    def _of(self, number: int) -> str:
        mine = [each for each in self.verdicts if number in each.check.requirements]
        for kind in ("fail", "pass", "skipped"):
            found = [each for each in mine if each.kind == kind]
            if found:
                return kind if kind != "skipped" else f"skipped: {found[0].why}"
        return "not visible from outside: " + NOT_VISIBLE[number] if number in NOT_VISIBLE else "no check"
