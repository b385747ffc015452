package farslot.cards.uart16550.modem;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** HDLC frames as T.30 has them: address, control, the rest, and a frame check sequence. */
final class Hdlc {
  static final int FCS_BYTES = 2;

  /** Longer than T.30's longest frame of image data (error correction mode, 256 bytes). */
  static final int FRAME_BYTES_MAX = 1022;

  /** In the control field, the second octet: no frame follows (T.30, 5.3.5). */
  static final int FINAL = 0x10;

  private static final int POLYNOMIAL_REFLECTED = 0x8408;
  private static final int FCS_OF_GOOD = 0xF0B8;

  private Hdlc() {}

  /** The sequence for these bytes; its low byte is sent first. */
  static int fcs(MemorySegment data, long offset, int bytes) {
    return ~remainder(data, offset, bytes) & 0xFFFF;
  }

  /** Whether bytes end with the sequence that belongs to those before. */
  static boolean good(MemorySegment data, long offset, int bytes) {
    return bytes > FCS_BYTES && remainder(data, offset, bytes) == FCS_OF_GOOD;
  }

  private static int remainder(MemorySegment data, long offset, int bytes) {
    int remainder = 0xFFFF;
    for (int i = 0; i < bytes; i++) {
      remainder ^= data.get(ValueLayout.JAVA_BYTE, offset + i) & 0xFF;
      for (int bit = 0; bit < Byte.SIZE; bit++) {
        remainder = (remainder & 1) != 0 ? remainder >> 1 ^ POLYNOMIAL_REFLECTED : remainder >> 1;
      }
    }
    return remainder;
  }
}
