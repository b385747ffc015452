package farslot.fabric;

import static farslot.fabric.PciRegisters.*;

import farslot.function.Agent;
import farslot.memory.DmaWindows;
import farslot.pcie.LittleEndian;
import farslot.pcie.TlpIn;
import farslot.pcie.TlpType;
import farslot.pcie.TlpView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Queue;

/**
 * The server's end of one function's stream: a root port with one slot. Towards the guest it is a
 * {@link LocalFunction}, towards the card the other end of a link that speaks TLPs. It brings the
 * card up with bus addresses of its own, turns accesses into requests and matches their
 * completions, guards the server's memory, and answers for a card that does not answer.
 *
 * <p>What is put together here lives in its own classes: {@link Bringup}, {@link AccessTable},
 * {@link PostedWrites}, {@link DmaTarget}, {@link CardInterrupts}, {@link VirtualConfig}. All of it
 * runs on one agent thread, and nothing waits.
 */
public final class RootPort implements TlpIn, LocalFunction {
  private static final Listener NOBODY = new Nobody();

  private final String name;
  private final Agent agent;
  private final PortOptions options;
  private final PortWatcher watcher;
  private final PortCounters counters = new PortCounters();
  private final DmaWindows windows = new DmaWindows();
  private final Wire wire = new Wire();
  private final Parts parts = new Parts();
  private final PostedWrites posted = new PostedWrites(wire, counters);
  private final AccessTable accesses;
  private final DmaTarget target = new DmaTarget(wire, counters, windows, posted, parts);
  private final CardInterrupts interrupts = new CardInterrupts(parts, counters);
  private final Bringup bringup;
  private final Agent.Timer stuckTimer;
  private final Agent.Timer resetTimer;
  private final TlpView view = new TlpView();
  private final Queue<Waiter> resets = new ArrayDeque<>();
  private final MemorySegment scratch = java.lang.foreign.Arena.ofAuto().allocate(8, 8);

  private PortStream stream;
  private FunctionFacts facts;
  private VirtualConfig config;
  private MsixShadow shadow;
  private Listener listener = NOBODY;
  private boolean present;
  private boolean opening;
  private boolean roomWanted;
  private boolean cardInD3;
  private boolean settingUp;

  private record Waiter(WriteDone done, long cookie) {}

  /**
   * @param name the function's name, for people
   * @param watcher told when a card can be used, and when not any more
   */
  public RootPort(String name, Agent agent, PortOptions options, PortWatcher watcher) {
    this.name = name;
    this.agent = agent;
    this.options = options;
    this.watcher = watcher;
    this.accesses =
        new AccessTable(wire, posted, counters, agent, options.accessDeadlineNs(), parts);
    this.bringup = new Bringup(parts, agent);
    this.stuckTimer = agent.timer(this::onStuck);
    this.resetTimer = agent.timer(this::finishResets);
  }

  /** How often something has happened; from any thread. */
  public long count(PortEvent event) {
    return counters.of(event);
  }

  /** All that has happened at least once, with how often; from any thread. */
  public Map<PortEvent, Long> counts() {
    Map<PortEvent, Long> counts = new EnumMap<>(PortEvent.class);
    for (PortEvent event : PortEvent.values()) {
      if (counters.of(event) != 0) {
        counts.put(event, counters.of(event));
      }
    }
    return counts;
  }

  /** Whether there is a stream, with a card that can be used or is being brought up. */
  public boolean attached() {
    return stream != null;
  }

  /** Whether a card can be used now. */
  public boolean present() {
    return present;
  }

  /**
   * A card's stream: brings the card up and then tells the watcher. The card has just been reset. A
   * stream that was there before is forgotten.
   */
  public void attach(PortStream to) {
    if (stream != null) {
      leave("replaced by another session");
    }
    stream = to;
    wire.connect(to.out());
    accesses.tags().restart();
    gate(true);
    bringup.attach(to.payloadBytesMax());
  }

  /** Gives the card back, with a cause for people; the guest sees it removed. */
  public void detach(String cause) {
    PortStream old = stream;
    if (old != null) {
      leave(cause);
      old.close(cause);
    }
  }

  /** The stream has ended: surprise removal. Everything that waits is answered without the card. */
  private void leave(String cause) {
    boolean was = present;
    stream = null;
    present = false;
    opening = false;
    cardInD3 = false;
    wire.disconnect();
    bringup.stop();
    stuckTimer.cancel();
    posted.clear();
    gate(false);
    target.abandon();
    interrupts.suspend();
    accesses.failAll(true);
    forgetGuestRegisters();
    finishResets();
    if (was) {
      listener.onPresence(false, cause);
    }
    tellRoom();
    watcher.onAbsent(this, cause);
  }

  private void forgetGuestRegisters() {
    if (config != null) {
      config.reset();
      shadow.reset();
    }
  }

  private void gate(boolean closed) {
    posted.gate(closed);
    accesses.gate(closed);
  }

  // TLPs from the card.

  @Override
  public void onTlp(MemorySegment segment, long offset, int tlpBytes) {
    try {
      dispatch(segment, offset, tlpBytes);
    } catch (InternalError e) {
      // The server's software has shortened a file that is mapped here. What was asked stays
      // unanswered; it harms nobody but that guest.
      counters.add(PortEvent.DMA_MEMORY_LOST);
    }
  }

  private void dispatch(MemorySegment segment, long offset, int tlpBytes) {
    view.wrap(segment, offset, tlpBytes);
    int type = view.fmtType();
    if (TlpType.isCompletion(type)) {
      accesses.onCompletion(view);
    } else if (TlpType.isMemoryRead(type)
        || TlpType.isMemoryWrite(type)
        || TlpType.isAtomic(type)
        || TlpType.isMessage(type)) {
      target.onRequest(view);
    } else {
      counters.add(PortEvent.REQUEST_UNSUPPORTED);
      target.refuse(view);
    }
  }

  @Override
  public void onRoom() {
    interrupts.pump();
    openWhenProgrammed();
    pump();
  }

  private void pump() {
    posted.pump(); // First: what was there after a posted write does not pass it (2.4.1).
    target.completions().pump();
    accesses.pump();
    tellRoom();
  }

  @Override
  public void onHotReset() {
    // Hot Reset goes downstream only; a card cannot reset its port.
    counters.add(PortEvent.MESSAGE_IGNORED);
  }

  @Override
  public void onDown() {
    if (stream != null) {
      leave("the link to the appliance is down");
    }
  }

  /** As {@link #onDown}, when the cause is known. */
  public void onDown(String cause) {
    if (stream != null) {
      leave(cause);
    }
  }

  // The guest's side.

  @Override
  public String name() {
    return name;
  }

  @Override
  public int classCode() {
    return facts == null ? 0 : facts.classCode();
  }

  @Override
  public RegionInfo region(int index) {
    if (facts == null || index < 0 || index >= REGION_COUNT) {
      return new RegionInfo(0, false);
    }
    return switch (index) {
      case REGION_CONFIG -> new RegionInfo(facts.pcie() == 0 ? LEGACY_BYTES : CONFIG_BYTES, false);
      case REGION_ROM -> new RegionInfo(facts.bars().romSize(), false);
      default ->
          index < BAR_COUNT
              ? new RegionInfo(facts.bars().size(index), facts.bars().io(index))
              : new RegionInfo(0, false);
    };
  }

  private long sizeOf(int region) {
    if (facts == null || region < 0 || region > REGION_CONFIG) {
      return 0;
    }
    return switch (region) {
      case REGION_CONFIG -> CONFIG_BYTES;
      case REGION_ROM -> facts.bars().romSize();
      default -> facts.bars().size(region);
    };
  }

  private boolean reaches(int region, long offset, int bytes) {
    return present && offset >= 0 && offset <= sizeOf(region) - bytes;
  }

  private long busAddress(int region, long offset) {
    return switch (region) {
      case REGION_CONFIG -> offset;
      case REGION_ROM -> facts.bars().romAddress() + offset;
      default -> facts.bars().address(region) + offset;
    };
  }

  @Override
  public void read(int region, long offset, int bytes, ReadDone done, long cookie) {
    if (!reaches(region, offset, bytes)) {
      answerAbsent(region, offset, bytes, done, cookie);
      return;
    }
    if (shadow.covers(region, offset, bytes)) {
      done.done(cookie, shadow.table(), shadow.tableOffset(offset), bytes);
      return;
    }
    Access.Kind kind =
        region == REGION_CONFIG
            ? Access.Kind.READ_CONFIG
            : io(region) ? Access.Kind.READ_IO : Access.Kind.READ_MEMORY;
    Access access = accesses.take(kind, true, busAddress(region, offset), bytes);
    if (access == null) {
      AccessTable.answerAllOnes(done, cookie, bytes);
      return;
    }
    access.region = region;
    access.offset = offset;
    access.readDone = done;
    access.cookie = cookie;
    accesses.start(access);
  }

  /** All-ones, as a slot without a card answers; but see {@link #settingUp}. */
  private void answerAbsent(int region, long offset, int bytes, ReadDone done, long cookie) {
    boolean inside = offset >= 0 && offset <= sizeOf(region) - bytes;
    if (!settingUp || !inside || region != REGION_CONFIG) {
      AccessTable.answerAllOnes(done, cookie, bytes);
      return;
    }
    MemorySegment described = java.lang.foreign.Arena.ofAuto().allocate(bytes);
    config.describe(facts, (int) offset, bytes, described);
    done.done(cookie, described, 0, bytes);
  }

  @Override
  public void settingUp(boolean underWay) {
    settingUp = underWay;
  }

  private boolean io(int region) {
    return region < BAR_COUNT && facts.bars().io(region);
  }

  @Override
  public void write(
      int region,
      long offset,
      MemorySegment from,
      long at,
      int bytes,
      WriteDone done,
      long cookie) {
    if (!reaches(region, offset, bytes)) {
      done.done(cookie);
    } else if (region == REGION_CONFIG) {
      startWrite(Access.Kind.WRITE_CONFIG, region, offset, from, at, bytes, done, cookie);
    } else if (io(region)) {
      startWrite(Access.Kind.WRITE_IO, region, offset, from, at, bytes, done, cookie);
    } else {
      writeMemory(region, offset, from, at, bytes);
      done.done(cookie);
    }
  }

  private void writeMemory(int region, long offset, MemorySegment from, long at, int bytes) {
    long address = busAddress(region, offset);
    if (!shadow.touches(region, offset, bytes)) {
      posted.write(address, from, at, bytes);
      return;
    }
    shadow.write(offset, from, at, bytes);
    int before = shadow.before(offset, bytes);
    int behind = shadow.behind(offset, bytes);
    if (before > 0) {
      posted.write(address, from, at, before);
    }
    if (behind > 0) {
      int skip = bytes - behind;
      posted.write(address + skip, from, at + skip, behind);
    }
  }

  private void startWrite(
      Access.Kind kind,
      int region,
      long offset,
      MemorySegment from,
      long at,
      int bytes,
      WriteDone done,
      long cookie) {
    Access access = accesses.take(kind, true, busAddress(region, offset), bytes);
    if (access == null) {
      done.done(cookie);
      return;
    }
    access.region = region;
    access.offset = offset;
    access.writeDone = done;
    access.cookie = cookie;
    MemorySegment.copy(from, at, access.data(), 0, bytes);
    accesses.start(access);
  }

  private static boolean writesCommand(Access access) {
    return access.kind == Access.Kind.WRITE_CONFIG
        && access.offset <= COMMAND
        && access.offset + access.bytes > COMMAND;
  }

  private static int commandByte(Access access) {
    long at = COMMAND - access.offset;
    return access.data().get(ValueLayout.JAVA_BYTE, at) & COMMAND_BUS_MASTER;
  }

  @Override
  public boolean hasRoom() {
    if (!present || posted.hasRoom() && accesses.hasRoom()) {
      return true;
    }
    if (!roomWanted) {
      roomWanted = true;
      stuckTimer.arm(options.accessDeadlineNs() / 2);
    }
    return false;
  }

  private void tellRoom() {
    if (roomWanted && (!present || posted.hasRoom() && accesses.hasRoom())) {
      roomWanted = false;
      stuckTimer.cancel();
      listener.onRoom();
    }
  }

  /**
   * While there is no room the front does not read its socket, where a read with a deadline of its
   * own may wait. Better a card that is gone than a hypervisor that gives up.
   */
  private void onStuck() {
    if (roomWanted && present && !posted.hasRoom()) {
      detach(
          "writes could not be sent for %d ms".formatted(options.accessDeadlineNs() / 2_000_000));
    } else {
      tellRoom();
    }
  }

  @Override
  public void reset(WriteDone done, long cookie) {
    if (!present) {
      done.done(cookie);
      return;
    }
    boolean first = resets.isEmpty();
    resets.add(new Waiter(done, cookie));
    if (!first) {
      return;
    }
    resetTimer.arm(options.accessDeadlineNs());
    gate(true);
    posted.clear();
    accesses.failAll(false);
    guestReset();
    bringup.quiesceAndReset();
  }

  /** The guest's picture of the card, as after a reset. */
  private void guestReset() {
    opening = false;
    cardInD3 = false;
    target.busMaster(false);
    interrupts.suspend();
    forgetGuestRegisters();
  }

  private void finishResets() {
    resetTimer.cancel();
    for (int left = resets.size(); left > 0; left--) {
      Waiter waiter = resets.remove();
      waiter.done().done(waiter.cookie());
    }
  }

  @Override
  public DmaWindows dmaWindows() {
    return windows;
  }

  @Override
  public int vectors(int kind) {
    if (facts == null) {
      return 0;
    }
    return switch (kind) {
      case IRQ_INTX -> facts.interruptPin() == 0 ? 0 : 1;
      case IRQ_MSI -> facts.msiVectors();
      case IRQ_MSIX -> facts.msixVectors();
      case IRQ_ERR, IRQ_REQ -> 1;
      default -> 0;
    };
  }

  @Override
  public void arm(int kind, int first, boolean[] armed) {
    interrupts.arm(kind, first, armed);
  }

  @Override
  public void maskIntx(boolean masked) {
    interrupts.maskIntx(masked);
  }

  @Override
  public void listener(Listener to) {
    listener = to == null ? NOBODY : to;
  }

  private void openWhenProgrammed() {
    if (!opening || !interrupts.settled()) {
      return;
    }
    opening = false;
    gate(false);
    boolean was = present;
    present = true;
    finishResets();
    if (!was) {
      listener.onPresence(true, "the card has been brought up");
      watcher.onPresent(this);
    }
    pump();
  }

  /** The faces that this port shows to its own parts, kept out of its public ones. */
  private final class Parts
      implements AccessTable.Owner, Bringup.Port, CardInterrupts.Card, DmaTarget.Sink {
    private final WriteDone ignored = cookie -> {};

    @Override
    public void onConfigSent(Access access) {
      if (writesCommand(access) && commandByte(access) != 0) {
        target.busMaster(true); // The card may begin as soon as it has the write.
      }
      if (access.effect != Access.Effect.NONE) {
        gate(true);
      }
      if (access.effect == Access.Effect.FLR) {
        target.deafen(true);
      }
    }

    @Override
    public void onFinishing(Access access) {
      if (!access.guest || config == null) {
        bringup.onFinishing(access);
        return;
      }
      if (access.kind == Access.Kind.READ_CONFIG && access.failed && settingUp) {
        config.describe(facts, (int) access.offset, access.bytes, access.data());
        access.failed = false;
      } else if (!access.failed && access.kind == Access.Kind.READ_CONFIG) {
        config.overlay((int) access.offset, access.bytes, access.data(), 0);
      } else if (access.kind == Access.Kind.READ_MEMORY
          && shadow.touches(access.region, access.offset, access.bytes)) {
        shadow.overlay(access.offset, access.data(), 0, access.bytes);
      } else if (access.kind == Access.Kind.WRITE_CONFIG && stream != null) {
        onConfigWritten(access);
      }
    }

    private void onConfigWritten(Access access) {
      if (writesCommand(access) && (access.issued > 0 || commandByte(access) == 0)) {
        target.busMaster(commandByte(access) != 0);
      }
      boolean resets = access.effect == Access.Effect.FLR || wakesUp(access);
      if (resets) {
        guestReset();
        bringup.restore();
      } else if (access.effect == Access.Effect.POWER && !bringup.running() && !opening) {
        gate(false);
        pump();
      }
    }

    /** D3hot to D0 resets a function that does not say No_Soft_Reset (5.3.1.4). */
    private boolean wakesUp(Access access) {
      if (access.effect != Access.Effect.POWER) {
        return false;
      }
      int control = facts.pm() + PM_CONTROL;
      int state = access.data().get(ValueLayout.JAVA_BYTE, control - access.offset) & PM_STATE_MASK;
      boolean was = cardInD3;
      cardInD3 = state == PM_STATE_D3;
      return was && state == 0 && (facts.wordAt(control) & PM_NO_SOFT_RESET) == 0;
    }

    @Override
    public void readCard(int offset, int bytes, ReadDone done, long cookie) {
      Access access = accesses.take(Access.Kind.READ_CONFIG, false, offset, bytes);
      if (access == null) {
        AccessTable.answerAllOnes(done, cookie, bytes);
        return;
      }
      access.readDone = done;
      access.cookie = cookie;
      accesses.start(access);
    }

    @Override
    public void writeCard(int offset, int value, int bytes, WriteDone done, long cookie) {
      Access access = accesses.take(Access.Kind.WRITE_CONFIG, false, offset, bytes);
      if (access == null) {
        done.done(cookie);
        return;
      }
      access.writeDone = done;
      access.cookie = cookie;
      LittleEndian.i32(scratch, 0, value);
      MemorySegment.copy(scratch, 0, access.data(), 0, bytes);
      accesses.start(access);
    }

    @Override
    public void onSettled() {
      accesses.tags().forgetAbandoned();
      target.deafen(false);
    }

    @Override
    public boolean onFacts(FunctionFacts found) {
      if (facts != null && !facts.sameCard(found)) {
        String cause = "another card is in the slot than the one that the guest knows";
        PortStream old = stream;
        leave(cause);
        old.close(cause);
        return false;
      }
      if (facts == null) {
        shadow = new MsixShadow(found);
      }
      facts = found;
      int link = stream.payloadBytesMax();
      config = new VirtualConfig(found, found.deviceControlSizes(link));
      accesses.config(config);
      interrupts.describe(found, config);
      if (found.tag10Completer()) {
        accesses.tags().widen();
      }
      return true;
    }

    @Override
    public void onResetDue() {
      target.deafen(true);
      if (facts.flr()) {
        int control = facts.deviceControlSizes(stream.payloadBytesMax()) | DEVCTL_FLR;
        writeCard(facts.pcie() + PCIE_DEVICE_CONTROL, control, 2, ignored, 0);
      } else {
        stream.hotReset();
      }
    }

    @Override
    public void onReady() {
      wire.payloadBytesMax(facts.payloadBytes(stream.payloadBytesMax()));
      opening = true;
      interrupts.restore();
      openWhenProgrammed();
    }

    @Override
    public void onFailed(String cause) {
      detach(cause);
    }

    @Override
    public void writeConfig(int offset, int value, int bytes) {
      writeCard(offset, value, bytes, ignored, 0);
    }

    @Override
    public boolean writeEntry(long busAddress, MemorySegment entry) {
      return posted.send(busAddress, entry, 0, MSIX_ENTRY_BYTES);
    }

    @Override
    public void signal(int kind, int vector) {
      listener.onInterrupt(kind, vector);
    }

    @Override
    public void onMessageInterrupt(int kind, int data) {
      interrupts.onMessage(kind, data);
    }

    @Override
    public void onMessage(int code) {
      PortMessages.onMessage(code, interrupts, counters);
    }

    @Override
    public void onHeldOverflow() {
      detach("more DMA waits behind messaged memory than can be kept in order");
    }
  }

  /** Nobody listens yet. */
  private static final class Nobody implements Listener {
    @Override
    public void onInterrupt(int kind, int vector) {}

    @Override
    public void onPresence(boolean present, String cause) {}

    @Override
    public void onRoom() {}
  }
}
