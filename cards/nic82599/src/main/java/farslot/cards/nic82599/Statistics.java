package farslot.cards.nic82599;

import static farslot.cards.nic82599.spec.VfRegister.*;

import farslot.cards.nic82599.bridge.Mac;
import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;
import farslot.pcie.LittleEndian;
import java.lang.foreign.MemorySegment;

/**
 * The function's counters (8.3.5.5): packets in 32 bits, octets in 36, all of them wrap. Multicasts
 * are those that are no broadcasts. Octets count from the destination address to the FCS, which
 * exists only here.
 */
final class Statistics {
  private static final int FCS_BYTES = 4;

  private int packetsReceived;
  private int multicastsReceived;
  private long octetsReceived;
  private int packetsSent;
  private long octetsSent;

  void reset() {
    packetsReceived = 0;
    multicastsReceived = 0;
    octetsReceived = 0;
    packetsSent = 0;
    octetsSent = 0;
  }

  void received(MemorySegment frame, long at, int bytes) {
    packetsReceived++;
    octetsReceived += bytes + FCS_BYTES;
    boolean group = (LittleEndian.u8(frame, at) & 1) != 0;
    multicastsReceived += group && Mac.read(frame, at) != Mac.BROADCAST ? 1 : 0;
  }

  void sent(int bytes) {
    packetsSent++;
    octetsSent += bytes + FCS_BYTES;
  }

  void save(StateWriter state) {
    state.part("nic82599.statistics", 1);
    state.i32(packetsReceived).i32(multicastsReceived).i64(octetsReceived);
    state.i32(packetsSent).i64(octetsSent);
  }

  void restore(StateReader state) throws StateException {
    state.part("nic82599.statistics", 1);
    packetsReceived = state.i32();
    multicastsReceived = state.i32();
    octetsReceived = state.i64();
    packetsSent = state.i32();
    octetsSent = state.i64();
  }

  /** A counter, by its register. */
  int read(int register) {
    return switch (register) {
      case VFGPRC -> packetsReceived;
      case VFMPRC -> multicastsReceived;
      case VFGORC_LSB -> (int) octetsReceived;
      case VFGORC_MSB -> (int) (octetsReceived >>> 32) & OCTETS_MSB_MASK;
      case VFGPTC -> packetsSent;
      case VFGOTC_LSB -> (int) octetsSent;
      case VFGOTC_MSB -> (int) (octetsSent >>> 32) & OCTETS_MSB_MASK;
      default -> 0;
    };
  }
}
