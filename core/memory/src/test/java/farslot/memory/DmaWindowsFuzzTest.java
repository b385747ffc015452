package farslot.memory;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.chance.Fuzz;
import farslot.memory.DmaWindows.Change;
import farslot.memory.DmaWindows.Reach;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The table against a list that is searched byte by byte.
 *
 * <p>Addresses lie in a small space that crosses a point where signed and unsigned order differ: 0,
 * or the middle.
 */
class DmaWindowsFuzzTest {
  private static final int STEPS = 200;
  private static final int SPACE_BYTES = 512;

  @Test
  void behavesLikeTheNaiveModel() {
    Fuzz.rounds(Fuzz.iterations(300), seed -> new Run(new Random(seed)).run());
  }

  private static final class Run {
    private final Random random;
    private final long base;
    private final DmaWindows windows = new DmaWindows();
    private final List<DmaWindow> naive = new ArrayList<>();

    Run(Random random) {
      this.random = random;
      this.base = random.nextBoolean() ? -SPACE_BYTES / 2 : Long.MAX_VALUE - SPACE_BYTES / 2;
    }

    void run() {
      for (int step = 0; step < STEPS; step++) {
        switch (random.nextInt(8)) {
          case 0, 1 -> map();
          case 2 -> unmap();
          case 3 -> clearRarely();
          default -> look();
        }
        assertThat(windows.count()).isEqualTo(naive.size());
      }
    }

    private void map() {
      int begin = random.nextInt(SPACE_BYTES);
      int size = Math.min(1 + random.nextInt(48), roomBeforeTheTop(begin));
      DmaWindow window = window(base + begin, size);
      boolean overlaps = naive.stream().anyMatch(other -> meets(window, other));
      assertThat(windows.map(window)).isEqualTo(overlaps ? Change.OVERLAP : Change.OK);
      if (!overlaps) {
        naive.add(window);
      }
    }

    /** A window may not wrap: just below address 0 there is a last byte. */
    private int roomBeforeTheTop(int begin) {
      long toZero = -(base + begin);
      return toZero > 0 && toZero < SPACE_BYTES ? (int) toZero : SPACE_BYTES;
    }

    private DmaWindow window(long iova, int size) {
      Access access = Access.values()[random.nextInt(3)];
      return random.nextInt(4) == 0
          ? new DmaWindow(iova, size, access, null, new DmaWindowsTest.NoMemory())
          : DmaWindowsTest.mapped(iova, size, access);
    }

    private void unmap() {
      DmaWindow some = naive.isEmpty() ? null : naive.get(random.nextInt(naive.size()));
      long iova = some == null ? base : some.iova() + random.nextInt(2);
      long size = some == null ? 1 : some.sizeBytes() + random.nextInt(2);
      boolean exact = naive.removeIf(w -> w.iova() == iova && w.sizeBytes() == size);
      assertThat(windows.unmap(iova, size)).isEqualTo(exact ? Change.OK : Change.NOT_FOUND);
    }

    private void clearRarely() {
      if (random.nextInt(20) == 0) {
        windows.clear();
        naive.clear();
      }
    }

    private void look() {
      long iova = base + random.nextInt(SPACE_BYTES);
      int bytes = 1 + random.nextInt(64);
      Access wanted = Access.values()[random.nextInt(3)];
      assertThat(windows.reach(iova, bytes, wanted)).isEqualTo(reach(iova, bytes, wanted));
      assertThat(windows.at(iova)).isSameAs(at(iova));
      DmaWindow found = windows.find(iova, bytes, wanted);
      boolean inOne = at(iova) != null && at(iova) == at(iova + bytes - 1);
      boolean whole = inOne && reach(iova, bytes, wanted) != Reach.NONE;
      assertThat(found).isSameAs(whole ? at(iova) : null);
    }

    private Reach reach(long iova, int bytes, Access wanted) {
      Reach reach = Reach.MAPPED;
      for (int i = 0; i < bytes; i++) {
        DmaWindow window = at(iova + i);
        boolean wrapped = Long.compareUnsigned(iova + i, iova) < 0;
        if (window == null || wrapped || !window.access().permits(wanted)) {
          return Reach.NONE;
        }
        reach = window.messaged() == null ? reach : Reach.MESSAGED;
      }
      return reach;
    }

    private DmaWindow at(long address) {
      return naive.stream().filter(w -> holds(w, address)).findFirst().orElse(null);
    }

    private static boolean meets(DmaWindow one, DmaWindow other) {
      for (long i = 0; i < one.sizeBytes(); i++) {
        if (holds(other, one.iova() + i)) {
          return true;
        }
      }
      return false;
    }

    private static boolean holds(DmaWindow window, long address) {
      long end = window.iova() + window.sizeBytes() - 1;
      return Long.compareUnsigned(address, window.iova()) >= 0
          && Long.compareUnsigned(address, end) <= 0;
    }
  }
}
