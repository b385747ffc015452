package farslot.cards.nic82599;

import static farslot.cards.nic82599.spec.VfRegister.*;

import farslot.cards.nic82599.bridge.BridgePort;
import farslot.cards.nic82599.spec.PciId;
import farslot.function.FunctionPort;
import farslot.function.Turn;
import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The registers of a function, each handed to the part that it belongs to, and those parts. */
final class Registers implements BridgePort.Receiver {
  private static final int QUEUES_END = NicLimits.QUEUES * QUEUE_STRIDE;
  private static final int MILLISECOND_NS = 1_000_000;

  private final FunctionPort port;
  private final Turn turn;
  private final Causes causes;
  private final Mailbox mailbox;
  private final Statistics statistics = new Statistics();
  private final Counts counts = new Counts();
  private final Received received = new Received();
  private final TransmitQueue[] transmit = new TransmitQueue[NicLimits.QUEUES];
  private final ReceiveQueue[] receive = new ReceiveQueue[NicLimits.QUEUES];
  private int links;
  private int psrtype;
  private boolean paused;

  /** When VFFRTIMER was 0. */
  private long startNs;

  Registers(FunctionPort port, BridgePort bridge) {
    this.port = port;
    turn = new Turn(port, this::work);
    causes = new Causes(port, turn);
    mailbox = new Mailbox(port, causes, new MailboxRequests(bridge));
    Common common = new Common(port, bridge, turn, causes, statistics, counts);
    MemorySegment untagged = Arena.ofAuto().allocate(BridgePort.FRAME_BYTES_MAX + 4L, 8);
    for (int i = 0; i < NicLimits.QUEUES; i++) {
      transmit[i] = new TransmitQueue(i, common);
      receive[i] = new ReceiveQueue(i, common, received, untagged);
    }
    port.dma().onRoom(turn::later);
  }

  Counts counts() {
    return counts;
  }

  /** The function was reset from outside. */
  void reset() {
    for (int i = 0; i < NicLimits.QUEUES; i++) {
      transmit[i].forget();
      receive[i].forget();
    }
    psrtype(0);
    startNs = port.nowNs();
    statistics.reset();
    causes.reset();
    mailbox.reset();
  }

  void pause(boolean on) {
    paused = on;
    for (int i = 0; i < NicLimits.QUEUES; i++) {
      transmit[i].pause(on);
      receive[i].pause(on);
    }
    turn.later();
  }

  boolean isQuiet() {
    for (int i = 0; i < NicLimits.QUEUES; i++) {
      if (!transmit[i].isQuiet() || !receive[i].isQuiet()) {
        return false;
      }
    }
    return true;
  }

  void save(StateWriter state) {
    state.part("nic82599", 1);
    state.i32(links).i32(psrtype).i64(port.nowNs() - startNs);
    statistics.save(state);
    causes.save(state);
    mailbox.save(state);
    for (int i = 0; i < NicLimits.QUEUES; i++) {
      transmit[i].save(state);
      receive[i].save(state);
    }
  }

  void restore(StateReader state) throws StateException {
    state.part("nic82599", 1);
    int linksThere = state.i32();
    psrtype(state.i32());
    startNs = port.nowNs() - state.i64();
    statistics.restore(state);
    causes.restore(state);
    mailbox.restore(state);
    for (int i = 0; i < NicLimits.QUEUES; i++) {
      transmit[i].restore(state);
      receive[i].restore(state);
    }
    if (linksThere != links) {
      mailbox.ping(); // Here the link is another one.
    }
  }

  /** VFCTRL.RST: all but the mailbox's memory and what was counted. */
  private void functionReset() {
    for (int i = 0; i < NicLimits.QUEUES; i++) {
      transmit[i].clear();
      receive[i].clear();
    }
    psrtype(0);
    causes.reset();
    mailbox.functionReset();
  }

  /** The end of a turn: received frames last, so that those of this turn are among them. */
  private void work() {
    for (TransmitQueue queue : transmit) {
      queue.work();
    }
    for (ReceiveQueue queue : receive) {
      queue.work();
    }
    if (!paused) {
      causes.flush();
    }
  }

  // ---- the switch

  @Override
  public boolean onFrame(MemorySegment frame, long offset, int bytes) {
    received.inspect(frame, offset, bytes);
    return receive[queueOfFrame()].deliver(frame, offset, bytes);
  }

  /** RQPL says how many bits of the redirection table count (7.1.2.8). */
  private int queueOfFrame() {
    int bits = psrtype >>> PSRTYPE_RQPL_SHIFT;
    if (bits == 0 || (received.packetInfo & 0xF) == 0) {
      return 0;
    }
    int entry = RssHash.queue(received.rss & RssHash.TABLE_ENTRIES - 1);
    return entry & (1 << bits) - 1;
  }

  @Override
  public void onLink(boolean up, int mbps) {
    int speed =
        mbps >= 10_000 ? VFLINKS_SPEED_10G : mbps >= 1_000 ? VFLINKS_SPEED_1G : VFLINKS_SPEED_100M;
    links = up ? VFLINKS_UP | speed : 0;
    port.registersChanged();
    mailbox.ping();
  }

  // ---- registers

  int read(int offset) {
    if (offset >= VFMBMEM && offset < VFMBMEM + 4 * VFMBMEM_WORDS) {
      return mailbox.readWord(offset - VFMBMEM >> 2);
    }
    if (offset >= RECEIVE_QUEUES && offset < RECEIVE_QUEUES + QUEUES_END) {
      return readReceive(offset);
    }
    if (offset >= TRANSMIT_QUEUES && offset < TRANSMIT_QUEUES + QUEUES_END) {
      return readTransmit(offset);
    }
    return switch (offset) {
      case VFLINKS -> links;
      case VFMAILBOX -> mailbox.read();
      case VFFRTIMER -> (int) ((port.nowNs() - startNs) / MILLISECOND_NS);
      case VFPSRTYPE -> psrtype;
      default ->
          offset >= VTEICR && offset < VFMBMEM || isThrottle(offset) ? causes.read(offset) : 0;
    };
  }

  void write(int offset, int value) {
    if (offset >= VFMBMEM && offset < VFMBMEM + 4 * VFMBMEM_WORDS) {
      mailbox.writeWord(offset - VFMBMEM >> 2, value);
    } else if (offset >= RECEIVE_QUEUES && offset < RECEIVE_QUEUES + QUEUES_END) {
      writeReceive(offset, value);
    } else if (offset >= TRANSMIT_QUEUES && offset < TRANSMIT_QUEUES + QUEUES_END) {
      writeTransmit(offset, value);
    } else if (offset == VFMAILBOX) {
      mailbox.write(value);
    } else if (offset == VFPSRTYPE) {
      psrtype(value);
    } else if (offset >= VTEICR && offset < VFMBMEM || isThrottle(offset)) {
      causes.write(offset, value);
    } else if (offset == VFCTRL && (value & VFCTRL_RST) != 0) {
      functionReset();
    }
  }

  private static boolean isThrottle(int offset) {
    return offset >= VTEITR && offset < VTEITR + 4 * PciId.MSIX_VECTORS;
  }

  private void psrtype(int value) {
    psrtype = value;
    for (ReceiveQueue queue : receive) {
      queue.psrtype(value);
    }
  }

  private int readReceive(int offset) {
    ReceiveQueue queue = receive[offset - RECEIVE_QUEUES >> 6];
    return switch (offset & QUEUE_STRIDE - 1) {
      case VFRDBAL -> queue.ring.baseLow();
      case VFRDBAH -> queue.ring.baseHigh();
      case VFRDLEN -> queue.ring.bytes();
      case VFRDH -> queue.ring.head();
      case VFRDT -> queue.ring.tail();
      case VFSRRCTL -> queue.srrctl();
      case VFRXDCTL -> queue.rxdctl();
      default -> statistics.read(offset);
    };
  }

  private void writeReceive(int offset, int value) {
    ReceiveQueue queue = receive[offset - RECEIVE_QUEUES >> 6];
    switch (offset & QUEUE_STRIDE - 1) {
      case VFRDBAL -> queue.ring.baseLow(value);
      case VFRDBAH -> queue.ring.baseHigh(value);
      case VFRDLEN -> queue.ring.bytes(value);
      case VFRDH -> queue.ring.head(value);
      case VFRDT -> queue.tail(value);
      case VFSRRCTL -> queue.srrctl(value);
      case VFRXDCTL -> queue.rxdctl(value);
      default -> {
        // Hints about caches, coalescing (which functions do not have), counters.
      }
    }
  }

  private int readTransmit(int offset) {
    TransmitQueue queue = transmit[offset - TRANSMIT_QUEUES >> 6];
    return switch (offset & QUEUE_STRIDE - 1) {
      case VFTDBAL -> queue.ring.baseLow();
      case VFTDBAH -> queue.ring.baseHigh();
      case VFTDLEN -> queue.ring.bytes();
      case VFTDH -> queue.ring.head();
      case VFTDT -> queue.ring.tail();
      case VFTXDCTL -> queue.txdctl();
      case VFTDWBAL -> queue.headAddressLow();
      case VFTDWBAH -> queue.headAddressHigh();
      default -> statistics.read(offset);
    };
  }

  private void writeTransmit(int offset, int value) {
    TransmitQueue queue = transmit[offset - TRANSMIT_QUEUES >> 6];
    switch (offset & QUEUE_STRIDE - 1) {
      case VFTDBAL -> queue.ring.baseLow(value);
      case VFTDBAH -> queue.ring.baseHigh(value);
      case VFTDLEN -> queue.ring.bytes(value);
      case VFTDH -> queue.ring.head(value);
      case VFTDT -> queue.tail(value);
      case VFTXDCTL -> queue.txdctl(value);
      case VFTDWBAL -> queue.headAddressLow(value);
      case VFTDWBAH -> queue.headAddressHigh(value);
      default -> {
        // Hints about caches, counters.
      }
    }
  }
}
