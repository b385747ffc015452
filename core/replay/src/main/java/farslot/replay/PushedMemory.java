package farslot.replay;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * The server's memory as far as it was pushed. A card that got a push in the capture may not get it
 * when it is said again, or the other way round: a link pushes only what it has room for, and a
 * card forgets what it was pushed. So what a card reads is looked for here, too.
 */
final class PushedMemory {
  private static final int PAGE_BYTES = 4096;

  private static final class Page {
    final byte[] bytes = new byte[PAGE_BYTES];

    /** Has been pushed at some time. */
    final BitSet known = new BitSet(PAGE_BYTES);

    /** Has been pushed since the last revoke, and not been read. */
    final BitSet live = new BitSet(PAGE_BYTES);

    final BitSet steady = new BitSet(PAGE_BYTES);
  }

  private final Map<Long, Page> pages = new HashMap<>();

  /** Addresses have no sign: a page's number, and where in it an address is. */
  private static long number(long address) {
    return Long.divideUnsigned(address, PAGE_BYTES);
  }

  private static int at(long address) {
    return (int) (address & PAGE_BYTES - 1);
  }

  /** What was pushed, all in one page. */
  void push(Utterance push) {
    Page page = pages.computeIfAbsent(number(push.address()), number -> new Page());
    byte[] data = push.pushed();
    int at = at(push.address());
    System.arraycopy(data, 0, page.bytes, at, data.length);
    page.known.set(at, at + data.length);
    page.live.set(at, at + data.length);
    page.steady.set(at, at + data.length, push.kind() == Utterance.Kind.STEADY_PUSH);
  }

  void revoke() {
    pages.values().forEach(page -> page.live.clear());
  }

  void reset() {
    pages.clear();
  }

  /** Whether a card may have all of this without a read request. */
  boolean live(long address, int bytes) {
    return bytes > 0 && run(address, bytes, page -> page.live) == bytes;
  }

  /** The same, of memory that does not change by itself. */
  boolean steady(long address, int bytes) {
    return live(address, bytes) && run(address, bytes, page -> page.steady) == bytes;
  }

  /** How many bytes from there on were pushed at some time, at most so many. */
  int known(long address, int bytesMax) {
    return run(address, bytesMax, page -> page.known);
  }

  private interface Which {
    BitSet of(Page page);
  }

  private int run(long address, int bytesMax, Which which) {
    int bytes = 0;
    while (bytes < bytesMax) {
      Page page = pages.get(number(address + bytes));
      int at = at(address + bytes);
      int end = page == null ? at : which.of(page).nextClearBit(at);
      int run = Math.min(Math.min(end, PAGE_BYTES) - at, bytesMax - bytes);
      bytes += run;
      if (run == 0 || at + run < PAGE_BYTES) {
        return bytes;
      }
    }
    return bytes;
  }

  /** Takes known bytes; a card has each of them once. */
  byte[] take(long address, int bytes) {
    byte[] taken = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      Page page = pages.get(number(address + i));
      int at = at(address + i);
      taken[i] = page.bytes[at];
      page.live.clear(at);
    }
    return taken;
  }
}
