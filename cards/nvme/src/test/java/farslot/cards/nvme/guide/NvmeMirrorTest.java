package farslot.cards.nvme.guide;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.chance.Fuzz;
import farslot.function.MirrorPort;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A controller's mirror: what is fetched before a doorbell, what is stored after a completion. */
class NvmeMirrorTest {
  private static final int BYTES = 1 << 20;
  private static final int ASQ = 0x1000;
  private static final int ACQ = 0x2000;
  private static final int SQ = 0x3000;
  private static final int CQ = 0x4000;
  private static final int IDENTIFY = 0x5000;
  private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED;

  /** Both ends' memory, and what was done, in order. */
  private static final class Port implements MirrorPort {
    final MemorySegment mirror = Arena.ofAuto().allocate(BYTES, 4096);
    final MemorySegment server = Arena.ofAuto().allocate(BYTES, 4096);
    final List<String> events = new ArrayList<>();
    final ArrayDeque<Runnable> fetches = new ArrayDeque<>();
    NvmeMirror guide;
    boolean room = true;
    boolean watched;
    long failAt = -1;

    @Override
    public MemorySegment memory() {
      return mirror;
    }

    @Override
    public void fetch(long address, int bytes, long cookie) {
      events.add("fetch %x %d".formatted(address, bytes));
      boolean ok = failAt < address || failAt >= address + bytes;
      fetches.add(
          () -> {
            if (ok) {
              MemorySegment.copy(server, address, mirror, address, bytes);
            }
            guide.fetched(cookie, ok);
          });
    }

    void run() {
      while (!fetches.isEmpty()) {
        fetches.poll().run();
      }
    }

    @Override
    public void store(long address, int bytes) {
      events.add("store %x %d".formatted(address, bytes));
      MemorySegment.copy(mirror, address, server, address, bytes);
    }

    @Override
    public boolean hasRoom() {
      return room;
    }

    @Override
    public void pass(int bar, long offset, int bytes, long value) {
      events.add("pass %x %d".formatted(offset, value));
    }

    @Override
    public void watch(boolean on) {
      watched = on;
    }
  }

  private final Port port = new Port();
  private final NvmeMirror mirror = new NvmeMirror(port);
  private int adminTail;
  private int adminHead;
  private int ioTail;
  private int ioHead;

  @BeforeEach
  void switchOn() {
    port.guide = mirror;
    port.mirror.set(U16, ACQ + 14, (short) 1); // Left over from another server.
    mirror.onRead(0, 0, 8, 0x20_0101_03FFL);
    mirror.onWrite(0, 0x24, 4, 15 << 16 | 15);
    mirror.onWrite(0, 0x28, 8, ASQ);
    mirror.onWrite(0, 0x30, 8, ACQ);
    assertThat(mirror.onWrite(0, 0x14, 4, 0x460001)).as("held").isFalse();
    assertThat(port.mirror.get(U16, ACQ + 14)).isZero();
  }

  private long entry(long base, int slot, int opcode, int cid, int nsid, long prp1, long prp2) {
    long at = base + 64L * slot;
    port.server.asSlice(at, 64).fill((byte) 0);
    port.server.set(U32, at, opcode | cid << 16);
    port.server.set(U32, at + 4, nsid);
    port.server.set(U64, at + 24, prp1);
    port.server.set(U64, at + 32, prp2);
    return at;
  }

  private long admin(int opcode, int cid, int nsid, long prp1, int cdw10, int cdw11) {
    long at = entry(ASQ, adminTail, opcode, cid, nsid, prp1, 0);
    port.server.set(U32, at + 40, cdw10);
    port.server.set(U32, at + 44, cdw11);
    adminTail = (adminTail + 1) % 16;
    assertThat(mirror.onWrite(0, 0x1000, 4, adminTail)).as("held").isTrue();
    return at;
  }

  /** The device completes a command. */
  private void complete(long base, int slot, int size, int queue, int cid, int status) {
    long at = base + 16L * (slot % size);
    port.mirror.set(U16, at + 10, (short) queue);
    port.mirror.set(U16, at + 12, (short) cid);
    port.mirror.set(U16, at + 14, (short) (status << 1 | 1 - slot / size % 2));
  }

  private void adminDone(int cid) {
    complete(ACQ, adminHead++, 16, 0, cid, 0);
    assertThat(mirror.look()).isTrue();
  }

  private void createQueues() {
    admin(0x06, 1, 1, IDENTIFY, 0, 0);
    port.run();
    port.mirror.set(U32, IDENTIFY + 128, 9 << 16);
    adminDone(1);
    admin(0x05, 2, 0, CQ, 7 << 16 | 1, 3);
    admin(0x01, 3, 0, SQ, 7 << 16 | 1, 1 << 16 | 1);
    port.run();
    adminDone(2);
    adminDone(3);
    port.events.clear();
  }

  private long io(int opcode, int cid, long prp1, long prp2, int blocks) {
    long at = entry(SQ, ioTail, opcode, cid, 1, prp1, prp2);
    port.server.set(U32, at + 48, blocks - 1);
    ioTail = (ioTail + 1) % 8;
    assertThat(mirror.onWrite(0, 0x1008, 4, ioTail)).as("held").isTrue();
    return at;
  }

  private void ioDone(int cid, int status) {
    complete(CQ, ioHead++, 8, 1, cid, status);
    assertThat(mirror.look()).isTrue();
  }

  @Test
  void anAnswerIsStoredBeforeItsCompletion() {
    admin(0x06, 7, 0, IDENTIFY, 1, 0);
    assertThat(port.events).containsExactly("fetch 1000 64");
    port.run();
    assertThat(port.events).containsExactly("fetch 1000 64", "pass 1000 1");
    assertThat(port.watched).isTrue();
    port.events.clear();
    assertThat(mirror.look()).isTrue();
    assertThat(port.events).isEmpty();
    port.mirror.set(U16, IDENTIFY + 256, (short) 0x010A);
    adminDone(7);
    assertThat(port.events).containsExactly("store 5000 4096", "store 2000 16");
    assertThat(port.server.get(U16, IDENTIFY + 256))
        .as("no doorbell buffers")
        .isEqualTo((short) 0xA);
    assertThat(port.watched).isFalse();
  }

  @Test
  void dataIsFetchedBeforeTheDoorbell() {
    createQueues();
    port.server.set(U64, 0x20000, 0x22000);
    port.server.set(U64, 0x20008, 0x21000);
    port.server.set(U32, 0x21010, 77);
    long at = io(0x01, 5, 0x10200, 0x20000, 23); // 11.5 KiB: 3.5, 4, 4
    port.run();
    assertThat(port.events)
        .containsExactly(
            "fetch 3000 64",
            "fetch 20000 16",
            "fetch 10200 3584",
            "fetch 22000 4096",
            "fetch 21000 4096",
            "pass 1008 1");
    assertThat(port.mirror.get(U32, 0x21010)).isEqualTo(77);
    assertThat(port.mirror.get(ValueLayout.JAVA_BYTE, at)).isEqualTo((byte) 1);
    port.events.clear();
    ioDone(5, 0);
    assertThat(port.events).containsExactly("store 4000 16");
  }

  @Test
  void dataIsStoredBeforeTheCompletion() {
    createQueues();
    io(0x02, 6, 0x10000, 0x12000, 16);
    port.run();
    assertThat(port.events).containsExactly("fetch 3000 64", "pass 1008 1");
    port.events.clear();
    ioDone(6, 0);
    assertThat(port.events)
        .containsExactly("store 10000 4096", "store 12000 4096", "store 4000 16");
    port.events.clear();
    io(0x02, 6, 0x10000, 0x12000, 16);
    port.run();
    port.events.clear();
    ioDone(6, 0x80);
    assertThat(port.events).as("a command that failed").containsExactly("store 4010 16");
  }

  @Test
  void doorbellsArePassedInOrder() {
    createQueues();
    io(0x01, 1, 0x10000, 0, 8);
    io(0x00, 2, 0, 0, 1);
    port.fetches.poll().run();
    port.fetches.poll().run();
    assertThat(port.events).doesNotContain("pass 1008 1", "pass 1008 2");
    port.run();
    assertThat(port.events).containsSubsequence("fetch 10000 4096", "pass 1008 1", "pass 1008 2");
  }

  @Test
  void queuesGoRound() {
    createQueues();
    for (int i = 0; i < 50; i++) {
      io(0x00, i, 0, 0, 1);
      port.run();
      ioDone(i, 0);
      assertThat(port.events.getLast()).isEqualTo("store %x 16".formatted(CQ + i % 8 * 16));
    }
  }

  @Test
  void whatNoMirrorCanDoIsRefusedByTheController() {
    createQueues();
    long vendor = io(0x92, 1, 0x10000, 0, 8);
    port.run();
    assertThat(port.mirror.get(ValueLayout.JAVA_BYTE, vendor)).isEqualTo((byte) 0x5F);
    assertThat(port.server.get(ValueLayout.JAVA_BYTE, vendor)).isEqualTo((byte) 0x92);
    long buffers = admin(0x7C, 9, 0, 0x10000, 0, 0);
    port.run();
    assertThat(port.mirror.get(ValueLayout.JAVA_BYTE, buffers)).isEqualTo((byte) 0x5F);
    long outside = io(0x02, 2, 1L << 40, 0, 8);
    port.run();
    assertThat(port.mirror.get(ValueLayout.JAVA_BYTE, outside)).isEqualTo((byte) 0x5F);
    port.failAt = 0x10800;
    long unreadable = io(0x01, 3, 0x10000, 0, 8);
    port.run();
    assertThat(port.mirror.get(ValueLayout.JAVA_BYTE, unreadable)).isEqualTo((byte) 0x5F);
    assertThat(port.events).contains("pass 1008 1", "pass 1008 2", "pass 1008 3", "pass 1000 4");
    port.events.clear();
    ioDone(2, 1);
    assertThat(port.events).as("nothing of its data").containsExactly("store 4000 16");
  }

  @Test
  void aQueueThatCannotBeReadIsSilentUntilAReset() {
    createQueues();
    port.failAt = SQ + 4;
    io(0x00, 1, 0, 0, 1);
    port.run();
    port.failAt = -1;
    io(0x00, 2, 0, 0, 1);
    port.run();
    assertThat(port.events).containsExactly("fetch 3000 64");
    mirror.reset();
    port.events.clear();
    adminTail = 0;
    adminHead = 0;
    switchOn();
    admin(0x06, 7, 0, IDENTIFY, 1, 0);
    port.run();
    assertThat(port.events).contains("pass 1000 1");
  }

  @Test
  void completionsWaitForRoom() {
    createQueues();
    io(0x02, 6, 0x10000, 0, 8);
    port.run();
    port.events.clear();
    port.room = false;
    complete(CQ, 0, 8, 1, 6, 0);
    assertThat(mirror.look()).isFalse();
    assertThat(port.events).isEmpty();
    port.room = true;
    assertThat(mirror.look()).isTrue();
    assertThat(port.events).containsExactly("store 10000 4096", "store 4000 16");
  }

  @Test
  void otherRegistersAreTheDevicesOwn() {
    createQueues();
    assertThat(mirror.onWrite(0, 0x100C, 4, 1)).as("a head").isFalse();
    assertThat(mirror.onWrite(0, 0x0C, 4, 1)).as("INTMS").isFalse();
    assertThat(mirror.onWrite(4, 0x1008, 4, 1)).as("another BAR").isFalse();
    assertThat(mirror.onWrite(0, 0x1008, 4, 9)).as("beyond the queue").isFalse();
    assertThat(mirror.onWrite(0, 0x1010, 4, 1)).as("no queue").isFalse();
    assertThat(mirror.onWrite(0, 0xFFFF_FFF0L, 4, 1)).as("far out").isFalse();
  }

  /** Servers and devices that do anything: nothing is touched outside, nothing is thrown. */
  @Test
  void withstandsNoise() {
    createQueues();
    Fuzz.run(20_000, this::noise);
  }

  private void noise(SplittableRandom random, int steps) {
    for (int i = 0; i < steps; i++) {
      switch (random.nextInt(8)) {
        case 0 -> mirror.onWrite(0, 0x1000 + 4L * random.nextInt(6), 4, random.nextInt(16));
        case 1 -> mirror.onWrite(0, 4L * random.nextInt(16), 4, Fuzz.edgy(random));
        case 2 -> port.server.set(U32, random.nextInt(BYTES - 4), random.nextInt());
        case 3 -> port.mirror.set(U32, 0x2000 + random.nextInt(0x2FF0), random.nextInt());
        case 4 -> port.room = random.nextBoolean();
        case 5 -> port.failAt = random.nextBoolean() ? -1 : random.nextInt(BYTES);
        case 6 -> noisyEntry(random);
        default -> {
          for (int n = random.nextInt(4); n > 0 && !port.fetches.isEmpty(); n--) {
            port.fetches.poll().run();
          }
          mirror.look();
        }
      }
      if (random.nextInt(500) == 0) {
        port.fetches.clear();
        mirror.reset();
        port.events.clear();
        adminTail = 0;
        adminHead = 0;
        ioTail = 0;
        ioHead = 0;
        port.failAt = -1;
        port.room = true;
        switchOn();
        createQueues();
      }
    }
  }

  private void noisyEntry(SplittableRandom random) {
    long base = random.nextBoolean() ? ASQ : SQ;
    long prp = random.nextInt(4) == 0 ? Fuzz.edgy(random) : random.nextInt(BYTES) & -4L;
    int opcode = random.nextInt(4) == 0 ? random.nextInt(256) : random.nextInt(13);
    int slot = random.nextInt(8);
    long list = random.nextInt(BYTES) & -8L;
    long at = entry(base, slot, opcode, random.nextInt(8), random.nextInt(3), prp, list);
    port.server.set(U32, at + 40, random.nextInt());
    port.server.set(U32, at + 44, random.nextInt() | 1);
    port.server.set(U32, at + 48, random.nextInt(64));
  }
}
