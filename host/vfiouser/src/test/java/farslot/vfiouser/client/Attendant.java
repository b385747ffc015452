package farslot.vfiouser.client;

import farslot.function.ForeignDevice;
import farslot.linux.EventLoop;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Who speaks for a device in these tests: memory that it may use, and a list of what it did. */
final class Attendant implements ForeignDevice.Presence, ForeignDevice.Access, AutoCloseable {
  static final DeviceClientOptions QUICK =
      new DeviceClientOptions(60_000_000_000L, 120_000_000_000L, 5_000_000L, 0);

  final EventLoop loop = new EventLoop("attendant", 20_000);
  final DeviceClient device;
  final List<String> events = new CopyOnWriteArrayList<>();
  final List<Throwable> failures = new CopyOnWriteArrayList<>();
  final byte[] memory = new byte[1 << 20];
  final List<Long> heldReads = new ArrayList<>();
  volatile boolean hold;
  volatile boolean room = true;
  volatile ForeignDevice.Facts facts;
  private final Thread thread;

  Attendant(Path path) {
    this(path, QUICK);
  }

  Attendant(Path path, DeviceClientOptions options) {
    loop.failures((source, cause) -> failures.add(cause));
    device = new DeviceClient(loop, path, options);
    device.open(this);
    thread = loop.start();
  }

  @Override
  public void onPresent(ForeignDevice.Facts now) {
    facts = now;
    device.attach(this);
    events.add("present");
  }

  @Override
  public void onAbsent(String cause) {
    events.add("absent: " + cause);
  }

  @Override
  public boolean hasRoom() {
    return room;
  }

  @Override
  public void onDmaRead(long address, MemorySegment to, long offset, int bytes, long cookie) {
    events.add("dma read " + Long.toHexString(address) + " " + bytes);
    boolean inside = address >= 0 && address + bytes <= memory.length;
    if (inside) {
      MemorySegment.copy(memory, (int) address, to, ValueLayout.JAVA_BYTE, offset, bytes);
    }
    if (hold) {
      heldReads.add(cookie);
    } else {
      device.dmaDone(cookie, inside);
    }
  }

  @Override
  public boolean onDmaWrite(long address, MemorySegment from, long offset, int bytes) {
    events.add("dma write " + Long.toHexString(address) + " " + bytes);
    boolean inside = address >= 0 && address + bytes <= memory.length;
    if (inside) {
      MemorySegment.copy(from, ValueLayout.JAVA_BYTE, offset, memory, (int) address, bytes);
    }
    return inside;
  }

  @Override
  public void onInterrupt(int kind, int vector) {
    events.add("interrupt " + kind + " " + vector);
  }

  /** Runs on the loop's thread and waits for it. */
  <T> T on(Callable<T> task) {
    CompletableFuture<T> result = new CompletableFuture<>();
    loop.execute(
        () -> {
          try {
            result.complete(task.call());
          } catch (Throwable e) {
            result.completeExceptionally(e);
          }
        });
    return get(result);
  }

  void run(Runnable task) {
    on(
        () -> {
          task.run();
          return null;
        });
  }

  static <T> T get(CompletableFuture<T> result) {
    try {
      return result.get(120, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Null for an error. */
  byte[] read(int region, long offset, int bytes) {
    CompletableFuture<byte[]> result = new CompletableFuture<>();
    run(
        () ->
            device.read(region, offset, bytes, (c, d, a, n) -> result.complete(copy(d, a, n)), 0));
    return get(result);
  }

  static byte[] copy(MemorySegment data, long at, int bytes) {
    return data == null ? null : data.asSlice(at, bytes).toArray(ValueLayout.JAVA_BYTE);
  }

  void write(int region, long offset, int... bytes) {
    byte[] data = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      data[i] = (byte) bytes[i];
    }
    run(() -> device.write(region, offset, nativeCopy(data), 0, data.length));
  }

  boolean writeAnswered(int region, long offset, byte... data) {
    CompletableFuture<Boolean> result = new CompletableFuture<>();
    run(
        () ->
            device.write(
                region,
                offset,
                nativeCopy(data),
                0,
                data.length,
                (c, ok) -> result.complete(ok),
                0));
    return get(result);
  }

  private static MemorySegment nativeCopy(byte[] data) {
    MemorySegment segment = java.lang.foreign.Arena.ofAuto().allocate(data.length, 8);
    segment.copyFrom(MemorySegment.ofArray(data));
    return segment;
  }

  /** Waits until an event begins like this, and forgets all up to it. */
  String await(String beginning) {
    long deadlineNs = System.nanoTime() + 120_000_000_000L;
    while (System.nanoTime() - deadlineNs < 0) {
      for (int i = 0; i < events.size(); i++) {
        if (events.get(i).startsWith(beginning)) {
          String found = events.get(i);
          events.subList(0, i + 1).clear();
          return found;
        }
      }
      if (!failures.isEmpty()) {
        throw new AssertionError("the loop saw failures", failures.getFirst());
      }
      Thread.yield();
    }
    throw new AssertionError("no '" + beginning + "' in " + Arrays.toString(events.toArray()));
  }

  @Override
  public void close() {
    run(device::close);
    loop.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    if (!failures.isEmpty()) {
      throw new AssertionError("the loop saw failures", failures.getFirst());
    }
  }
}
