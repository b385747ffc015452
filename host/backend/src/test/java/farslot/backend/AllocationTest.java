package farslot.backend;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.function.BlockStore;
import farslot.function.CardConfig;
import farslot.function.Dma;
import farslot.function.FunctionPort;
import farslot.function.Interrupts;
import farslot.testkit.Allocations;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The data path allocates nothing per request, once everything has been used once. */
class AllocationTest {
  private static final int REQUESTS = 5_000;

  @TempDir Path dir;

  /** Holds one task, without a queue that would allocate. */
  private static final class Port implements FunctionPort, BlockStore.Done {
    private volatile Runnable task;
    private int ended;

    void turn() {
      while (task == null) {
        Thread.onSpinWait();
      }
      Runnable now = task;
      task = null;
      now.run();
    }

    /** One request in four is a write, and goes to a worker where the filesystem makes it wait. */
    void use(BlockStore store, MemorySegment buffer) {
      long position = ended % 1024 * 4096L;
      if (ended % 4 == 0) {
        store.write(position, buffer, 0, 4096, false, this, 0);
      } else {
        store.read(position, buffer, 0, 4096, this, 0);
      }
      turn();
    }

    @Override
    public void done(long cookie, BlockStore.Status status) {
      if (status != BlockStore.Status.OK) {
        throw new AssertionError(status);
      }
      ended++;
    }

    @Override
    public void execute(Runnable next) {
      task = next;
    }

    @Override
    public long nowNs() {
      return 0;
    }

    @Override
    public Timer timer(Runnable unused) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Dma dma() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Interrupts interrupts() {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void memoryAllocatesNothing() throws Exception {
    try (BackEndFactory factory = new BackEndFactory(1);
        BlockStore store = factory.block(new CardConfig("test", Map.of("ram", "4MiB")))) {
      assertThat(bytesPerRequest(store)).isLessThan(1);
    }
  }

  @Test
  void filesAllocateNothing() throws Exception {
    Map<String, Object> values = Map.of("file", dir.resolve("image").toString(), "size", "4MiB");
    try (BackEndFactory factory = new BackEndFactory(1);
        BlockStore store = factory.block(new CardConfig("test", values))) {
      assertThat(bytesPerRequest(store)).isLessThan(1);
    }
  }

  private static double bytesPerRequest(BlockStore store) {
    Port port = new Port();
    store.open(port);
    MemorySegment buffer = Arena.ofAuto().allocate(4096);
    return Allocations.perTurn(REQUESTS, () -> port.use(store, buffer));
  }
}
