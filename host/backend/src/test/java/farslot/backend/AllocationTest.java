package farslot.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import farslot.function.BlockStore;
import farslot.function.CardConfig;
import farslot.function.Dma;
import farslot.function.FunctionPort;
import farslot.function.Interrupts;
import farslot.linux.DiskFile;
import farslot.linux.ErrnoException;
import farslot.testkit.Allocations;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The data path allocates nothing per request, once everything has been used once. */
class AllocationTest {
  private static final int REQUESTS = 5_000;

  @TempDir Path dir;

  /** Holds one task, without a queue that would allocate. */
  private static final class Port implements FunctionPort, BlockStore.Done, RingEngine.Home {
    private final Thread thread = Thread.currentThread();
    private volatile Runnable task;
    private int ended;
    private RingEngine engine;

    /** Leaves the processor to whom it waits for: on a busy machine a worker would not get it. */
    void turn() {
      while (task == null) {
        if (engine == null) {
          LockSupport.park(this);
        } else {
          engine.submit();
          engine.onReady();
          Thread.yield();
        }
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
    public void attach(RingEngine attached, int fd) {
      engine = attached;
    }

    @Override
    public void again(long delayNs) {}

    @Override
    public void detach(RingEngine attached, int fd) {}

    @Override
    public void execute(Runnable next) {
      task = next;
      LockSupport.unpark(thread);
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

  @Test
  void filesByIoUringAllocateNothing() throws Exception {
    Port port = new Port();
    DiskFile file = DiskFile.create(dir.resolve("image").toString());
    file.truncate(4 << 20);
    try (Workers workers = new Workers(1);
        RingEngine engine = new RingEngine(new KernelRing(), 1, port);
        BlockStore store =
            new FileStore(
                file, new FileStore.Options(4 << 20, false, false, false), engine, workers)) {
      assertThat(bytesPerRequest(store, port)).isLessThan(1);
    } catch (ErrnoException e) {
      System.err.println("SKIPPED filesByIoUringAllocateNothing: " + e.getMessage());
      file.close();
      assumeTrue(false, e.getMessage());
    }
  }

  private static double bytesPerRequest(BlockStore store) {
    return bytesPerRequest(store, new Port());
  }

  private static double bytesPerRequest(BlockStore store, Port port) {
    store.open(port);
    MemorySegment buffer = Arena.ofAuto().allocate(4096);
    return Allocations.perTurn(REQUESTS, () -> port.use(store, buffer));
  }
}
