package farslot.vfiouser;

import farslot.fabric.LocalFunction;
import farslot.memory.MessagedMemory;
import farslot.vfiouser.wire.VfioUserMessage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * MSI-X without the client's help: the guest's table is kept here, and an interrupt is what PCI
 * Express says that it is, a memory write to the address in the table's entry (7.7.2), which the
 * client carries out as a DMA_WRITE. For hypervisors that must not know of MSI-X (see {@link
 * ConfigFilter}).
 *
 * <p>A vector is armed at the card while the guest would hear it: what a masked vector has to say
 * the card remembers as pending. One message a vector is under way at a time; what comes meanwhile
 * is one more, as an edge is.
 */
final class MsixRelay implements MessagedMemory.Done {
  private static final int ENTRY_BYTES = 16;
  private static final int DATA_AT = 8;
  private static final int VECTOR_CONTROL_AT = 12;
  private static final int VECTOR_MASKED = 1;
  private static final int MESSAGE_BYTES = 4;

  /** Message Control's upper byte. */
  private static final int ENABLE = 0x80;

  private static final int FUNCTION_MASK = 0x40;

  /** Device Control's upper byte: Initiate Function Level Reset (7.5.3.4). */
  private static final int FLR = 0x80;

  private static final boolean[] ON = {true};
  private static final boolean[] OFF = {false};

  private final MsixCapability msix;
  private final LocalFunction function;
  private final MessagedMemory memory;
  private final VfioUserCounters counters;
  private final MemorySegment table;
  private final boolean[] armed;
  private final boolean[] underWay;
  private final boolean[] again;
  private int control;

  MsixRelay(
      MsixCapability msix,
      LocalFunction function,
      MessagedMemory memory,
      VfioUserCounters counters) {
    this.msix = msix;
    this.function = function;
    this.memory = memory;
    this.counters = counters;
    table = Arena.ofAuto().allocate((long) msix.vectors() * ENTRY_BYTES, Long.BYTES);
    armed = new boolean[msix.vectors()];
    underWay = new boolean[msix.vectors()];
    again = new boolean[msix.vectors()];
    mask();
  }

  /** The guest has written a region; the function has had it. */
  void onWrite(int region, long offset, MemorySegment from, long at, int bytes) {
    if (region == LocalFunction.REGION_CONFIG) {
      onConfig(offset, from, at, bytes);
    } else if (region == msix.tableBar()) {
      onTable(offset - msix.tableOffset(), from, at, bytes);
    }
  }

  private void onConfig(long offset, MemorySegment from, long at, int bytes) {
    long flr = msix.deviceControlAt() + 1L - offset;
    if (msix.deviceControlAt() >= 0 && flr >= 0 && flr < bytes) {
      if ((from.get(ValueLayout.JAVA_BYTE, at + flr) & FLR) != 0) {
        reset();
      }
    }
    long upper = msix.at() + MsixCapability.CONTROL_AT + 1L - offset;
    if (upper >= 0 && upper < bytes) {
      control = from.get(ValueLayout.JAVA_BYTE, at + upper) & (ENABLE | FUNCTION_MASK);
      settle(0, armed.length);
    }
  }

  private void onTable(long into, MemorySegment from, long at, int bytes) {
    long first = Math.max(0, into);
    long end = Math.min(table.byteSize(), into + bytes);
    if (first >= end) {
      return;
    }
    MemorySegment.copy(from, at + first - into, table, first, end - first);
    settle((int) (first / ENTRY_BYTES), (int) ((end - 1) / ENTRY_BYTES) + 1);
  }

  /** As after a reset of the function: disabled, all vectors masked (7.7.2.2, 7.7.2.8). */
  void reset() {
    control = 0;
    mask();
    settle(0, armed.length);
  }

  private void mask() {
    table.fill((byte) 0);
    for (long at = VECTOR_CONTROL_AT; at < table.byteSize(); at += ENTRY_BYTES) {
      table.set(VfioUserMessage.U32, at, VECTOR_MASKED);
    }
  }

  /** Arms and disarms what the guest's registers now say of these vectors. */
  private void settle(int first, int end) {
    boolean open = (control & ENABLE) != 0 && (control & FUNCTION_MASK) == 0;
    for (int vector = first; vector < end; vector++) {
      long at = (long) vector * ENTRY_BYTES + VECTOR_CONTROL_AT;
      boolean hears = open && (table.get(VfioUserMessage.U32, at) & VECTOR_MASKED) == 0;
      if (hears != armed[vector]) {
        armed[vector] = hears;
        function.arm(LocalFunction.IRQ_MSIX, vector, hears ? ON : OFF);
      }
    }
  }

  /** The card's interrupt; false when the guest does not listen. */
  boolean signal(int vector) {
    if (vector < 0 || vector >= armed.length || !armed[vector]) {
      return false;
    }
    if (underWay[vector]) {
      again[vector] = true;
    } else {
      send(vector);
    }
    return true;
  }

  private void send(int vector) {
    underWay[vector] = true;
    long entry = (long) vector * ENTRY_BYTES;
    memory.write(
        table.get(VfioUserMessage.U64, entry) & ~3L,
        table,
        entry + DATA_AT,
        MESSAGE_BYTES,
        this,
        vector);
  }

  /** The client has carried out the write, or refused it: bus mastering may be off. */
  @Override
  public void done(long cookie, boolean ok, MemorySegment data, long offset) {
    int vector = (int) cookie;
    underWay[vector] = false;
    if (!ok) {
      counters.count(VfioUserCounters.Counter.INTERRUPTS_UNHEARD);
    }
    if (again[vector]) {
      again[vector] = false;
      if (armed[vector]) {
        send(vector);
      }
    }
  }

  /** The session has ended. */
  void close() {
    reset();
  }
}
