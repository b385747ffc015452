package farslot.link;

import java.lang.foreign.MemorySegment;

/**
 * One way for frames to the peer: a TCP connection, an Ethernet port, a pair of queues in a test. A
 * carrier implements it, announces it with {@link RailTaker#onRail} and reports what comes out of
 * it to the {@link RailListener} that it gets in return. On the owner's thread only.
 */
public interface Rail {
  /**
   * Takes as many whole frames as it can now from a run of them that lie back to back. What is
   * taken is copied or written before this returns.
   *
   * @param bytes length of the run; each frame's own length stands in its header
   * @return bytes taken, always whole frames from the front; less than {@code bytes} when the
   *     carrier is full, and then {@link RailListener#onWritable} follows
   */
  int send(MemorySegment segment, long offset, int bytes);

  /**
   * Ends the rail after what it took has gone out, as far as that is possible without waiting long.
   * Nothing more is delivered from it, {@link RailListener#onDown} neither.
   */
  void close(String cause);

  /** Largest frame that it takes, bytes. */
  int frameBytesMax();

  /**
   * Whether the carrier guards integrity and order itself (TCP, memory); otherwise frames carry a
   * CRC.
   */
  boolean reliable();

  /**
   * Whether the session has other rails at the moment. Then a carrier should take no more than it
   * needs to stay busy, since what waits in it cannot go over a faster one.
   */
  default void sharesLoad(boolean shares) {}

  /**
   * Who is at the other end, and what guards the frames. The name does not change while the rail
   * lasts, and is known before the rail is announced.
   */
  default RailProtection protection() {
    return RailProtection.NONE;
  }

  /** For people: {@code tcp 10.0.0.2:7580}. */
  String describe();
}
