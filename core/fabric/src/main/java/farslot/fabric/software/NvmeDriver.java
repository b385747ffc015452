package farslot.fabric.software;

import static farslot.fabric.software.NvmeRegisters.*;

import farslot.function.Agent;
import farslot.function.Turn;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * A small NVMe driver: one controller, its first namespace, one pair of I/O queues. Asynchronous,
 * on one agent thread, with nothing allocated per command. Completions are found by interrupt, or
 * by {@link #poll} where the owner prefers to look.
 *
 * <p>What it does not do: several namespaces or queues, timeouts and recovery, metadata. After the
 * card has been removed, everything under way ends with {@link #GONE} and a new driver is needed.
 */
public final class NvmeDriver implements PciDevice.Driver {
  /** The status of commands whose card has gone: Command Abort Requested, as Linux says it. */
  public static final int GONE = 0x07;

  private static final ValueLayout.OfInt DW =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong QW =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int ADMIN_ENTRIES = 16;
  private static final long POLL_NS = 1_000_000;
  private static final int DOORBELL_AHEAD_BYTES = 8;

  /** Where a command's end is reported. */
  public interface Done {
    /**
     * @param status 0, or Status Code Type in bits 10:8 and Status Code in 7:0
     * @param result DW 0 of the completion entry
     */
    void done(long cookie, int status, int result);
  }

  /**
   * @param queueEntries of the I/O queues; one fewer commands can be under way
   * @param interrupts false to find completions by {@link #poll} only
   * @param transferBytesMax longest transfer that will be asked for, bytes
   */
  public record Options(int queueEntries, boolean interrupts, int transferBytesMax) {}

  private final PciDevice device;
  private final DmaMemory memory;
  private final Options options;
  private final Agent.Timer timer;
  private final Agent agent;
  private final MemorySegment registers = Arena.ofAuto().allocate(DOORBELL_AHEAD_BYTES, 8);
  private final NvmeQueue admin;
  private final NvmeQueue io;
  private final long page;
  private Consumer<String> whenReady;
  private boolean ready;
  private final Turn lookLater;
  private boolean completing;
  private boolean wantReady;
  private long waitUntilNs;
  private Runnable afterWait;
  private long doorbellStride;
  private long capabilities;
  private int namespace;
  private long blocks;
  private int blockShift;
  private String model = "";
  private String serial = "";

  /**
   * @param device an NVMe function
   * @param memory already mapped into the device
   */
  public NvmeDriver(PciDevice device, DmaMemory memory, Agent agent, Options options) {
    this.device = device;
    this.memory = memory;
    this.agent = agent;
    lookLater = new Turn(agent, this::poll);
    this.options = options;
    this.timer = agent.timer(this::askReady);
    this.admin = new NvmeQueue(memory, ADMIN_ENTRIES, PAGE_BYTES);
    this.io = new NvmeQueue(memory, options.queueEntries(), options.transferBytesMax());
    this.page = memory.allocate(PAGE_BYTES);
  }

  /**
   * Resets the controller and sets it up.
   *
   * @param done told null when I/O can begin, or what went wrong
   */
  public void start(Consumer<String> done) {
    whenReady = done;
    device.driver(this);
    device.read(0, CAP, 8, this::onCapabilities, 0);
  }

  private void onCapabilities(long cookie, MemorySegment data, long at, int bytes) {
    capabilities = data.get(QW, at);
    if (capabilities == -1) {
      fail("the controller does not answer");
      return;
    }
    doorbellStride = 4L << (capabilities >>> 32 & 0xF);
    int entries = (int) (capabilities & 0xFFFF) + 1;
    if (options.queueEntries() > entries) {
      fail("queues of " + options.queueEntries() + " entries asked, " + entries + " possible");
      return;
    }
    write32(CC, 0);
    waitFor(false, this::enable);
  }

  private void enable() {
    write32(AQA, ADMIN_ENTRIES - 1 << 16 | ADMIN_ENTRIES - 1);
    write64(ASQ, admin.sqIova());
    write64(ACQ, admin.cqIova());
    if (options.interrupts()) {
      device.enableMsix(Math.min(2, device.msixVectors()), this::enabled);
    } else {
      enabled();
    }
  }

  private void enabled() {
    write32(CC, CC_ENTRY_SIZES | CC_ENABLE);
    waitFor(true, this::identify);
  }

  /** Waits for CSTS.RDY, at most as long as CAP.TO says (3.1.3.1). */
  private void waitFor(boolean on, Runnable then) {
    wantReady = on;
    afterWait = then;
    long timeout = Math.max(1, capabilities >>> 24 & 0xFF) * 500_000_000L;
    waitUntilNs = agent.nowNs() + timeout;
    askReady();
  }

  private void askReady() {
    device.read(0, CSTS, 4, this::onStatus, 0);
  }

  private void onStatus(long cookie, MemorySegment data, long at, int bytes) {
    int status = data.get(DW, at);
    if (status == -1 || (status & CSTS_FATAL) != 0) {
      fail("controller status " + Integer.toHexString(status));
    } else if ((status & CSTS_READY) != 0 == wantReady) {
      afterWait.run();
    } else if (agent.nowNs() > waitUntilNs) {
      fail("the controller does not become " + (wantReady ? "ready" : "idle"));
    } else {
      timer.arm(POLL_NS);
    }
  }

  private void identify() {
    identify(
        IDENTIFY_CONTROLLER,
        0,
        () -> {
          serial = text(4, 20);
          model = text(24, 40);
          identify(IDENTIFY_ACTIVE, 0, this::onNamespaces);
        });
  }

  private void onNamespaces() {
    namespace = memory.segment().get(DW, page);
    if (namespace == 0) {
      fail("the controller has no namespace");
      return;
    }
    identify(IDENTIFY_NAMESPACE, namespace, this::onNamespace);
  }

  private void onNamespace() {
    MemorySegment ram = memory.segment();
    blocks = ram.get(QW, page);
    int format = ram.get(ValueLayout.JAVA_BYTE, page + 26) & 15;
    blockShift = ram.get(DW, page + 128 + 4L * format) >> 16 & 0xFF;
    command(ADMIN_SET_FEATURES, 0, 0, FEATURE_QUEUES, 0, this::createQueues);
  }

  private void createQueues() {
    int size = io.entries() - 1 << 16 | 1;
    int vector = Math.min(1, Math.max(0, device.msixVectors() - 1));
    int flags = options.interrupts() ? vector << 16 | 3 : 1;
    command(
        ADMIN_CREATE_CQ,
        0,
        io.cqIova(),
        size,
        flags,
        () -> command(ADMIN_CREATE_SQ, 0, io.sqIova(), size, 1 << 16 | 1, this::onQueues));
  }

  private void onQueues() {
    ready = true;
    whenReady.accept(null);
  }

  private void identify(int what, int of, Runnable then) {
    command(ADMIN_IDENTIFY, of, memory.iova(page), what, 0, then);
  }

  private void command(int opcode, int of, long iova, int dw10, int dw11, Runnable then) {
    admin.begin(
        opcode,
        of,
        iova,
        iova == 0 ? 0 : PAGE_BYTES,
        (cookie, status, result) -> {
          if (status != 0) {
            fail("admin command %02x ended with status %03x".formatted(opcode, status));
          } else {
            then.run();
          }
        },
        0);
    admin.word(10, dw10);
    admin.word(11, dw11);
    admin.end();
    ring();
  }

  private void fail(String what) {
    ready = false;
    timer.cancel();
    whenReady.accept(what);
  }

  private String text(int at, int bytes) {
    byte[] raw = memory.segment().asSlice(page + at, bytes).toArray(ValueLayout.JAVA_BYTE);
    return new String(raw, StandardCharsets.US_ASCII).trim();
  }

  public String model() {
    return model;
  }

  public String serial() {
    return serial;
  }

  /** Logical blocks of the namespace. */
  public long blocks() {
    return blocks;
  }

  /** Bytes in one. */
  public int blockBytes() {
    return 1 << blockShift;
  }

  /** Commands that can be begun now; 0 while the card is away. */
  public int room() {
    return ready ? io.room() : 0;
  }

  /** Commands under way. */
  public int underWay() {
    return io.underWay();
  }

  /**
   * Reads blocks.
   *
   * @param offset in the {@link DmaMemory}
   * @param count 1 to 65536 blocks, at most {@link Options#transferBytesMax} bytes; the caller has
   *     seen {@link #room}
   */
  public void read(long block, int count, long offset, Done done, long cookie) {
    transfer(IO_READ, block, count, offset, done, cookie);
  }

  /** Writes blocks; arguments as in {@link #read}. */
  public void write(long block, int count, long offset, Done done, long cookie) {
    transfer(IO_WRITE, block, count, offset, done, cookie);
  }

  private void transfer(int opcode, long block, int count, long at, Done done, long cookie) {
    io.begin(opcode, namespace, memory.iova(at), count << blockShift, done, cookie);
    io.word(10, (int) block);
    io.word(11, (int) (block >>> 32));
    io.word(12, count - 1);
    io.end();
    ring();
  }

  /** Makes everything that has been written durable. */
  public void flush(Done done, long cookie) {
    io.begin(IO_FLUSH, namespace, 0, 0, done, cookie);
    io.end();
    ring();
  }

  /** Looks for completions; returns how many there were. */
  public int poll() {
    completing = true;
    int count = (ready ? 0 : admin.complete()) + io.complete();
    completing = false;
    if (count > 0) {
      ring();
    }
    return count;
  }

  /**
   * Rings the doorbells that are due: one for all commands that were begun while completions were
   * being reported.
   */
  private void ring() {
    if (completing || !device.function().hasRoom()) {
      return;
    }
    ring(admin.tailToRing(), 0);
    ring(admin.headToRing(), 1);
    ring(io.tailToRing(), 2);
    ring(io.headToRing(), 3);
  }

  private void ring(int value, int doorbell) {
    if (value >= 0) {
      write32(DOORBELLS + doorbell * doorbellStride, value);
    }
  }

  private void write32(long offset, int value) {
    registers.set(DW, 0, value);
    device.write(0, offset, registers, 0, 4);
  }

  private void write64(long offset, long value) {
    registers.set(QW, 0, value);
    device.write(0, offset, registers, 0, 8);
  }

  @Override
  public void onInterrupt(int vector) {
    // With others under way more interrupts may come in this turn. They are served together after
    // it: one doorbell for all the commands that follow, which the card then fetches in one read.
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
      boolean was = ready;
      ready = false;
      timer.cancel();
      io.abort(GONE);
      if (!was) {
        admin.abort(GONE);
      }
    }
  }
}
