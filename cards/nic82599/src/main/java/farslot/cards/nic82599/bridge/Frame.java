package farslot.cards.nic82599.bridge;

import farslot.function.EthernetPort;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The frame that is just passing the switch: what its header says, and the frame with its VLAN's
 * tag in line, or without it. A copy is made only where the frame did not come that way, and only
 * once.
 */
final class Frame {
  /** Two addresses and a type: IEEE 802.3. */
  static final int HEADER_BYTES = 14;

  /** IEEE 802.1Q, 9.3: type and control information. */
  static final int TAG_BYTES = 4;

  static final int TYPE_CTAG = 0x8100;

  /** Tags of providers: 802.1ad, and what was used before. */
  static final int TYPE_STAG = 0x88A8;

  private static final int TYPE_QINQ = 0x9100;
  private static final int TYPE_AT = 12;
  private static final int VID_MASK = 0xFFF;
  private static final int VID_RESERVED = 0xFFF;

  /** The block of addresses that no bridge forwards: IEEE 802.1Q, table 8-1. */
  private static final long RESERVED = 0x0180_C200_0000L;

  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final MemorySegment copies =
      Arena.ofAuto().allocate(2L * (EthernetPort.FRAME_BYTES_MAX + TAG_BYTES), 8);
  private static final long UNTAGGED_AT = 0;
  private static final long TAGGED_AT = EthernetPort.FRAME_BYTES_MAX + TAG_BYTES;

  private MemorySegment came;
  private long cameAt;
  private int cameBytes;
  private boolean tagInLine;
  private int control;
  private int vlan;
  private boolean untaggedMade;
  private boolean taggedMade;

  long destination;
  long source;

  /** Where the form that was asked for last is. */
  MemorySegment at;

  long offset;
  int bytes;

  /**
   * Takes a frame in.
   *
   * @return false when there is no reading it: too short, too long, a tag cut off
   */
  boolean take(MemorySegment frame, long frameAt, int frameBytes) {
    if (frameBytes < HEADER_BYTES || frameBytes > EthernetPort.FRAME_BYTES_MAX) {
      return false;
    }
    came = frame;
    cameAt = frameAt;
    cameBytes = frameBytes;
    destination = Mac.read(frame, frameAt);
    source = Mac.read(frame, frameAt + 6);
    untaggedMade = false;
    taggedMade = false;
    tagInLine = type(TYPE_AT) == TYPE_CTAG;
    control = 0;
    if (tagInLine) {
      if (frameBytes < HEADER_BYTES + TAG_BYTES) {
        return false;
      }
      control = type(TYPE_AT + 2);
    }
    vlan = control & VID_MASK;
    return true;
  }

  /** The VLAN of the tag in line; 0 where there is none, or one that only says a priority. */
  int tag() {
    return control & VID_MASK;
  }

  /** Whether it is tagged in a way that some switches take for another VLAN's. */
  boolean ambiguous() {
    int type = type(TYPE_AT);
    return tag() == VID_RESERVED
        || isTag(type) && !tagInLine
        || tagInLine && tag() == 0 && isTag(type(TYPE_AT + TAG_BYTES));
  }

  private static boolean isTag(int type) {
    return type == TYPE_CTAG || type == TYPE_STAG || type == TYPE_QINQ;
  }

  boolean toReservedGroup() {
    return (destination & ~0xFL) == RESERVED;
  }

  /** From here on it belongs to this VLAN: its tag's, or the port's. */
  void belongsTo(int id) {
    assert tag() == 0 || id == tag() : id;
    vlan = id;
  }

  int vlan() {
    return vlan;
  }

  /** Its length without the tag. */
  int untaggedBytes() {
    return tagInLine ? cameBytes - TAG_BYTES : cameBytes;
  }

  /** The form for those who know VLANs by tags: as it came, or with the tag of its VLAN. */
  void asTagged() {
    if (vlan == tag()) {
      point(came, cameAt, cameBytes);
      return;
    }
    if (!taggedMade) {
      copyAround(TAGGED_AT, HEADER_BYTES - 2 + TAG_BYTES);
      copies.set(U16, TAGGED_AT + TYPE_AT, (short) TYPE_CTAG);
      copies.set(U16, TAGGED_AT + TYPE_AT + 2, (short) (control & ~VID_MASK | vlan));
      taggedMade = true;
    }
    point(copies, TAGGED_AT, untaggedBytes() + TAG_BYTES);
  }

  /** The form for a port that has this VLAN of its own. */
  void asUntagged() {
    if (!tagInLine) {
      point(came, cameAt, cameBytes);
      return;
    }
    if (!untaggedMade) {
      copyAround(UNTAGGED_AT, HEADER_BYTES - 2);
      untaggedMade = true;
    }
    point(copies, UNTAGGED_AT, untaggedBytes());
  }

  /** The addresses, then from its type on what comes after the tag, if there is one. */
  private void copyAround(long to, int restAt) {
    int skip = TYPE_AT + (tagInLine ? TAG_BYTES : 0);
    MemorySegment.copy(came, cameAt, copies, to, TYPE_AT);
    MemorySegment.copy(came, cameAt + skip, copies, to + restAt, cameBytes - skip);
  }

  private void point(MemorySegment segment, long where, int length) {
    at = segment;
    offset = where;
    bytes = length;
  }

  private int type(int where) {
    return where + 2 <= cameBytes ? came.get(U16, cameAt + where) & 0xFFFF : 0;
  }
}
