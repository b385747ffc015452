package farslot.memory;

import static farslot.memory.DmaWindows.Change.FULL;
import static farslot.memory.DmaWindows.Change.NOT_FOUND;
import static farslot.memory.DmaWindows.Change.OK;
import static farslot.memory.DmaWindows.Change.OVERLAP;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class DmaWindowsTest {
  private static final MessagedMemory NOWHERE = new NoMemory();

  private final DmaWindows windows = new DmaWindows();

  @Test
  void findsOnlyWhatLiesInsideOneWindow() {
    DmaWindow low = mapped(0x1000, 0x1000, Access.READ_WRITE);
    DmaWindow high = mapped(0x4000, 0x800, Access.READ_WRITE);
    assertThat(windows.map(high)).isEqualTo(OK);
    assertThat(windows.map(low)).isEqualTo(OK);
    assertThat(windows.find(0x1000, 1, Access.READ)).isSameAs(low);
    assertThat(windows.find(0x1FFF, 1, Access.WRITE)).isSameAs(low);
    assertThat(windows.find(0x1FFF, 2, Access.READ)).isNull();
    assertThat(windows.find(0xFFF, 2, Access.READ)).isNull();
    assertThat(windows.find(0x4000, 0x800, Access.READ)).isSameAs(high);
    assertThat(windows.find(0x4000, 0x801, Access.READ)).isNull();
    assertThat(windows.find(0x4800, 1, Access.READ)).isNull();
    assertThat(windows.find(0, 4, Access.READ)).isNull();
  }

  @Test
  void honoursPermissions() {
    windows.map(mapped(0x1000, 0x1000, Access.READ));
    windows.map(mapped(0x2000, 0x1000, Access.WRITE));
    assertThat(windows.find(0x1000, 4, Access.READ)).isNotNull();
    assertThat(windows.find(0x1000, 4, Access.WRITE)).isNull();
    assertThat(windows.find(0x1000, 4, Access.READ_WRITE)).isNull();
    assertThat(windows.find(0x2000, 4, Access.READ)).isNull();
    assertThat(windows.find(0x2000, 4, Access.WRITE)).isNotNull();
  }

  @Test
  void addressesAreUnsigned() {
    DmaWindow top = messaged(-0x1000, 0x1000);
    DmaWindow middle = messaged(Long.MAX_VALUE - 0xFFF, 0x2000);
    DmaWindow bottom = messaged(0, 0x1000);
    windows.map(top);
    windows.map(bottom);
    windows.map(middle);
    assertThat(windows.find(-1, 1, Access.READ)).isSameAs(top);
    assertThat(windows.find(-1, 2, Access.READ)).isNull();
    assertThat(windows.find(0, 1, Access.READ)).isSameAs(bottom);
    assertThat(windows.find(Long.MAX_VALUE, 2, Access.READ)).isSameAs(middle);
    assertThat(windows.find(-0x1001, 1, Access.READ)).isNull();
  }

  @Test
  void refusesOverlaps() {
    assertThat(windows.map(messaged(0x2000, 0x1000))).isEqualTo(OK);
    assertThat(windows.map(messaged(0x2000, 0x1000))).isEqualTo(OVERLAP);
    assertThat(windows.map(messaged(0x1001, 0x1000))).isEqualTo(OVERLAP);
    assertThat(windows.map(messaged(0x2FFF, 1))).isEqualTo(OVERLAP);
    assertThat(windows.map(messaged(0x2800, 1))).isEqualTo(OVERLAP);
    assertThat(windows.map(messaged(0, Long.MAX_VALUE))).isEqualTo(OVERLAP);
    assertThat(windows.map(messaged(0x1000, 0x1000))).isEqualTo(OK);
    assertThat(windows.map(messaged(0x3000, 1))).isEqualTo(OK);
    assertThat(windows.count()).isEqualTo(3);
  }

  @Test
  void unmapsExactlyOrNotAtAll() {
    windows.map(messaged(0x2000, 0x1000));
    windows.map(messaged(0x3000, 0x1000));
    assertThat(windows.unmap(0x2000, 0x800)).isEqualTo(NOT_FOUND);
    assertThat(windows.unmap(0x2000, 0x2000)).isEqualTo(NOT_FOUND);
    assertThat(windows.unmap(0x2800, 0x800)).isEqualTo(NOT_FOUND);
    assertThat(windows.unmap(0, 0x1000)).isEqualTo(NOT_FOUND);
    assertThat(windows.find(0x2000, 4, Access.READ)).isNotNull();
    assertThat(windows.unmap(0x2000, 0x1000)).isEqualTo(OK);
    assertThat(windows.find(0x2000, 4, Access.READ)).as("the last hit is forgotten").isNull();
    assertThat(windows.find(0x3000, 4, Access.READ)).isNotNull();
    windows.clear();
    assertThat(windows.find(0x3000, 4, Access.READ)).isNull();
    assertThat(windows.count()).isZero();
  }

  @Test
  void holdsAsManyAsVfioUserMayAskFor() {
    for (int i = 0; i < DmaWindows.COUNT_MAX; i++) {
      assertThat(windows.map(messaged(i * 0x1000L, 0x1000))).isEqualTo(OK);
    }
    assertThat(windows.map(messaged(-0x1000, 0x1000))).isEqualTo(FULL);
    assertThat(windows.find(0x1000L * 40_000 + 5, 4, Access.READ).iova())
        .isEqualTo(0x1000L * 40_000);
    assertThat(windows.unmap(0, 0x1000)).isEqualTo(OK);
    assertThat(windows.map(messaged(-0x1000, 0x1000))).isEqualTo(OK);
  }

  static DmaWindow mapped(long iova, int sizeBytes, Access access) {
    return new DmaWindow(iova, sizeBytes, access, MemorySegment.ofArray(new byte[sizeBytes]), null);
  }

  static DmaWindow messaged(long iova, long sizeBytes) {
    return new DmaWindow(iova, sizeBytes, Access.READ_WRITE, null, NOWHERE);
  }

  /** Never asked: the table only finds windows. */
  static final class NoMemory implements MessagedMemory {
    @Override
    public void read(long iova, int bytes, Done done, long cookie) {
      throw new AssertionError("read");
    }

    @Override
    public void write(
        long iova, MemorySegment from, long offset, int bytes, Done done, long cookie) {
      throw new AssertionError("write");
    }
  }
}
