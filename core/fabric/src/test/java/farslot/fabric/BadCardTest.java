package farslot.fabric;

import static farslot.fabric.BadCardRig.BAR;
import static farslot.fabric.BadCardRig.RAM;
import static org.assertj.core.api.Assertions.assertThat;

import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.function.faults.Fault;
import farslot.function.faults.FaultInjector;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a root port withstands of a bad card, and what faults do. */
@Timeout(300)
class BadCardTest {
  private static final long MS = 1_000_000L;
  private static final long SECOND = 1000 * MS;
  private static final int CONFIG = LocalFunction.REGION_CONFIG;
  private static final long ONES = 0xFFFF_FFFFL;
  private final BadCardRig rig = new BadCardRig();
  private final MemorySegment buffer = Arena.ofAuto().allocate(8192, 8);

  private int set(String kind, String... options) {
    return rig.faults.set(fault(kind, options));
  }

  static Fault fault(String kind, String... options) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("kind", kind);
    for (String option : options) {
      int at = option.indexOf('=');
      values.put(option.substring(0, at), option.substring(at + 1));
    }
    try {
      return Fault.read(new CardConfig("fault", values));
    } catch (CardConfigException e) {
      throw new AssertionError(e);
    }
  }

  private long struck() {
    rig.run();
    return (long) rig.faults.facts().getFirst().get("struck");
  }

  private void fineAgain() {
    rig.faults.clear();
    rig.runFor(11 * SECOND);
    rig.write(BAR, 0x40, 4, 0xCAFE);
    assertThat(rig.read(BAR, 0x40, 4)).isEqualTo(0xCAFE);
    assertThat(rig.read(CONFIG, 0, 4)).isEqualTo(0x1234_ABCDL);
  }

  @Test
  void withoutFaultsNothingIsInTheWay() {
    rig.write(BAR, 0x10, 8, 0x1122_3344_5566_7788L);
    assertThat(rig.read(BAR, 0x10, 8)).isEqualTo(0x1122_3344_5566_7788L);
    assertThat(rig.faults.facts()).isEmpty();
    assertThat(rig.port.counts()).isEmpty();
  }

  @Test
  void whatIsNeverAnsweredReadsAsAllOnes() {
    rig.write(BAR, 0x10, 4, 7);
    set("no-answer", "bar=0", "offset=0x10..0x13");
    long before = rig.agent.nowNs();
    assertThat(rig.read(BAR, 0x10, 4)).isEqualTo(ONES);
    assertThat(rig.agent.nowNs() - before).isLessThanOrEqualTo(3 * SECOND);
    assertThat(rig.read(BAR, 0x14, 4)).isZero();
    assertThat(struck()).isOne();
    assertThat(rig.count(PortEvent.ACCESS_TIMEOUT)).isOne();
    fineAgain();
  }

  @Test
  void refusedReadsAreAllOnesAtOnce() {
    for (String kind : new String[] {"ur", "ca"}) {
      set(kind, "count=1");
      Bench.Reply reply = rig.start(BAR, 0x20, 8);
      rig.run();
      assertThat(reply.value()).isEqualTo(-1);
      assertThat(rig.read(BAR, 0x20, 8)).isZero();
      rig.faults.clear();
    }
    assertThat(rig.count(PortEvent.COMPLETION_ERROR)).isEqualTo(2);
    fineAgain();
  }

  @Test
  void poisonedDataIsNotUsed() {
    set("poison", "on=read");
    assertThat(rig.read(BAR, 0x20, 4)).isEqualTo(ONES);
    assertThat(rig.count(PortEvent.COMPLETION_POISONED)).isOne();
    fineAgain();
  }

  @Test
  void wrongDataIsWhatTheGuestGets() {
    rig.write(BAR, 0x20, 4, 0x1234_5678);
    set("wrong-data");
    assertThat(rig.read(BAR, 0x20, 4)).isEqualTo(~0x1234_5678L & ONES);
    fineAgain();
  }

  @Test
  void completionsThatContradictTheirRequestAreCountedAndNotUsed() {
    rig.write(BAR, 0x20, 4, 5);
    set("wrong-count", "count=1");
    assertThat(rig.read(BAR, 0x20, 4)).isEqualTo(ONES);
    assertThat(rig.count(PortEvent.COMPLETION_WRONG)).isOne();
    set("wrong-tag", "count=1");
    assertThat(rig.read(BAR, 0x20, 4)).isEqualTo(ONES);
    assertThat(rig.count(PortEvent.COMPLETION_UNEXPECTED)).isOne();
    set("wrong-length", "count=1");
    assertThat(rig.read(BAR, 0x20, 4)).isEqualTo(ONES);
    assertThat(rig.up.malformed).isOne();
    assertThat(rig.read(BAR, 0x20, 4)).isEqualTo(5);
    fineAgain();
  }

  @Test
  void sameInConfigurationSpace() {
    for (String kind :
        new String[] {"no-answer", "ur", "ca", "poison", "wrong-count", "wrong-tag"}) {
      set(kind, "on=config-read", "count=1", "offset=4..7");
      // Command's low bits are the port's own to answer.
      assertThat(rig.read(CONFIG, 4, 4) | 7).as(kind).isEqualTo(ONES);
      assertThat(struck()).as(kind).isOne();
      rig.faults.clear();
      assertThat(rig.read(CONFIG, 4, 4) & 7).as(kind).isEqualTo(6);
    }
    fineAgain();
  }

  @Test
  void configurationWritesThatNobodyConfirmsEndAllTheSame() {
    set("no-answer", "on=config-write");
    Bench.Reply reply = new Bench.Reply();
    rig.port.write(CONFIG, 0x3C, buffer, 0, 1, reply, 78);
    rig.runFor(4 * SECOND);
    assertThat(reply.calls).isOne();
    assertThat(struck()).isOne();
    fineAgain();
  }

  @Test
  void delayedAnswersComeInTheirOrder() {
    rig.write(BAR, 0x20, 4, 1);
    set("delay", "delay=500ms", "offset=0x20..0x23");
    Bench.Reply slow = rig.start(BAR, 0x20, 4);
    rig.runFor(400 * MS);
    assertThat(slow.calls).isZero();
    rig.runFor(200 * MS);
    assertThat(slow.value()).isOne();
    // Longer than anybody waits: late, and dropped.
    rig.faults.clear();
    set("delay", "delay=5s");
    assertThat(rig.read(BAR, 0x20, 4)).isEqualTo(ONES);
    rig.runFor(5 * SECOND);
    assertThat(rig.count(PortEvent.COMPLETION_LATE)).isOne();
    fineAgain();
  }

  @Test
  void copiesOfRegistersDoNotHideFaults() {
    rig.card.registers.set(ValueLayout.JAVA_INT_UNALIGNED, 0x100, 9);
    rig.card.slot.registersChanged();
    rig.run();
    set("ur", "count=2");
    rig.run();
    assertThat(rig.read(BAR, 0x100, 4)).isEqualTo(ONES);
    assertThat(rig.read(BAR, 0x100, 4)).isEqualTo(ONES);
    assertThat(rig.read(BAR, 0x100, 4)).isEqualTo(9);
  }

  @Test
  void writesAreLostPoisonedOrSpoilt() {
    int before = rig.card.writes;
    set("drop", "on=write", "count=1");
    rig.write(BAR, 0x30, 4, 1);
    assertThat(rig.card.writes).isEqualTo(before);
    rig.faults.clear();
    set("poison", "on=write", "count=1");
    rig.write(BAR, 0x30, 4, 1);
    assertThat(rig.card.writes).isEqualTo(before);
    rig.faults.clear();
    set("wrong-data", "on=write", "count=1");
    rig.write(BAR, 0x30, 4, 1);
    assertThat(rig.read(BAR, 0x30, 4)).isEqualTo(0xFFFF_FFFEL);
    fineAgain();
  }

  @Test
  void theCardsReadsFailAsTheyWould() {
    rig.ram.set(ValueLayout.JAVA_INT, 0, 0x1111_2222);
    String[][] outcomes = {
      {"ur", "UR"},
      {"ca", "CA"},
      {"no-answer", "UR"},
      {"drop", "UR"},
      {"poison", "CA"},
      {"wrong-count", "UR"},
      {"wrong-tag", "UR"},
      {"wrong-length", "UR"},
      {"delay", "SC"}
    };
    for (String[] each : outcomes) {
      rig.card.ended.clear();
      set(each[0], "on=dma-read", "count=1");
      rig.card.slot.dma().read(RAM, buffer, 0, 64, rig.card, 5);
      rig.run();
      rig.runFor(30 * SECOND);
      assertThat(rig.card.ended).as(each[0]).containsExactly("5:" + each[1]);
      assertThat(struck()).as(each[0]).isOne();
      rig.faults.clear();
    }
    set("wrong-data", "on=dma-read", "count=1");
    rig.card.ended.clear();
    rig.card.slot.dma().read(RAM, buffer, 0, 64, rig.card, 6);
    rig.run();
    assertThat(rig.card.ended).containsExactly("6:SC");
    assertThat(buffer.get(ValueLayout.JAVA_INT, 0)).isEqualTo(~0x1111_2222);
    fineAgain();
  }

  private void dmaWrite(int offset, int value) {
    buffer.set(ValueLayout.JAVA_INT, 0, value);
    rig.card.slot.dma().write(RAM + offset, buffer, 0, 4);
    rig.run();
  }

  private int ram(int offset) {
    return rig.ram.get(ValueLayout.JAVA_INT, offset);
  }

  @Test
  void theCardsWritesAreLostPoisonedSpoiltOrLate() {
    set("drop", "on=dma-write", "offset=0x10000000..0x10000003");
    dmaWrite(0, 1);
    dmaWrite(4, 2);
    assertThat(ram(0)).isZero();
    assertThat(ram(4)).isEqualTo(2);
    rig.faults.clear();
    set("poison", "on=dma-write", "count=1");
    dmaWrite(0, 1);
    assertThat(ram(0)).isZero();
    assertThat(rig.count(PortEvent.DMA_POISONED)).isOne();
    rig.faults.clear();
    set("wrong-data", "on=dma-write", "count=1");
    dmaWrite(0, 1);
    assertThat(ram(0)).isEqualTo(-2);
    rig.faults.clear();
    set("delay", "on=dma-write", "count=1", "delay=20ms");
    dmaWrite(0, 7);
    dmaWrite(8, 8);
    assertThat(ram(8)).isZero(); // No write passes another.
    rig.runFor(20 * MS);
    assertThat(ram(0)).isEqualTo(7);
    assertThat(ram(8)).isEqualTo(8);
    fineAgain();
  }

  @Test
  void interruptsAreLostOrLateButStayBehindTheirData() {
    rig.arm(LocalFunction.IRQ_MSIX, 8);
    set("drop", "on=interrupt", "offset=3");
    rig.card.slot.interrupts().signal(3);
    rig.card.slot.interrupts().signal(4);
    rig.run();
    assertThat(rig.events).containsExactly("irq 2.4");
    rig.faults.clear();
    rig.events.clear();
    set("delay", "on=interrupt", "delay=20ms");
    dmaWrite(0, 7);
    rig.card.slot.interrupts().signal(1);
    rig.run();
    assertThat(ram(0)).isEqualTo(7);
    assertThat(rig.events).isEmpty();
    // A read's answer pushes what was written before it: it waits, too.
    Bench.Reply reply = rig.start(BAR, 0, 4);
    rig.run();
    assertThat(reply.calls).isZero();
    rig.runFor(20 * MS);
    assertThat(rig.events).containsExactly("irq 2.1");
    assertThat(reply.calls).isOne();
    rig.faults.clear();
    set("wrong-data", "on=interrupt", "count=1");
    rig.card.slot.interrupts().signal(1);
    rig.run();
    assertThat(rig.count(PortEvent.INTERRUPT_UNARMED)).isOne();
    fineAgain();
  }

  @Test
  void floodsOfMessagesAndOfPulsesEnd() {
    rig.arm(LocalFunction.IRQ_MSIX, 8);
    set("flood", "rate=10000", "vector=2", "for=100ms");
    rig.runFor(SECOND);
    assertThat(rig.events).hasSizeBetween(900, 1000).containsOnly("irq 2.2");
    assertThat(struck()).isEqualTo(rig.events.size());
    rig.faults.clear();
    rig.events.clear();
    rig.arm(LocalFunction.IRQ_INTX, 1);
    set("flood", "rate=1000", "count=5");
    for (int i = 0; i < 100; i++) {
      rig.runFor(10 * MS);
      rig.port.maskIntx(false);
    }
    assertThat(struck()).isEqualTo(5);
    rig.events.clear();
    rig.port.maskIntx(false); // Not asserted any more: nothing comes of it.
    assertThat(rig.events).isEmpty();
    fineAgain();
  }

  @Test
  void theFunctionVanishesAndComesBack() {
    set("link-down", "for=2s");
    assertThat(rig.events).containsExactly("away: fault 1: link-down");
    assertThat(rig.read(BAR, 0, 4)).isEqualTo(ONES);
    rig.runFor(5 * SECOND);
    assertThat(rig.events).endsWith("back");
    fineAgain();
    rig.events.clear();
    int id = set("remove", "on=read", "skip=2");
    rig.read(BAR, 0, 4);
    rig.read(BAR, 0, 4);
    assertThat(rig.events).isEmpty();
    rig.read(BAR, 0, 4);
    assertThat(rig.events).containsExactly("away: fault " + id + ": remove");
    rig.runFor(60 * SECOND);
    assertThat(rig.events).hasSize(1);
    assertThat(rig.faults.facts().getFirst()).containsEntry("state", "away");
    assertThat(rig.faults.clear(id)).isTrue();
    assertThat(rig.events).endsWith("back");
    fineAgain();
  }

  @Test
  void chanceIsTheSeeds() {
    long[] hits = new long[2];
    for (int run = 0; run < 2; run++) {
      rig.faults.clear();
      set("ur", "probability=25", "seed=7");
      for (int i = 0; i < 200; i++) {
        hits[run] = hits[run] * 31 + (rig.read(BAR, 0, 4) == ONES ? 1 : 0);
      }
      assertThat(struck()).isBetween(20L, 90L);
    }
    assertThat(hits[0]).isEqualTo(hits[1]);
  }

  @Test
  void aFaultEndsWithItsTime() {
    set("ur", "for=1s");
    assertThat(rig.read(BAR, 0, 4)).isEqualTo(ONES);
    rig.runFor(SECOND);
    assertThat(rig.read(BAR, 0, 4)).isZero();
    assertThat(rig.faults.facts().getFirst()).containsEntry("state", "over");
  }

  @Test
  void linksWithoutCreditsAreWaitedFor() {
    set("delay", "on=dma-write", "delay=1ms");
    rig.up.credits(farslot.pcie.FlowClass.POSTED, 0);
    dmaWrite(0, 1);
    dmaWrite(4, 2);
    rig.runFor(10 * MS);
    assertThat(ram(4)).isZero();
    rig.up.refill(rig.faults);
    rig.run();
    assertThat(ram(0)).isEqualTo(1);
    assertThat(ram(4)).isEqualTo(2);
    fineAgain();
  }

  @Test
  void moreThanMayWaitHoldsTheCardUpAndLosesNothing() {
    set("delay", "on=dma-write", "delay=1s");
    int count = 600;
    for (int i = 0; i < count; i++) {
      buffer.set(ValueLayout.JAVA_INT, 0, i);
      rig.card.slot.dma().write(RAM + 4096 * (i % 16), buffer, 0, 4096);
    }
    assertThat(rig.card.slot.dma().hasRoom()).isFalse();
    rig.runFor(60 * SECOND);
    assertThat(struck()).isEqualTo(count);
    assertThat(ram(4096 * ((count - 1) % 16))).isEqualTo(count - 1);
    fineAgain();
  }

  @Test
  void faultsHaveALimit() {
    for (int i = 0; i < FaultInjector.FAULTS_MAX; i++) {
      set("ur", "count=1");
    }
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> set("ur"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("64 faults");
    assertThat(rig.faults.clear(99)).isFalse();
    assertThat(rig.faults.clear()).isEqualTo(FaultInjector.FAULTS_MAX);
  }
}
