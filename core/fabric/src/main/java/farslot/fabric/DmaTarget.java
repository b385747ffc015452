package farslot.fabric;

import farslot.memory.Access;
import farslot.memory.DmaCopy;
import farslot.memory.DmaWindow;
import farslot.memory.DmaWindows;
import farslot.memory.MessagedMemory;
import farslot.pcie.LittleEndian;
import farslot.pcie.TlpType;
import farslot.pcie.TlpView;
import java.lang.foreign.MemorySegment;

/**
 * The guard of a server's memory: what a card asks to read or write is done only while the guest
 * lets it master the bus, and only inside the DMA windows. Everything else is Unsupported Request
 * and counted, and not a byte moves. A request is checked as a whole before any of it is done; it
 * lies inside one page (2.2.7) and so inside one window.
 *
 * <p>Order: what is written to mapped memory is there when this returns. Memory that is reached by
 * messages is slower; whatever follows a message that is not acknowledged yet, interrupts above
 * all, is held back until it is (2.4.1). Completions of the guest's own reads are not: a hypervisor
 * may be unable to take messages until its register read has been answered.
 */
final class DmaTarget implements MessagedMemory.Done {
  /** Bytes of TLPs that wait behind messages. A card that sends more has filled its slot. */
  static final int HELD_BYTES_MAX = 1 << 20;

  private static final int WRITE_COOKIE = -1;

  /** Where interrupts go, and what happens when too much is held. */
  interface Sink {
    /** An MSI or MSI-X message: {@code kind} as {@link LocalFunction} numbers it. */
    void onMessageInterrupt(int kind, int data);

    /** A message by its code (2.2.8), after all that came before it. */
    void onMessage(int code);

    /** The card may not reach the server's memory any more. */
    void onBusMasterOff();

    /** Order cannot be kept any longer. */
    void onHeldOverflow();
  }

  /** Who wants to see what the card writes. */
  interface WriteWatcher {
    void onCardWrite(long address, MemorySegment from, long at, int bytes);
  }

  private final PortCounters counters;
  private final DmaWindows windows;
  private final MessagedReads reads = new MessagedReads();
  private final Completions completions;
  private final Sink sink;
  private final RecordRing held = new RecordRing(HELD_BYTES_MAX);
  private final TlpView heldView = new TlpView();
  private MessagedMemory lastMessaged;
  private int writesUnderWay;
  private int generation;
  private boolean busMaster;
  private boolean deaf;
  private WriteWatcher watcher;

  DmaTarget(Wire wire, PortCounters counters, DmaWindows windows, PostedWrites posted, Sink sink) {
    this.counters = counters;
    this.windows = windows;
    this.sink = sink;
    this.completions = new Completions(wire, counters, windows, reads, posted);
  }

  Completions completions() {
    return completions;
  }

  /** Shows all writes of the card to somebody, or with null to nobody. */
  void watcher(WriteWatcher to) {
    watcher = to;
  }

  /** Whether all that the card has written is in the server's memory, as far as it is here. */
  boolean settled() {
    return writesUnderWay == 0 && held.isEmpty();
  }

  /** Follows the guest's Bus Master Enable. */
  void busMaster(boolean enabled) {
    boolean was = busMaster;
    busMaster = enabled;
    if (was && !enabled) {
      sink.onBusMasterOff();
    }
  }

  boolean busMaster() {
    return busMaster;
  }

  /**
   * A reset is on its way to the card: reads that it made before are not answered any more, since
   * their tags may mean something else when the answer arrives. Posted writes of before still
   * count.
   */
  void deafen(boolean on) {
    deaf = on;
    if (on) {
      completions.clear();
    }
  }

  /** The card is gone, or another session began: nothing of before is of interest. */
  void abandon() {
    completions.clear();
    held.clear();
    generation++;
    writesUnderWay = 0;
    lastMessaged = null;
    busMaster = false;
    deaf = false;
  }

  /** A memory request, atomic or message of the card. */
  void onRequest(TlpView view) {
    if (!held.isEmpty() || mustWait(view)) {
      hold(view);
    } else {
      perform(view);
    }
  }

  private boolean mustWait(TlpView view) {
    if (writesUnderWay == 0 && reads.available()) {
      return false;
    }
    int type = view.fmtType();
    boolean read = TlpType.isMemoryRead(type);
    if (!read && !TlpType.isMemoryWrite(type)) {
      return true;
    }
    Access wanted = read ? Access.READ : Access.WRITE;
    DmaWindow window =
        windows.find(view.firstByteAddress(), Math.max(1, view.enabledBytes()), wanted);
    boolean inOrder = window != null && window.messaged() != null && sameChannel(window);
    return !inOrder || read && !reads.available();
  }

  private boolean sameChannel(DmaWindow window) {
    return writesUnderWay == 0 || window.messaged() == lastMessaged;
  }

  private void hold(TlpView view) {
    long at = held.put(view.tlpBytes());
    if (at < 0) {
      sink.onHeldOverflow();
      return;
    }
    MemorySegment.copy(view.segment(), view.offset(), held.memory(), at, view.tlpBytes());
  }

  private void releaseHeld() {
    while (!held.isEmpty()) {
      long at = held.first();
      heldView.wrap(held.memory(), at, held.firstBytes());
      if (mustWait(heldView)) {
        return;
      }
      perform(heldView);
      if (!held.isEmpty()) { // What was performed may have ended everything.
        held.pop();
      }
    }
  }

  private void perform(TlpView view) {
    int type = view.fmtType();
    if (TlpType.isMemoryWrite(type)) {
      write(view);
    } else if (TlpType.isMessage(type)) {
      sink.onMessage(view.messageCode());
    } else if (deaf) {
      counters.add(PortEvent.DMA_BEFORE_RESET);
    } else if (TlpType.isMemoryRead(type)) {
      read(view);
    } else {
      atomic(view);
    }
  }

  private void read(TlpView view) {
    int id = Completions.id(view.requesterId(), view.tag());
    long address = view.firstByteAddress();
    int bytes = Math.max(1, view.enabledBytes());
    DmaWindow window = permitted(address, bytes, Access.READ);
    if (window == null) {
      completions.answer(id, address, bytes, Completions.UNSUPPORTED, 0);
    } else if (view.enabledBytes() == 0) {
      // Zero-Length Read: all writes before it are done, and that is the answer (2.2.5).
      completions.answer(id, address, 1, Completions.FROM_VALUE, 0);
    } else if (window.mapped() != null) {
      completions.answer(id, address, bytes, Completions.FROM_MEMORY, 0);
    } else {
      int read = reads.take(id, address, bytes);
      window.messaged().read(address, bytes, this, cookie(read));
    }
  }

  private DmaWindow permitted(long address, int bytes, Access wanted) {
    if (!busMaster) {
      counters.add(PortEvent.DMA_NOT_BUS_MASTER);
      return null;
    }
    DmaWindow window = windows.find(address, bytes, wanted);
    if (window == null) {
      counters.add(PortEvent.DMA_OUTSIDE_WINDOWS);
    }
    return window;
  }

  private void write(TlpView view) {
    long address = view.firstByteAddress();
    int bytes = view.enabledBytes();
    if (view.poisoned()) {
      counters.add(PortEvent.DMA_POISONED);
    } else if (bytes == 0) {
      return; // No byte enabled: permitted, and does nothing (2.2.5).
    } else if (MsiAddresses.contains(address)) {
      interrupt(view, address, bytes);
    } else {
      DmaWindow window = permitted(address, bytes, Access.WRITE);
      if (window != null && view.contiguous()) {
        move(view, window, address, bytes);
      } else if (window != null) {
        moveEnabled(view, window);
      }
    }
  }

  private void interrupt(TlpView view, long address, int bytes) {
    int kind = MsiAddresses.kind(address);
    if (!busMaster) {
      counters.add(PortEvent.DMA_NOT_BUS_MASTER);
    } else if (bytes != 4 || kind < 0) {
      counters.add(PortEvent.INTERRUPT_UNARMED);
    } else {
      sink.onMessageInterrupt(kind, LittleEndian.i32(view.segment(), view.dataOffset()));
    }
  }

  private void move(TlpView view, DmaWindow window, long address, int bytes) {
    long from = view.dataOffset() + (address & 3);
    if (watcher != null) {
      watcher.onCardWrite(address, view.segment(), from, bytes);
    }
    if (window.mapped() != null) {
      DmaCopy.write(window, address, view.segment(), from, bytes);
    } else {
      writesUnderWay++;
      lastMessaged = window.messaged();
      window.messaged().write(address, view.segment(), from, bytes, this, cookie(WRITE_COOKIE));
    }
  }

  /** Byte enables with holes: at most 8 bytes, moved one by one (2.2.5). */
  private void moveEnabled(TlpView view, DmaWindow window) {
    int enables = view.lengthDw() == 1 ? view.firstBe() : view.firstBe() | view.lastBe() << 4;
    for (int i = 0; i < 8; i++) {
      if ((enables >> i & 1) != 0) {
        long address = view.address() + i;
        long from = view.dataOffset() + i;
        if (window.mapped() != null) {
          DmaCopy.write(window, address, view.segment(), from, 1);
        } else {
          writesUnderWay++;
          lastMessaged = window.messaged();
          window.messaged().write(address, view.segment(), from, 1, this, cookie(WRITE_COOKIE));
        }
      }
    }
  }

  private void atomic(TlpView view) {
    int id = Completions.id(view.requesterId(), view.tag());
    long address = view.address();
    int bytes = view.operandBytes();
    DmaWindow window = permitted(address, bytes, Access.READ_WRITE);
    if (window == null) {
      completions.answer(id, 0, bytes, Completions.UNSUPPORTED, 0);
    } else if (view.poisoned() || !Atomics.possible(window, address, bytes)) {
      counters.add(PortEvent.DMA_ATOMIC_REFUSED);
      completions.answer(id, 0, bytes, Completions.UNSUPPORTED, 0);
    } else {
      long old = Atomics.perform(view, window.mapped(), address - window.iova(), bytes);
      // 2.2.9: Lower Address is for memory reads, and reserved in all other answers.
      completions.answer(id, 0, bytes, Completions.FROM_VALUE, old);
    }
  }

  /** UR for a non-posted request that no root port takes: I/O or configuration (2.3.1). */
  void refuse(TlpView view) {
    int id = Completions.id(view.requesterId(), view.tag());
    completions.answer(id, 0, 4, Completions.UNSUPPORTED, 0);
  }

  private long cookie(int what) {
    return (long) generation << 32 | what & 0xFFFF_FFFFL;
  }

  @Override
  public void done(long cookie, boolean ok, MemorySegment data, long offset) {
    int what = (int) cookie;
    boolean current = (int) (cookie >>> 32) == generation;
    if (!ok) {
      counters.add(PortEvent.DMA_MESSAGE_REFUSED);
    }
    if (what >= 0) {
      onRead(what, ok, data, offset, current && !deaf);
    } else if (current) {
      writesUnderWay--;
    }
    releaseHeld();
  }

  private void onRead(int read, boolean ok, MemorySegment data, long offset, boolean wanted) {
    if (!wanted) {
      reads.release(read);
    } else if (ok) {
      reads.keep(read, data, offset);
      completions.answer(reads.id(read), reads.address(read), reads.bytes(read), read, 0);
    } else {
      int id = reads.id(read);
      reads.release(read);
      completions.answer(id, reads.address(read), reads.bytes(read), Completions.UNSUPPORTED, 0);
    }
  }
}
