package farslot.cards.nic82599;

import static farslot.cards.nic82599.spec.TxDescriptor.*;
import static farslot.cards.nic82599.spec.VfRegister.*;

import farslot.function.Dma;
import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;
import farslot.pcie.CompletionStatus;
import farslot.pcie.LittleEndian;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A transmit queue (7.2.3): descriptors are fetched many at a time, the data of many packets are on
 * the way at once, frames go out in the queue's order. What no driver does (no end of packet in 40
 * descriptors, offloads without or beyond their context, memory that is not there) stops the queue
 * as it stops the hardware's, until the driver, which sees it hang, resets the function.
 */
final class TransmitQueue implements DescriptorRing.Owner, Dma.Done, Offloads.Sink {
  private static final int ALIGNMENT_BYTES = 64;
  private static final int HEAD_WRITE_BACK_ADDRESS_MASK = ~3;
  private static final int CONTEXT_BYTES = BYTES;

  private final int number;
  private final Common common;
  private final Dma dma;
  final DescriptorRing ring;

  /** Packets between their descriptors and their last frame, oldest first, by number modulo. */
  private final TransmitPacket[] packets = new TransmitPacket[NicLimits.PACKETS];

  private int first;
  private int next;

  private final TransmitMemory places = new TransmitMemory(NicLimits.TRANSMIT_BYTES);

  /** Had when the queue is first used. */
  private MemorySegment memory;

  private Offloads offloads;

  private final MemorySegment contexts = Arena.ofAuto().allocate(CONTEXTS * CONTEXT_BYTES, 8);
  private int contextsKnown;

  /** A descriptor with DD, or the head. */
  private final MemorySegment writeBack = Arena.ofAuto().allocate(BYTES, BYTES);

  private int txdctl;
  private long headAddress;
  private boolean headMoved;
  private boolean paused;

  TransmitQueue(int number, Common common) {
    this.number = number;
    this.common = common;
    dma = common.port().dma();
    ring = new DescriptorRing(common.port(), this);
    for (int i = 0; i < packets.length; i++) {
      packets[i] = new TransmitPacket();
    }
  }

  /** The function was reset from outside. */
  void forget() {
    ring.forget();
    clear();
  }

  /** VFCTRL.RST. */
  void clear() {
    ring.clear();
    txdctl = 0;
    headAddress = 0;
  }

  /** No descriptors are looked at; packets that are under way still go out. */
  void pause(boolean on) {
    paused = on;
  }

  boolean isQuiet() {
    return ring.isQuiet() && (first == next || !ring.works());
  }

  void save(StateWriter state) {
    state.part("nic82599.transmit" + number, 2);
    ring.save(state);
    state.i32(txdctl).i64(headAddress).u8(contextsKnown);
    state.bytes(contexts, 0, CONTEXTS * CONTEXT_BYTES);
  }

  void restore(StateReader state) throws StateException {
    state.part("nic82599.transmit" + number, 2);
    ring.restore(state);
    txdctl = state.i32();
    headAddress = state.i64();
    contextsKnown = state.u8();
    state.require(contextsKnown < 1 << CONTEXTS, "there are no such contexts");
    state.bytes(contexts, 0, CONTEXTS * CONTEXT_BYTES);
  }

  int txdctl() {
    return txdctl & ~TXDCTL_ENABLE | (ring.enabled() ? TXDCTL_ENABLE : 0);
  }

  void txdctl(int value) {
    txdctl = value & ~TXDCTL_SWFLSH; // clears itself: nothing is held back here
    ring.enable((value & TXDCTL_ENABLE) != 0);
  }

  int headAddressLow() {
    return (int) headAddress;
  }

  int headAddressHigh() {
    return (int) (headAddress >>> 32);
  }

  void headAddressLow(int value) {
    headAddress = headAddress & ~0xFFFF_FFFFL | value & 0xFFFF_FFFFL;
  }

  void headAddressHigh(int value) {
    headAddress = headAddress & 0xFFFF_FFFFL | (long) value << 32;
  }

  /** VFTDT. */
  void tail(int value) {
    ring.tail(value);
    common.turn().later();
  }

  @Override
  public void started() {
    first = 0;
    next = 0;
    contextsKnown = 0;
    headMoved = false;
    places.clear();
    if (memory == null) {
      memory = Arena.ofAuto().allocate(NicLimits.TRANSMIT_BYTES, ALIGNMENT_BYTES);
      offloads = new Offloads(memory, this);
    }
  }

  @Override
  public void arrived() {
    common.turn().later();
  }

  @Override
  public void failed() {
    common.counts().transmitHangs++;
  }

  /** The end of a turn: descriptors, their data, and frames whose data are here. */
  void work() {
    if (!ring.works()) {
      return;
    }
    more();
    send();
    if (headMoved) {
      headMoved = false;
      writeHead();
    }
  }

  private void more() {
    if (!paused && ring.works()) {
      take();
      ring.fetch(1);
    }
  }

  // ---- descriptors

  /** Makes packets of the descriptors that are here, and begins to read their data. */
  private void take() {
    while (ring.works() && next - first < NicLimits.PACKETS && ring.available() > 0) {
      int command = LittleEndian.i32(ring.memory(), ring.at(0) + CMD_TYPE_LEN);
      if ((command & (DCMD_DEXT | DTYP_MASK)) == (DCMD_DEXT | DTYP_CONTEXT)) {
        takeContext();
      } else if (!takePacket()) {
        return;
      }
    }
  }

  private void takeContext() {
    int from = ring.at(0);
    int context = LittleEndian.i32(ring.memory(), from + MSS_L4LEN_IDX) >>> IDX_SHIFT & IDX_MASK;
    MemorySegment.copy(ring.memory(), from, contexts, context * CONTEXT_BYTES, CONTEXT_BYTES);
    contextsKnown |= 1 << context;
    ring.take(1);
  }

  /** Returns whether there was a whole one, and room for it. */
  private boolean takePacket() {
    int descriptors = descriptorsOfPacket();
    if (descriptors == 0) {
      return false;
    }
    TransmitPacket packet = packets[next & NicLimits.PACKETS - 1];
    packet.bytes = dataBytes(descriptors);
    if (packet.bytes < PACKET_BYTES_MIN || packet.bytes > PACKET_BYTES_MAX || !describe(packet)) {
      ring.fail();
      return false;
    }
    int room = NicLimits.HEADROOM_BYTES + packet.bytes + ALIGNMENT_BYTES - 1 & -ALIGNMENT_BYTES;
    int place = places.take(room);
    if (place < 0) {
      return false; // until packets before it are gone
    }
    packet.memoryBegin = place;
    packet.at = place + NicLimits.HEADROOM_BYTES;
    packet.firstIndex = ring.index(0);
    packet.endIndex = ring.index(descriptors);
    next++;
    read(packet, descriptors);
    ring.take(descriptors);
    return true;
  }

  /**
   * How many descriptors the next packet has; 0 when its end is not here, or when they are no
   * packet at all.
   */
  private int descriptorsOfPacket() {
    int here = Math.min(ring.available(), PER_PACKET_MAX);
    for (int i = 0; i < here; i++) {
      int command = LittleEndian.i32(ring.memory(), ring.at(i) + CMD_TYPE_LEN);
      if ((command & (DCMD_DEXT | DTYP_MASK)) != (DCMD_DEXT | DTYP_DATA)) {
        ring.fail();
        return 0;
      }
      if ((command & DCMD_EOP) != 0) {
        return i + 1;
      }
    }
    if (here == PER_PACKET_MAX) {
      ring.fail();
    }
    return 0;
  }

  private int dataBytes(int descriptors) {
    int bytes = 0;
    for (int i = 0; i < descriptors; i++) {
      bytes += LittleEndian.i32(ring.memory(), ring.at(i) + CMD_TYPE_LEN) & DTALEN_MASK;
    }
    return bytes;
  }

  /** What the first descriptor says holds for the packet. Returns whether it can be done. */
  private boolean describe(TransmitPacket packet) {
    packet.cmdTypeLen = LittleEndian.i32(ring.memory(), ring.at(0) + CMD_TYPE_LEN);
    packet.olinfoStatus = LittleEndian.i32(ring.memory(), ring.at(0) + OLINFO_STATUS);
    packet.hasContext = (contextsKnown & 1 << packet.context()) != 0;
    packet.takeContext(contexts, (long) packet.context() * CONTEXT_BYTES);
    packet.reads = 0;
    packet.failed = false;
    packet.reports = 0;
    packet.sent = 0;
    packet.begun = false;
    return Offloads.possible(packet);
  }

  private void read(TransmitPacket packet, int descriptors) {
    int to = packet.at;
    int cookie = next - 1 & NicLimits.PACKETS - 1;
    for (int i = 0; i < descriptors; i++) {
      int from = ring.at(i);
      int command = LittleEndian.i32(ring.memory(), from + CMD_TYPE_LEN);
      int bytes = command & DTALEN_MASK;
      packet.reports |= (command & DCMD_RS) != 0 ? 1L << i : 0;
      if (bytes > 0) {
        packet.reads++;
        ring.readBegins();
        dma.read(LittleEndian.i64(ring.memory(), from + ADDRESS), memory, to, bytes, this, cookie);
        to += bytes;
      }
    }
  }

  /** Some of a packet's data are here. */
  @Override
  public void done(long cookie, CompletionStatus status) {
    if (!ring.readEnds()) {
      return;
    }
    TransmitPacket packet = packets[(int) cookie];
    packet.reads--;
    packet.failed |= status != CompletionStatus.SC;
    if (packet.reads == 0) {
      common.turn().later();
    }
  }

  // ---- frames

  private void send() {
    int left = NicLimits.FRAMES_A_TURN;
    while (ring.works() && first != next) {
      TransmitPacket packet = packets[first & NicLimits.PACKETS - 1];
      if (packet.reads > 0) {
        return;
      }
      if (packet.failed) {
        ring.fail();
        return;
      }
      if (left <= 0) {
        common.turn().later(); // after others, which also have a turn
        return;
      }
      left -= offloads.send(packet, left);
      if (Offloads.done(packet)) {
        sent(packet);
      }
    }
    // Packets that had no room, and descriptors that had no packet.
    if (ring.available() > 0) {
      more();
    }
  }

  private void sent(TransmitPacket packet) {
    first++;
    places.give(first == next ? -1 : packets[first & NicLimits.PACKETS - 1].memoryBegin);
    ring.usedUpTo(packet.endIndex);
    if (packet.reports != 0) {
      report(packet);
    }
  }

  /** RS (7.2.3.5): each descriptor by itself, for the reason that {@link ReceiveQueue} has. */
  private void report(TransmitPacket packet) {
    if ((headAddress & TDWBAL_HEAD_WB_EN) != 0) {
      headMoved = true;
    } else {
      LittleEndian.i64(writeBack, 0, 0);
      LittleEndian.i64(writeBack, CMD_TYPE_LEN, (long) STA_DD << 32);
      for (long left = packet.reports; left != 0; left &= left - 1) {
        int index = ring.along(packet.firstIndex, Long.numberOfTrailingZeros(left));
        dma.write(ring.address(index), writeBack, 0, BYTES);
      }
    }
    common.causes().transmitted(number);
  }

  /** Instead of descriptors (7.2.3.5.2): the head, once for all packets of a turn. */
  private void writeHead() {
    LittleEndian.i32(writeBack, 0, ring.head());
    dma.write(headAddress & HEAD_WRITE_BACK_ADDRESS_MASK, writeBack, 0, Integer.BYTES);
  }

  @Override
  public void frame(MemorySegment frames, long at, int bytes) {
    common.statistics().sent(bytes);
    common.bridge().send(frames, at, bytes);
  }
}
