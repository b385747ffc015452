"""The specification's own examples."""

from checks.bench import Bench
from pcieoe import golden, sealed
from pcieoe.suite import check, expect


@check()
def golden_frames(bench: Bench) -> None:
    """golden frames and capture decode, and encode byte for byte"""
    results = golden.check(bench.spec)
    wrong = [f"{name}: {why}" for name, why in results if why]
    expect(len(results) >= 32, f"only {len(results)} examples found")
    expect(not wrong, "; ".join(wrong))


@check()
def golden_packets(bench: Bench) -> None:
    """golden packets of protected Ethernet rails open with the keys of 10.5, and seal byte for byte"""
    packets = {name: data for (kind, name), data in golden.blocks(bench.spec.read_text()).items() if kind == "packet"}
    for name in ("keys", "keys-reply"):
        expect(sealed.KeysPacket.decode(packets[name]).encode() == packets[name], f"{name}: encoded otherwise")
    first = sealed.Phase(bytes(range(32)))
    for name, phase, number in (("sealed", first, 1), ("sealed-next-phase", first.next(), 2)):
        opened = phase.open(packets[name])
        expect(opened is not None and opened[0] == number, f"{name}: cannot be opened")
        assert opened
        expect(phase.seal(*opened) == packets[name], f"{name}: sealed otherwise")
        expect(phase.open(packets[name][:-1] + bytes([packets[name][-1] ^ 1])) is None, f"{name}: a wrong tag was taken")
