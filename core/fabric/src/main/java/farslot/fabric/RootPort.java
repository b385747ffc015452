package farslot.fabric;

import static farslot.fabric.PciRegisters.*;

import farslot.function.Agent;
import farslot.memory.DmaWindows;
import farslot.pcie.PortStream;
import farslot.pcie.TlpIn;
import farslot.pcie.TlpType;
import farslot.pcie.TlpView;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Optional;

/**
 * The server's end of one function's stream: a root port with one slot. Towards the guest it is a
 * {@link LocalFunction}, towards the card the other end of a link that speaks TLPs. It brings the
 * card up with bus addresses of its own, turns accesses into requests and matches their
 * completions, guards the server's memory, and answers for a card that does not answer.
 *
 * <p>What is put together here lives in its own classes: {@link GuestAccesses}, {@link AccessTable}
 * and {@link PostedWrites} towards the card, {@link DmaTarget} and {@link CardInterrupts} from it,
 * {@link GuestView} and {@link GuestConfig} for what the guest sees, {@link Bringup}. All of it
 * runs on one agent thread, and nothing waits.
 */
public final class RootPort implements TlpIn, LocalFunction {
  private final String name;
  private final PortWatcher watcher;
  private final PortCounters counters = new PortCounters();
  private final LocalCounts localCounts = new LocalCounts();
  private final RegisterCopy copy = new RegisterCopy(localCounts);
  private final Wire wire = new Wire(copy);
  private final Parts parts = new Parts();
  private final DmaWindows windows = new DmaWindows(parts);
  private final PostedWrites posted = new PostedWrites(wire, counters);
  private final DmaTarget target = new DmaTarget(wire, counters, windows, posted, parts);
  private final GuestView view = new GuestView();
  private final CardInterrupts interrupts = new CardInterrupts(parts, counters);
  private final LostCard lost = new LostCard(windows, interrupts);
  private final GuestConfig guestConfig = new GuestConfig(view, target, lost, parts);
  private final GuideCounts guideCounts = new GuideCounts();
  private final GuidedMemory guidedMemory =
      new GuidedMemory(wire, windows, target, posted, counters, guideCounts);
  private final GuidedWrites guided;
  private final AccessTable accesses;
  private final GuestAccesses guest;
  private final CardAccesses card;
  private final Bringup bringup;
  private final ResetWaiters resets;
  private final FrontRoom room;
  private final TlpView tlp = new TlpView();

  private PortStream stream;
  private Listener listener = NoListener.INSTANCE;
  private boolean opening;

  /**
   * @param name the function's name, for people
   * @param watcher told when a card can be used, and when not any more
   */
  public RootPort(String name, Agent agent, PortOptions options, PortWatcher watcher) {
    this.name = name;
    this.watcher = watcher;
    long deadlineNs = options.accessDeadlineNs();
    this.accesses =
        new AccessTable(wire, posted, counters, agent, deadlineNs, localCounts, guestConfig);
    this.guided = new GuidedWrites(options.guides(), guidedMemory, wire, lost, parts);
    HeldDoorbell doorbell = new HeldDoorbell(posted, interrupts, guideCounts, agent);
    posted.doorbell(doorbell);
    this.guest = new GuestAccesses(view, accesses, posted, guided, doorbell, copy);
    this.card = new CardAccesses(accesses);
    this.bringup = new Bringup(parts, card, agent);
    this.resets = new ResetWaiters(agent, deadlineNs);
    this.room = new FrontRoom(view, posted, accesses, agent, deadlineNs, parts);
  }

  /** How often something has happened; from any thread. */
  public long count(PortEvent event) {
    return counters.of(event);
  }

  /** All that has happened at least once, with how often; from any thread. */
  public Map<PortEvent, Long> counts() {
    return counters.snapshot();
  }

  /** How long the card takes to answer; from any thread. */
  public ReadLatency readLatency() {
    return counters.readLatency();
  }

  /** The guide that helps this function, by name; on the agent's thread. */
  public Optional<String> guide() {
    return guided.name();
  }

  /** What guides have done: pushes, pushed-bytes, refused, revokes, combined; from any thread. */
  public Map<String, Long> guideCounts() {
    return guideCounts.snapshot();
  }

  /** What need not go to the card: registers and configuration space; from any thread. */
  public Map<String, Long> localCounts() {
    return localCounts.snapshot();
  }

  /** Whether there is a stream, with a card that can be used or is being brought up. */
  public boolean attached() {
    return stream != null;
  }

  /** Whether a card can be used now. */
  public boolean present() {
    return view.present();
  }

  /** Whether the guest lets the card reach its memory: a driver has taken it into use. */
  public boolean busMaster() {
    return target.busMaster();
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
      old.detach(cause);
    }
  }

  /** The stream has ended: surprise removal. Everything that waits is answered without the card. */
  private void leave(String cause) {
    boolean was = view.present();
    stream = null;
    view.present(false);
    opening = false;
    guestConfig.reset();
    wire.disconnect();
    bringup.stop();
    posted.clear();
    gate(false);
    guided.lost(was, target.busMaster());
    target.abandon();
    interrupts.suspend();
    accesses.failAll(true);
    view.reset();
    resets.finish();
    if (was) {
      listener.onPresence(false, cause);
    }
    room.tell();
    watcher.onAbsent(this, cause);
  }

  private void gate(boolean closed) {
    posted.gate(closed);
    accesses.gate(closed);
  }

  @Override
  public void onTlp(MemorySegment segment, long offset, int tlpBytes) {
    try {
      dispatch(segment, offset, tlpBytes);
    } catch (InternalError e) {
      // The server has shortened a file that is mapped here: nobody but its guest is harmed.
      counters.add(PortEvent.DMA_MEMORY_LOST);
    }
  }

  private void dispatch(MemorySegment segment, long offset, int tlpBytes) {
    tlp.wrap(segment, offset, tlpBytes);
    int type = tlp.fmtType();
    if (TlpType.isCompletion(type)) {
      accesses.onCompletion(tlp);
    } else if (TlpType.isMemoryRead(type)
        || TlpType.isMemoryWrite(type)
        || TlpType.isAtomic(type)
        || TlpType.isMessage(type)) {
      target.onRequest(tlp);
    } else {
      counters.add(PortEvent.REQUEST_UNSUPPORTED);
      target.refuse(tlp);
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
    room.tell();
  }

  @Override
  public void onHotReset() {
    // Hot Reset goes downstream only; a card cannot reset its port.
    counters.add(PortEvent.MESSAGE_IGNORED);
  }

  @Override
  public void onEvent(
      int bar, long offset, int changes, MemorySegment segment, long at, int bytes) {
    copy.onEvent(bar, offset, changes, segment, at, bytes, target.settled());
  }

  @Override
  public void onHarmless(int bar, long offset, long bytes) {
    copy.onHarmless(bar, offset, bytes);
  }

  @Override
  public void onDown() {
    onDown("the link to the appliance is down");
  }

  /** As {@link #onDown}, when the cause is known. */
  public void onDown(String cause) {
    if (stream != null) {
      leave(cause);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int classCode() {
    return view.classCode();
  }

  @Override
  public RegionInfo region(int index) {
    return view.region(index);
  }

  @Override
  public void read(int region, long offset, int bytes, ReadDone done, long cookie) {
    guest.read(region, offset, bytes, done, cookie);
  }

  @Override
  public void settingUp(boolean underWay) {
    view.settingUp(underWay);
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
    guest.write(region, offset, from, at, bytes, done, cookie);
  }

  @Override
  public boolean hasRoom() {
    return room.available();
  }

  @Override
  public void reset(WriteDone done, long cookie) {
    if (!view.present()) {
      guided.reset();
      done.done(cookie);
      return;
    }
    if (!resets.add(done, cookie)) {
      return;
    }
    gate(true);
    posted.clear();
    accesses.failAll(false);
    guestReset();
    bringup.quiesceAndReset();
  }

  /** The guest's picture of the card, as after a reset. */
  private void guestReset() {
    opening = false;
    guestConfig.reset();
    target.busMaster(false);
    interrupts.suspend();
    view.reset();
    guided.reset();
  }

  @Override
  public DmaWindows dmaWindows() {
    return windows;
  }

  @Override
  public int vectors(int kind) {
    return view.vectors(kind);
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
    listener = to == null ? NoListener.INSTANCE : to;
  }

  private void openWhenProgrammed() {
    if (!opening || !interrupts.settled()) {
      return;
    }
    opening = false;
    gate(false);
    boolean was = view.present();
    view.present(true);
    resets.finish();
    if (!was) {
      guided.opened();
      listener.onPresence(true, "the card has been brought up");
      watcher.onPresent(this);
    }
    pump();
  }

  /** The faces that this port shows to its own parts, kept out of its public ones. */
  private final class Parts
      implements GuestConfig.Port,
          FrontRoom.Port,
          Bringup.Port,
          CardInterrupts.Card,
          DmaTarget.Sink,
          DmaWindows.Unmapped,
          GuidedWrites.Owner {
    @Override
    public void gate(boolean closed) {
      RootPort.this.gate(closed);
    }

    @Override
    public boolean attached() {
      return stream != null;
    }

    @Override
    public void onGuestReset() {
      guestReset();
      bringup.restore();
    }

    @Override
    public void onPowerWritten() {
      if (!bringup.running() && !opening) {
        gate(false);
        pump();
      }
    }

    @Override
    public void onOwnFinishing(Access access) {
      bringup.onFinishing(access);
    }

    @Override
    public void onFrontRoom() {
      listener.onRoom();
    }

    @Override
    public void onStuck(long stuckNs) {
      detach("writes could not be sent for %d ms".formatted(stuckNs / 1_000_000));
    }

    @Override
    public void onSettled() {
      accesses.tags().forgetAbandoned();
      target.deafen(false);
    }

    @Override
    public boolean onFacts(FunctionFacts found) {
      if (!view.accept(found, stream.payloadBytesMax())) {
        String cause = "another card is in the slot than the one that the guest knows";
        PortStream old = stream;
        leave(cause);
        old.detach(cause);
        return false;
      }
      accesses.config(view.config());
      copy.addresses(found.bars());
      interrupts.describe(found, view.config());
      guided.describe(found);
      if (found.tag10Completer()) {
        accesses.tags().widen();
      }
      return true;
    }

    @Override
    public void onResetDue() {
      target.deafen(true);
      FunctionFacts facts = view.facts();
      if (facts.flr()) {
        int control = facts.deviceControlSizes(stream.payloadBytesMax()) | DEVCTL_FLR;
        card.write(facts.pcie() + PCIE_DEVICE_CONTROL, control, 2);
      } else {
        copy.hotReset();
        stream.hotReset();
      }
    }

    @Override
    public void onReady() {
      wire.payloadBytesMax(view.facts().payloadBytes(stream.payloadBytesMax()));
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
      card.write(offset, value, bytes);
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
    public void onBusMasterOff() {
      guided.busMasterOff();
    }

    @Override
    public void unmapped(long iova, long sizeBytes) {
      guided.unmapped(iova, sizeBytes);
    }

    @Override
    public void onGuideFailed(String guide, Throwable cause) {
      counters.add(PortEvent.GUIDE_FAILED);
      watcher.onGuideFailed(RootPort.this, guide, cause);
    }

    @Override
    public void onHeldOverflow() {
      detach("more DMA waits behind messaged memory than can be kept in order");
    }
  }
}
