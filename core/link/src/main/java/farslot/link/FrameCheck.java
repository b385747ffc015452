package farslot.link;

import farslot.pcie.BigEndian;
import java.lang.foreign.MemorySegment;

/**
 * Says what is wrong with a frame before anything of it is used: a DATA frame is delivered whole or
 * not at all, so every record in it is looked at first.
 */
public final class FrameCheck {
  private final Crc32c crc = new Crc32c();
  private final int capabilities;

  /** Takes the records of everything that this end can do. */
  public FrameCheck() {
    this(FrameFormat.CAPABILITIES);
  }

  /**
   * @param capabilities what was agreed on: records that need others are malformed
   */
  public FrameCheck(int capabilities) {
    this.capabilities = capabilities;
  }

  /**
   * Checks what stands in the first {@link FrameFormat#PREAMBLE_BYTES} bytes of any version: the
   * magic number and a length that can be.
   *
   * @return null when a frame may begin here
   */
  public static FrameError preamble(MemorySegment segment, long offset, int frameBytesMax) {
    if (BigEndian.u16(segment, offset + FrameFormat.MAGIC_AT) != FrameFormat.MAGIC) {
      return FrameError.MAGIC;
    }
    int bytes = BigEndian.u16(segment, offset + FrameFormat.LENGTH_AT);
    return bytes < FrameFormat.HEADER_BYTES || bytes > frameBytesMax || bytes % 4 != 0
        ? FrameError.LENGTH
        : null;
  }

  /**
   * Checks a whole frame of a rail: any type but DISCOVER and OFFER, which travel outside of rails.
   *
   * @param available bytes that have arrived from {@code offset}: what a carrier has cut to the
   *     frame's length, or a packet that may be padded behind
   * @param crcRequired whether the rail is not reliable by itself
   * @return null when every accessor of {@link FrameView} may be used
   */
  public FrameError check(
      MemorySegment segment, long offset, long available, int frameBytesMax, boolean crcRequired) {
    FrameError error = envelope(segment, offset, available, frameBytesMax, crcRequired);
    if (error != null) {
      return error;
    }
    int bytes = BigEndian.u16(segment, offset + FrameFormat.LENGTH_AT);
    long body = offset + FrameFormat.HEADER_BYTES;
    int bodyBytes = bytes - FrameFormat.HEADER_BYTES;
    return switch (BigEndian.u8(segment, offset + FrameFormat.TYPE_AT)) {
      case FrameFormat.DATA -> records(segment, body, offset + bytes);
      // What a later minor version may append to an ACK is for who knows it.
      case FrameFormat.ACK -> null;
      case FrameFormat.HELLO, FrameFormat.WELCOME ->
          Hello.wellFormed(segment, body, bodyBytes) ? null : FrameError.BODY;
      case FrameFormat.REFUSE, FrameFormat.BYE ->
          Farewell.wellFormed(segment, body, bodyBytes) ? null : FrameError.BODY;
      default -> FrameError.TYPE;
    };
  }

  /** What every frame has to be, whatever its type: magic, length, version, CRC. */
  FrameError envelope(
      MemorySegment segment, long offset, long available, int frameBytesMax, boolean crcRequired) {
    if (available < FrameFormat.PREAMBLE_BYTES) {
      return FrameError.LENGTH;
    }
    FrameError error = preamble(segment, offset, frameBytesMax);
    if (error != null) {
      return error;
    }
    int bytes = BigEndian.u16(segment, offset + FrameFormat.LENGTH_AT);
    if (bytes > available) {
      return FrameError.LENGTH;
    }
    if (BigEndian.u8(segment, offset + FrameFormat.VERSION_AT) >> 4 != FrameFormat.VERSION_MAJOR) {
      return FrameError.VERSION;
    }
    return crcGood(segment, offset, bytes, crcRequired) ? null : FrameError.CRC;
  }

  private boolean crcGood(MemorySegment segment, long offset, int bytes, boolean required) {
    if ((BigEndian.u16(segment, offset + FrameFormat.FLAGS_AT) & FrameFormat.FLAG_CRC) == 0) {
      return !required;
    }
    return BigEndian.i32(segment, offset + FrameFormat.CRC_AT)
        == crc.ofFrame(segment, offset, bytes);
  }

  private FrameError records(MemorySegment segment, long at, long end) {
    while (at < end) {
      if (end - at < FrameFormat.RECORD_HEADER_BYTES) {
        return FrameError.RECORD_LENGTH;
      }
      int bytes = BigEndian.u16(segment, at + FrameFormat.RECORD_LENGTH_AT);
      long body = at + FrameFormat.RECORD_HEADER_BYTES;
      if (FrameFormat.padded(bytes) > end - body) {
        return FrameError.RECORD_LENGTH;
      }
      FrameError error = record(segment, at, body, bytes);
      if (error != null) {
        return error;
      }
      at = body + FrameFormat.padded(bytes);
    }
    return null;
  }

  private FrameError record(MemorySegment segment, long at, long body, int bytes) {
    int kind = BigEndian.u8(segment, at + FrameFormat.RECORD_KIND_AT);
    boolean ok;
    switch (kind) {
      case FrameFormat.TLP -> ok = bytes >= 4 && bytes % 4 == 0;
      case FrameFormat.CREDIT -> ok = bytes > 0 && bytes % FrameFormat.CREDIT_ENTRY_BYTES == 0;
      case FrameFormat.HOT_RESET -> ok = true;
      case FrameFormat.PUSH, FrameFormat.REVOKE -> {
        if ((capabilities & FrameFormat.CAPABILITY_PUSH) == 0) {
          return FrameError.RECORD_KIND;
        }
        ok = kind == FrameFormat.REVOKE || PushRecord.fragmentValid(segment, at, bytes);
      }
      case FrameFormat.EVENT -> {
        if ((capabilities & FrameFormat.CAPABILITY_EVENT) == 0) {
          return FrameError.RECORD_KIND;
        }
        ok = EventRecord.wellFormed(segment, body, bytes);
      }
      case FrameFormat.ATTACH,
          FrameFormat.ATTACHED,
          FrameFormat.REFUSED,
          FrameFormat.DETACH,
          FrameFormat.DETACHED ->
          ok = ControlRecord.wellFormed(kind, segment, body, bytes);
      default -> {
        return kind >= FrameFormat.KIND_SKIPPABLE ? null : FrameError.RECORD_KIND;
      }
    }
    return ok ? null : FrameError.RECORD_BODY;
  }
}
