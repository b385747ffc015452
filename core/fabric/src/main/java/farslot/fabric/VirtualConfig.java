package farslot.fabric;

import static farslot.fabric.PciRegisters.*;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;

/**
 * Configuration space as a guest sees it, laid over the card's. A register bit is one of three
 * kinds: the card's (read and written through, which is nearly all), local (kept here: BARs, the
 * memory enable, MSI and MSI-X addresses), or forced (whatever the guest writes, the card gets our
 * value: our bus addresses, payload size). Pure: bytes in, bytes out.
 */
final class VirtualConfig {
  /** Registers with local or forced bits: the header's nine, PM, PCIe, MSI and MSI-X. */
  private static final int RULE_COUNT_MAX = 64;

  private final byte[] ruleOf = new byte[CONFIG_BYTES / 4];
  private final int[] localMask = new int[RULE_COUNT_MAX];
  private final int[] writable = new int[RULE_COUNT_MAX];
  private final int[] atReset = new int[RULE_COUNT_MAX];
  private final int[] local = new int[RULE_COUNT_MAX];
  private final int[] forcedMask = new int[RULE_COUNT_MAX];
  private final int[] forced = new int[RULE_COUNT_MAX];
  private int rules = 1; // rule 0: all bits are the card's
  private final FunctionFacts facts;

  /** DWs of which the card's part is the same at all times, by their number. */
  private final BitSet constant;

  private final int pmControl;
  private final int deviceControl;

  /**
   * @param sizes what the card must have as Max_Payload_Size and Max_Read_Request_Size, in their
   *     places in Device Control
   */
  VirtualConfig(FunctionFacts facts, int sizes) {
    this.facts = facts;
    constant = ConstantRegisters.of(facts);
    header(facts.bars());
    pmControl = facts.pm() == 0 ? -1 : facts.pm() + PM_CONTROL;
    deviceControl = facts.pcie() == 0 ? -1 : facts.pcie() + PCIE_DEVICE_CONTROL;
    if (facts.pcie() != 0) {
      express(facts, sizes);
    }
    if (facts.msi() != 0) {
      msi(facts);
    }
    if (facts.msix() != 0) {
      int control = MSIX_ENABLE | MSIX_FUNCTION_MASK;
      keep(facts.msix(), control, control);
    }
  }

  private void header(BusMap bars) {
    // Towards the card, memory and I/O decoding never stop: our own accesses need them.
    int decode = COMMAND_IO | COMMAND_MEMORY;
    rule(COMMAND, decode, decode, 0, decode, decode);
    for (int i = 0; i < BAR_COUNT; i++) {
      int flags = bars.upperHalf(i) ? 0 : bars.flags(i);
      rule(BAR0 + 4 * i, -1, bars.writable(i), flags, -1, bars.register(i));
    }
    if (bars.romSize() == 0) {
      rule(ROM_BAR, -1, 0, 0, -1, 0);
    } else {
      // The enable bit is the card's: it may share its decoder with a BAR (6.2.5.2).
      int address = (int) -bars.romSize() & ~ROM_FLAGS;
      rule(ROM_BAR, ~ROM_ENABLE, address, 0, ~ROM_ENABLE, (int) bars.romAddress());
    }
  }

  /** Payload and read request sizes belong to the virtual link, not to the guest's port. */
  private void express(FunctionFacts facts, int sizes) {
    int mask = DEVCTL_MPS | DEVCTL_MRRS;
    rule(deviceControl, mask, mask, DEVCTL_MRRS_RESET, mask, sizes);
    if (facts.tag10()) {
      int bit = DEVCTL2_TAG10_REQUESTER;
      rule(facts.pcie() + PCIE_DEVICE_CONTROL_2, bit, bit, 0, bit, bit);
    }
  }

  private void msi(FunctionFacts facts) {
    int at = facts.msi();
    int control = MSI_ENABLE | MSI_MULTIPLE;
    keep(at, control, control);
    keep(at + 4, -1, ~3);
    int data = facts.msi64() ? at + 12 : at + 8;
    if (facts.msi64()) {
      keep(at + 8, -1, -1);
    }
    keep(data, 0xFFFF, 0xFFFF);
    if (facts.msiMaskable()) {
      keep(data + 4, -1, -1);
    }
  }

  /** Local bits that never reach the card: what is there now stays there. */
  private void keep(int offset, int mask, int guestWritable) {
    rule(offset, mask, guestWritable, 0, mask, 0);
  }

  private void rule(int offset, int mask, int guestWritable, int reset, int force, int value) {
    int rule = rules++;
    ruleOf[offset >> 2] = (byte) rule;
    localMask[rule] = mask;
    writable[rule] = guestWritable;
    atReset[rule] = reset;
    local[rule] = reset;
    forcedMask[rule] = force;
    forced[rule] = value & force;
  }

  /** The guest's registers read as after a reset again. */
  void reset() {
    System.arraycopy(atReset, 0, local, 0, rules);
  }

  /** Whether the card need not be asked for this DW. */
  boolean entirelyLocal(int offset) {
    return localMask[ruleOf[offset >> 2]] == -1;
  }

  /** Puts there what the card has at an offset if that never changes; inside one DW. */
  boolean constant(int offset, int bytes, MemorySegment data, long at) {
    if (!constant.get(offset >> 2)) {
      return false;
    }
    int dw = facts.wordAt(offset & ~3);
    for (int i = 0; i < bytes; i++) {
      data.set(ValueLayout.JAVA_BYTE, at + i, (byte) (dw >>> 8 * (offset + i & 3)));
    }
    return true;
  }

  /** Puts local bits over what the card answered for {@code bytes} from {@code offset} on. */
  void overlay(int offset, int bytes, MemorySegment data, long at) {
    for (int i = 0; i < bytes; ) {
      int lane = offset + i & 3;
      int here = Math.min(4 - lane, bytes - i);
      int rule = ruleOf[offset + i >> 2];
      if (localMask[rule] != 0) {
        for (int b = 0; b < here; b++) {
          int shift = 8 * (lane + b);
          int mask = localMask[rule] >>> shift & 0xFF;
          int card = data.get(ValueLayout.JAVA_BYTE, at + i + b);
          int mine = local[rule] >>> shift;
          data.set(ValueLayout.JAVA_BYTE, at + i + b, (byte) (card & ~mask | mine & mask));
        }
      }
      i += here;
    }
  }

  /** Puts into {@code data} what a card with these facts would show, were it there. */
  void describe(FunctionFacts facts, int offset, int bytes, MemorySegment data) {
    for (int i = 0; i < bytes; i++) {
      int dw = facts.wordAt(offset + i & ~3);
      data.set(ValueLayout.JAVA_BYTE, i, (byte) (dw >>> 8 * (offset + i & 3)));
    }
    overlay(offset, bytes, data, 0);
  }

  /**
   * A guest writes inside one DW.
   *
   * @param value the bytes in their lanes
   * @param lanes 0xFF in each lane that is written
   * @return whether the card has to be told, with {@link #forCard}
   */
  boolean write(int offset, int value, int lanes) {
    int rule = ruleOf[offset >> 2];
    int into = writable[rule] & lanes;
    local[rule] = local[rule] & ~into | value & into;
    // Bits that are local and not forced to a register of the guest's choice leave the card alone.
    return (lanes & ~(localMask[rule] & forcedMask[rule])) != 0;
  }

  /** What the card gets instead of {@code value} at this DW. */
  int forCard(int offset, int value) {
    int rule = ruleOf[offset >> 2];
    return value & ~forcedMask[rule] | forced[rule];
  }

  /** Changes what the card must have in bits that the guest does not decide (interrupt enables). */
  void force(int offset, int mask, int value) {
    int rule = ruleOf[offset >> 2];
    forced[rule] = forced[rule] & ~mask | value & mask;
  }

  /** Whether this write starts a Function Level Reset (7.5.3.4). */
  boolean startsFlr(int offset, int value, int lanes) {
    return offset == deviceControl && (value & lanes & DEVCTL_FLR) != 0;
  }

  /** Whether a write goes to the Power Management Control/Status register's low byte. */
  boolean writesPowerState(int offset, int lanes) {
    return offset == pmControl && (lanes & PM_STATE_MASK) != 0;
  }
}
