package farslot.replay;

/** A captured completion for another tag and requester: cards choose theirs as they like. */
final class Retagged {
  private static final int T9 = 0x80;
  private static final int T8 = 0x08;

  private Retagged() {}

  static byte[] of(Said completion, int requesterId, int tag) {
    byte[] bytes = completion.bytes.clone();
    int header = (int) completion.tlp.headerOffset();
    int high = ((tag & 0x200) == 0 ? 0 : T9) | ((tag & 0x100) == 0 ? 0 : T8);
    bytes[header + 1] = (byte) (bytes[header + 1] & ~(T9 | T8) | high);
    bytes[header + 8] = (byte) (requesterId >>> 8);
    bytes[header + 9] = (byte) requesterId;
    bytes[header + 10] = (byte) tag;
    return bytes;
  }
}
