package farslot.cards.nic82599;

import static farslot.cards.nic82599.spec.RxDescriptor.*;
import static farslot.cards.nic82599.spec.VfRegister.*;

import farslot.function.Dma;
import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;
import farslot.pcie.LittleEndian;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A receive queue (7.1.9): frames go into the buffers that its descriptors name, as many as a frame
 * needs, straight from where the sender's bytes are. Descriptors are here ahead; a frame that comes
 * while they are on the way, or before software has given any back, waits, as in the packet buffer
 * of an 82599 without drop enable. There all queues share that buffer, and one that is stuck holds
 * up the others; here each has its own, so only what no longer fits is dropped.
 *
 * <p>Each descriptor is written back by itself. Several that lie side by side would be one write,
 * but software sees what a write brings in any order, may give one of them away again at once, and
 * would find it overwritten.
 */
final class ReceiveQueue implements DescriptorRing.Owner {
  private static final int TAG_BYTES = 4;
  private static final int TAG_AT = 12;

  private final int number;
  private final Common common;
  private final Dma dma;
  private final Received received;
  final DescriptorRing ring;
  private final FrameStore waiting = new FrameStore(NicLimits.RECEIVE_BYTES);

  /** A frame whose tag has been taken out. */
  private final MemorySegment untagged;

  private final MemorySegment writeBack = Arena.ofAuto().allocate(BYTES, BYTES);
  private int rxdctl;
  private int srrctl;
  private int psrtype;
  private boolean paused;

  ReceiveQueue(int number, Common common, Received received, MemorySegment untagged) {
    this.number = number;
    this.common = common;
    this.received = received;
    this.untagged = untagged;
    dma = common.port().dma();
    ring = new DescriptorRing(common.port(), this);
  }

  /** The function was reset from outside. */
  void forget() {
    ring.forget();
    clear();
  }

  /** VFCTRL.RST. */
  void clear() {
    ring.clear();
    waiting.clear();
    rxdctl = 0;
    srrctl = 0;
  }

  /** Frames that come are kept, and nothing is fetched or delivered. */
  void pause(boolean on) {
    paused = on;
  }

  boolean isQuiet() {
    return ring.isQuiet();
  }

  void save(StateWriter state) {
    state.part("nic82599.receive" + number, 2);
    ring.save(state);
    state.i32(rxdctl).i32(srrctl);
    waiting.save(state);
  }

  void restore(StateReader state) throws StateException {
    state.part("nic82599.receive" + number, 2);
    ring.restore(state);
    rxdctl = state.i32();
    srrctl = state.i32();
    waiting.restore(state, untagged);
    state.require(waiting.isEmpty() || takes(), "frames wait in vain");
  }

  int rxdctl() {
    return rxdctl & ~RXDCTL_ENABLE | (ring.enabled() ? RXDCTL_ENABLE : 0);
  }

  void rxdctl(int value) {
    rxdctl = value;
    boolean enable = (value & RXDCTL_ENABLE) != 0;
    if (!enable) {
      waiting.clear();
    }
    ring.enable(enable);
  }

  int srrctl() {
    return srrctl;
  }

  void srrctl(int value) {
    srrctl = value;
  }

  void psrtype(int value) {
    psrtype = value;
  }

  /** VFRDT. */
  void tail(int value) {
    ring.tail(value);
    common.turn().later();
  }

  @Override
  public void started() {
    waiting.clear();
  }

  @Override
  public void arrived() {
    common.turn().later();
  }

  @Override
  public void failed() {
    waiting.clear();
    common.counts().receiveHangs++;
  }

  /** The end of a turn, or there is room on the link: frames that wait, then more descriptors. */
  void work() {
    if (paused || !takes()) {
      return;
    }
    while (!waiting.isEmpty()) {
      MemorySegment frame = waiting.memory();
      int at = waiting.firstAt();
      int bytes = waiting.firstBytes();
      received.inspect(frame, at, bytes);
      if (!fits(bytes)) {
        break;
      }
      put(frame, at, bytes);
      waiting.removeFirst();
    }
    ring.fetch(NicLimits.RECEIVE_FETCH_DESCRIPTORS);
  }

  /**
   * A frame for this queue, which {@link Received} has inspected.
   *
   * @return false when it is dropped
   */
  boolean deliver(MemorySegment frame, long at, int bytes) {
    boolean taken = takes() && (putNow(frame, at, bytes) || keep(frame, at, bytes));
    if (!taken) {
      common.counts().receiveDrops++;
    }
    return taken;
  }

  private boolean putNow(MemorySegment frame, long at, int bytes) {
    if (paused || !waiting.isEmpty() || !fits(bytes)) {
      return false;
    }
    put(frame, at, bytes);
    // Also fetches, when few descriptors are left.
    common.turn().later();
    return true;
  }

  private boolean keep(MemorySegment frame, long at, int bytes) {
    if (descriptors(bytes) > ring.givenMax() || !waiting.add(frame, at, bytes)) {
      return false;
    }
    common.counts().receiveWaits++;
    common.turn().later();
    return true;
  }

  private boolean fits(int bytes) {
    return ring.available() >= descriptors(bytes) && dma.hasRoom();
  }

  /** Whether it is on, and what SRRCTL asks for is there: legacy descriptors are not. */
  private boolean takes() {
    boolean advanced =
        switch (srrctl & SRRCTL_DESCTYPE_MASK) {
          case SRRCTL_DESCTYPE_ADV_ONEBUF,
              SRRCTL_DESCTYPE_HDR_SPLIT,
              SRRCTL_DESCTYPE_HDR_SPLIT_ALWAYS ->
              true;
          default -> false;
        };
    return ring.works() && advanced && bufferBytes() > 0;
  }

  private int bufferBytes() {
    return (srrctl & SRRCTL_BSIZEPACKET_MASK) << SRRCTL_BSIZEPACKET_SHIFT;
  }

  private boolean strips() {
    return received.headers.tag >= 0 && (rxdctl & RXDCTL_VME) != 0;
  }

  /** How many a frame needs. */
  private int descriptors(int bytes) {
    int body = bytes - (strips() ? TAG_BYTES : 0) - headerBufferBytes(bytes);
    return Math.max(1, (body + bufferBytes() - 1) / bufferBytes());
  }

  /** Bytes of the frame that go into the header buffer (7.1.10). */
  private int headerBufferBytes(int bytes) {
    int most = (srrctl & SRRCTL_BSIZEHEADER_MASK) >>> SRRCTL_BSIZEHEADER_TO_BYTES;
    int header = headerBytes();
    return switch (srrctl & SRRCTL_DESCTYPE_MASK) {
      case SRRCTL_DESCTYPE_HDR_SPLIT -> header <= most ? header : 0;
      case SRRCTL_DESCTYPE_HDR_SPLIT_ALWAYS ->
          header > 0 && header <= most
              ? header
              : Math.min(most, bytes - (strips() ? TAG_BYTES : 0));
      default -> 0;
    };
  }

  private int headerBytes() {
    int header = received.headers.splitBytes(psrtype);
    return header > 0 && strips() ? header - TAG_BYTES : header;
  }

  private void put(MemorySegment frame, long at, int bytes) {
    common.statistics().received(frame, at, bytes);
    if (strips()) {
      MemorySegment.copy(frame, at, untagged, 0, TAG_AT);
      int behind = TAG_AT + TAG_BYTES;
      MemorySegment.copy(frame, at + behind, untagged, TAG_AT, bytes - behind);
      putBytes(untagged, 0, bytes - TAG_BYTES, headerBufferBytes(bytes), descriptors(bytes));
    } else {
      putBytes(frame, at, bytes, headerBufferBytes(bytes), descriptors(bytes));
    }
    common.causes().received(number);
  }

  private void putBytes(MemorySegment frame, long at, int bytes, int split, int descriptors) {
    if (split > 0) {
      long to = LittleEndian.i64(ring.memory(), ring.at(0) + HEADER_ADDRESS);
      dma.write(to & ~1L, frame, at, split);
    }
    int done = split;
    for (int i = 0; i < descriptors; i++) {
      int part = Math.min(bytes - done, bufferBytes());
      if (part > 0) {
        long to = LittleEndian.i64(ring.memory(), ring.at(i) + PACKET_ADDRESS);
        dma.write(to, frame, at + done, part);
      }
      done += part;
      describe(part, i == 0 ? split : 0, i == descriptors - 1);
      dma.write(ring.address(ring.index(i)), writeBack, 0, BYTES);
    }
    ring.take(descriptors);
    ring.usedUpTo(ring.index(0));
  }

  private void describe(int part, int split, boolean last) {
    int headerBytes = Math.min(headerBytes(), HDR_LEN_MAX);
    int headerInfo = split > 0 ? SPH | Math.min(split, HDR_LEN_MAX) << HDR_LEN_SHIFT : 0;
    boolean splits = (srrctl & SRRCTL_DESCTYPE_MASK) >= SRRCTL_DESCTYPE_HDR_SPLIT;
    if (splits && split == 0) {
      headerInfo = headerBytes << HDR_LEN_SHIFT;
    }
    boolean strips = strips();
    int vlan = strips && last ? received.headers.tag : 0;
    int whole = received.status | STAT_EOP | (strips ? STAT_VP : 0);
    LittleEndian.u16(writeBack, PKT_INFO, received.packetInfo);
    LittleEndian.u16(writeBack, HDR_INFO, headerInfo);
    LittleEndian.i32(writeBack, RSS, received.rss);
    LittleEndian.i32(writeBack, STATUS_ERROR, STAT_DD | (last ? whole : 0));
    LittleEndian.u16(writeBack, LENGTH, part);
    LittleEndian.u16(writeBack, VLAN, vlan);
  }
}
