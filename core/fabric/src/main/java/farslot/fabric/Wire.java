package farslot.fabric;

import farslot.pcie.Bdf;
import farslot.pcie.FlowClass;
import farslot.pcie.TlpOut;
import java.lang.foreign.MemorySegment;

/**
 * The stream towards the card, or nothing while there is none; and the two IDs on it. A stream
 * carries one function, which is therefore known by its stream: whatever requester ID its TLPs
 * bear, nobody else's memory can be reached.
 */
final class Wire {
  /** We: the root port's own requester and completer ID. */
  static final int ROOT_ID = new Bdf(0, 0, 0).id();

  /** The card, which learns it from the first configuration write (2.2.6.2). */
  static final int CARD_ID = new Bdf(1, 0, 0).id();

  private final RegisterCopy copy;
  private TlpOut out;
  private long claimed;
  private int payloadBytesMax = 128;

  /**
   * @param copy sees what goes to the card
   */
  Wire(RegisterCopy copy) {
    this.copy = copy;
  }

  void connect(TlpOut to) {
    out = to;
    copy.connect();
    payloadBytesMax = 128;
  }

  void disconnect() {
    out = null;
  }

  boolean connected() {
    return out != null;
  }

  /** Max_Payload_Size as the card has it, bytes. */
  int payloadBytesMax() {
    return payloadBytesMax;
  }

  void payloadBytesMax(int bytes) {
    payloadBytesMax = bytes;
  }

  long claim(FlowClass flow, int headerBytes, int dataBytes) {
    claimed = out == null ? -1 : out.claim(flow, headerBytes + dataBytes, dataBytes);
    return claimed;
  }

  /** See {@link TlpOut#pushes}. */
  boolean pushes() {
    return out != null && out.pushes();
  }

  /** See {@link TlpOut#claimPush}. */
  long claimPush(long address, int bytes, boolean steady) {
    claimed = -1; // What is pushed changes no register.
    return out == null ? -1 : out.claimPush(address, bytes, steady);
  }

  /** See {@link TlpOut#revoke}. */
  void revoke() {
    if (out != null) {
      out.revoke();
    }
  }

  MemorySegment segment() {
    return out.segment();
  }

  void commit() {
    if (claimed >= 0) {
      copy.sent(out.segment(), claimed);
    }
    out.commit();
  }
}
