package farslot.cards.scratch;

import static farslot.cards.scratch.ScratchSpec.*;

import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;

/**
 * The registers of the scratch card: 32-bit values in, effects out. No lock, thread, clock or bus,
 * so that a test can drive it with plain calls.
 */
final class ScratchModel {
  /** What the registers make the card do. */
  interface Effects {
    /**
     * Does what DMA_COMMAND names; {@link #dmaEnded} follows.
     *
     * @param operation one of the COMMAND values that is known
     * @param bytes for a list its own, otherwise those at {@code sram}
     */
    void transfer(int operation, long address, int sram, int bytes);

    void signal(int vector);

    void level(boolean asserted);

    /** Whether MSI-X or MSI is enabled. */
    boolean messageSignalled();

    /** Registers have changed that servers poll. */
    void changed();

    /** Vectors that the server has enabled. */
    int vectors();
  }

  private final Effects effects;
  private final int sramBytes;
  private int scratch;
  private int scratchHigh;
  private int ticket;
  private int dmaAddress;
  private int dmaAddressHigh;
  private int dmaSram;
  private int dmaLength;
  private int dmaCommand;
  private int dmaStatus;
  private int dmaDoneCount;
  private int irqLevel;

  ScratchModel(Effects effects, int sramBytes) {
    this.effects = effects;
    this.sramBytes = sramBytes;
  }

  /** Back to the state after power-on. */
  void reset() {
    scratch = 0;
    scratchHigh = 0;
    ticket = 0;
    dmaAddress = 0;
    dmaAddressHigh = 0;
    dmaSram = 0;
    dmaLength = 0;
    dmaCommand = 0;
    dmaStatus = STATUS_IDLE;
    dmaDoneCount = 0;
    irqLevel = 0;
  }

  /** A register, by its offset; what is not there reads as 0. */
  int read(int offset) {
    return switch (offset) {
      case ID -> ID_VALUE;
      case VERSION -> VERSION_VALUE;
      case SRAM_SIZE -> sramBytes;
      case SCRATCH -> scratch;
      case SCRATCH_HIGH -> scratchHigh;
      case TICKET -> ticket++;
      case DMA_ADDRESS -> dmaAddress;
      case DMA_ADDRESS_HIGH -> dmaAddressHigh;
      case DMA_SRAM -> dmaSram;
      case DMA_LENGTH -> dmaLength;
      case DMA_STATUS -> dmaStatus;
      case DMA_DONE_COUNT -> dmaDoneCount;
      case IRQ_LEVEL -> irqLevel;
      case IRQ_VECTORS -> effects.vectors();
      default -> 0;
    };
  }

  /**
   * Writes the bits of a register that {@code mask} names. A command takes those that are not
   * written as 0.
   */
  void write(int offset, int value, int mask) {
    switch (offset) {
      case SCRATCH -> scratch = merge(scratch, value, mask);
      case SCRATCH_HIGH -> scratchHigh = merge(scratchHigh, value, mask);
      case DMA_ADDRESS -> dmaAddress = merge(dmaAddress, value, mask);
      case DMA_ADDRESS_HIGH -> dmaAddressHigh = merge(dmaAddressHigh, value, mask);
      case DMA_SRAM -> dmaSram = merge(dmaSram, value, mask);
      case DMA_LENGTH -> dmaLength = merge(dmaLength, value, mask);
      case DMA_COMMAND -> command(value & mask);
      case IRQ_SIGNAL -> effects.signal(value & mask);
      case IRQ_LEVEL -> level(merge(irqLevel, value, mask));
      default -> {
        // Read-only, or nothing there: ignored.
      }
    }
  }

  private void level(int value) {
    irqLevel = value & 1;
    effects.level(irqLevel != 0);
  }

  private void command(int command) {
    if (dmaStatus == STATUS_BUSY) {
      // The engine has one set of registers and is using it.
      return;
    }
    dmaCommand = command;
    int operation = command & COMMAND_OPERATION;
    if (!makesSense(operation)) {
      dmaEnded(STATUS_REFUSED);
      return;
    }
    dmaStatus = STATUS_BUSY;
    long address = (long) dmaAddressHigh << 32 | Integer.toUnsignedLong(dmaAddress);
    effects.transfer(operation, address, dmaSram, dmaLength);
  }

  private boolean makesSense(int operation) {
    return switch (operation) {
      case COMMAND_TO_CARD, COMMAND_TO_SERVER -> inSram(dmaLength);
      case COMMAND_LIST ->
          dmaLength > 0 && dmaLength <= LIST_BYTES_MAX && dmaLength % LIST_ENTRY_BYTES == 0;
      case COMMAND_FETCH_ADD, COMMAND_SWAP -> isOperand() && inSram(dmaLength);
      case COMMAND_CAS -> isOperand() && inSram(2 * dmaLength);
      default -> false;
    };
  }

  private boolean inSram(int bytes) {
    return dmaSram >= 0 && bytes > 0 && bytes <= sramBytes - dmaSram;
  }

  private boolean isOperand() {
    return (dmaLength == 4 || dmaLength == 8) && dmaAddress % dmaLength == 0;
  }

  /** The transfer has ended, in one of the STATUS values. */
  void dmaEnded(int status) {
    dmaStatus = status;
    dmaDoneCount++;
    effects.changed();
    if ((dmaCommand & COMMAND_SIGNAL) == 0) {
      return;
    }
    if (effects.messageSignalled()) {
      effects.signal(dmaCommand >>> COMMAND_VECTOR_SHIFT);
    } else {
      level(1); // Until the driver clears it.
    }
  }

  /** A quiet card's registers. */
  void save(StateWriter state) {
    state.i32(scratch).i32(scratchHigh).i32(ticket);
    state.i32(dmaAddress).i32(dmaAddressHigh).i32(dmaSram).i32(dmaLength);
    state.i32(dmaCommand).i32(dmaStatus).i32(dmaDoneCount).i32(irqLevel);
  }

  void restore(StateReader state) throws StateException {
    scratch = state.i32();
    scratchHigh = state.i32();
    ticket = state.i32();
    dmaAddress = state.i32();
    dmaAddressHigh = state.i32();
    dmaSram = state.i32();
    dmaLength = state.i32();
    dmaCommand = state.i32();
    dmaStatus = state.i32("DMA_STATUS", STATUS_IDLE, STATUS_COMPLETER_ABORT);
    dmaDoneCount = state.i32();
    irqLevel = state.i32("IRQ_LEVEL", 0, 1);
  }

  private static int merge(int old, int value, int mask) {
    return old & ~mask | value & mask;
  }
}
