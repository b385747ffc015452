package farslot.pcie;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HexFormat;

/** A TLP's data as an immutable value: whole DWs in address order, padding included. */
public final class TlpData {
  /** No data. */
  public static final TlpData NONE = new TlpData(new byte[0]);

  private static final int BYTES_PRINTED = 32;

  private final byte[] bytes;

  private TlpData(byte[] bytes) {
    if ((bytes.length & 3) != 0 || bytes.length > TlpLimits.PAYLOAD_BYTES_MAX) {
      throw new IllegalArgumentException("data is whole DWs up to 4096 bytes: " + bytes.length);
    }
    this.bytes = bytes;
  }

  /** These bytes, a multiple of 4. */
  public static TlpData of(byte... bytes) {
    return new TlpData(bytes.clone());
  }

  /** Data for a transfer to {@code address}: padded with zeroes before and behind to whole DWs. */
  public static TlpData at(long address, byte... bytes) {
    byte[] padded = new byte[TlpEncoder.dataBytes(address, bytes.length)];
    System.arraycopy(bytes, 0, padded, (int) address & 3, bytes.length);
    return new TlpData(padded);
  }

  /** A copy of memory. */
  public static TlpData copyOf(MemorySegment from, long offset, int bytes) {
    byte[] copy = new byte[bytes];
    MemorySegment.copy(from, offset, MemorySegment.ofArray(copy), 0, bytes);
    return new TlpData(copy);
  }

  /** Bytes in it, a multiple of 4. */
  public int size() {
    return bytes.length;
  }

  /** Length in DW. */
  public int lengthDw() {
    return bytes.length / TlpHeader.DW;
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return bytes.length == 0;
  }

  /** A copy of the bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  void copyTo(MemorySegment to, long at) {
    MemorySegment.copy(MemorySegment.ofArray(bytes), 0, to, at, bytes.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TlpData data && Arrays.equals(bytes, data.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** The first bytes in hexadecimal, DWs apart: {@code 00112233 44556677 ...}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    int shown = Math.min(bytes.length, BYTES_PRINTED);
    for (int at = 0; at < shown; at += TlpHeader.DW) {
      text.append(at == 0 ? "" : " ");
      text.append(HexFormat.of().formatHex(bytes, at, at + TlpHeader.DW));
    }
    return text.append(shown < bytes.length ? " ..." : "").toString();
  }
}
