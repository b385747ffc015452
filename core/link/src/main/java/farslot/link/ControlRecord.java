package farslot.link;

import farslot.pcie.BigEndian;
import java.lang.foreign.MemorySegment;

/**
 * What ends say about streams (docs/spec/pcieoe.md, section 9), as values: rare, so they may cost
 * an allocation. The stream's number and the epoch's tag stand in the record's header.
 */
sealed interface ControlRecord {
  int kind();

  /** Puts the body at {@code at}, not longer than {@link #BODY_BYTES_MAX}; returns its length. */
  int write(MemorySegment to, long at);

  /** No body is longer. */
  int BODY_BYTES_MAX = 512;

  int CREDITS_BYTES = 24;

  /** Whether a body is one of this kind: its lengths agree, its names are names. */
  static boolean wellFormed(int kind, MemorySegment from, long at, int bytes) {
    return switch (kind) {
      case FrameFormat.ATTACH -> Attach.wellFormed(from, at, bytes);
      case FrameFormat.ATTACHED -> Attached.wellFormed(from, at, bytes);
      case FrameFormat.REFUSED -> Refused.wellFormed(from, at, bytes);
      default -> Parting.wellFormed(from, at, bytes);
    };
  }

  /**
   * The initiator asks for a function; in stream 0.
   *
   * @param requestId 16 bits, returned by the answer
   * @param epoch asked for, or 0
   * @param credits granted for what the function sends
   * @param serverName for whom, shown to others who ask; the node's name if nothing better is known
   */
  record Attach(int requestId, long epoch, Credits credits, String functionName, String serverName)
      implements ControlRecord {
    private static final int REQUEST_AT = 0;
    private static final int NAME_BYTES_AT = 2;
    private static final int SERVER_BYTES_AT = 3;
    private static final int EPOCH_AT = 8;
    private static final int CREDITS_AT = 16;
    private static final int NAME_AT = CREDITS_AT + CREDITS_BYTES;

    static boolean wellFormed(MemorySegment from, long at, int bytes) {
      if (bytes < NAME_AT) {
        return false;
      }
      int name = BigEndian.u8(from, at + NAME_BYTES_AT);
      int server = BigEndian.u8(from, at + SERVER_BYTES_AT);
      return bytes >= NAME_AT + name + server
          && creditsValid(from, at + CREDITS_AT)
          && Words.readName(from, at + NAME_AT, name).isPresent()
          && Words.readName(from, at + NAME_AT + name, server).isPresent();
    }

    static Attach read(MemorySegment from, long at) {
      int name = BigEndian.u8(from, at + NAME_BYTES_AT);
      int server = BigEndian.u8(from, at + SERVER_BYTES_AT);
      return new Attach(
          BigEndian.u16(from, at + REQUEST_AT),
          BigEndian.i64(from, at + EPOCH_AT),
          readCredits(from, at + CREDITS_AT),
          Words.readName(from, at + NAME_AT, name).orElseThrow(),
          Words.readName(from, at + NAME_AT + name, server).orElseThrow());
    }

    @Override
    public int kind() {
      return FrameFormat.ATTACH;
    }

    @Override
    public int write(MemorySegment to, long at) {
      byte[] name = Words.name(functionName);
      byte[] server = Words.name(serverName);
      BigEndian.u16(to, at + REQUEST_AT, requestId);
      BigEndian.u8(to, at + NAME_BYTES_AT, name.length);
      BigEndian.u8(to, at + SERVER_BYTES_AT, server.length);
      BigEndian.i64(to, at + EPOCH_AT, epoch);
      writeCredits(to, at + CREDITS_AT, credits);
      put(to, at + NAME_AT, name);
      put(to, at + NAME_AT + name.length, server);
      return NAME_AT + name.length + server.length;
    }
  }

  /** The appliance gives it; in the function's new stream. */
  record Attached(int requestId, long epoch, Credits credits, FunctionIdentity identity)
      implements ControlRecord {
    private static final int REQUEST_AT = 0;
    private static final int EPOCH_AT = 8;
    private static final int CREDITS_AT = 16;
    private static final int VENDOR_AT = 40;
    private static final int DEVICE_AT = 42;
    private static final int SUBSYSTEM_VENDOR_AT = 44;
    private static final int SUBSYSTEM_AT = 46;
    private static final int CLASS_AND_REVISION_AT = 48;
    private static final int SERIAL_AT = 56;
    private static final int BYTES = 64;

    static boolean wellFormed(MemorySegment from, long at, int bytes) {
      return bytes >= BYTES
          && BigEndian.i64(from, at + EPOCH_AT) != 0
          && creditsValid(from, at + CREDITS_AT);
    }

    static Attached read(MemorySegment from, long at) {
      int classAndRevision = BigEndian.i32(from, at + CLASS_AND_REVISION_AT);
      return new Attached(
          BigEndian.u16(from, at + REQUEST_AT),
          BigEndian.i64(from, at + EPOCH_AT),
          readCredits(from, at + CREDITS_AT),
          new FunctionIdentity(
              BigEndian.u16(from, at + VENDOR_AT),
              BigEndian.u16(from, at + DEVICE_AT),
              classAndRevision >>> 8,
              classAndRevision & 0xFF,
              BigEndian.u16(from, at + SUBSYSTEM_VENDOR_AT),
              BigEndian.u16(from, at + SUBSYSTEM_AT),
              BigEndian.i64(from, at + SERIAL_AT)));
    }

    @Override
    public int kind() {
      return FrameFormat.ATTACHED;
    }

    @Override
    public int write(MemorySegment to, long at) {
      BigEndian.u16(to, at + REQUEST_AT, requestId);
      BigEndian.i64(to, at + EPOCH_AT, epoch);
      writeCredits(to, at + CREDITS_AT, credits);
      BigEndian.u16(to, at + VENDOR_AT, identity.vendorId());
      BigEndian.u16(to, at + DEVICE_AT, identity.deviceId());
      BigEndian.u16(to, at + SUBSYSTEM_VENDOR_AT, identity.subsystemVendorId());
      BigEndian.u16(to, at + SUBSYSTEM_AT, identity.subsystemId());
      BigEndian.i32(
          to, at + CLASS_AND_REVISION_AT, identity.classCode() << 8 | identity.revisionId());
      BigEndian.i64(to, at + SERIAL_AT, identity.serialNumber());
      return BYTES;
    }
  }

  /** The appliance does not give it; in stream 0. */
  record Refused(int requestId, AttachRefusal code, String holder, String text)
      implements ControlRecord {
    private static final int REQUEST_AT = 0;
    private static final int CODE_AT = 2;
    private static final int HOLDER_BYTES_AT = 4;
    private static final int TEXT_BYTES_AT = 6;
    private static final int HOLDER_AT = 8;

    static boolean wellFormed(MemorySegment from, long at, int bytes) {
      if (bytes < HOLDER_AT) {
        return false;
      }
      int holder = BigEndian.u8(from, at + HOLDER_BYTES_AT);
      return bytes >= HOLDER_AT + holder + BigEndian.u16(from, at + TEXT_BYTES_AT)
          && (holder == 0 || Words.readName(from, at + HOLDER_AT, holder).isPresent());
    }

    static Refused read(MemorySegment from, long at) {
      int holder = BigEndian.u8(from, at + HOLDER_BYTES_AT);
      return new Refused(
          BigEndian.u16(from, at + REQUEST_AT),
          AttachRefusal.of(BigEndian.u16(from, at + CODE_AT)),
          Words.readName(from, at + HOLDER_AT, holder).orElse(""),
          Words.readText(from, at + HOLDER_AT + holder, BigEndian.u16(from, at + TEXT_BYTES_AT)));
    }

    @Override
    public int kind() {
      return FrameFormat.REFUSED;
    }

    @Override
    public int write(MemorySegment to, long at) {
      byte[] name = holder.isEmpty() ? new byte[0] : Words.name(holder);
      byte[] words = Words.text(text);
      BigEndian.u16(to, at + REQUEST_AT, requestId);
      BigEndian.u16(to, at + CODE_AT, code.code());
      BigEndian.u8(to, at + HOLDER_BYTES_AT, name.length);
      BigEndian.u16(to, at + TEXT_BYTES_AT, words.length);
      put(to, at + HOLDER_AT, name);
      put(to, at + HOLDER_AT + name.length, words);
      return HOLDER_AT + name.length + words.length;
    }
  }

  /**
   * An end sends nothing more in this stream.
   *
   * @param kind DETACH from the initiator, DETACHED from the appliance
   */
  record Parting(int kind, String cause) implements ControlRecord {
    private static final int TEXT_BYTES_AT = 0;
    private static final int TEXT_AT = 4;

    static boolean wellFormed(MemorySegment from, long at, int bytes) {
      return bytes >= TEXT_AT && bytes >= TEXT_AT + BigEndian.u16(from, at + TEXT_BYTES_AT);
    }

    static String readCause(MemorySegment from, long at) {
      return Words.readText(from, at + TEXT_AT, BigEndian.u16(from, at + TEXT_BYTES_AT));
    }

    @Override
    public int write(MemorySegment to, long at) {
      byte[] words = Words.text(cause);
      BigEndian.u16(to, at + TEXT_BYTES_AT, words.length);
      put(to, at + TEXT_AT, words);
      return TEXT_AT + words.length;
    }
  }

  /** Hot Reset of the function; from the initiator only. */
  record HotReset() implements ControlRecord {
    static final HotReset ONLY = new HotReset();

    @Override
    public int kind() {
      return FrameFormat.HOT_RESET;
    }

    @Override
    public int write(MemorySegment to, long at) {
      return 0;
    }
  }

  /** All that was pushed before is void; from the initiator only. */
  record Revoke() implements ControlRecord {
    static final Revoke ONLY = new Revoke();

    @Override
    public int kind() {
      return FrameFormat.REVOKE;
    }

    @Override
    public int write(MemorySegment to, long at) {
      return 0;
    }
  }

  private static void put(MemorySegment to, long at, byte[] bytes) {
    MemorySegment.copy(MemorySegment.ofArray(bytes), 0, to, at, bytes.length);
  }

  private static boolean creditsValid(MemorySegment from, long at) {
    for (int i = 0; i < CREDITS_BYTES; i += 8) {
      if (!Credits.headersValid(BigEndian.i32(from, at + i))
          || !Credits.dataValid(BigEndian.i32(from, at + i + 4))) {
        return false;
      }
    }
    return true;
  }

  private static Credits readCredits(MemorySegment from, long at) {
    return new Credits(
        BigEndian.i32(from, at),
        BigEndian.i32(from, at + 4),
        BigEndian.i32(from, at + 8),
        BigEndian.i32(from, at + 12),
        BigEndian.i32(from, at + 16),
        BigEndian.i32(from, at + 20));
  }

  private static void writeCredits(MemorySegment to, long at, Credits credits) {
    BigEndian.i32(to, at, credits.postedHeaders());
    BigEndian.i32(to, at + 4, credits.postedData());
    BigEndian.i32(to, at + 8, credits.nonPostedHeaders());
    BigEndian.i32(to, at + 12, credits.nonPostedData());
    BigEndian.i32(to, at + 16, credits.completionHeaders());
    BigEndian.i32(to, at + 20, credits.completionData());
  }
}
