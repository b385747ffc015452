package farslot.pcie;

import java.lang.foreign.MemorySegment;

/**
 * Where TLPs are sent: one function's ordered stream in one direction. The sender encodes in place,
 * so that a payload is copied once, from where it lives to where it waits to be acknowledged:
 *
 * <pre>{@code
 * long at = out.claim(FlowClass.POSTED, 16 + bytes, bytes);
 * if (at < 0) { park the work; TlpIn.onRoom will call }
 * TlpEncoder.memoryWrite(out.segment(), at, ...);
 * out.commit();
 * }</pre>
 *
 * <p>Between a claim and its commit no other call to this object is allowed. Order is kept among
 * TLPs of one class; a class that is blocked does not block posted requests or completions. Used on
 * the owner's thread only.
 */
public interface TlpOut {
  /**
   * Claims room for one TLP.
   *
   * @param flow the TLP's class, which says whose credits it takes
   * @param tlpBytes the whole TLP: prefixes, header, data, digest; a multiple of 4, at most {@link
   *     TlpLimits#TLP_BYTES_MAX}
   * @param dataBytes the data part, which takes one data credit per 16 bytes begun; 0 if none
   * @return the offset in {@link #segment()} to encode at, or -1 when credits or buffer are used up
   *     now, in which case {@link TlpIn#onRoom()} follows once there is room again; also -1 for
   *     ever when the stream is down
   */
  long claim(FlowClass flow, int tlpBytes, int dataBytes);

  /** The memory that the last claim's offset counts in. Changes from claim to claim. */
  MemorySegment segment();

  /** Sends what was claimed. It goes out at the end of the agent's turn, batched with others. */
  void commit();

  /** Whether the other end takes what {@link #claimPush} sends. May change when a stream begins. */
  default boolean pushes() {
    return false;
  }

  /**
   * Claims room for bytes of the server's memory that the card is about to read, so that it need
   * not ask. Takes posted credits and stays in order with posted requests. It is an offer, never a
   * duty: when it is refused no {@link TlpIn#onRoom} follows, and the card asks by {@code MRd}.
   *
   * @param address where they lie in the server's memory
   * @param bytes 1 to 4096, inside one page of 4 KiB
   * @param steady whether this memory is the card's until it gives it back (a command, a buffer):
   *     then the bytes serve until {@link #revoke}; else only until the card's next write, for what
   *     the server's software may answer to that
   * @return the offset in {@link #segment()} where the bytes go; -1 if it cannot be sent now
   */
  default long claimPush(long address, int bytes, boolean steady) {
    return -1;
  }

  /**
   * Voids all that was pushed before: in order with what is sent around it, and never refused.
   * Nothing happens where the other end takes no pushes.
   */
  default void revoke() {}

  /**
   * How far back, of {@link #claimEvent}'s changes, a count is that has seen nothing: what it tells
   * of has to be asked for. Taken off twice it is still far back, modulo 2^32.
   */
  int CHANGES_LONG_AGO = 1 << 30;

  /**
   * Whether the other end keeps what {@link #claimEvent} sends. May change when a stream begins.
   */
  default boolean events() {
    return false;
  }

  /**
   * Claims room for what some registers of the function hold now, so that the server's reads of
   * them need not come here. Takes posted credits and stays in order with posted requests; refused
   * like any claim of those.
   *
   * @param bar 0 to 5
   * @param offset of the first register in the BAR, below 2^32
   * @param changes how many TLPs other than read requests and completions, and Hot Resets, had come
   *     to the function in this stream when it held this, modulo 2^32
   * @param bytes 1 to 256
   * @return the offset in {@link #segment()} where the values go, as in memory; -1 if not now
   */
  default long claimEvent(int bar, long offset, int changes, int bytes) {
    return -1;
  }

  /**
   * Says that writes to this range change nothing that {@link #claimEvent} tells of.
   *
   * @return false when there was no room, see {@link #claim}
   */
  default boolean harmless(int bar, long offset, long bytes) {
    return false;
  }
}
