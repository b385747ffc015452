package farslot.pcie;

/**
 * Whether a CplD is the next piece of the memory read that it answers (2.3.1.1). Completions of one
 * request come in address order, so a requester keeps two numbers for each tag: the address of the
 * byte it waits for, and how many it still waits for.
 */
public enum CompletionFit {
  /** It fits, and more are to come. */
  PARTIAL,
  /** It fits and finishes the request. */
  FINAL,
  /** Its Byte Count is not what remains. */
  BYTE_COUNT,
  /** Its Lower Address is not that of the next byte. */
  LOWER_ADDRESS,
  /** It ends short of the request's end at no multiple of the Read Completion Boundary. */
  BOUNDARY;

  /**
   * Compares a completion that carries data with what is waited for.
   *
   * @param completion a CplD
   * @param address of the next byte; of a zero-length read the DW's
   * @param left bytes that remain; of a zero-length read 1
   * @param rcbBytes 64 or 128, the completer's boundary; 64 accepts both
   */
  public static CompletionFit of(TlpView completion, long address, int left, int rcbBytes) {
    if (completion.byteCount() != left) {
      return BYTE_COUNT;
    }
    if (completion.lowerAddress() != (address & 0x7F)) {
      return LOWER_ADDRESS;
    }
    int bytes = completion.completedBytes();
    if (bytes == left) {
      return FINAL;
    }
    return (address + bytes & rcbBytes - 1) == 0 ? PARTIAL : BOUNDARY;
  }

  /** Whether the completion's data may be taken. */
  public boolean fits() {
    return this == PARTIAL || this == FINAL;
  }
}
