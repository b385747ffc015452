"""The specification's own examples."""

from checks.bench import Bench
from pcieoe import golden
from pcieoe.suite import check, expect


@check()
def golden_frames(bench: Bench) -> None:
    """golden frames and capture decode, and encode byte for byte"""
    results = golden.check(bench.spec)
    wrong = [f"{name}: {why}" for name, why in results if why]
    expect(len(results) >= 32, f"only {len(results)} examples found")
    expect(not wrong, "; ".join(wrong))
