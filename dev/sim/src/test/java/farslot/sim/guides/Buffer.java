package farslot.sim.guides;

import static farslot.sim.guides.GuestDriver.DW;
import static farslot.sim.guides.GuestDriver.QW;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A command's data in the server's memory, by PRPs or by an SGL: pieces in pages of their own, and
 * the lists that name them, written at the last moment and spoiled at the first.
 */
final class Buffer {
  private static final int PAGE = 4096;

  private final MemorySegment ram;
  private final Pages pages;
  private final SplittableRandom random;
  private final int bytes;
  private final boolean sgl;
  private final List<Long> taken = new ArrayList<>();
  private final List<Long> addresses = new ArrayList<>();
  private final List<Integer> lengths = new ArrayList<>();

  Buffer(Pages pages, MemorySegment ram, int bytes, boolean sgl, long seed) {
    this.pages = pages;
    this.ram = ram;
    this.bytes = bytes;
    this.sgl = sgl;
    random = new SplittableRandom(seed);
    int left = bytes;
    int into = 4 * random.nextInt(random.nextBoolean() ? 1 : PAGE / 4);
    while (left > 0) {
      int room = sgl ? 1 + random.nextInt(PAGE) : PAGE;
      int piece = Math.min(left, Math.min(room, PAGE - into));
      // Never more pieces than pages were planned: late ones are as long as can be.
      piece = addresses.size() > bytes / PAGE ? Math.min(left, PAGE - into) : piece;
      addresses.add(page() + into);
      lengths.add(piece);
      left -= piece;
      into = 0;
    }
  }

  private long page() {
    taken.add(pages.take());
    return taken.getLast();
  }

  /** Puts bytes there. */
  void put(byte[] data) {
    int at = 0;
    for (int i = 0; i < addresses.size(); i++) {
      MemorySegment.copy(data, at, ram, ValueLayout.JAVA_BYTE, addresses.get(i), lengths.get(i));
      at += lengths.get(i);
    }
  }

  byte[] get() {
    byte[] data = new byte[bytes];
    int at = 0;
    for (int i = 0; i < addresses.size(); i++) {
      MemorySegment.copy(ram, ValueLayout.JAVA_BYTE, addresses.get(i), data, at, lengths.get(i));
      at += lengths.get(i);
    }
    return data;
  }

  /** Lies outside of all memory from now on. */
  void lose() {
    addresses.set(addresses.size() - 1, (long) GuidedRig.RAM_BYTES + 0x10000);
  }

  /** Names itself in an entry. */
  void name(long sqe) {
    if (sgl) {
      sgl(sqe);
    } else {
      prps(sqe);
    }
  }

  private long iova(int piece) {
    return GuidedRig.IOVA + addresses.get(piece);
  }

  private void prps(long sqe) {
    ram.set(QW, sqe + 24, iova(0));
    int rest = addresses.size() - 1;
    if (rest == 1) {
      ram.set(QW, sqe + 32, iova(1));
    } else if (rest > 1) {
      // So near to the page's end that many have to go on in another.
      long at = page() + PAGE - 8L * (1 + random.nextInt(rest + 2));
      ram.set(QW, sqe + 32, GuidedRig.IOVA + at);
      for (int i = 1; i <= rest; i++, at += 8) {
        if ((at & PAGE - 8) == PAGE - 8 && i < rest) {
          long next = page();
          ram.set(QW, at, GuidedRig.IOVA + next);
          at = next;
        }
        ram.set(QW, at, iova(i));
      }
    }
  }

  private void sgl(long sqe) {
    ram.set(DW, sqe, ram.get(DW, sqe) | 1 << 14);
    if (addresses.size() == 1) {
      descriptor(sqe + 24, iova(0), bytes, 0);
      return;
    }
    long segment = page();
    int first = Math.min(addresses.size() - 1, 1 + random.nextInt(3));
    descriptor(sqe + 24, GuidedRig.IOVA + segment, 16 * (first + 1), 2);
    for (int i = 0; i < first; i++) {
      descriptor(segment + 16L * i, iova(i), lengths.get(i), 0);
    }
    long last = page();
    int count = addresses.size() - first;
    descriptor(segment + 16L * first, GuidedRig.IOVA + last, 16 * count, 3);
    for (int i = 0; i < count; i++) {
      descriptor(last + 16L * i, iova(first + i), lengths.get(first + i), 0);
    }
  }

  private void descriptor(long at, long address, int length, int type) {
    ram.set(QW, at, address);
    ram.set(DW, at + 8, length);
    ram.set(DW, at + 12, type << 28);
  }

  /** Spoils everything, at once. */
  void free() {
    taken.forEach(pages::give);
    taken.clear();
  }
}
