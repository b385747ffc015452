package farslot.vfiouser;

import farslot.fabric.LocalFunction;
import farslot.linux.ErrnoException;
import farslot.linux.EventLoop;
import farslot.vfiouser.Requests.Outcome;
import farslot.vfiouser.VfioUserCounters.Counter;
import farslot.vfiouser.wire.Inbox;
import farslot.vfiouser.wire.Outbox;
import farslot.vfiouser.wire.VfioUserMessage;
import farslot.vfiouser.wire.Wire;
import java.io.UncheckedIOException;

/**
 * What an agreed client has of the function: windows and the memory behind them, interrupts,
 * doorbells; and the clocks over them. All of it goes when the client goes.
 */
final class Attached {
  /** How long a DMA message waits for its reply. Less than a hypervisor gives an access. */
  static final long DMA_REPLY_NS = 3_000_000_000L;

  /**
   * How long an unmap waits for DMA messages under way. Not longer: QEMU may hold the lock under
   * which it would answer them while it waits for the unmap.
   */
  static final long UNMAP_WAIT_NS = 1_000_000_000L;

  private static final long DMA_CLOCK_NS = 250_000_000L;
  private static final long MEMORY_CLOCK_NS = 2_000_000_000L;

  private final EventLoop loop;
  private final VfioUserCounters counters;
  private final GuestMemory memory = new GuestMemory();
  private final MessagedDma messaged;
  private final DmaCommands dma;
  private final IrqCommands irqs;

  /** Null when MSI-X is the client's affair. */
  private final MsixRelay relay;

  /** Null when doorbells are messages. */
  private final MappedDoorbells doorbells;

  private final Commands commands;
  private final EventLoop.Timer dmaClock;
  private final EventLoop.Timer memoryClock;
  private final LocalFunction function;
  private boolean dmaTicking;

  /** What a session lends. */
  record Session(
      EventLoop loop,
      LocalFunction function,
      VfioUserOptions options,
      VfioUserCounters counters,
      Inbox inbox,
      Outbox outbox,
      Replies replies,
      Requests requests,
      MessagedDma.Line line) {}

  Attached(Session session, ClientVersion client, ConfigFilter filter) {
    loop = session.loop;
    counters = session.counters;
    messaged = new MessagedDma(session.line, client.dataBytesMax());
    dma = new DmaCommands(session.function.dmaWindows(), messaged, memory);
    relay =
        filter.relayed() == null
            ? null
            : new MsixRelay(filter.relayed(), session.function, messaged, counters);
    boolean msix = session.options.msix() != VfioUserOptions.Msix.HIDDEN;
    irqs = new IrqCommands(loop, session.function, msix, relay);
    doorbells = mapsDoorbells(session, client) ? open(session) : null;
    commands =
        new Commands(
            new Commands.Parts(
                session.function,
                session.inbox,
                session.outbox,
                session.replies,
                session.requests,
                counters,
                irqs,
                dma,
                messaged,
                doorbells,
                filter,
                relay),
            ClientVersion.OUR_DATA_BYTES);
    function = session.function;
    function.settingUp(true);
    dmaClock = loop.timer(this::onDmaClock);
    memoryClock = loop.timer(this::onMemoryClock);
  }

  Commands commands() {
    return commands;
  }

  IrqCommands irqs() {
    return irqs;
  }

  /** For people: how doorbells and interrupts travel. */
  String describe() {
    return (doorbells == null ? "doorbells by message" : "doorbells mapped")
        + (relay == null ? "" : ", MSI-X relayed");
  }

  Outcome execute(VfioUserMessage request, long position, int[] fds) {
    if (request.command() == Wire.DMA_UNMAP) {
      memoryClock.arm(MEMORY_CLOCK_NS);
    }
    return commands.execute(request, position, fds, loop.nowNs());
  }

  /** A DMA message has been written: its reply is due. */
  void onDmaBegun() {
    if (!dmaTicking) {
      dmaTicking = true;
      dmaClock.arm(DMA_CLOCK_NS);
    }
  }

  void onReply(VfioUserMessage reply) {
    if (!messaged.onReply(reply)) {
      counters.count(Counter.DMA_REPLIES_STRAY);
    }
    commands.onDmaProgress(loop.nowNs(), UNMAP_WAIT_NS);
  }

  /** Whether DMA replies are due: then the client's messages are read whatever else waits. */
  boolean awaitsReplies() {
    return !messaged.isIdle();
  }

  /** Whether the client has made a file smaller that it gave us as memory. */
  boolean isMemoryTruncated() {
    return memory.isTruncated();
  }

  void close() {
    dmaClock.cancel();
    memoryClock.cancel();
    function.settingUp(false);
    commands.close();
    dma.unmapAll();
    if (relay != null) {
      relay.close();
    }
    messaged.close();
    irqs.close();
    memory.close();
    if (doorbells != null) {
      counters.add(Counter.DOORBELLS, doorbells.found());
      doorbells.close();
    }
  }

  private void onDmaClock() {
    long nowNs = loop.nowNs();
    messaged.expire(nowNs, DMA_REPLY_NS);
    commands.onDmaProgress(nowNs, UNMAP_WAIT_NS);
    dmaTicking = false;
    if (!messaged.isIdle()) {
      onDmaBegun();
    }
  }

  private void onMemoryClock() {
    if (memory.sweep()) {
      memoryClock.arm(MEMORY_CLOCK_NS);
    }
  }

  private static boolean mapsDoorbells(Session session, ClientVersion client) {
    boolean wanted =
        switch (session.options.doorbells()) {
          case AUTO -> !client.json();
          case TRAPPED -> false;
          case MAPPED -> true;
        };
    return wanted && client.msgFdsMax() > 0 && MappedDoorbells.fit(session.function);
  }

  private static MappedDoorbells open(Session session) {
    try {
      return MappedDoorbells.open(session.loop, session.function);
    } catch (ErrnoException e) {
      throw new UncheckedIOException(e);
    }
  }
}
