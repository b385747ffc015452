package farslot.cards.scratch;

import static farslot.cards.scratch.ScratchSpec.*;

import farslot.function.AtomicOp;
import farslot.function.Dma;
import farslot.function.FunctionPort;
import farslot.function.FunctionSpec;
import farslot.function.FunctionSpecBuilder;
import farslot.function.ResetKind;
import farslot.function.SavableFunction;
import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;
import farslot.pcie.CompletionStatus;
import farslot.pcie.config.ClassCode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The scratch card in a slot: cuts accesses into 32-bit registers for the {@link ScratchModel},
 * keeps the SRAM, and carries out what the model wants with DMA and interrupts.
 */
final class ScratchFunction implements SavableFunction, ScratchModel.Effects, Dma.Done {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Bytes written to the server before asking again whether there is room. */
  private static final int PIECE_BYTES = 4096;

  private final FunctionSpec spec;
  private final ScratchModel model;
  private final MemorySegment sram;
  private final ScatterList list;
  private FunctionPort port;
  private boolean busMaster;
  private boolean paused;

  /** A read of the server's memory, or an AtomicOp, is under way. */
  private boolean reading;

  /** Operation of the transfer below that begins when the card is resumed; 0 when none waits. */
  private int waiting;

  // The transfer to the server that waits for room; nothing is left when there is none.
  private long address;
  private int sramOffset;
  private int left;

  ScratchFunction(int sramBytes, long serialNumber) {
    spec =
        new FunctionSpecBuilder(VENDOR_ID, DEVICE_ID, ClassCode.UNASSIGNED)
            .revision(REVISION_ID)
            .memory32(REGISTERS_BAR, REGISTERS_BYTES)
            .memory64(SRAM_BAR, sramBytes, true)
            .io(IO_BAR, IO_BYTES)
            .msix(MSIX_VECTORS, REGISTERS_BAR, MSIX_TABLE, MSIX_PBA)
            .msi(MSI_VECTORS)
            .interruptPin(PIN_INTA)
            .serialNumber(serialNumber)
            .readMostly(REGISTERS_BAR, ID, TICKET - ID) // TICKET counts its reads
            .readMostly(REGISTERS_BAR, DMA_STATUS, IRQ_SIGNAL - DMA_STATUS)
            .harmlessWrites(REGISTERS_BAR, IRQ_SIGNAL, 4)
            .harmlessWrites(SRAM_BAR, 0, sramBytes)
            .build();
    model = new ScratchModel(this, sramBytes);
    list = new ScatterList(sramBytes);
    sram = MemorySegment.ofArray(new byte[sramBytes]);
  }

  @Override
  public FunctionSpec spec() {
    return spec;
  }

  @Override
  public void plug(FunctionPort slot) {
    port = slot;
    port.dma().onRoom(this::continueToServer);
  }

  @Override
  public void reset(ResetKind kind) {
    left = 0;
    waiting = 0;
    reading = false;
    list.clear();
    sram.fill((byte) 0);
    model.reset();
  }

  @Override
  public boolean forgetsWhenReset() {
    return true;
  }

  @Override
  public void busMaster(boolean enabled) {
    busMaster = enabled;
    if (!enabled && left > 0) {
      left = 0;
      waiting = 0;
      ended(STATUS_UNSUPPORTED_REQUEST);
    }
  }

  // Registers. The I/O BAR shows the first ones again.

  @Override
  public long read(int bar, long offset, int bytes) {
    if (bar == SRAM_BAR) {
      return readSram(offset, bytes);
    }
    int low = model.read((int) offset & ~3);
    if (bytes == 8) {
      return (long) model.read((int) offset + 4) << 32 | Integer.toUnsignedLong(low);
    }
    return low >>> 8 * (int) (offset & 3) & mask(bytes);
  }

  @Override
  public void write(int bar, long offset, int bytes, long value) {
    if (bar == SRAM_BAR) {
      writeSram(offset, bytes, value);
    } else if (bytes == 8) {
      model.write((int) offset, (int) value, -1);
      model.write((int) offset + 4, (int) (value >>> 32), -1);
    } else {
      int shift = 8 * (int) (offset & 3);
      model.write((int) offset & ~3, (int) value << shift, (int) mask(bytes) << shift);
    }
  }

  @Override
  public void changed() {
    port.registersChanged();
  }

  private static long mask(int bytes) {
    return (1L << 8 * bytes) - 1;
  }

  private long readSram(long offset, int bytes) {
    return switch (bytes) {
      case 1 -> sram.get(ValueLayout.JAVA_BYTE, offset) & 0xFFL;
      case 2 -> sram.get(SHORT, offset) & 0xFFFFL;
      case 4 -> sram.get(INT, offset) & 0xFFFF_FFFFL;
      default -> sram.get(LONG, offset);
    };
  }

  private void writeSram(long offset, int bytes, long value) {
    switch (bytes) {
      case 1 -> sram.set(ValueLayout.JAVA_BYTE, offset, (byte) value);
      case 2 -> sram.set(SHORT, offset, (short) value);
      case 4 -> sram.set(INT, offset, (int) value);
      default -> sram.set(LONG, offset, value);
    }
  }

  // DMA

  @Override
  public void transfer(int operation, long serverAddress, int sramAt, int bytes) {
    if (paused) {
      waiting = operation;
      address = serverAddress;
      sramOffset = sramAt;
      left = bytes;
      return;
    }
    switch (operation) {
      case COMMAND_TO_CARD -> toCard(serverAddress, sram, sramAt, bytes);
      case COMMAND_TO_SERVER -> toServer(serverAddress, sramAt, bytes);
      case COMMAND_LIST -> {
        list.begin(bytes);
        toCard(serverAddress, list.entries(), 0, bytes);
      }
      case COMMAND_FETCH_ADD -> atomic(AtomicOp.FETCH_ADD, serverAddress, sramAt, bytes);
      case COMMAND_SWAP -> atomic(AtomicOp.SWAP, serverAddress, sramAt, bytes);
      default -> atomic(AtomicOp.CAS, serverAddress, sramAt, bytes);
    }
  }

  private void toCard(long from, MemorySegment to, int offset, int bytes) {
    reading = true;
    port.dma().read(from, to, offset, bytes, this, 0);
  }

  private void atomic(AtomicOp op, long at, int operands, int bytes) {
    reading = true;
    port.dma().atomic(op, at, sram, operands, bytes, this, 0);
  }

  @Override
  public void done(long cookie, CompletionStatus status) {
    reading = false;
    ended(
        switch (status) {
          case SC -> STATUS_DONE;
          case CA -> STATUS_COMPLETER_ABORT;
          case UR, RRS -> STATUS_UNSUPPORTED_REQUEST;
        });
  }

  private void toServer(long to, int from, int bytes) {
    if (!busMaster) {
      ended(STATUS_UNSUPPORTED_REQUEST);
      return;
    }
    address = to;
    sramOffset = from;
    left = bytes;
    continueToServer();
  }

  /** A transfer is over: all of them, or one of a list, which what fails ends. */
  private void ended(int status) {
    if (!list.isActive()) {
      model.dmaEnded(status);
    } else if (status != STATUS_DONE || !list.next()) {
      list.clear();
      model.dmaEnded(status);
    } else if (!list.isValid()) {
      list.clear();
      model.dmaEnded(STATUS_REFUSED);
    } else if (list.toServer()) {
      toServer(list.address(), list.sram(), list.length());
    } else {
      toCard(list.address(), sram, list.sram(), list.length());
    }
  }

  /** Writes as long as the link takes it; the slot calls again when there is room. */
  private void continueToServer() {
    if (left == 0 || waiting != 0) {
      return;
    }
    while (left > 0 && port.dma().hasRoom()) {
      int bytes = Math.min(left, PIECE_BYTES);
      port.dma().write(address, sram, sramOffset, bytes);
      address += bytes;
      sramOffset += bytes;
      left -= bytes;
    }
    if (left == 0) {
      ended(STATUS_DONE);
    }
  }

  // Interrupts

  @Override
  public void signal(int vector) {
    port.interrupts().signal(vector);
  }

  @Override
  public void level(boolean asserted) {
    port.interrupts().level(asserted);
  }

  @Override
  public boolean messageSignalled() {
    return port.interrupts().messageSignalled();
  }

  @Override
  public int vectors() {
    return port.interrupts().vectors();
  }

  // State

  @Override
  public void pause() {
    paused = true;
  }

  @Override
  public boolean isQuiet() {
    return !reading && !list.isActive() && (left == 0 || waiting != 0);
  }

  @Override
  public void resume() {
    paused = false;
    int operation = waiting;
    int bytes = left;
    waiting = 0;
    left = 0;
    if (operation != 0) {
      transfer(operation, address, sramOffset, bytes);
    }
  }

  @Override
  public void save(StateWriter state) {
    state.part(STATE, STATE_VERSION);
    model.save(state);
    state.u8(waiting).i64(address).i32(sramOffset).i32(waiting == 0 ? 0 : left);
    state.part(STATE_SRAM, STATE_VERSION).i32((int) sram.byteSize()).memory(sram);
  }

  @Override
  public void restore(StateReader state) throws StateException {
    state.part(STATE, STATE_VERSION);
    model.restore(state);
    waiting = state.u8();
    address = state.i64();
    int size = (int) sram.byteSize();
    sramOffset = state.i32("a transfer's place in SRAM", 0, size);
    left =
        state.i32(
            "a transfer's length", waiting == 0 ? 0 : 1, waiting == 0 ? 0 : size - sramOffset);
    int operandsMax = (size - sramOffset) / (waiting == COMMAND_CAS ? 2 : 1);
    boolean atomic = waiting >= COMMAND_FETCH_ADD;
    state.require(
        !atomic || (left == 4 || left == 8) && left <= operandsMax && address % left == 0,
        "an AtomicOp on %d bytes at %#x".formatted(left, address));
    state.require(
        waiting != COMMAND_LIST || left <= LIST_BYTES_MAX && left % LIST_ENTRY_BYTES == 0,
        "a list of " + left + " bytes");
    state.require(waiting <= COMMAND_CAS, "no such operation: " + waiting);
    state.require(
        (waiting != 0) == (model.read(DMA_STATUS) == STATUS_BUSY), "busy, and nothing to do");
    state.part(STATE_SRAM, STATE_VERSION);
    state.i32("its size", size, size);
    state.memory(sram);
  }
}
