package farslot.store.file;

import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * How each file begins, big-endian: magic (8 bytes), version (4), kind (4), generation (8), store
 * (16), CRC-32C of all that (4).
 *
 * @param store which store's; files of two are never mixed
 */
record FileHeader(Kind kind, long generation, UUID store) {
  static final int BYTES = 44;
  private static final long MAGIC = 0x4641_5253_4c4f_5421L; // FARSLOT!
  private static final int VERSION = 1;
  private static final int CRC = BYTES - Integer.BYTES;

  /** What a file is. */
  enum Kind {
    LOG,
    SNAPSHOT
  }

  byte[] encode() {
    ByteBuffer out = ByteBuffer.allocate(BYTES);
    out.putLong(MAGIC).putInt(VERSION).putInt(kind.ordinal()).putLong(generation);
    out.putLong(store.getMostSignificantBits()).putLong(store.getLeastSignificantBits());
    out.putInt(crc(out.array()));
    return out.array();
  }

  private static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, CRC);
    return (int) crc.getValue();
  }

  /** What is wrong with a header, in words; "" if nothing. */
  static String check(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (in.getLong(0) != MAGIC) {
      return "it is no file of a store";
    }
    if (in.getInt(CRC) != crc(bytes)) {
      return "its first bytes do not match their checksum";
    }
    if (in.getInt(8) != VERSION) {
      return "it has version %d, and this Farslot reads version %d: use the one that wrote it"
          .formatted(in.getInt(8), VERSION);
    }
    return in.getInt(12) < 0 || in.getInt(12) >= Kind.values().length ? "its kind is unknown" : "";
  }

  /** Reads a header that passed {@link #check}. */
  static FileHeader decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return new FileHeader(
        Kind.values()[in.getInt(12)], in.getLong(16), new UUID(in.getLong(24), in.getLong(32)));
  }
}
