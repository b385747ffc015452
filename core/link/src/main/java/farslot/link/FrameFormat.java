package farslot.link;

/**
 * PCIeoE version 1 on the wire (docs/spec/pcieoe.md, sections 3 to 5). All fields big-endian,
 * offsets and sizes in bytes.
 */
public final class FrameFormat {
  // Section 3.1: the frame header. The first 8 bytes never change between versions.
  public static final int MAGIC = 0x5045;
  public static final int VERSION_MAJOR = 1;
  public static final int VERSION_MINOR = 2;
  public static final int VERSION = VERSION_MAJOR << 4 | VERSION_MINOR;
  public static final int MAGIC_AT = 0;
  public static final int VERSION_AT = 2;
  public static final int TYPE_AT = 3;
  public static final int FLAGS_AT = 4;
  public static final int LENGTH_AT = 6;
  public static final int SESSION_AT = 8;
  public static final int SEQ_AT = 12;
  public static final int ACK_AT = 16;
  public static final int SACK_AT = 20;
  public static final int TX_TIME_AT = 24;
  public static final int ECHO_TIME_AT = 28;
  public static final int ECHO_DELAY_AT = 32;
  public static final int CRC_AT = 36;
  public static final int HEADER_BYTES = 40;

  /** The part of the header that every version has. */
  public static final int PREAMBLE_BYTES = 8;

  // Section 3.2: frame types.
  public static final int HELLO = 1;
  public static final int WELCOME = 2;
  public static final int REFUSE = 3;
  public static final int DATA = 4;
  public static final int ACK = 5;
  public static final int BYE = 6;

  /** On an Ethernet segment, outside of rails: who is there? */
  public static final int DISCOVER = 7;

  /** The answer to {@link #DISCOVER}. */
  public static final int OFFER = 8;

  // Section 3.3: frame flags.
  /** The CRC field holds the frame's CRC-32C. */
  public static final int FLAG_CRC = 0x0001;

  /** The echo fields hold something. */
  public static final int FLAG_ECHO = 0x0002;

  /** The sender of this frame has seen a gap after {@code ack} and asks for what is missing. */
  public static final int FLAG_NAK = 0x0004;

  /** This frame was sent before. */
  public static final int FLAG_REPLAY = 0x0008;

  /** The sender wants to hear something over this rail at once. */
  public static final int FLAG_PING = 0x0010;

  public static final int FLAGS_KNOWN = FLAG_CRC | FLAG_ECHO | FLAG_NAK | FLAG_REPLAY | FLAG_PING;

  // Section 3.4: sizes.
  /** A frame's length is a 16-bit field and a multiple of 4. */
  public static final int FRAME_BYTES_MAX = 65532;

  /**
   * Every end must take frames of this size: what a standard Ethernet packet holds behind the rail
   * header when it is sealed.
   */
  public static final int FRAME_BYTES_LEAST = 1464;

  /** Four TLPs of 4 KiB and small change; larger ones save little and delay their first byte. */
  public static final int FRAME_BYTES_USUAL = 16640;

  /** The unit of time stamps is 2^4 nanoseconds. */
  public static final int TIME_SHIFT = 4;

  // Section 4.1: the record header.
  public static final int RECORD_STREAM_AT = 0;
  public static final int RECORD_KIND_AT = 2;
  public static final int RECORD_FLAGS_AT = 3;
  public static final int RECORD_LENGTH_AT = 4;
  public static final int RECORD_EPOCH_AT = 6;
  public static final int RECORD_HEADER_BYTES = 8;

  /** Record flag: the TLP goes on in the next record. */
  public static final int RECORD_MORE = 0x01;

  /** Record flag of a PUSH: the memory is the card's until it gives it back. */
  public static final int RECORD_STEADY = 0x02;

  // Section 4.2: record kinds.
  public static final int TLP = 0x01;
  public static final int CREDIT = 0x02;
  public static final int HOT_RESET = 0x03;
  public static final int PUSH = 0x04;
  public static final int EVENT = 0x05;
  public static final int REVOKE = 0x06;
  public static final int ATTACH = 0x10;
  public static final int ATTACHED = 0x11;
  public static final int REFUSED = 0x12;
  public static final int DETACH = 0x13;
  public static final int DETACHED = 0x14;

  /** Kinds from here on may be skipped by who does not know them; others end the rail. */
  public static final int KIND_SKIPPABLE = 0x80;

  /** One class in a CREDIT record: class u8, 3 reserved, headers u32, data u32. */
  public static final int CREDIT_ENTRY_BYTES = 12;

  // Section 4.5: PUSH.
  public static final int PUSH_ADDRESS_AT = 0;
  public static final int PUSH_HEARD_AT = 8;
  public static final int PUSH_HEADER_BYTES = 12;

  /** Bytes of memory in a PUSH, all in one page of so many. */
  public static final int PUSH_BYTES_MAX = 4096;

  // Section 4.6: EVENT.
  public static final int EVENT_BAR_AT = 0;
  public static final int EVENT_FLAGS_AT = 1;
  public static final int EVENT_CHANGES_AT = 4;
  public static final int EVENT_OFFSET_AT = 8;
  public static final int EVENT_HEADER_BYTES = 12;

  /** Bytes of registers in an EVENT. */
  public static final int EVENT_BYTES_MAX = 256;

  /** Event flag: no values, but a range (its size u32) where writes change nothing that is told. */
  public static final int EVENT_HARMLESS = 0x01;

  // Section 6.2: ranges in the body of an ACK, with SACK.
  /** First frame u32, frame behind the last u32. */
  public static final int SACK_RANGE_BYTES = 8;

  public static final int SACK_RANGES_MAX = 64;

  // Section 5: handshake and control.
  /** Node and function names, UTF-8. */
  public static final int NAME_BYTES_MAX = 64;

  /** Words for people, UTF-8; longer ones are cut by the sender. */
  public static final int TEXT_BYTES_MAX = 256;

  public static final int TOKEN_BYTES = 16;

  // Section 5.5: capabilities, bits of HELLO and WELCOME; what both ends have is used.
  /** Frames that come after a gap are kept, and said to be there. */
  public static final int CAPABILITY_SACK = 0x1;

  /** DATA frames are spread over several rails. */
  public static final int CAPABILITY_RAILS = 0x2;

  /** The appliance takes PUSH and REVOKE. */
  public static final int CAPABILITY_PUSH = 0x4;

  /** The initiator takes EVENT. */
  public static final int CAPABILITY_EVENT = 0x8;

  /** What this end can do. */
  public static final int CAPABILITIES =
      CAPABILITY_SACK | CAPABILITY_RAILS | CAPABILITY_PUSH | CAPABILITY_EVENT;

  /** Most rails in a session; they are numbered from 0. */
  public static final int RAILS_MAX = 8;

  private FrameFormat() {}

  /** Whether this can be an MPS or MRRS: 128 to 4096 bytes, a power of two. */
  static boolean payloadSizeValid(int bytes) {
    return bytes >= 128 && bytes <= 4096 && Integer.bitCount(bytes) == 1;
  }

  /** What a record with such a body takes in a frame. */
  static int wireBytes(int bodyBytes) {
    return RECORD_HEADER_BYTES + padded(bodyBytes);
  }

  /** Rounded up to whole DWs. */
  static int padded(int bytes) {
    return bytes + 3 & ~3;
  }
}
