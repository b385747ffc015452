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
}
