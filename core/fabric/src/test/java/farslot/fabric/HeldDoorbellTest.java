package farslot.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.function.DmaGuide;
import farslot.function.GuidePort;
import farslot.function.GuideProvider;
import farslot.pcie.FlowClass;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That doorbells are combined and held back, and that nothing passes them. */
class HeldDoorbellTest {
  private static final int TAIL = 0x1000;
  private static final int HEAD = 0x1004;
  private static final int OTHER = 0x10;

  /** Knows a tail and a head; of heads it says that they may wait. */
  private static final class Doorbells implements GuideProvider, DmaGuide {
    @Override
    public String name() {
      return "doorbells";
    }

    @Override
    public boolean knows(int vendorId, int deviceId, int classCode) {
      return true;
    }

    @Override
    public DmaGuide guide(GuidePort port) {
      return this;
    }

    @Override
    public void onWrite(int bar, long offset, MemorySegment from, long at, int bytes) {}

    @Override
    public boolean lastCounts(int bar, long offset, int bytes) {
      return bar == 0 && offset >= TAIL && bytes == 4;
    }

    @Override
    public boolean mayWait(int bar, long offset) {
      return offset == HEAD;
    }

    @Override
    public void reset() {}
  }

  private final Bench bench = Bench.up(PortOptions.DEFAULT.with(List.of(new Doorbells())));
  private final List<String> log = bench.card.log;

  private void write(int offset, int value) {
    bench.post(0, offset, 4, value);
  }

  private int at(int offset) {
    return bench.card.bar.getInt(offset);
  }

  @Test
  void severalOfOneTurnAreOne() {
    write(TAIL, 1);
    write(TAIL, 2);
    write(TAIL, 3);
    bench.run();
    assertThat(log).containsExactly("MWr 1000 4");
    assertThat(at(TAIL)).isEqualTo(3);
    assertThat(bench.port.guideCounts()).containsEntry("combined", 2L);
    write(TAIL, 4);
    bench.run();
    assertThat(log).hasSize(2);
  }

  @Test
  void nothingPassesThem() {
    write(TAIL, 1);
    write(OTHER, 5);
    write(TAIL, 2);
    bench.start(0, OTHER, 4);
    write(TAIL, 3);
    bench.post(LocalFunction.REGION_CONFIG, 0x3C, 1, 9);
    write(HEAD, 1);
    write(TAIL, 4);
    bench.run();
    assertThat(log)
        .containsExactly(
            "MWr 1000 4",
            "MWr 10 4",
            "MWr 1000 4",
            "MRd 10 4",
            "MWr 1000 4",
            "CfgWr 3c",
            "MWr 1004 4",
            "MWr 1000 4");
    assertThat(bench.port.guideCounts()).containsEntry("combined", 0L);
  }

  @Test
  void answersToTheCardDoNotPassThem() {
    bench.card.dmaRead(3, Bench.RAM, 4);
    write(HEAD, 7);
    bench.up.deliver();
    while (bench.down.deliver()) {
      // The doorbell first, and then the completion.
    }
    assertThat(log).containsExactly("MWr 1004 4", "4a");
  }

  @Test
  void whatNobodyWaitsForGoesWithWhatFollows() {
    write(HEAD, 1);
    bench.run();
    assertThat(log).isEmpty();
    write(HEAD, 2);
    bench.run();
    assertThat(log).isEmpty();
    write(TAIL, 1);
    bench.run();
    assertThat(log).containsExactly("MWr 1004 4", "MWr 1000 4");
    assertThat(at(HEAD)).isEqualTo(2);
  }

  @Test
  void orGoesAlongWithWhatWentBefore() {
    write(TAIL, 1);
    write(HEAD, 1);
    bench.run();
    assertThat(log).containsExactly("MWr 1000 4", "MWr 1004 4");
  }

  @Test
  void orGoesByItselfBeforeLong() {
    write(HEAD, 1);
    bench.run();
    bench.runFor(HeldDoorbell.HELD_NS);
    assertThat(log).containsExactly("MWr 1004 4");
    bench.runFor(10 * HeldDoorbell.HELD_NS);
    assertThat(log).hasSize(1);
  }

  @Test
  void withAPinNothingWaits() {
    bench.port.arm(LocalFunction.IRQ_INTX, 0, new boolean[] {true});
    bench.run();
    log.clear();
    write(HEAD, 1);
    bench.run();
    assertThat(log).containsExactly("MWr 1004 4");
  }

  @Test
  void aResetForgetsThem() {
    write(TAIL, 1);
    Bench.Reply reply = new Bench.Reply();
    bench.port.reset(reply, 78);
    bench.runFor(1_000_000_000L);
    assertThat(reply.calls).isOne();
    assertThat(log).doesNotContain("MWr 1000 4");
    write(TAIL, 2);
    bench.port.detach("test");
    bench.runFor(1_000_000L);
    assertThat(log).doesNotContain("MWr 1000 4");
  }

  @Test
  void withoutCreditsTheyWaitInTheirPlace() {
    bench.down.credits(FlowClass.POSTED, 1);
    write(OTHER, 1);
    write(TAIL, 1);
    write(OTHER, 2);
    write(TAIL, 2);
    bench.run();
    assertThat(log).containsExactly("MWr 10 4");
    bench.down.refill(bench.port);
    bench.run();
    assertThat(log).containsExactly("MWr 10 4", "MWr 1000 4", "MWr 10 4", "MWr 1000 4");
  }
}
