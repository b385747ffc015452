package farslot.fabric;

import static farslot.fabric.PciRegisters.*;

import farslot.function.Agent;
import farslot.pcie.LittleEndian;
import java.lang.foreign.MemorySegment;

/**
 * What a root port does before a guest may use a function. After an attach it looks at everything:
 * identity, capabilities, BARs. After a reset it only puts back what is private to it. Both begin
 * by asking for the ID until the card answers, which is also the proof that nothing from before the
 * reset is still on its way.
 */
final class Bringup implements LocalFunction.ReadDone, LocalFunction.WriteDone {
  /** Pause before the card is asked again: it may need a while after a reset (6.6.1). */
  private static final long POLL_NS = 5_000_000;

  /** Longest that a card may take: 1 s after a conventional reset, with room for the network. */
  private static final long SETTLE_NS_MAX = 4_000_000_000L;

  /** Longest wait for Transactions Pending to clear before a reset (6.6.2). */
  private static final long PENDING_NS_MAX = 100_000_000;

  /** How often it begins again when the card falls silent half-way. */
  private static final int TRIES_MAX = 8;

  /** What this needs of the port. */
  interface Port {
    /** The card answers; nothing of before can arrive any more. */
    void onSettled();

    /** Everything is known and placed. False when the card cannot be used, and it says why. */
    boolean onFacts(FunctionFacts facts);

    /** FLR by Device Control or else a hot reset: done by the port when this asks for it. */
    void onResetDue();

    /** Ready for the guest. */
    void onReady();

    void onFailed(String cause);
  }

  private enum Phase {
    IDLE,
    PENDING,
    POLL,
    READ,
    SIZE,
    SIZED,
    PLACE
  }

  private final Port port;
  private final CardAccesses card;
  private final Agent agent;
  private final Agent.Timer timer;
  private Phase phase = Phase.IDLE;
  private boolean full;
  private boolean silent;
  private int tries;
  private int generation;
  private int unanswered;
  private long deadlineNs;
  private int id;

  /** What has been read of configuration space; there while it is being read. */
  private int[] words = {};

  private int readEnd;
  private final int[] masks = new int[BAR_COUNT + 1];
  private FunctionFacts facts;
  private int payloadBytesMax;

  Bringup(Port port, CardAccesses card, Agent agent) {
    this.port = port;
    this.card = card;
    this.agent = agent;
    this.timer = agent.timer(this::onTimer);
  }

  boolean running() {
    return phase != Phase.IDLE;
  }

  /** An access ends; if it is one of ours and was given up, all-ones is nobody's answer. */
  void onFinishing(Access access) {
    boolean ours = access.readDone == this || access.writeDone == this;
    silent |= access.failed && ours && (int) (access.cookie >>> 32) == generation;
  }

  /** Forgets what is under way. */
  void stop() {
    tries = 0;
    forget();
  }

  private void forget() {
    silent = false;
    phase = Phase.IDLE;
    generation++;
    unanswered = 0;
    timer.cancel();
  }

  /** A card is there: find out everything. */
  void attach(int payloadMax) {
    stop();
    full = true;
    payloadBytesMax = payloadMax;
    poll();
  }

  /** The card is being reset: put everything back once it answers. */
  void restore() {
    stop();
    full = false;
    poll();
  }

  /** Waits until the card has no request outstanding, then has it reset, then restores it. */
  void quiesceAndReset() {
    stop();
    full = false;
    deadlineNs = agent.nowNs() + PENDING_NS_MAX;
    phase = Phase.PENDING;
    unanswered++; // Until all are sent: answers may come from inside the calls.
    write(COMMAND, COMMAND_MEMORY | COMMAND_IO, 2);
    unanswered--;
    askPending();
  }

  private void askPending() {
    if (facts.pcie() == 0) {
      resetNow();
    } else {
      read(facts.pcie() + PCIE_DEVICE_CONTROL, 4);
    }
  }

  private void resetNow() {
    stop();
    port.onResetDue();
    poll();
  }

  private void poll() {
    phase = Phase.POLL;
    deadlineNs = agent.nowNs() + SETTLE_NS_MAX;
    read(ID, 4);
  }

  private void onTimer() {
    if (phase == Phase.POLL) {
      read(ID, 4);
    } else if (phase == Phase.PENDING) {
      askPending();
    }
  }

  private void read(int offset, int bytes) {
    unanswered++;
    card.read(offset, bytes, this, cookie(offset));
  }

  private void write(int offset, int value, int bytes) {
    unanswered++;
    card.write(offset, value, bytes, this, cookie(offset));
  }

  private long cookie(int offset) {
    return (long) generation << 32 | offset;
  }

  @Override
  public void done(long cookie, MemorySegment data, long at, int bytes) {
    if ((int) (cookie >>> 32) == generation) {
      unanswered--;
      onRead((int) cookie, data, at, bytes);
      advance();
    }
  }

  @Override
  public void done(long cookie) {
    if ((int) (cookie >>> 32) == generation) {
      unanswered--;
      advance();
    }
  }

  private void onRead(int offset, MemorySegment data, long at, int bytes) {
    int value = LittleEndian.i32(data, at);
    switch (phase) {
      case POLL -> id = value;
      case PENDING -> id = value;
      case READ -> {
        for (int i = 0; i < bytes; i += 4) {
          words[(offset + i) / 4] = LittleEndian.i32(data, at + i);
        }
      }
      case SIZED -> masks[offset == ROM_BAR ? BAR_COUNT : (offset - BAR0) / 4] = value;
      default -> {
        // Not a phase that reads.
      }
    }
  }

  /** The next phase, once all that this one asked for has been answered. */
  private void advance() {
    if (unanswered > 0) {
      return;
    }
    boolean unsure = silent;
    silent = false;
    if (unsure && phase.compareTo(Phase.POLL) > 0) {
      again();
      return;
    }
    switch (phase) {
      case PENDING -> onPending();
      case POLL -> onPolled();
      case READ -> readOn();
      case SIZE -> readSizes();
      case SIZED -> understand();
      case PLACE -> {
        phase = Phase.IDLE;
        port.onReady();
      }
      default -> {
        // Nothing is under way.
      }
    }
  }

  private void again() {
    if (++tries == TRIES_MAX) {
      phase = Phase.IDLE;
      port.onFailed("the card falls silent while it is brought up");
    } else {
      forget();
      poll();
    }
  }

  private void onPending() {
    boolean gone = id == -1;
    if (gone || (id & DEVSTA_PENDING) == 0 || agent.nowNs() >= deadlineNs) {
      resetNow();
    } else {
      timer.arm(POLL_NS);
    }
  }

  private void onPolled() {
    boolean there = id != -1 && id != 0;
    if (there) {
      port.onSettled();
      if (full) {
        phase = Phase.READ;
        words = new int[CONFIG_BYTES / 4];
        readEnd = 2 * LEGACY_BYTES;
        // The card learns its own ID from this write; decoding stays off while BARs are sized.
        unanswered++;
        write(COMMAND, 0, 2);
        read(0, LEGACY_BYTES);
        unanswered--;
        read(LEGACY_BYTES, readEnd - LEGACY_BYTES);
      } else {
        place();
      }
    } else if (agent.nowNs() >= deadlineNs) {
      phase = Phase.IDLE;
      port.onFailed("the card does not answer configuration requests");
    } else {
      timer.arm(POLL_NS);
    }
  }

  /** Reads more while there may be more capabilities: each DW is a request of its own. */
  private void readOn() {
    int end = ExtendedChain.end(words, readEnd);
    if (end > readEnd) {
      int from = readEnd;
      readEnd = end;
      read(from, end - from);
    } else {
      size();
    }
  }

  private void size() {
    phase = Phase.SIZE;
    unanswered++;
    for (int i = 0; i < BAR_COUNT; i++) {
      write(BAR0 + 4 * i, -1, 4);
    }
    write(ROM_BAR, ~ROM_FLAGS, 4);
    unanswered--;
    advance();
  }

  private void readSizes() {
    phase = Phase.SIZED;
    unanswered++;
    for (int i = 0; i < BAR_COUNT; i++) {
      read(BAR0 + 4 * i, 4);
    }
    read(ROM_BAR, 4);
    unanswered--;
    advance();
  }

  private void understand() {
    BusMap bars = new BusMap();
    FunctionFacts found = bars.place(masks) ? FunctionFacts.of(words, bars) : null;
    words = new int[0];
    if (found == null || !found.plausible()) {
      phase = Phase.IDLE;
      port.onFailed("the card's BARs or capabilities make no sense");
    } else if (port.onFacts(found)) {
      facts = found;
      place();
    } else {
      phase = Phase.IDLE;
    }
  }

  private void place() {
    phase = Phase.PLACE;
    unanswered++;
    for (int i = 0; i < BAR_COUNT; i++) {
      if (facts.bars().size(i) != 0 || facts.bars().upperHalf(i)) {
        write(BAR0 + 4 * i, facts.bars().register(i), 4);
      }
    }
    if (facts.bars().romSize() != 0) {
      write(ROM_BAR, (int) facts.bars().romAddress(), 4);
    }
    if (facts.pcie() != 0) {
      int control = DEVCTL_RELAXED_ORDERING | DEVCTL_EXTENDED_TAG | DEVCTL_NO_SNOOP;
      write(facts.pcie() + PCIE_DEVICE_CONTROL, control | sizes(), 2);
      if (facts.tag10()) {
        write(facts.pcie() + PCIE_DEVICE_CONTROL_2, DEVCTL2_TAG10_REQUESTER, 2);
      }
    }
    write(COMMAND, COMMAND_MEMORY | COMMAND_IO, 2);
    unanswered--;
    advance();
  }

  private int sizes() {
    return facts.deviceControlSizes(payloadBytesMax);
  }
}
