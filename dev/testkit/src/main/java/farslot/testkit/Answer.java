package farslot.testkit;

import farslot.pcie.CompletionStatus;

/**
 * How a request ended.
 *
 * @param status as the completer said
 * @param data the enabled bytes of a read that succeeded, else empty
 */
public record Answer(CompletionStatus status, byte[] data) {
  /** The data as a little-endian number; all-ones when the request failed, as a processor sees. */
  public long value() {
    if (status != CompletionStatus.SC) {
      return -1;
    }
    long value = 0;
    for (int i = Math.min(data.length, 8) - 1; i >= 0; i--) {
      value = value << 8 | data[i] & 0xFF;
    }
    return value;
  }
}
