package farslot.cards.nic82599;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.testkit.FakeRootComplex;
import farslot.testkit.GuestMemory;
import java.util.ArrayList;
import java.util.List;

/**
 * A driver of a virtual function that does what Linux's does, in the same order, with bits of its
 * own. Each queue has rings of 64 descriptors and receive buffers of 2 KiB, unless said otherwise.
 */
final class Driver {
  static final int CTRL = 0x0;
  static final int STATUS = 0x8;
  static final int LINKS = 0x10;
  static final int EICR = 0x100;
  static final int EICS = 0x104;
  static final int EIMS = 0x108;
  static final int EIMC = 0x10C;
  static final int EIAC = 0x110;
  static final int EIAM = 0x114;
  static final int IVAR = 0x120;
  static final int IVAR_MISC = 0x140;
  static final int EITR = 0x820;
  static final int MBMEM = 0x200;
  static final int MAILBOX = 0x2FC;
  static final int PSRTYPE = 0x300;

  static final int RING = 64;
  static final int BUFFER = 2048;
  static final int ENABLE = 1 << 25;
  static final int VME = 1 << 30;

  FakeRootComplex root;
  GuestMemory memory;
  private final long end;
  private long free;

  final long[] txRing = new long[4];
  final long[] rxRing = new long[4];
  private final long[] rxBuffers = new long[4];
  private final int[] txTail = new int[4];
  private final int[] rxNext = new int[4];
  private final int[] rxTail = new int[4];
  int bufferBytes = BUFFER;

  /** Sees what is written, if there is one. */
  Guided guided;

  /**
   * @param bytes of memory that it may use, from {@code at} on
   */
  Driver(FakeRootComplex root, long at, int bytes) {
    this.root = root;
    memory = root.memory();
    free = at;
    end = at + bytes;
  }

  /** The function has moved, and the server with it. */
  void goOn(FakeRootComplex elsewhere) {
    root = elsewhere;
    memory = elsewhere.memory();
  }

  long allocate(int bytes) {
    long at = free + 127 & -128;
    free = at + bytes;
    assertThat(free).isLessThanOrEqualTo(end);
    return at;
  }

  int read(int register) {
    return (int) root.read(0, register, 4);
  }

  void write(int register, int value) {
    post(register, value);
    root.run();
  }

  void post(int register, int value) {
    if (guided != null) {
      guided.onWrite(register, value);
    }
    root.post(0, register, 4, value & 0xFFFF_FFFFL);
  }

  // ---- mailbox

  /** Asks, and returns as many words of the answer as were sent, or four. */
  int[] ask(int... words) {
    write(MAILBOX, 4);
    assertThat(read(MAILBOX) & 4).as("VFU").isEqualTo(4);
    read(MAILBOX);
    for (int i = 0; i < words.length; i++) {
      write(MBMEM + 4 * i, words[i]);
    }
    write(MAILBOX, 1);
    assertThat(read(MAILBOX) & 0x30).as("PFSTS and PFACK").isEqualTo(0x30);
    write(MAILBOX, 4);
    int[] answer = new int[Math.max(words.length, 4)];
    for (int i = 0; i < answer.length; i++) {
      answer[i] = read(MBMEM + 4 * i);
    }
    write(MAILBOX, 2);
    return answer;
  }

  /** From whatever state to one in which the mailbox answers. */
  Driver reset() {
    for (int q = 0; q < 4; q++) {
      write(0x1028 + 0x40 * q, 0);
      write(0x2028 + 0x40 * q, 0);
    }
    write(CTRL, 1 << 26);
    read(STATUS);
    read(MAILBOX);
    assertThat(read(MAILBOX) & 0xC0).as("RSTI and RSTD").isZero();
    assertThat(ask(1)[0]).isEqualTo(0x8000_0001);
    assertThat(ask(8, 4)[0]).isEqualTo(0xA000_0008);
    return this;
  }

  // ---- queues

  Driver up() {
    return up(1);
  }

  /** Reset, queues, interrupts: queue q on vector q, the mailbox on 2. */
  Driver up(int queues) {
    reset();
    for (int q = 0; q < queues; q++) {
      transmitQueue(q);
    }
    int bits = queues > 2 ? 2 : queues - 1;
    write(PSRTYPE, 0x1330 | bits << 29);
    for (int q = 0; q < queues; q++) {
      receiveQueue(q, 1 << 28 | 4 << 8 | bufferBytes >> 10 | 1 << 25);
    }
    write(IVAR, 0x80 | 0x80 << 8 | 0x81 << 16 | 0x81 << 24);
    write(IVAR + 4, 0x80 | 0x80 << 8 | 0x81 << 16 | 0x81 << 24);
    write(IVAR_MISC, 0x82);
    read(EICR);
    write(EIAM, 7);
    write(EIAC, 7);
    write(EIMS, 7);
    return this;
  }

  void transmitQueue(int q) {
    int at = 0x2000 + 0x40 * q;
    txRing[q] = allocate(RING * 16);
    txTail[q] = 0;
    write(at + 0x28, 1 << 26);
    write(at, (int) txRing[q]);
    write(at + 4, (int) (txRing[q] >>> 32));
    write(at + 8, RING * 16);
    write(at + 0x10, 0);
    write(at + 0x18, 0);
    write(at + 0x28, ENABLE | 8 << 16 | 1 << 8 | 32);
    assertThat(read(at + 0x28) & ENABLE).isEqualTo(ENABLE);
  }

  void receiveQueue(int q, int srrctl) {
    int at = 0x1000 + 0x40 * q;
    rxRing[q] = allocate(RING * 16);
    rxBuffers[q] = allocate(RING * bufferBytes * 2);
    write(at + 0x28, 0);
    write(at, (int) rxRing[q]);
    write(at + 4, (int) (rxRing[q] >>> 32));
    write(at + 8, RING * 16);
    write(at + 0x10, 0);
    write(at + 0x18, 0);
    write(at + 0x14, srrctl);
    write(at + 0x28, ENABLE | VME);
    assertThat(read(at + 0x28) & ENABLE).isEqualTo(ENABLE);
    rxNext[q] = 0;
    rxTail[q] = 0;
    give(q, RING - 1);
  }

  /** The buffer of a descriptor; that of its header lies behind it. */
  long buffer(int q, int index) {
    return rxBuffers[q] + (long) index * bufferBytes * 2;
  }

  /** Gives so many descriptors to the card. */
  void give(int q, int count) {
    for (int i = 0; i < count; i++) {
      long at = rxRing[q] + rxTail[q] * 16L;
      memory.putLong(at, buffer(q, rxTail[q]));
      memory.putLong(at + 8, buffer(q, rxTail[q]) + bufferBytes);
      rxTail[q] = (rxTail[q] + 1) % RING;
    }
    write(0x1018 + 0x40 * q, rxTail[q]);
  }

  // ---- sending

  /** Puts a descriptor into the ring, and returns its place. */
  int descriptor(int q, long first, int third, int fourth) {
    long at = txRing[q] + txTail[q] * 16L;
    int index = txTail[q];
    memory.putLong(at, first);
    memory.putInt(at + 8, third);
    memory.putInt(at + 12, fourth);
    txTail[q] = (txTail[q] + 1) % RING;
    return index;
  }

  int context(int q, int macBytes, int ipBytes, int tag, int tucmd, int l4Bytes, int mss) {
    long first = tag << 16 & 0xFFFF_FFFFL | macBytes << 9 | ipBytes;
    return descriptor(q, first, 2 << 20 | 1 << 29 | tucmd, mss << 16 | l4Bytes << 8);
  }

  /** A packet in one buffer with RS and EOP; flags are those of CMD and of OLINFO beside these. */
  int packet(int q, byte[] bytes, int command, int options) {
    long at = allocate(bytes.length);
    memory.putBytes(at, bytes);
    int length = bytes.length | 3 << 20 | 1 << 29 | 1 << 25 | 1 << 24 | 1 << 27;
    return descriptor(q, at, length | command, options);
  }

  void ring(int q) {
    write(0x2018 + 0x40 * q, txTail[q]);
  }

  boolean sent(int q, int index) {
    return (memory.getInt(txRing[q] + index * 16L + 12) & 1) != 0;
  }

  // ---- receiving

  /** What the card says of a descriptor, and the bytes that it names. */
  record Filled(
      int info, int headerInfo, int rss, int status, int vlan, byte[] bytes, long header) {
    boolean last() {
      return (status & 2) != 0;
    }
  }

  /** The next descriptor that the card has filled, or null. */
  Filled next(int q) {
    long at = rxRing[q] + rxNext[q] * 16L;
    int status = memory.getInt(at + 8);
    if ((status & 1) == 0 || rxNext[q] == rxTail[q]) {
      return null;
    }
    int info = memory.getInt(at);
    int rss = memory.getInt(at + 4);
    int length = memory.getInt(at + 12);
    long buffer = buffer(q, rxNext[q]);
    byte[] bytes = memory.getBytes(buffer, length & 0xFFFF);
    memory.putLong(at + 8, 0);
    rxNext[q] = (rxNext[q] + 1) % RING;
    return new Filled(
        info & 0xFFFF, info >>> 16, rss, status, length >>> 16, bytes, buffer + bufferBytes);
  }

  /** All that has come to a queue. */
  List<Filled> all(int q) {
    List<Filled> all = new ArrayList<>();
    for (Filled each = next(q); each != null; each = next(q)) {
      all.add(each);
    }
    return all;
  }
}
