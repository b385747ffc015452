package farslot.sim.guides;

import java.util.SplittableRandom;

/** One command as it is planned: the same whatever happens around it. */
final class Order {
  static final int SLOTS = 32;
  static final int SLOT_BLOCKS = 128;

  /** What it is. */
  enum Kind {
    WRITE(0x01),
    READ(0x02),
    COMPARE(0x05),
    COMPARE_WRONG(0x05),
    COMPARE_AND_WRITE(0x05),
    ZEROES(0x08),
    DEALLOCATE(0x09),
    FLUSH(0x00),
    WRITE_BEYOND(0x01),
    WRITE_NOWHERE(0x01),
    WRITE_FROM_NOWHERE(0x01),
    UNKNOWN(0x93);

    final int opcode;

    Kind(int opcode) {
      this.opcode = opcode;
    }

    /** Whether its bytes go to the card. */
    boolean sends() {
      return this != READ && this != ZEROES && this != FLUSH;
    }

    boolean transfers() {
      return this != ZEROES && this != FLUSH;
    }

    boolean changes() {
      return this == WRITE || this == COMPARE_AND_WRITE || this == ZEROES || this == DEALLOCATE;
    }
  }

  private static final Kind[] USUAL = {
    Kind.WRITE, Kind.WRITE, Kind.WRITE, Kind.READ, Kind.READ, Kind.COMPARE
  };

  final int number;
  final Kind kind;
  final int queue;
  final int block;
  final int blocks;
  final boolean sgl;

  /** Seed of its bytes and of where they lie. */
  final long seed;

  /** Buffers and lists of this command, of 4 KiB each. */
  final int pages;

  Order(int number, int slot, SplittableRandom random) {
    this.number = number;
    boolean usual = random.nextInt(100) < 70;
    Kind[] of = usual ? USUAL : Kind.values();
    kind = of[random.nextInt(of.length)];
    queue = 1 + random.nextInt(GuestDriver.QUEUES);
    int most = random.nextInt(6) == 0 ? SLOT_BLOCKS : random.nextInt(3) == 0 ? 40 : 8;
    blocks = 1 + random.nextInt(kind == Kind.COMPARE_AND_WRITE ? 16 : most);
    block = slot * SLOT_BLOCKS + random.nextInt(SLOT_BLOCKS - blocks + 1);
    sgl = random.nextInt(3) == 0;
    seed = random.nextLong();
    int copies = kind == Kind.COMPARE_AND_WRITE ? 2 : 1;
    pages = kind.transfers() ? copies * (2 * bytes() / 4096 + 5) : 0;
  }

  int bytes() {
    return kind == Kind.DEALLOCATE ? 16 : blocks * DiskModel.BLOCK;
  }

  /** What it writes, where that is not what was there. */
  byte[] fresh() {
    byte[] data = new byte[blocks * DiskModel.BLOCK];
    if (kind == Kind.WRITE || kind == Kind.COMPARE_AND_WRITE) {
      new SplittableRandom(seed).nextBytes(data);
    }
    return data;
  }
}
