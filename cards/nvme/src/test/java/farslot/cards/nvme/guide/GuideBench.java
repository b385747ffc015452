package farslot.cards.nvme.guide;

import farslot.function.DmaGuide;
import farslot.function.GuidePort;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** A guide, the memory that it sees, and a log of what it asks for. With its own numbers. */
final class GuideBench implements GuidePort {
  static final long RAM = 0x10_0000L;
  static final long ASQ = RAM + 0x1000;
  static final long ACQ = RAM + 0x2000;
  static final long SQ = RAM + 0x3000;
  static final long IDENTIFY = RAM + 0x4000;

  private static final ValueLayout.OfInt DW =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong QW =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  final MemorySegment ram = Arena.ofAuto().allocate(1 << 20, 4096);
  final List<String> log = new ArrayList<>();
  final DmaGuide guide = new NvmeGuideProvider().guide(this);
  private final MemorySegment register = Arena.ofAuto().allocate(8);
  int reads;
  boolean watching;
  int adminTail;

  @Override
  public int configDw(int offset) {
    return 0;
  }

  @Override
  public boolean read(long address, MemorySegment to, long offset, int bytes) {
    reads++;
    long at = address - RAM;
    if (at < 0 || bytes <= 0 || at > ram.byteSize() - bytes) {
      return false;
    }
    MemorySegment.copy(ram, at, to, offset, bytes);
    return true;
  }

  @Override
  public void push(long address, int bytes, boolean steady) {
    assert steady && bytes > 0;
    log.add("push %x+%x".formatted(address - RAM, bytes));
  }

  @Override
  public void watch(boolean on) {
    watching = on;
  }

  @Override
  public void leave(long address, int bytes) {
    assert bytes > 0;
    log.add("leave %x+%x".formatted(address - RAM, bytes));
  }

  @Override
  public void leaveAll() {
    log.add("leave all");
  }

  void write(long offset, int bytes, long value) {
    register.set(QW, 0, value);
    guide.onWrite(0, offset, register, 0, bytes);
  }

  /** A controller with 16 admin entries, switched on, pages of 4 KiB. */
  GuideBench up() {
    guide.reset();
    adminTail = 0;
    write(0x24, 4, 0x000F_000F);
    write(0x28, 8, ASQ);
    write(0x30, 4, ACQ);
    write(0x34, 4, 0);
    write(0x14, 4, 0x0046_0001);
    log.clear();
    return this;
  }

  /** Puts an entry there: DW 0, namespace, both PRPs or an SGL, DW 10 to 12. */
  void sqe(long at, int dw0, int nsid, long prp1, long prp2, int dw10, int dw11, int dw12) {
    long to = at - RAM;
    ram.asSlice(to, 64).fill((byte) 0);
    ram.set(DW, to, dw0);
    ram.set(DW, to + 4, nsid);
    ram.set(QW, to + 24, prp1);
    ram.set(QW, to + 32, prp2);
    ram.set(DW, to + 40, dw10);
    ram.set(DW, to + 44, dw11);
    ram.set(DW, to + 48, dw12);
  }

  void qw(long address, long value) {
    ram.set(QW, address - RAM, value);
  }

  void dw(long address, int value) {
    ram.set(DW, address - RAM, value);
  }

  /** Puts an admin command there, and rings. */
  void admin(int dw0, int nsid, long prp1, int dw10, int dw11) {
    sqe(ASQ + 64L * adminTail, dw0, nsid, prp1, 0, dw10, dw11, 0);
    adminTail = (adminTail + 1) % 16;
    write(0x1000, 4, adminTail);
  }

  /** The controller writes. */
  void cardWrites(long address, byte[] data) {
    if (watching) {
      guide.onCardWrite(address, MemorySegment.ofArray(data), 0, data.length);
    }
  }

  /** The controller's answer to Identify Namespace: formats 0 of 512 and 1 of 4096 bytes. */
  static byte[] namespace(int format, int metadata) {
    byte[] data = new byte[4096];
    data[25] = 1;
    data[26] = (byte) format;
    data[128] = (byte) metadata;
    data[130] = 9;
    data[134] = 12;
    return data;
  }

  void complete(int cid, int status) {
    byte[] cqe = new byte[16];
    cqe[12] = (byte) cid;
    cqe[14] = (byte) (status << 1 | 1);
    cqe[15] = (byte) (status >> 7);
    cardWrites(ACQ, cqe);
  }

  /** Namespace 1 has blocks of 512 bytes, there is one I/O queue of 64 entries. */
  GuideBench ready() {
    return ready(64);
  }

  GuideBench ready(int entries) {
    up();
    identify(1, namespace(0, 0));
    write(0x1004, 4, 1);
    admin(0x0001_0001, 0, SQ, entries - 1 << 16 | 1, 1 << 16 | 1);
    log.clear();
    reads = 0;
    return this;
  }

  void identify(int nsid, byte[] answer) {
    admin(0x0007_0006, nsid, IDENTIFY, 0, 0);
    cardWrites(IDENTIFY, answer);
    complete(7, 0);
  }

  /** Rings the I/O queue's tail. */
  List<String> ring(int tail) {
    log.clear();
    write(0x1008, 4, tail);
    return log;
  }
}
