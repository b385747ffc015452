package farslot.bench.files;

import com.sun.management.OperatingSystemMXBean;
import farslot.backend.BackEndFactory;
import farslot.carrier.LoopAgent;
import farslot.function.Agent;
import farslot.function.BlockStore;
import farslot.function.Dma;
import farslot.function.FunctionPort;
import farslot.function.Interrupts;
import farslot.function.OnAgent;
import farslot.linux.EventLoop;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** A file, and an event loop that uses it as an appliance's does. */
final class Bed implements AutoCloseable {
  private static final long WAIT_SECONDS = 60;
  private static final long MEMORY_BYTES = 1L << 20;
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final Path file;
  private final EventLoop loop;
  private final FunctionPort port;
  private final BackEndFactory factory;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory = arena.allocate(MEMORY_BYTES, 4096);
  private final Thread thread;
  private long seed;

  /** On the loop; null between rounds. */
  private FileRun current;

  /**
   * What a round has given.
   *
   * @param processorUs of the whole process for one operation; the kernel's workers count, too
   */
  record Round(double perSecond, double processorUs) {}

  /**
   * @param fileBytes whole MiB
   */
  Bed(long fileBytes, int spinUs) throws IOException {
    file = Files.createTempFile("farslot-bench", ".img");
    fill(file, fileBytes);
    loop = new EventLoop("files", spinUs * 1000L);
    port = new Port(loop);
    // Before the ring's, which is made with the first store that wants it.
    loop.addTurnEnd(this::onTurnEnd);
    factory = new BackEndFactory(loop);
    thread = loop.start();
  }

  private void onTurnEnd(long nowNs) {
    if (current != null) {
      current.turnEnds(nowNs);
    }
  }

  /** All of it takes space on the disk, so that what is read comes from there. */
  private static void fill(Path file, long bytes) throws IOException {
    ByteBuffer data = ByteBuffer.allocateDirect(1 << 20);
    for (int i = 0; i < data.capacity(); i += 8) {
      data.putLong(i, i * 0x9E3779B97F4A7C15L);
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (long at = 0; at < bytes; at += data.capacity()) {
        channel.write(data.rewind(), at);
      }
      channel.force(true);
    }
  }

  /** One way for a while. */
  Round round(Way way, FileLoad load, long forNs, Histogram into, Histogram kept) throws Exception {
    if (load.cold()) {
      forget();
    }
    BlockStore store = on(() -> way.open(file, factory));
    try {
      CompletableFuture<Void> ended = new CompletableFuture<>();
      FileRun run =
          new FileRun(store, load, memory, ++seed, forNs, into, kept, () -> ended.complete(null));
      long used = SYSTEM.getProcessCpuTime();
      EventLoop.TurnEnd last = run::turnEnded;
      on(
          () -> {
            store.open(port);
            current = run;
            loop.addTurnEnd(last);
            run.start();
            return null;
          });
      ended.get(WAIT_SECONDS, TimeUnit.SECONDS);
      used = SYSTEM.getProcessCpuTime() - used;
      on(
          () -> {
            current = null;
            loop.removeTurnEnd(last);
            return null;
          });
      return new Round(run.perSecond(), used / 1e3 / run.count());
    } finally {
      on(
          () -> {
            store.close();
            return null;
          });
    }
  }

  /** Has the kernel forget what it keeps of the file; coreutils can ask that. */
  private void forget() throws IOException, InterruptedException {
    Process dd =
        new ProcessBuilder("dd", "if=" + file, "iflag=nocache", "count=0", "status=none")
            .redirectErrorStream(true)
            .start();
    if (dd.waitFor() != 0) {
      throw new IOException("dd: " + new String(dd.getInputStream().readAllBytes()).trim());
    }
  }

  private <T> T on(Callable<T> what) throws Exception {
    CompletableFuture<T> result = new CompletableFuture<>();
    loop.execute(
        () -> {
          try {
            result.complete(what.call());
          } catch (Throwable e) {
            result.completeExceptionally(e);
          }
        });
    return result.get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws IOException {
    loop.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    factory.close();
    arena.close();
    Files.delete(file);
  }

  /** A slot without a server. */
  private static final class Port implements FunctionPort, OnAgent {
    private final LoopAgent agent;

    Port(EventLoop loop) {
      agent = new LoopAgent(loop);
    }

    @Override
    public Agent agent() {
      return agent;
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
}
