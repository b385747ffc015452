package farslot.cards.nic82599.guide;

import static farslot.cards.nic82599.spec.VfRegister.*;

import farslot.function.DmaGuide;
import farslot.function.GuidePort;
import farslot.pcie.LittleEndian;
import java.lang.foreign.MemorySegment;

/**
 * Sends along what is new in a transmit queue, with its tail: descriptors and the data that they
 * name, as steady, for both are the card's from the tail's write until the card reports them done.
 * So a frame is out after one way to the card, without a round trip.
 *
 * <p>Receive descriptors are left to the card, which asks for them long before it needs them.
 */
final class VfGuide implements DmaGuide {
  private static final int END = GuideLimits.QUEUES * QUEUE_STRIDE;

  private final GuidePort port;
  private final GuidedRing[] receive = new GuidedRing[GuideLimits.QUEUES];
  private final GuidedRing[] transmit = new GuidedRing[GuideLimits.QUEUES];
  private final Transmissions transmissions;

  /** Registers were written in a way that is not followed: until the function's next reset. */
  private boolean lost;

  VfGuide(GuidePort port) {
    this.port = port;
    transmissions = new Transmissions(port);
    for (int i = 0; i < GuideLimits.QUEUES; i++) {
      receive[i] = new GuidedRing();
      transmit[i] = new GuidedRing();
    }
  }

  @Override
  public void reset() {
    for (int i = 0; i < GuideLimits.QUEUES; i++) {
      receive[i].reset();
      transmit[i].reset();
    }
    lost = false;
  }

  /** Tails: only where the ring ends now counts. */
  @Override
  public boolean lastCounts(int bar, long offset, int bytes) {
    long register = offset & QUEUE_STRIDE - 1;
    return bar == 0
        && bytes == 4
        && (register == VFRDT && isReceive(offset) || register == VFTDT && isTransmit(offset));
  }

  private static boolean isReceive(long offset) {
    return offset >= RECEIVE_QUEUES && offset < RECEIVE_QUEUES + END;
  }

  private static boolean isTransmit(long offset) {
    return offset >= TRANSMIT_QUEUES && offset < TRANSMIT_QUEUES + END;
  }

  @Override
  public void onWrite(int bar, long offset, MemorySegment from, long at, int bytes) {
    if (bar != 0) {
      return;
    }
    if ((offset & 3) != 0 || bytes != 4 && bytes != 8) {
      lost = true;
      port.leaveAll();
      return;
    }
    for (int i = 0; i < bytes; i += 4) {
      written(offset + i, LittleEndian.i32(from, at + i));
    }
  }

  private void written(long offset, int value) {
    int register = (int) offset & QUEUE_STRIDE - 1;
    if (isReceive(offset)) {
      receive(receive[(int) (offset - RECEIVE_QUEUES) / QUEUE_STRIDE], register, value);
    } else if (isTransmit(offset)) {
      transmit(transmit[(int) (offset - TRANSMIT_QUEUES) / QUEUE_STRIDE], register, value);
    } else if (offset == VFCTRL && (value & VFCTRL_RST) != 0) {
      reset();
      port.leaveAll();
    }
  }

  private void receive(GuidedRing ring, int register, int value) {
    switch (register) {
      case VFRDBAL -> ring.baseLow(value);
      case VFRDBAH -> ring.baseHigh(value);
      case VFRDLEN -> ring.bytes(value);
      case VFRDH -> ring.head(value);
      case VFRXDCTL -> enable(ring, (value & RXDCTL_ENABLE) != 0);
      case VFRDT -> {
        int before = ring.tail();
        ring.tail(value);
        if (ring.isOn()) {
          leave(ring, before);
        }
      }
      default -> {
        // Nothing that makes the card read.
      }
    }
  }

  private void transmit(GuidedRing ring, int register, int value) {
    switch (register) {
      case VFTDBAL -> ring.baseLow(value);
      case VFTDBAH -> ring.baseHigh(value);
      case VFTDLEN -> ring.bytes(value);
      case VFTDH -> ring.head(value);
      case VFTXDCTL -> enable(ring, (value & TXDCTL_ENABLE) != 0);
      case VFTDT -> {
        int before = ring.tail();
        ring.tail(value);
        if (lost || ring.isOn() && !transmissions.push(ring, before)) {
          port.leaveAll();
        }
      }
      default -> {
        // Nothing that makes the card read.
      }
    }
  }

  /** The card reads what lies between head and tail, if anything does, which is not usual. */
  private void enable(GuidedRing ring, boolean on) {
    ring.on(on);
    if (on && ring.head() != ring.tail()) {
      port.leaveAll();
    }
  }

  /** The card reads the new descriptors, some time. */
  private void leave(GuidedRing ring, int from) {
    if (lost || !ring.holds(from) || !ring.holds(ring.tail())) {
      port.leaveAll();
      return;
    }
    int count = ring.count(from, ring.tail());
    int first = ring.inARow(from, count);
    name(ring, from, first);
    name(ring, 0, count - first);
  }

  private void name(GuidedRing ring, int from, int count) {
    if (count > 0) {
      port.leave(ring.address(from), (int) (ring.address(count) - ring.address(0)));
    }
  }
}
