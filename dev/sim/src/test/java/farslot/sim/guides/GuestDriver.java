package farslot.sim.guides;

import farslot.fabric.LocalFunction;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.function.IntConsumer;

/**
 * A server's NVMe driver that owns its memory to the last byte: an admin queue and two I/O queues,
 * small enough to go round often. Completions are found by interrupt only.
 */
final class GuestDriver implements LocalFunction.Listener {
  static final int QUEUES = 2;
  static final int ENTRIES = 9;
  private static final int ADMIN_ENTRIES = 16;
  private static final long SQS = 0x0000;
  private static final long CQS = 0x4000;

  static final ValueLayout.OfInt DW =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong QW =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Told of each completion entry of an I/O queue. */
  interface Done {
    void done(int cid, int status, int dw0);
  }

  private final GuidedRig rig;
  private final MemorySegment ram;
  private final Done done;
  private final int[] tails = new int[QUEUES + 1];
  private final int[] heads = new int[QUEUES + 1];
  private final int[] phases = new int[QUEUES + 1];
  private IntConsumer admin = status -> {};
  private int adminCid = 1000;

  GuestDriver(GuidedRig rig, Done done) {
    this.rig = rig;
    this.ram = rig.ram;
    this.done = done;
    rig.port.listener(this);
    rig.port.arm(LocalFunction.IRQ_MSIX, 0, new boolean[] {true, true, true});
  }

  private static int entries(int queue) {
    return queue == 0 ? ADMIN_ENTRIES : ENTRIES;
  }

  static long sq(int queue) {
    return SQS + 0x1000L * queue;
  }

  private static long cq(int queue) {
    return CQS + 0x1000L * queue;
  }

  void write(long offset, int value) {
    rig.port.write(0, offset, GuidedRig.dw(value), 0, 4, cookie -> {}, 0);
  }

  /** From a reset function to two I/O queues. */
  void start() {
    rig.config(4, 2, 0x6);
    enable();
  }

  /** Off, and on again. */
  void enable() {
    write(0x14, 0);
    ready(0);
    begin(0);
    write(0x24, ADMIN_ENTRIES - 1 << 16 | ADMIN_ENTRIES - 1);
    address(0x28, sq(0));
    address(0x30, cq(0));
    write(0x14, 0x0046_0001);
    ready(1);
    for (int nsid = 1; nsid <= 1; nsid++) {
      admin(0x06, nsid, 0x8000, 0, 0);
    }
    for (int queue = 1; queue <= QUEUES; queue++) {
      create(queue);
    }
  }

  private void address(int register, long at) {
    write(register, (int) (GuidedRig.IOVA + at));
    write(register + 4, 0);
  }

  private void ready(int wanted) {
    int[] status = {-1};
    int[] asked = {0};
    rig.run(
        () -> {
          if (asked[0]++ % 50 == 0) {
            rig.port.read(0, 0x1C, 4, (cookie, data, at, bytes) -> status[0] = data.get(DW, at), 0);
          }
          return (status[0] & 1) == wanted && (status[0] & 2) == 0;
        });
  }

  private void begin(int queue) {
    tails[queue] = 0;
    heads[queue] = 0;
    phases[queue] = 1;
    ram.asSlice(cq(queue), 16L * entries(queue)).fill((byte) 0);
  }

  /** A pair of I/O queues. */
  void create(int queue) {
    begin(queue);
    admin(0x05, 0, cq(queue), ENTRIES - 1 << 16 | queue, queue << 16 | 3);
    admin(0x01, 0, sq(queue), ENTRIES - 1 << 16 | queue, queue << 16 | 1);
  }

  void delete(int queue) {
    admin(0x00, 0, 0, queue, 0);
    admin(0x04, 0, 0, queue, 0);
  }

  /** An admin command, and its end. Returns its status. */
  int admin(int opcode, int nsid, long at, int dw10, int dw11) {
    int[] status = {-1};
    admin = result -> status[0] = result;
    long sqe = next(0);
    ram.asSlice(sqe, 64).fill((byte) 0);
    ram.set(DW, sqe, opcode | ++adminCid << 16);
    ram.set(DW, sqe + 4, nsid);
    ram.set(QW, sqe + 24, GuidedRig.IOVA + at);
    ram.set(DW, sqe + 40, dw10);
    ram.set(DW, sqe + 44, dw11);
    ring(0);
    rig.run(() -> status[0] >= 0);
    return status[0];
  }

  /** Where the next entry goes; the tail is moved past it. */
  long next(int queue) {
    long at = sq(queue) + 64L * tails[queue];
    tails[queue] = (tails[queue] + 1) % entries(queue);
    return at;
  }

  void ring(int queue) {
    write(0x1000 + 8L * queue, tails[queue]);
  }

  @Override
  public void onInterrupt(int kind, int vector) {
    int queue = vector;
    boolean any = false;
    while (true) {
      long cqe = cq(queue) + 16L * heads[queue];
      int dw3 = ram.get(DW, cqe + 12);
      if ((dw3 >>> 16 & 1) != phases[queue]) {
        break;
      }
      any = true;
      heads[queue] = (heads[queue] + 1) % entries(queue);
      phases[queue] ^= heads[queue] == 0 ? 1 : 0;
      // Without More: it depends on what else was logged.
      int status = dw3 >>> 17 & 0x5FFF;
      if (queue == 0) {
        admin.accept(status);
      } else {
        done.done(dw3 & 0xFFFF, status, ram.get(DW, cqe));
      }
    }
    if (any) {
      write(0x1000 + 8L * queue + 4, heads[queue]);
    }
  }

  @Override
  public void onPresence(boolean present, String cause) {}

  @Override
  public void onRoom() {}
}
