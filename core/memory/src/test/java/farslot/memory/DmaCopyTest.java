package farslot.memory;

import static farslot.memory.DmaWindows.Reach.MAPPED;
import static farslot.memory.DmaWindows.Reach.MESSAGED;
import static farslot.memory.DmaWindows.Reach.NONE;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** Two windows that touch at 0x2000, backed by memory that does not. */
class DmaCopyTest {
  private final byte[] low = new byte[0x1000];
  private final byte[] high = new byte[0x1000];
  private final DmaWindows windows = new DmaWindows();
  private final byte[] data = new byte[64];
  private final MemorySegment buffer = MemorySegment.ofArray(data);

  DmaCopyTest() {
    windows.map(window(0x1000, Access.READ_WRITE, low));
    windows.map(window(0x2000, Access.READ_WRITE, high));
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) (i + 1);
    }
  }

  @Test
  void writesAndReadsAcross() {
    assertThat(windows.reach(0x1FFD, 8, Access.WRITE)).isEqualTo(MAPPED);
    DmaCopy.write(windows, 0x1FFD, buffer, 10, 8);
    assertThat(low).endsWith((byte) 0, (byte) 11, (byte) 12, (byte) 13);
    assertThat(high).startsWith(14, 15, 16, 17, 18, 0);
    byte[] back = new byte[10];
    DmaCopy.read(windows, 0x1FFC, MemorySegment.ofArray(back), 0, 10);
    assertThat(back).containsExactly(0, 11, 12, 13, 14, 15, 16, 17, 18, 0);
  }

  @Test
  void reachIsAllOrNothing() {
    assertThat(windows.reach(0xFFF, 2, Access.READ)).isEqualTo(NONE);
    assertThat(windows.reach(0x2FFF, 2, Access.READ)).isEqualTo(NONE);
    assertThat(windows.reach(0x2FFF, 1, Access.READ)).isEqualTo(MAPPED);
    assertThat(windows.reach(0x1000, 0x2000, Access.READ)).isEqualTo(MAPPED);
    assertThat(windows.reach(0x1000, 0x2001, Access.READ)).isEqualTo(NONE);
    windows.map(window(0x3000, Access.READ, new byte[0x1000]));
    assertThat(windows.reach(0x2FFF, 2, Access.READ)).isEqualTo(MAPPED);
    assertThat(windows.reach(0x2FFF, 2, Access.WRITE)).as("half writable").isEqualTo(NONE);
    windows.map(DmaWindowsTest.messaged(0x4000, 0x1000));
    assertThat(windows.reach(0x3FFF, 2, Access.READ)).isEqualTo(MESSAGED);
    assertThat(windows.reach(0x4000, 2, Access.READ)).isEqualTo(MESSAGED);
  }

  @Test
  void aFlushAsksForItsAddress() {
    assertThat(windows.reach(0x1000, 0, Access.READ)).isEqualTo(MAPPED);
    assertThat(windows.reach(0x3000, 0, Access.READ)).isEqualTo(NONE);
  }

  @Test
  void aRangeDoesNotWrap() {
    windows.map(window(0, Access.READ_WRITE, new byte[16]));
    windows.map(window(-16, Access.READ_WRITE, new byte[16]));
    assertThat(windows.reach(-16, 16, Access.READ)).isEqualTo(MAPPED);
    assertThat(windows.reach(-16, 17, Access.READ)).isEqualTo(NONE);
  }

  @Test
  void onlyEnabledBytesAreWritten() {
    DmaCopy.writeEnabled(windows, 0x1FFC, buffer, 0, 0b1001, 0b0110);
    assertThat(low).endsWith((byte) 1, (byte) 0, (byte) 0, (byte) 4);
    assertThat(high).startsWith(0, 6, 7, 0);
    DmaCopy.writeEnabled(windows, 0x1000, buffer, 0, 0b0101, 0);
    assertThat(low).startsWith(1, 0, 3, 0, 0);
  }

  /** Native memory takes the ordered path, heap memory the plain one: the bytes are the same. */
  @Test
  void everyLengthAndAlignmentInNativeMemory() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(256, 8);
      DmaWindows own = new DmaWindows();
      own.map(new DmaWindow(0x1000, 256, Access.READ_WRITE, memory, null));
      for (int at = 0; at < 24; at++) {
        for (int bytes = 1; bytes <= 64; bytes++) {
          memory.fill((byte) 0);
          DmaCopy.write(own, 0x1000 + at, buffer, 0, bytes);
          for (int i = 0; i < 96; i++) {
            byte wanted = i >= at && i < at + bytes ? data[i - at] : 0;
            assertThat(memory.get(ValueLayout.JAVA_BYTE, i)).isEqualTo(wanted);
          }
        }
      }
    }
  }

  @Test
  void allocatesNothingPerTransfer() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Arena arena = Arena.ofConfined()) {
      DmaWindows own = new DmaWindows();
      for (int i = 0; i < 100; i++) {
        MemorySegment memory = arena.allocate(0x1000, 8);
        own.map(new DmaWindow(i * 0x1000L, 0x1000, Access.READ_WRITE, memory, null));
      }
      int moved = work(own, 200_000);
      long before = threads.getCurrentThreadAllocatedBytes();
      moved += work(own, 1_000_000);
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      assertThat(moved).isEqualTo(1_200_000);
      assertThat(allocated).as("bytes for a million transfers").isLessThan(1_000_000);
    }
  }

  private int work(DmaWindows own, int count) {
    int moved = 0;
    for (int i = 0; i < count; i++) {
      long iova = i * 4099L % 0x60000;
      int bytes = 1 + i % 64;
      if (own.reach(iova, bytes, Access.READ_WRITE) == MAPPED) {
        DmaCopy.write(own, iova, buffer, 0, bytes);
        DmaCopy.read(own, iova, buffer, 0, bytes);
        moved++;
      }
    }
    return moved;
  }

  private static DmaWindow window(long iova, Access access, byte[] memory) {
    return new DmaWindow(iova, memory.length, access, MemorySegment.ofArray(memory), null);
  }
}
