package farslot.carrier;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Traffic over real sockets allocates nothing on either end's thread. */
@Timeout(300)
class TcpAllocationTest {
  private static final int READS = 20_000;

  /** Until the compiler, which a busy machine keeps waiting, is done with all that runs here. */
  private static final int ROUNDS_MAX = 400;

  /** What the virtual machine and this test's own commands allocate in a round, bytes. */
  private static final long NOISE_BYTES = 16_384;

  @Test
  void steadyTrafficAllocatesNothing() throws Exception {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (TcpLab lab = new TcpLab()) {
      TcpLab.Caller caller = lab.attach();
      long near = lab.onInitiator(() -> Thread.currentThread().threadId());
      long far = lab.onAppliance(() -> Thread.currentThread().threadId());
      long least = Long.MAX_VALUE;
      for (int round = 1; round <= ROUNDS_MAX && least > NOISE_BYTES; round++) {
        long before = threads.getThreadAllocatedBytes(near) + threads.getThreadAllocatedBytes(far);
        long wanted = (long) round * READS;
        lab.onInitiator(
            () -> {
              caller.ask(wanted);
              return null;
            });
        lab.await(() -> caller.answered == wanted || caller.wrong != null);
        assertThat(caller.wrong).isNull();
        long after = threads.getThreadAllocatedBytes(near) + threads.getThreadAllocatedBytes(far);
        least = Math.min(least, after - before);
      }
      assertThat(least).as("bytes for %d reads", READS).isLessThanOrEqualTo(NOISE_BYTES);
    }
  }
}
