package farslot.link;

import java.lang.foreign.MemorySegment;

/**
 * One way for frames to the peer: a TCP connection, an Ethernet port, a pair of queues in a test. A
 * carrier implements it and calls the session's {@code onFrame} and {@code onRailDown}.
 */
public interface Rail {
  /**
   * Takes one whole frame if it can now. The bytes are copied or written before this returns.
   *
   * @return false when the carrier is full; {@code onRailWritable} follows
   */
  boolean send(MemorySegment segment, long offset, int frameBytes);

  /** Ends the rail; nothing more is delivered from it. */
  void close(String cause);

  /** Largest frame that it takes, bytes. */
  int frameBytesMax();

  /** Whether the carrier guards integrity itself (TCP, memory); otherwise frames carry a CRC. */
  boolean reliable();

  /** For people: {@code tcp 10.0.0.2:7580}. */
  String describe();
}
