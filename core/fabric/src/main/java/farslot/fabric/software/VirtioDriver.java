package farslot.fabric.software;

import static farslot.fabric.software.VirtioRegisters.*;

import farslot.fabric.LocalFunction;
import farslot.function.Agent;
import farslot.function.Turn;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.function.Consumer;

/**
 * A small driver for modern virtio disks: one queue, interrupts. Asynchronous, on one agent thread,
 * with nothing allocated per request.
 *
 * <p>What it does not do: several queues, timeouts and recovery, scatter lists. After the card has
 * been removed, everything under way ends with {@link #GONE} and a new driver is needed.
 */
public final class VirtioDriver implements PciDevice.Driver {
  /** The status of requests whose card has gone: VIRTIO_BLK_S_IOERR. */
  public static final int GONE = 1;

  private static final ValueLayout.OfInt DW =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong QW =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final long POLL_NS = 1_000_000;
  private static final int POLLS_MAX = 10_000;
  private static final int QUEUE_VECTOR = 1;

  /** Where a request's end is reported. */
  public interface Done {
    /**
     * @param status VIRTIO_BLK_S_OK is 0
     */
    void done(long cookie, int status);
  }

  /** Where a structure is. */
  private record Place(int bar, long offset) {}

  private final PciDevice device;
  private final DmaMemory memory;
  private final Agent agent;
  private final Agent.Timer timer;
  private final MemorySegment registers = Arena.ofAuto().allocate(8, 8);
  private final VirtioQueue queue;
  private final Turn lookLater;
  private Consumer<String> whenReady;
  private Place common;
  private Place notify;
  private Place config;
  private int wanted;
  private Runnable afterWait;
  private int polls;
  private boolean ready;
  private boolean completing;
  private long sectors;

  /**
   * @param device a modern virtio disk with MSI-X
   * @param memory already mapped into the device
   * @param queueSize entries of the queue, a power of two
   */
  public VirtioDriver(PciDevice device, DmaMemory memory, Agent agent, int queueSize) {
    this.device = device;
    this.memory = memory;
    this.agent = agent;
    lookLater = new Turn(agent, this::poll);
    timer = agent.timer(this::askStatus);
    queue = new VirtioQueue(memory, queueSize);
  }

  /**
   * Resets the device and sets it up (3.1.1).
   *
   * @param done told null when I/O can begin, or what went wrong
   */
  public void start(Consumer<String> done) {
    whenReady = done;
    device.driver(this);
    findStructures(device.capability(VENDOR_SPECIFIC));
  }

  private void findStructures(int at) {
    if (at != 0) {
      device
          .function()
          .read(
              LocalFunction.REGION_CONFIG, at, 16, (cookie, data, from, n) -> take(data, from), 0);
    } else if (common == null || notify == null || config == null) {
      fail("this is no modern virtio device");
    } else {
      write(DEVICE_STATUS, 1, 0);
      await(0, this::negotiate);
    }
  }

  private void take(MemorySegment data, long from) {
    int header = data.get(DW, from);
    int bar = data.get(DW, from + 4) & 0xFF;
    Place place = new Place(bar, data.get(DW, from + 8) & 0xFFFF_FFFFL);
    if ((header & 0xFF) == VENDOR_SPECIFIC) {
      switch (header >>> 24) {
        case COMMON_CFG -> common = place;
        case NOTIFY_CFG -> notify = place;
        case DEVICE_CFG -> config = place;
        default -> {
          // Of no use here.
        }
      }
    }
    findStructures(header >>> 8 & 0xFC);
  }

  private void negotiate() {
    write(DEVICE_STATUS, 1, ACKNOWLEDGE | DRIVER);
    write(DRIVER_FEATURE_SELECT, 4, 0);
    write(DRIVER_FEATURE, 4, FEATURES_LOW);
    write(DRIVER_FEATURE_SELECT, 4, 1);
    write(DRIVER_FEATURE, 4, FEATURES_HIGH);
    write(DEVICE_STATUS, 1, ACKNOWLEDGE | DRIVER | FEATURES_OK);
    await(ACKNOWLEDGE | DRIVER | FEATURES_OK, () -> device.enableMsix(2, this::setUpQueue));
  }

  private void setUpQueue() {
    write(CONFIG_MSIX_VECTOR, 2, 0);
    write(QUEUE_SELECT, 2, 0);
    write(QUEUE_SIZE, 2, queue.size());
    write(QUEUE_MSIX_VECTOR, 2, QUEUE_VECTOR);
    address(QUEUE_DESC, queue.descIova());
    address(QUEUE_DRIVER, queue.availIova());
    address(QUEUE_DEVICE, queue.usedIova());
    write(QUEUE_ENABLE, 2, 1);
    int running = ACKNOWLEDGE | DRIVER | FEATURES_OK | DRIVER_OK;
    write(DEVICE_STATUS, 1, running);
    await(running, () -> device.read(config.bar(), config.offset(), 8, this::onCapacity, 0));
  }

  private void address(int at, long iova) {
    write(at, 4, (int) iova);
    write(at + 4, 4, (int) (iova >>> 32));
  }

  private void onCapacity(long cookie, MemorySegment data, long at, int bytes) {
    sectors = data.get(QW, at);
    ready = true;
    whenReady.accept(null);
  }

  /** Waits for a device status. */
  private void await(int status, Runnable then) {
    wanted = status;
    afterWait = then;
    polls = 0;
    askStatus();
  }

  private void askStatus() {
    device.read(common.bar(), common.offset() + DEVICE_STATUS, 1, this::onStatus, 0);
  }

  private void onStatus(long cookie, MemorySegment data, long at, int bytes) {
    int status = data.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
    if (status == wanted) {
      afterWait.run();
    } else if (++polls == POLLS_MAX) {
      fail("device status %02x instead of %02x".formatted(status, wanted));
    } else {
      timer.arm(POLL_NS);
    }
  }

  private void fail(String what) {
    ready = false;
    timer.cancel();
    whenReady.accept(what);
  }

  /** Capacity in sectors of 512 bytes. */
  public long sectors() {
    return sectors;
  }

  /** Requests that can be begun now; 0 while the card is away. */
  public int room() {
    return ready ? queue.room() : 0;
  }

  /** Requests under way. */
  public int underWay() {
    return queue.underWay();
  }

  /**
   * Reads whole sectors.
   *
   * @param offset in the {@link DmaMemory}
   * @param bytes at most a segment that the device takes; the caller has seen {@link #room}
   */
  public void read(long sector, int bytes, long offset, Done done, long cookie) {
    begin(T_IN, sector, offset, bytes, done, cookie);
  }

  /** Writes whole sectors; arguments as in {@link #read}. */
  public void write(long sector, int bytes, long offset, Done done, long cookie) {
    begin(T_OUT, sector, offset, bytes, done, cookie);
  }

  /** Makes everything that has been written durable. */
  public void flush(Done done, long cookie) {
    begin(T_FLUSH, 0, 0, 0, done, cookie);
  }

  private void begin(int type, long sector, long offset, int bytes, Done done, long cookie) {
    queue.begin(type, sector, memory.iova(offset), bytes, done, cookie);
    ring();
  }

  /** One notification for all that was begun while others were being reported. */
  private void ring() {
    if (!completing && device.function().hasRoom() && queue.publish()) {
      registers.set(ValueLayout.JAVA_SHORT, 0, (short) 0);
      device.write(notify.bar(), notify.offset(), registers, 0, 2);
    }
  }

  private void write(int register, int bytes, int value) {
    registers.set(DW, 0, value);
    device.write(common.bar(), common.offset() + register, registers, 0, bytes);
  }

  /** Looks for what has come back; returns how much there was. */
  public int poll() {
    completing = true;
    int count = queue.complete();
    completing = false;
    ring();
    return count;
  }

  @Override
  public void onInterrupt(int vector) {
    // With others under way more interrupts may come in this turn: served together after it.
    if (underWay() <= 1) {
      poll();
    } else {
      lookLater.later();
    }
  }

  @Override
  public void onRoom() {
    ring();
  }

  @Override
  public void onPresence(boolean present) {
    if (!present) {
      ready = false;
      timer.cancel();
      queue.abort(GONE);
    }
  }
}
