package farslot.fuzz;

import farslot.pcie.TlpView;

/** A read that a card has sent, and that the script answers as it likes. */
record OpenRead(int requesterId, int tag, int byteCount, int lowerAddress) {
  static OpenRead of(TlpView tlp) {
    return new OpenRead(
        tlp.requesterId(), tlp.tag(), tlp.answerByteCount(), tlp.answerLowerAddress());
  }

  /** One CplD with all of it, or whatever the script would rather have. */
  byte[] answer(Script script) {
    int how = script.u8();
    if ((how & 0xF) == 0xF) {
      return Tlps.completion(requesterId, tag, how >> 4 & 7, byteCount, lowerAddress, new byte[0]);
    }
    int bytes = (lowerAddress & 3) + byteCount + 3 & ~3;
    if ((how & 0xF) == 0xE) {
      bytes = Math.clamp(4L * (how >> 4), 4, bytes);
    }
    int given = Math.min(bytes, 64 * (1 + (how & 3)));
    byte[] data = java.util.Arrays.copyOf(script.bytes(given), bytes);
    return Tlps.completion(requesterId, tag, 0, byteCount, lowerAddress, data);
  }
}
