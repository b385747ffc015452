package farslot.initiator;

import farslot.fabric.LocalFunction;
import farslot.fabric.software.DmaMemory;
import farslot.fabric.software.NvmeDriver;
import farslot.fabric.software.PciDevice;
import farslot.fabric.software.RootComplex;
import farslot.function.Agent;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * An initiator whose server is this process: the functions go to a software root complex instead of
 * a hypervisor. For the self-test, the benchmark, and whoever has no QEMU. Its own calls may come
 * from any thread and wait; what is handed to {@link #ask} runs on the data thread.
 */
public final class SoftwareServer implements AutoCloseable {
  private static final long RAM_IOVA = 0x1_0000_0000L;
  private static final long PAGE_BYTES = 4096;

  private final Initiator initiator;
  private final Arena arena = Arena.ofShared();
  private final DmaMemory memory;
  private final List<LocalFunction> functions = new CopyOnWriteArrayList<>();
  private List<PciDevice> devices = List.of();

  /**
   * @param ramBytes memory that cards can reach
   */
  public SoftwareServer(InitiatorConfig config, long ramBytes) {
    this(config, ramBytes, UnaryOperator.identity());
  }

  /**
   * The same with something between the server's software and each function.
   *
   * @param between given the function, returns what software uses
   */
  public SoftwareServer(
      InitiatorConfig config, long ramBytes, UnaryOperator<LocalFunction> between) {
    memory = new DmaMemory(arena.allocate(ramBytes, PAGE_BYTES), RAM_IOVA);
    initiator =
        new Initiator(config, new Unattended(function -> functions.add(between.apply(function))));
  }

  /** Work on the data thread that reports its end, sooner or later. */
  public interface Work<T> {
    void begin(CompletableFuture<T> end);
  }

  /**
   * Connects, waits for all functions, and enumerates them as a kernel would.
   *
   * @throws TimeoutException when a function is not there in time
   */
  public void boot(long seconds) throws InterruptedException, TimeoutException {
    initiator.start();
    int wanted = initiator.config().functions().size();
    if (!initiator.awaitReady(seconds) || functions.size() < wanted) {
      throw new TimeoutException(
          "%d of %d functions are there after %d s".formatted(functions.size(), wanted, seconds));
    }
    devices =
        this.<List<PciDevice>>ask(
            seconds, end -> new RootComplex(functions).enumerate(end::complete));
    Consumer<PciDevice> map = device -> device.map(memory);
    ask(
        seconds,
        end -> {
          devices.forEach(map);
          end.complete(null);
        });
  }

  /** What enumeration has found. */
  public List<PciDevice> devices() {
    return devices;
  }

  /**
   * Sets a controller up.
   *
   * @throws IllegalStateException with what went wrong
   */
  public NvmeDriver nvme(PciDevice device, NvmeDriver.Options options, long seconds)
      throws InterruptedException, TimeoutException {
    return ask(
        seconds,
        end -> {
          NvmeDriver driver = new NvmeDriver(device, memory, agent(), options);
          driver.start(
              problem -> {
                if (problem == null) {
                  end.complete(driver);
                } else {
                  end.completeExceptionally(new IllegalStateException(problem));
                }
              });
        });
  }

  /** Has work done on the data thread, and waits for its end. */
  public <T> T ask(long seconds, Work<T> work) throws InterruptedException, TimeoutException {
    CompletableFuture<T> end = new CompletableFuture<>();
    agent()
        .execute(
            () -> {
              try {
                work.begin(end);
              } catch (RuntimeException | Error e) {
                end.completeExceptionally(e);
              }
            });
    try {
      return end.get(seconds, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      throw new TimeoutException("no end after " + seconds + " s");
    }
  }

  /** Memory that the cards can reach; give it out on the data thread, or before it is used. */
  public DmaMemory memory() {
    return memory;
  }

  public Initiator initiator() {
    return initiator;
  }

  public Agent agent() {
    return initiator.agent();
  }

  /** Gives the functions back and goes. */
  @Override
  public void close() {
    initiator.close();
    arena.close();
  }
}
