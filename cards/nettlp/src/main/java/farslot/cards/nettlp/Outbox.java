package farslot.cards.nettlp;

import static farslot.pcie.nettlp.NetTlpFormat.HEADER_BYTES;

import farslot.function.Agent;
import farslot.function.DatagramPorts;
import farslot.pcie.BigEndian;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Where datagrams for the program are made: one at a time, in place. */
final class Outbox {
  /** Where the TLP begins in {@link #segment}. */
  static final int TLP = HEADER_BYTES;

  private static final int BYTES = 512;
  private static final int TIME_STAMP = 2;

  private final DatagramPorts ports;
  private final Agent agent;
  private final NetTlpCounters counters;
  private final MemorySegment segment = Arena.ofAuto().allocate(BYTES, Long.BYTES);
  private int sequence;

  Outbox(DatagramPorts ports, Agent agent, NetTlpCounters counters) {
    this.ports = ports;
    this.agent = agent;
    this.counters = counters;
  }

  MemorySegment segment() {
    return segment;
  }

  /** Sends the TLP, with NetTLP's header: a running number and our clock's low bits. */
  void sendTlp(int port, int tlpBytes) {
    BigEndian.u16(segment, 0, sequence++);
    BigEndian.i32(segment, TIME_STAMP, (int) agent.nowNs());
    send(port, TLP + tlpBytes);
  }

  /** Sends what is in {@link #segment} as it is. */
  void send(int port, int bytes) {
    if (!ports.send(port, segment, 0, bytes)) {
      counters.add(NetTlpEvent.SENDS_LOST);
    }
  }
}
