package farslot.cards.nic82599;

import static farslot.cards.nic82599.spec.VfRegister.RING_ADDRESS_MASK;
import static farslot.cards.nic82599.spec.VfRegister.RING_BYTES_MASK;

import farslot.function.Dma;
import farslot.function.FetchOrder;
import farslot.function.FunctionPort;
import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;
import farslot.pcie.CompletionStatus;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A queue's descriptors (7.1.9, 7.2.3.3): a ring in the server's memory, and those of it that have
 * been fetched ahead, many with one read. Also whether the queue is on: it can be switched on only
 * when nothing of before is under way any more, for what comes late would be taken for new.
 */
final class DescriptorRing implements Dma.Done {
  static final int DESCRIPTOR_BYTES = 16;

  private static final int SLOTS = NicLimits.CACHED_DESCRIPTORS;
  private static final int COUNT_MASK = 0xFFFF;

  /** The queue that uses it. */
  interface Owner {
    /** It is on, and begins at its head. */
    void started();

    /** More descriptors are here. */
    void arrived();

    /** The ring cannot be used: no such memory, or a tail outside. The queue hangs. */
    void failed();
  }

  private final FunctionPort port;
  private final Owner owner;

  /** Fetched descriptors, by their number modulo {@link #SLOTS}. */
  private final MemorySegment cache =
      Arena.ofAuto().allocate((long) SLOTS * DESCRIPTOR_BYTES, DESCRIPTOR_BYTES);

  // Registers
  private long base;
  private int bytes;
  private int head;
  private int tail;

  // Descriptors are numbered from the moment when the queue was switched on.
  private int count;
  private int takenIndex;
  private int askedIndex;
  private long taken;
  private long ready;
  private long asked;

  private final FetchOrder fetches = new FetchOrder(NicLimits.FETCHES);

  private boolean on;
  private boolean wanted;
  private boolean hung;

  /** DMA reads of the queue, those of its owner too. */
  private int underWay;

  DescriptorRing(FunctionPort port, Owner owner) {
    this.port = port;
    this.owner = owner;
  }

  /** The function was reset from outside: what is under way will never be heard of again. */
  void forget() {
    underWay = 0;
    clear();
  }

  /** VFCTRL.RST: registers as after power-on; what is under way is still to come. */
  void clear() {
    enable(false);
    base = 0;
    bytes = 0;
    head = 0;
    tail = 0;
  }

  /** Whether no read is under way. */
  boolean isQuiet() {
    return underWay == 0;
  }

  /**
   * What was fetched ahead goes along: a driver that has changed base, length or descriptors since
   * would not have them fetched again by a card that stays where it is.
   */
  void save(StateWriter state) {
    state.i64(base).i32(bytes).u16(head).u16(tail).flag(on);
    if (on) {
      state.flag(hung).u16(count).u16(takenIndex).u16(available());
      for (int ahead = 0; ahead < available(); ahead++) {
        state.bytes(cache, at(ahead), DESCRIPTOR_BYTES);
      }
    }
  }

  /** Of a ring that is off. */
  void restore(StateReader state) throws StateException {
    base = state.i64();
    bytes = state.i32("a ring's length", 0, RING_BYTES_MASK);
    head = state.u16();
    tail = state.u16();
    state.require(bytes % DESCRIPTOR_BYTES == 0, "a ring of " + bytes + " bytes");
    if (state.flag()) {
      boolean hangs = state.flag();
      int descriptors = state.u16();
      int from = state.u16();
      boolean inside = from < descriptors && head < descriptors && tail < descriptors;
      state.require(hangs || inside, "a queue is beyond its ring");
      begin(descriptors, from);
      hung = hangs;
      wanted = true;
      restoreAhead(state);
    }
  }

  private void restoreAhead(StateReader state) throws StateException {
    int here = state.u16();
    state.require(here <= SLOTS, here + " descriptors fetched ahead");
    for (int ahead = 0; ahead < here; ahead++) {
      state.bytes(cache, at(ahead), DESCRIPTOR_BYTES);
    }
    ready = here;
    asked = here;
    askedIndex = count == 0 ? 0 : along(takenIndex, here);
  }

  // Registers

  int baseLow() {
    return (int) base;
  }

  int baseHigh() {
    return (int) (base >>> 32);
  }

  int bytes() {
    return bytes;
  }

  int head() {
    return head;
  }

  int tail() {
    return tail;
  }

  void baseLow(int value) {
    base = base & ~0xFFFF_FFFFL | value & RING_ADDRESS_MASK & 0xFFFF_FFFFL;
  }

  void baseHigh(int value) {
    base = base & 0xFFFF_FFFFL | (long) value << 32;
  }

  void bytes(int value) {
    bytes = value & RING_BYTES_MASK;
  }

  /** The head is the card's while the queue is on. */
  void head(int value) {
    if (!on) {
      head = value & COUNT_MASK;
    }
  }

  /** The owner has used up descriptors up to this one. */
  void usedUpTo(int index) {
    head = index;
  }

  /** The doorbell. */
  void tail(int value) {
    tail = value & COUNT_MASK;
    if (on && tail >= count) {
      fail();
    }
  }

  /** The ENABLE bit is written. */
  void enable(boolean enable) {
    wanted = enable;
    if (!enable) {
      on = false;
      hung = false;
    } else if (!on && underWay == 0) {
      start();
    }
  }

  /** The ENABLE bit as it reads: it follows what was written only once the queue has come to it. */
  boolean enabled() {
    return on || !wanted && underWay > 0;
  }

  /** Whether the queue works: on, and nothing has gone wrong. */
  boolean works() {
    return on && !hung;
  }

  boolean hangs() {
    return hung;
  }

  private void begin(int descriptors, int index) {
    on = true;
    count = descriptors;
    takenIndex = index;
    askedIndex = index;
    taken = 0;
    ready = 0;
    asked = 0;
    fetches.clear();
    owner.started();
  }

  private void start() {
    begin(bytes / DESCRIPTOR_BYTES, head);
    if (count == 0 || head >= count || tail >= count) {
      fail();
    } else {
      owner.arrived();
    }
  }

  /** The owner, or the ring itself, has met what the queue cannot go on after. */
  void fail() {
    if (!hung) {
      hung = true;
      owner.failed();
    }
  }

  // The owner's reads

  void readBegins() {
    underWay++;
  }

  /** Returns whether the queue still is what it was when the read began. */
  boolean readEnds() {
    underWay--;
    if (!on && wanted && underWay == 0) {
      start();
      return false;
    }
    return on;
  }

  // Descriptors

  /** Those that are here and not taken. */
  int available() {
    return (int) (ready - taken);
  }

  /** The most that the server can give at a time: a ring that is full looks like an empty one. */
  int givenMax() {
    return count - 1;
  }

  private int inFlight() {
    return (int) (asked - ready);
  }

  private int unasked() {
    return askedIndex <= tail ? tail - askedIndex : tail - askedIndex + count;
  }

  MemorySegment memory() {
    return cache;
  }

  /** Where the one is that comes {@code ahead} after those that are taken. */
  int at(int ahead) {
    return (int) (taken + ahead & SLOTS - 1) * DESCRIPTOR_BYTES;
  }

  /** Its place in the ring. */
  int index(int ahead) {
    return along(takenIndex, ahead);
  }

  /**
   * A place in the ring and so many descriptors further: more than once around for a tail that went
   * back.
   */
  int along(int from, int descriptors) {
    int index = from + descriptors;
    return index < count ? index : index % count;
  }

  /** In the server's memory. */
  long address(int index) {
    return base + (long) index * DESCRIPTOR_BYTES;
  }

  void take(int descriptors) {
    taken += descriptors;
    takenIndex = index(descriptors);
  }

  /**
   * Fetches what the server has given and there is room for.
   *
   * @param least does not trouble for fewer while as many are here or on the way
   */
  void fetch(int least) {
    while (works() && fetches.hasRoom()) {
      int room = SLOTS - (int) (asked - taken);
      int all = Math.min(unasked(), room);
      if (all == 0 || all < least && asked - taken >= least) {
        return;
      }
      // One read: up to the end of the ring, and of the cache.
      int slot = (int) (asked & SLOTS - 1);
      ask(Math.min(all, Math.min(count - askedIndex, SLOTS - slot)), slot);
    }
  }

  private void ask(int descriptors, int slot) {
    int fetch = fetches.begin(descriptors);
    long address = address(askedIndex);
    asked += descriptors;
    askedIndex = along(askedIndex, descriptors);
    readBegins();
    port.dma()
        .read(
            address,
            cache,
            (long) slot * DESCRIPTOR_BYTES,
            descriptors * DESCRIPTOR_BYTES,
            this,
            fetch);
  }

  @Override
  public void done(long fetch, CompletionStatus status) {
    if (!readEnds()) {
      return;
    }
    if (status != CompletionStatus.SC) {
      fail();
      return;
    }
    fetches.ended((int) fetch);
    for (int count = fetches.take(); count > 0; count = fetches.take()) {
      ready += count;
    }
    owner.arrived();
  }
}
