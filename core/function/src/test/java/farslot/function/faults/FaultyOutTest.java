package farslot.function.faults;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.function.Agent;
import farslot.pcie.FlowClass;
import farslot.pcie.TlpEncoder;
import farslot.pcie.TlpOut;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FaultyOutTest {
  /** A real clock never stands still between two looks. */
  private static final class Ticking implements Agent, Agent.Timer {
    private long nowNs;
    private long dueNs = -1;
    private Runnable task;

    @Override
    public long nowNs() {
      return nowNs += 700;
    }

    @Override
    public Timer timer(Runnable onTime) {
      task = onTime;
      return this;
    }

    @Override
    public void execute(Runnable later) {
      throw new AssertionError();
    }

    @Override
    public void arm(long delayNs) {
      assertThat(delayNs).isPositive();
      dueNs = nowNs + delayNs;
    }

    @Override
    public void cancel() {
      dueNs = -1;
    }

    boolean fire() {
      if (dueNs < 0) {
        return false;
      }
      nowNs = Math.max(nowNs, dueNs);
      dueNs = -1;
      task.run();
      return true;
    }
  }

  private static final class Link implements TlpOut {
    private final MemorySegment room = Arena.ofAuto().allocate(8192);
    private int sent;

    @Override
    public long claim(FlowClass flow, int tlpBytes, int dataBytes) {
      return 0;
    }

    @Override
    public MemorySegment segment() {
      return room;
    }

    @Override
    public void commit() {
      sent++;
    }
  }

  @Test
  void nothingIsForgottenThatFallsDueWhileTheClockIsLookedAt() {
    Ticking agent = new Ticking();
    Link link = new Link();
    SplittableRandom random = new SplittableRandom(5);
    FaultyOut out =
        new FaultyOut(agent, passing -> passing.delayNs = random.nextLong(1, 10_000), () -> {});
    out.connect(link);
    for (int i = 1; i <= 20_000; i++) {
      long at = out.claim(FlowClass.POSTED, 16, 4);
      TlpEncoder.memoryWrite(out.segment(), at, 0, 0x1000, 4);
      out.commit();
      if (random.nextInt(3) == 0) {
        agent.fire();
      }
      if (random.nextInt(100) == 0) {
        while (agent.fire()) {}
        assertThat(out.isEmpty()).isTrue();
        assertThat(link.sent).isEqualTo(i);
      }
    }
  }
}
