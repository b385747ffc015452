package farslot.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import farslot.function.FunctionSpec.BarKind;
import farslot.pcie.config.ConfigHeader;
import farslot.testkit.FoundFunction.FoundBar;
import java.util.SplittableRandom;

/** Reads and writes without sense: in order, everywhere, or at random, mostly where it matters. */
final class Noise {
  private static final int SWEPT_BYTES_MAX = 16 << 10;
  private static final int PAGE_BYTES = 4096;
  private static final long[] PATTERNS = {0, -1, 0x5555_5555_5555_5555L, 0x0102_0304_0506_0708L};

  private Noise() {}

  /** One step of any kind. */
  static void step(FakeRootComplex root, SplittableRandom random) {
    if (random.nextInt(4) == 0) {
      config(root, random, 1);
    } else {
      registerWrite(root, random);
    }
  }

  /** One step that is answered, and its answer: a read, or a write and a read of the same. */
  static long answered(FakeRootComplex root, SplittableRandom random) {
    if (random.nextInt(8) == 0) {
      int offset = random.nextInt(0x180) & -4;
      if (offset >= ConfigHeader.HEADER_BYTES && random.nextBoolean()) {
        root.configWrite(offset, 4, (int) Fuzz.edgy(random));
      }
      return root.configRead(offset, 4);
    }
    FoundBar bar = anyBar(root, random);
    long span = random.nextBoolean() ? Math.min(bar.sizeBytes(), 256) : bar.sizeBytes();
    long offset = random.nextLong(span);
    int bytes = 1 + random.nextInt(room(bar, offset));
    if (random.nextBoolean()) {
      root.write(bar.index(), offset, bytes, Fuzz.edgy(random));
    }
    return root.read(bar.index(), offset, bytes);
  }

  /** Configuration space never becomes another function's. */
  static void onesAndNoise(FakeRootComplex root, int usualSteps) {
    int identity = root.configRead(ConfigHeader.VENDOR_ID, 4);
    for (int offset = 0; offset < ConfigHeader.CONFIG_SPACE_BYTES; offset += 4) {
      root.configRead(offset, 4);
      root.configWrite(offset, 4, -1);
    }
    assertEquals(identity, root.configRead(ConfigHeader.VENDOR_ID, 4));
    Fuzz.run(usualSteps, (random, steps) -> config(root, random, steps));
    assertEquals(identity, root.configRead(ConfigHeader.VENDOR_ID, 4));
  }

  static void config(FakeRootComplex root, SplittableRandom random, int steps) {
    for (int i = 0; i < steps; i++) {
      int bytes = 1 << random.nextInt(3);
      int offset = random.nextInt(random.nextBoolean() ? 0x180 : 4096) & -bytes;
      root.configWrite(offset, bytes, (int) Fuzz.edgy(random));
      root.configRead(offset, bytes);
    }
  }

  static void registers(FakeRootComplex root, SplittableRandom random, int steps) {
    for (int i = 0; i < steps; i++) {
      registerWrite(root, random);
    }
  }

  static void registerWrite(FakeRootComplex root, SplittableRandom random) {
    FoundBar bar = anyBar(root, random);
    long span = random.nextBoolean() ? Math.min(bar.sizeBytes(), 256) : bar.sizeBytes();
    long offset = random.nextLong(span) & (random.nextBoolean() ? -4 : -1);
    if (bar.kind() == BarKind.IO) {
      int room = 4 - (int) (offset & 3);
      root.write(bar.index(), offset, 1 + random.nextInt(room), Fuzz.edgy(random));
    } else {
      int most = (int) Math.min(pageRoom(bar, offset), random.nextInt(8) == 0 ? 256 : 8);
      byte[] bytes = Fuzz.bytes(random, 1 + random.nextInt(most));
      root.memoryWrite(bar.address() + offset, bytes);
    }
  }

  /** Every offset of every BAR, at two widths, and the longest reads there are. */
  static void readEveryRegister(FakeRootComplex root) {
    for (FoundBar bar : root.found().bars().values()) {
      long end = Math.min(bar.sizeBytes(), SWEPT_BYTES_MAX);
      for (long offset = 0; offset < end; offset++) {
        int room = room(bar, offset);
        root.read(bar.index(), offset, room);
        root.read(bar.index(), offset, 1 + (int) (offset % room));
      }
      if (bar.kind() != BarKind.IO && bar.sizeBytes() >= PAGE_BYTES) {
        root.memoryRead(bar.address(), PAGE_BYTES);
        root.memoryRead(bar.address() + bar.sizeBytes() - PAGE_BYTES, PAGE_BYTES);
      }
    }
  }

  /** Every offset of every BAR with every width up to 8 bytes; what is written changes. */
  static void writeEveryRegister(FakeRootComplex root) {
    for (FoundBar bar : root.found().bars().values()) {
      long end = Math.min(bar.sizeBytes(), SWEPT_BYTES_MAX);
      for (long offset = 0; offset < end; offset++) {
        int room = room(bar, offset);
        for (int bytes = 1; bytes <= room; bytes += offset < PAGE_BYTES ? 1 : 3) {
          root.write(bar.index(), offset, bytes, PATTERNS[(int) (offset + bytes) & 3]);
        }
      }
    }
  }

  /** The widest access here that stays inside a DW of I/O, or a page of memory. */
  private static int room(FoundBar bar, long offset) {
    boolean io = bar.kind() == BarKind.IO;
    return (int) Math.min(io ? 4 - (offset & 3) : 8, pageRoom(bar, offset));
  }

  /** Bytes up to the end of the BAR or of the page, which no request crosses. */
  private static long pageRoom(FoundBar bar, long offset) {
    return Math.min(bar.sizeBytes() - offset, PAGE_BYTES - (offset & PAGE_BYTES - 1));
  }

  private static FoundBar anyBar(FakeRootComplex root, SplittableRandom random) {
    Object[] bars = root.found().bars().values().toArray();
    return (FoundBar) bars[random.nextInt(bars.length)];
  }
}
