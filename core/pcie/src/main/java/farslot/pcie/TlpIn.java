package farslot.pcie;

import java.lang.foreign.MemorySegment;

/**
 * Who receives a function's TLPs: a card's endpoint in the appliance, a root port in the initiator.
 * All calls come on the owner's thread, in order.
 */
public interface TlpIn {
  /**
   * One TLP has arrived, exactly once and in order. The bytes have passed {@link TlpView#check} and
   * are valid during this call only.
   *
   * @param segment the memory it lies in
   * @param offset where it begins there, prefixes included
   * @param tlpBytes its length
   */
  void onTlp(MemorySegment segment, long offset, int tlpBytes);

  /** A claim was refused earlier, and there is room again. */
  void onRoom();

  /**
   * Hot Reset, ordered with the TLPs around it: everything queued or outstanding is forgotten. Sent
   * downstream only.
   */
  void onHotReset();

  /**
   * The link under this stream is gone for good (DL_Down): nothing more arrives and nothing can be
   * sent; what is outstanding will not be answered.
   */
  void onDown();

  /**
   * Bytes of the server's memory that the function is about to read; see {@link TlpOut#claimPush}.
   * Downstream only. May be ignored: then the function asks.
   *
   * <p>What is not steady comes only if the server had heard all that was committed here (posted
   * requests, completions, events) when it read the bytes. While something of that waits for room
   * at this end, it is the receiver that has to ignore what is not steady.
   *
   * @param segment the memory that the bytes lie in, valid during this call only
   */
  default void onPush(
      long address, MemorySegment segment, long offset, int bytes, boolean steady) {}

  /**
   * A push has come of this range that is not steady, and its bytes may be too old: so is what was
   * pushed of it before. Unless there is something better to do, everything is.
   */
  default void onStalePush(long address, int bytes) {
    onRevoke();
  }

  /** All that was pushed before is void. */
  default void onRevoke() {}

  /**
   * What some registers of the function hold; see {@link TlpOut#claimEvent}. Upstream only.
   *
   * @param at where the values begin in {@code segment}, valid during this call only
   */
  default void onEvent(
      int bar, long offset, int changes, MemorySegment segment, long at, int bytes) {}

  /** Writes to this range change nothing that {@link #onEvent} tells of. Upstream only. */
  default void onHarmless(int bar, long offset, long bytes) {}
}
