package farslot.function.endpoint;

import farslot.function.Agent;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Bytes of the server's memory that came along with what made the card read them ({@link
 * farslot.pcie.TlpOut#claimPush}), until the card reads them. What is here is as fresh as an answer
 * to {@code MRd} would be, because each byte is forgotten
 *
 * <ul>
 *   <li>when it is read: who reads again looks at the server;
 *   <li>when a newer push brings it anew, or the card itself writes there;
 *   <li>when the server revokes, the function is reset, or bus mastering goes off;
 *   <li>if it is not steady, when anything leaves the card that software may answer to, and when
 *       the server answers a read of the card: that answer is newer, and may speak of this memory;
 *   <li>after {@link #AGE_NS} in any case, so that nothing lingers.
 * </ul>
 *
 * <p>Kept by pages of 4 KiB, found by hashing. Memory is taken in steps as pushes come, and given
 * back after a quiet time; nothing is allocated in between. To have lost a byte costs a round trip
 * and is never wrong; so when there is no room, it is the new bytes that go.
 */
final class PushedBytes {
  /** How long a byte stays that nobody reads. Far more than a card takes to come to it. */
  static final long AGE_NS = 250_000_000;

  /** After so long without a push the memory is given back. */
  static final long QUIET_NS = 2_000_000_000;

  /** Pages that are allocated at once. */
  private static final int STEP_PAGES = 16;

  private final Agent agent;
  private final EndpointCounters counters;
  private final int pagesMax;
  private final Agent.Timer timer;

  /** By hash of the address, each a list; null while there is no memory. */
  private PushedPage[] buckets;

  private PushedPage free;
  private int allocated;
  private PushedPage oldest;
  private PushedPage youngest;
  private boolean anyUnsteady;
  private boolean timerArmed;
  private long lastPushNs;

  /** Whether something was pushed since the last {@link #forget}: reads can be called missed. */
  private boolean guided;

  /**
   * @param bytesMax room, a multiple of 4 KiB; 0 ignores all that is pushed
   */
  PushedBytes(Agent agent, EndpointCounters counters, int bytesMax) {
    this.agent = agent;
    this.counters = counters;
    pagesMax = bytesMax / PushedPage.BYTES;
    timer = agent.timer(this::onTimer);
  }

  /** Whether nothing is here. */
  boolean isEmpty() {
    return oldest == null;
  }

  /** Takes a copy of what was pushed. The range lies inside one page. */
  void push(long address, MemorySegment from, long offset, int bytes, boolean steady) {
    assert bytes > 0 && (address & PushedPage.BYTES - 1) + bytes <= PushedPage.BYTES;
    guided = true;
    counters.add(EndpointCounter.PUSHES_RECEIVED);
    PushedPage page = find(address);
    if (page == null) {
      page = begin(address);
      if (page == null) {
        counters.add(EndpointCounter.PUSHES_WITHOUT_ROOM);
        return;
      }
    }
    int at = inPage(address);
    MemorySegment.copy(from, offset, page.memory, page.at + at, bytes);
    page.add(at, at + bytes, steady);
    anyUnsteady |= !steady;
  }

  /** Whether all of a range is here, of however many pages. */
  boolean has(long address, int bytes) {
    long end = address + bytes;
    long at = address;
    while (at != end) {
      int from = inPage(at);
      int part = (int) Math.min(end - at, PushedPage.BYTES - from);
      PushedPage page = find(at);
      if (page == null || !page.has(from, from + part)) {
        return false;
      }
      at += part;
    }
    return true;
  }

  /**
   * Answers a read, if all of it is here; those bytes are then gone.
   *
   * @param bytes at most up to the end of the page
   */
  boolean take(long address, MemorySegment to, long offset, int bytes) {
    PushedPage page = find(address);
    int at = inPage(address);
    if (page == null || !page.has(at, at + bytes)) {
      return false;
    }
    copy(page, at, to, offset, bytes);
    page.remove(at, at + bytes);
    endIfEmpty(page);
    return true;
  }

  /**
   * Answers a read of what {@link #has}, but leaves it here.
   *
   * @param bytes at most up to the end of the page
   */
  void copy(long address, MemorySegment to, long offset, int bytes) {
    copy(find(address), inPage(address), to, offset, bytes);
  }

  private void copy(PushedPage page, int at, MemorySegment to, long offset, int bytes) {
    MemorySegment.copy(page.memory, page.at + at, to, offset, bytes);
    counters.add(EndpointCounter.PUSHED_READS);
    counters.add(EndpointCounter.PUSHED_READ_BYTES, bytes);
  }

  /** A read has to be sent. */
  void missed() {
    if (guided) {
      counters.add(EndpointCounter.PUSH_MISSES);
    }
  }

  /** The card writes here: what was pushed of it is older. */
  void overwritten(long address, int bytes) {
    if (oldest != null) {
      counters.add(EndpointCounter.PUSHED_BYTES_VOIDED, remove(address, bytes));
    }
  }

  /** Forgets a range. Returns how many bytes of it were here. */
  int remove(long address, int bytes) {
    int removed = 0;
    long end = address + bytes;
    long at = address;
    while (at != end) {
      int from = inPage(at);
      int part = (int) Math.min(end - at, PushedPage.BYTES - from);
      PushedPage page = find(at);
      if (page != null) {
        removed += page.remove(from, from + part);
        endIfEmpty(page);
      }
      at += part;
    }
    return removed;
  }

  /** Something leaves the card that software may answer to: only what is steady holds. */
  void answered() {
    if (anyUnsteady) {
      voidUnsteady();
    }
  }

  /** The card has been told something newer than what is here: only what is steady holds. */
  void informed() {
    answered();
  }

  private void voidUnsteady() {
    anyUnsteady = false;
    PushedPage page = oldest;
    while (page != null) {
      PushedPage following = page.younger;
      counters.add(EndpointCounter.PUSHED_BYTES_VOIDED, page.removeUnsteady());
      endIfEmpty(page);
      page = following;
    }
  }

  /** The server voids all that it has pushed. */
  void revoke() {
    counters.add(EndpointCounter.PUSH_REVOKES);
    clear();
  }

  /** Another server, a reset, bus mastering off: nothing that was holds. */
  void forget() {
    guided = false;
    clear();
  }

  private void clear() {
    while (oldest != null) {
      counters.add(EndpointCounter.PUSHED_BYTES_VOIDED, oldest.clear());
      end(oldest);
    }
    anyUnsteady = false;
  }

  private PushedPage begin(long address) {
    if (free == null && !grow()) {
      return null;
    }
    PushedPage page = free;
    free = page.next;
    page.address = address & -PushedPage.BYTES;
    int bucket = bucket(address);
    page.next = buckets[bucket];
    buckets[bucket] = page;
    page.older = youngest;
    page.younger = null;
    if (youngest == null) {
      oldest = page;
    } else {
      youngest.younger = page;
    }
    youngest = page;
    lastPushNs = agent.nowNs();
    page.bornNs = lastPushNs;
    arm(AGE_NS);
    return page;
  }

  private void endIfEmpty(PushedPage page) {
    if (page.isEmpty()) {
      end(page);
    }
  }

  private void end(PushedPage page) {
    unlinkBucket(page);
    if (page.older == null) {
      oldest = page.younger;
    } else {
      page.older.younger = page.younger;
    }
    if (page.younger == null) {
      youngest = page.older;
    } else {
      page.younger.older = page.older;
    }
    page.older = null;
    page.younger = null;
    page.next = free;
    free = page;
  }

  private void unlinkBucket(PushedPage page) {
    int bucket = bucket(page.address);
    if (buckets[bucket] == page) {
      buckets[bucket] = page.next;
      return;
    }
    PushedPage before = buckets[bucket];
    while (before.next != page) {
      before = before.next;
    }
    before.next = page.next;
  }

  /** The page with anything of it here, or null. */
  private PushedPage find(long address) {
    if (oldest == null) {
      return null;
    }
    long wanted = address & -PushedPage.BYTES;
    PushedPage page = buckets[bucket(address)];
    while (page != null && page.address != wanted) {
      page = page.next;
    }
    return page;
  }

  private int bucket(long address) {
    // Fibonacci hashing: pages that follow one another spread, whatever their distance.
    long hash = (address >>> 12) * 0x9E37_79B9_7F4A_7C15L;
    return (int) (hash >>> 32) & buckets.length - 1;
  }

  private static int inPage(long address) {
    return (int) address & PushedPage.BYTES - 1;
  }

  private boolean grow() {
    int pages = Math.min(STEP_PAGES, pagesMax - allocated);
    if (pages <= 0) {
      return false;
    }
    if (buckets == null) {
      buckets = new PushedPage[Integer.highestOneBit(Math.max(1, 2 * pagesMax - 1))];
    }
    MemorySegment memory =
        Arena.ofAuto().allocate((long) pages * PushedPage.BYTES, PushedPage.BYTES);
    for (int i = 0; i < pages; i++) {
      PushedPage page = new PushedPage(memory, (long) i * PushedPage.BYTES);
      page.next = free;
      free = page;
    }
    allocated += pages;
    return true;
  }

  private void arm(long delayNs) {
    if (!timerArmed) {
      timerArmed = true;
      timer.arm(delayNs);
    }
  }

  private void onTimer() {
    timerArmed = false;
    long nowNs = agent.nowNs();
    while (oldest != null && nowNs - oldest.bornNs >= AGE_NS) {
      counters.add(EndpointCounter.PUSHED_BYTES_EXPIRED, oldest.clear());
      end(oldest);
    }
    if (oldest != null) {
      arm(Math.max(1, oldest.bornNs + AGE_NS - nowNs));
    } else if (nowNs - lastPushNs < QUIET_NS) {
      arm(AGE_NS); // no later: what is pushed meanwhile finds the timer armed
    } else {
      giveBack();
    }
  }

  private void giveBack() {
    buckets = null;
    free = null;
    allocated = 0;
  }

  /** Pages for which there is memory now. */
  int pagesAllocated() {
    return allocated;
  }
}
