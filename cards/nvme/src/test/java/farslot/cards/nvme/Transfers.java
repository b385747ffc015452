package farslot.cards.nvme;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.cards.nvme.Host.Entry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Places a command's data in scattered memory, by PRPs or SGLs at random, each time in another way,
 * between bytes that nobody may touch.
 */
final class Transfers {
  private static final int PAGE = 4096;
  private static final int PAGES = 512;

  private final Host host;
  private final Random random;
  private final long area;
  private final long lists;

  /** What the area should look like, and where the command's data is in it. */
  private final byte[] model = new byte[PAGES * PAGE];

  private final List<int[]> pieces = new ArrayList<>();
  private boolean toHost;

  Transfers(Host host, Random random) {
    this.host = host;
    this.random = random;
    area = host.allocate(model.length);
    lists = host.allocate(64 * PAGE);
    random.nextBytes(model);
    host.memory.putBytes(area, model);
  }

  /** Data that the card is to read. */
  void out(Entry entry, byte[] data) {
    toHost = false;
    place(entry, data.length);
    int at = 0;
    for (int[] piece : pieces) {
      System.arraycopy(data, at, model, piece[0], piece[1]);
      host.memory.putBytes(area + piece[0], Arrays.copyOfRange(data, at, at + piece[1]));
      at += piece[1];
    }
  }

  /** Room that the card is to fill. */
  void in(Entry entry, int bytes) {
    toHost = true;
    place(entry, bytes);
  }

  /** What the card has put there. */
  byte[] result() {
    byte[] all = new byte[pieces.stream().mapToInt(piece -> piece[1]).sum()];
    int at = 0;
    for (int[] piece : pieces) {
      byte[] part = host.memory.getBytes(area + piece[0], piece[1]);
      System.arraycopy(part, 0, all, at, part.length);
      System.arraycopy(part, 0, model, piece[0], part.length);
      at += part.length;
    }
    return all;
  }

  void assertNothingElseWasTouched(String where) {
    if (!toHost) {
      // A read of the card changes nothing.
      pieces.clear();
    }
    assertThat(Arrays.equals(host.memory.getBytes(area, model.length), model)).as(where).isTrue();
  }

  /** Dataset Management for one range, cut into some. */
  Entry deallocate(int first, int count) {
    toHost = false;
    int ranges = 0;
    while (count > 0) {
      int part = ranges == 255 ? count : 1 + random.nextInt(count);
      host.memory.putInt(lists + ranges * 16L + 4, part);
      host.memory.putLong(lists + ranges * 16L + 8, first);
      first += part;
      count -= part;
      ranges++;
    }
    return new Entry(9).nsid(1).prp(lists, 0).cdw(10, ranges - 1).cdw(11, 4);
  }

  private void place(Entry entry, int bytes) {
    pieces.clear();
    if (random.nextInt(3) == 0) {
      scatter(entry, bytes);
    } else {
      pages(entry, bytes);
    }
  }

  private List<Integer> pagesInAnyOrder() {
    List<Integer> pages = new ArrayList<>();
    for (int i = 0; i < PAGES; i++) {
      pages.add(i);
    }
    Collections.shuffle(pages, random);
    return pages;
  }

  private void pages(Entry entry, int bytes) {
    List<Integer> pages = pagesInAnyOrder();
    int offset = random.nextBoolean() ? 0 : random.nextInt(PAGE / 4) * 4;
    int next = 0;
    while (bytes > 0) {
      int part = Math.min(bytes, PAGE - offset);
      pieces.add(new int[] {pages.get(next++) * PAGE + offset, part});
      bytes -= part;
      offset = 0;
    }
    long first = area + pieces.getFirst()[0];
    if (pieces.size() == 1) {
      entry.prp(first, random.nextLong());
    } else if (pieces.size() == 2) {
      entry.prp(first, area + pieces.get(1)[0]);
    } else {
      entry.prp(first, prpList());
    }
  }

  /** The first list may begin anywhere in its page, so that it may have to chain. */
  private long prpList() {
    int listPage = 0;
    int slot = random.nextBoolean() ? 0 : 512 - 1 - random.nextInt(Math.min(20, 511));
    long begin = lists + slot * 8L;
    for (int i = 1; i < pieces.size(); i++) {
      if (slot == 511 && i < pieces.size() - 1) {
        listPage++;
        host.memory.putLong(lists + (listPage - 1) * PAGE + 511 * 8L, lists + listPage * PAGE);
        slot = 0;
      }
      host.memory.putLong(lists + listPage * PAGE + slot * 8L, area + pieces.get(i)[0]);
      slot++;
    }
    return begin;
  }

  private void scatter(Entry entry, int bytes) {
    List<Integer> pages = pagesInAnyOrder();
    int next = 0;
    while (bytes > 0) {
      int offset = random.nextInt(PAGE);
      int part = Math.min(bytes, 1 + random.nextInt(PAGE - offset));
      part = next > 300 ? Math.min(bytes, PAGE) : part;
      pieces.add(new int[] {pages.get(next++) * PAGE + (next > 301 ? 0 : offset), part});
      bytes -= part;
    }
    if (pieces.size() == 1) {
      entry.sgl(0, area + pieces.getFirst()[0], pieces.getFirst()[1]);
      return;
    }
    sglSegments(entry);
  }

  /** Segments of random length, each but the last ending with the descriptor of the next. */
  private void sglSegments(Entry entry) {
    List<Integer> lengths = new ArrayList<>();
    int left = pieces.size();
    while (left > 0) {
      int part = Math.min(left, 1 + random.nextInt(200));
      lengths.add(part);
      left -= part;
    }
    int index = 0;
    for (int s = 0; s < lengths.size(); s++) {
      long segment = lists + s * PAGE;
      boolean last = s == lengths.size() - 1;
      int count = lengths.get(s) + (last ? 0 : 1);
      if (s == 0) {
        entry.sgl(last ? 3 : 2, segment, count * 16);
      }
      for (int i = 0; i < lengths.get(s); i++) {
        int[] piece = pieces.get(index++);
        descriptor(segment + i * 16L, 0, area + piece[0], piece[1]);
      }
      if (!last) {
        boolean nextIsLast = s + 1 == lengths.size() - 1;
        int nextCount = lengths.get(s + 1) + (nextIsLast ? 0 : 1);
        long at = segment + lengths.get(s) * 16L;
        descriptor(at, nextIsLast ? 3 : 2, segment + PAGE, nextCount * 16);
      }
    }
  }

  private void descriptor(long at, int type, long address, int bytes) {
    host.memory.putLong(at, address);
    host.memory.putLong(at + 8, bytes | (long) type << 60);
  }
}
