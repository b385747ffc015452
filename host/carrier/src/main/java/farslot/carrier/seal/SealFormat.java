package farslot.carrier.seal;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Packets of protected Ethernet rails, behind the rail header (docs/spec/pcieoe.md, section 10.5).
 * All fields big-endian, offsets and sizes in bytes.
 */
public final class SealFormat {
  // Common to both kinds.
  public static final int MAGIC = 0x5053;
  public static final int MAGIC_AT = 0;
  public static final int KIND_AT = 2;
  public static final int LENGTH_AT = 4;

  // Kinds.
  public static final int KEYS = 1;
  public static final int SEALED = 2;

  // KEYS.
  public static final int FLAGS_AT = 3;
  public static final int ATTEMPT_AT = 8;
  public static final int SEQ_AT = 16;
  public static final int ACK_AT = 20;
  public static final int CRC_AT = 24;
  public static final int BYTES_AT = 28;

  /** Sent by the appliance. */
  public static final int FLAG_REPLY = 1;

  /** Handshake bytes of one packet: any Ethernet carries it. */
  public static final int SEGMENT_BYTES_MAX = 1400;

  // SEALED.
  public static final int PHASE_AT = 3;
  public static final int NUMBER_AT = 8;
  public static final int FRAME_AT = 16;
  public static final int TAG_BYTES = 16;

  /** What sealing adds to a frame. */
  public static final int SEAL_BYTES = FRAME_AT + TAG_BYTES;

  // Keys.
  public static final int SECRET_BYTES = 32;
  public static final int KEY_BYTES = 32;
  public static final int NONCE_BYTES = 12;
  public static final String EXPORTER_LABEL = "EXPERIMENTAL PCIeoE rail";

  static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  static final ValueLayout.OfLong U64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private SealFormat() {}
}
