package farslot.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Says which packets a socket gets: those of which every test is true. The kernel runs it for each
 * packet (classic BPF, linux/filter.h), so what is not for a socket costs nobody a wake-up. Offsets
 * are from the Ethernet header on, without a VLAN tag.
 */
public final class PacketFilter {
  private static final int LOAD_WORD = 0x20;
  private static final int LOAD_HALF = 0x28;
  private static final int AND = 0x54;
  private static final int JUMP_EQUAL = 0x15;
  private static final int RETURN = 0x06;

  /** "Ancillary" loads: SKF_AD_OFF and what is behind it. */
  private static final int ANCILLARY = -0x1000;

  private static final int PACKET_TYPE = ANCILLARY + 4;
  private static final int VLAN_TAG = ANCILLARY + 44;
  private static final int VLAN_TAG_PRESENT = ANCILLARY + 48;
  private static final int VLAN_ID = 0x0FFF;
  private static final int PCP = 0xE000;
  private static final int PCP_SHIFT = 13;

  /** A packet to another station's address, or one of a VLAN that is not configured here. */
  private static final int PACKET_OTHERHOST = 3;

  private static final int SOURCE_AT = 6;

  /** struct sock_filter: u16 code, u8 jump if true, u8 jump if false, u32 k. */
  private static final int INSTRUCTION_BYTES = 8;

  private static final int WHOLE = -1;
  private static final int NOTHING = 0;

  /**
   * One test.
   *
   * @param mask what is looked at, {@link #WHOLE} for all
   * @param equal whether it must be {@code value}, or must not
   */
  private record Check(int load, int at, int mask, int value, boolean equal) {}

  private final List<Check> checks = new ArrayList<>();

  /** 16 bits at an offset. */
  public PacketFilter u16(int at, int value) {
    checks.add(new Check(LOAD_HALF, at, WHOLE, value, true));
    return this;
  }

  /** Comes from this station. */
  public PacketFilter source(MacAddress mac) {
    checks.add(new Check(LOAD_WORD, SOURCE_AT, WHOLE, (int) (mac.bits() >>> 16), true));
    return u16(SOURCE_AT + 4, (int) mac.bits() & 0xFFFF);
  }

  /** To this station, or to a group that it listens to. */
  public PacketFilter mine() {
    checks.add(new Check(LOAD_WORD, PACKET_TYPE, WHOLE, PACKET_OTHERHOST, false));
    return this;
  }

  /** Of a VLAN, 1 to 4094: only a socket of all EtherTypes sees the tags. */
  public PacketFilter vlan(int vlan) {
    checks.add(new Check(LOAD_WORD, VLAN_TAG_PRESENT, WHOLE, 1, true));
    checks.add(new Check(LOAD_WORD, VLAN_TAG, VLAN_ID, vlan, true));
    return this;
  }

  /** Of a priority code point, 0 to 7; as {@link #vlan}, and likewise only with a tag. */
  public PacketFilter pcp(int pcp) {
    checks.add(new Check(LOAD_WORD, VLAN_TAG_PRESENT, WHOLE, 1, true));
    checks.add(new Check(LOAD_WORD, VLAN_TAG, PCP, pcp << PCP_SHIFT, true));
    return this;
  }

  /** As {@code struct sock_filter}s. */
  MemorySegment program(Arena arena) {
    int length = 2;
    for (Check check : checks) {
      length += check.mask == WHOLE ? 2 : 3;
    }
    MemorySegment program = arena.allocate((long) length * INSTRUCTION_BYTES, INSTRUCTION_BYTES);
    int at = 0;
    for (Check check : checks) {
      put(program, at++, check.load, 0, 0, check.at);
      if (check.mask != WHOLE) {
        put(program, at++, AND, 0, 0, check.mask);
      }
      int refuse = length - 1 - (at + 1);
      put(
          program,
          at++,
          JUMP_EQUAL,
          check.equal ? 0 : refuse,
          check.equal ? refuse : 0,
          check.value);
    }
    put(program, at++, RETURN, 0, 0, WHOLE);
    put(program, at, RETURN, 0, 0, NOTHING);
    return program;
  }

  static int instructions(MemorySegment program) {
    return (int) (program.byteSize() / INSTRUCTION_BYTES);
  }

  private static void put(MemorySegment to, int at, int code, int yes, int no, int k) {
    long offset = (long) at * INSTRUCTION_BYTES;
    to.set(ValueLayout.JAVA_SHORT, offset, (short) code);
    to.set(ValueLayout.JAVA_BYTE, offset + 2, (byte) yes);
    to.set(ValueLayout.JAVA_BYTE, offset + 3, (byte) no);
    to.set(ValueLayout.JAVA_INT, offset + 4, k);
  }
}
