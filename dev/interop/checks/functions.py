"""Functions: attached, refused, left, reset (9)."""

from __future__ import annotations

from checks.bench import Bench
from pcieoe import records, tlp
from pcieoe.raw import Raw, bring_up_scratch
from pcieoe.records import Record, Refused
from pcieoe.suite import check, expect
from pcieoe.tlp import Tlp


def leave(one: Raw) -> None:
    """Leaves the stream and waits for the answer."""
    one.data(one.record(records.DETACH, records.encode_leave("done")))
    one.until(lambda: one.records(records.DETACHED), "DETACHED")


@check(46)
def one_answer(bench: Bench) -> None:
    """every ATTACH gets one answer with its requestId"""
    with bench.begun() as one:
        requests = [one.ask_for("no such function") for _ in range(20)]
        for request in requests:
            _, answer = one.answer(request)
            expect(isinstance(answer, Refused) and answer.code == records.NO_SUCH_FUNCTION, f"refused as unknown: {answer}")
        one.alive()
        answers = [each for each in one.delivered if each.kind == records.REFUSED]
        expect(len(answers) == len(requests), f"{len(answers)} answers")


@check(47)
def one_holder(bench: Bench) -> None:
    """a function has one holder; others are refused with HELD and its name"""
    with bench.attached() as (one, _), bench.begun() as other:
        for asker in (other, one):
            _, answer = asker.answer(asker.ask_for(bench.scratch_card()))
            expect(isinstance(answer, Refused) and answer.code == records.HELD, f"refused: {answer}")
            expect(answer.holder == one.mine.name, f"the holder is {answer.holder}")


@check(48, 49, 68)
def leaving(bench: Bench) -> None:
    """leaving is answered, nothing is done or sent after it, and the function begins anew for the next"""
    with bench.attached() as (one, scratch):
        one.data(one.write(scratch, 21), one.record(records.DETACH, records.encode_leave("done")), one.write(scratch, 22),
                 one.tlp(Tlp(tlp.MRD32, address=scratch, tag=200)))
        one.until(lambda: one.records(records.DETACHED), "DETACHED")
        before, epoch = len(one.tlps()), one.epoch
        one.alive()
        expect(len(one.tlps()) == before, "nothing answers after DETACHED")
        one.attach(bench.scratch_card())
        expect(one.epoch > epoch, f"the epoch grows: {epoch}, {one.epoch}")
        expect(one.config(4) & 7 == 0 and one.config(0x10) == 0, "configuration space is as after a reset")
        expect(one.read(bring_up_scratch(one)) == 0, "and so are registers")


@check(14, 49)
def stale_epoch(bench: Bench) -> None:
    """records with the epoch of a former assignment do nothing"""
    with bench.attached() as (one, scratch):
        old = one.write(scratch, 31)
        leave(one)
        one.attach(bench.scratch_card())
        bring_up_scratch(one)
        one.data(Record(one.stream, old.kind, old.body, old.epoch_tag))
        expect(one.read(scratch) == 0, "the former owner's write is dropped")
        _, answer = one.answer(one.ask_for(bench.scratch_card(), epoch=1))
        expect(isinstance(answer, Refused) and answer.code in (records.STALE_EPOCH, records.HELD), f"epoch 1: {answer}")


@check()
def old_epoch_refused(bench: Bench) -> None:
    """an epoch below one that was granted is refused with STALE_EPOCH"""
    with bench.attached() as (one, _):
        epoch = one.epoch
        leave(one)
        _, answer = one.answer(one.ask_for(bench.scratch_card(), epoch=epoch - 1))
        expect(isinstance(answer, Refused) and answer.code == records.STALE_EPOCH, f"{answer}")
        _, answer = one.answer(one.ask_for(bench.scratch_card(), epoch=epoch + 10))
        expect(not isinstance(answer, Refused) and answer.epoch >= epoch + 10, f"{answer}")


@check(50)
def hot_reset(bench: Bench) -> None:
    """HOT_RESET keeps its place among TLPs"""
    with bench.attached() as (one, scratch):
        packet = Tlp(tlp.MRD32, address=scratch)
        tag = one.request(packet)
        one.data(one.write(scratch, 41), one.tlp(packet), one.record(records.HOT_RESET))
        expect(one.completion(tag).data == b"\x29\0\0\0", "what was asked before is answered")
        expect(one.config(4) & 7 == 0, "what comes after finds the function reset")
        expect(one.read(bring_up_scratch(one)) == 0, "its registers too")


@check(68)
def addressing(bench: Bench) -> None:
    """a function takes Type 0 requests for any bus and device, captures those, and answers other functions with UR"""
    with bench.attached() as (one, _):
        def ask(kind: int, target: int) -> Tlp:
            packet = Tlp(kind, target=target, requester=0x1234, address=0x3C, data=bytes(4) if kind & tlp.WITH_DATA else b"")
            tag = one.request(packet)
            one.data(one.tlp(packet))
            return one.completion(tag)
        expect(ask(tlp.CFGWR0, 0x0518).status == tlp.SC, "CfgWr0 to 05:03.0 is done")
        done = ask(tlp.CFGRD0, 0x0518)
        expect((done.completer, done.requester) == (0x0518, 0x1234), "the Completer ID is what was captured")
        expect(ask(tlp.CFGRD0, 0x0519).status == tlp.UR, "function 1 is not there: UR")
        expect(ask(tlp.CFGRD1, 0x0518).status == tlp.UR, "Type 1 requests are for bridges: UR")
