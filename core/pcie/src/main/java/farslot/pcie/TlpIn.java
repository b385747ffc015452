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
   * @param segment the memory that the bytes lie in, valid during this call only
   */
  default void onPush(
      long address, MemorySegment segment, long offset, int bytes, boolean steady) {}

  /** All that was pushed before is void. */
  default void onRevoke() {}
}
