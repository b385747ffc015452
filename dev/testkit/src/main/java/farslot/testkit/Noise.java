package farslot.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import farslot.chance.Fuzz;
import farslot.function.FunctionSpec.BarKind;
import farslot.pcie.config.Aer;
import farslot.pcie.config.ConfigHeader;
import farslot.pcie.config.ExtendedCapabilityId;
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

  /** One step that is answered: a read, after a write or not, of configuration space or a BAR. */
  private record Question(int bar, long offset, int bytes, boolean write, long value) {
    private static final int CONFIG = -1;

    static Question of(FakeRootComplex root, SplittableRandom random) {
      if (random.nextInt(8) == 0) {
        int offset = random.nextInt(0x180) & -4;
        boolean write = offset >= ConfigHeader.HEADER_BYTES && random.nextBoolean();
        return new Question(CONFIG, offset, 4, write, Fuzz.edgy(random));
      }
      FoundBar bar = anyBar(root, random);
      long span = random.nextBoolean() ? Math.min(bar.sizeBytes(), 256) : bar.sizeBytes();
      long offset = random.nextLong(span);
      int bytes = 1 + random.nextInt(room(bar, offset));
      return new Question(bar.index(), offset, bytes, random.nextBoolean(), Fuzz.edgy(random));
    }

    long ask(FakeRootComplex root) {
      if (bar == CONFIG) {
        if (write) {
          root.configWrite((int) offset, bytes, (int) value);
        }
        return isHeaderLog(root, (int) offset) ? 0 : root.configRead((int) offset, bytes);
      }
      if (write) {
        root.write(bar, offset, bytes, value);
      }
      return root.read(bar, offset, bytes);
    }
  }

  /** Whether a DW is of AER's log of a TLP, where a tag may be any. */
  static boolean isHeaderLog(FakeRootComplex root, int offset) {
    int log = root.found().extendedCapability(ExtendedCapabilityId.AER) + Aer.HEADER_LOG;
    return offset >= log && offset < log + Aer.HEADER_LOG_BYTES;
  }

  /** Asks something, and returns the answer. */
  static long answered(FakeRootComplex root, SplittableRandom random) {
    return Question.of(root, random).ask(root);
  }

  /** What {@link #answered} has asked. */
  static String asked(FakeRootComplex root, SplittableRandom random) {
    return Question.of(root, random).toString();
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
