package farslot.sim;

import farslot.function.Dma;
import farslot.function.FunctionPort;
import farslot.function.FunctionSpec;
import farslot.function.FunctionSpecBuilder;
import farslot.function.PciFunction;
import farslot.function.ResetKind;
import farslot.pcie.CompletionStatus;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A card that does DMA and signals when a test says so: BAR 0 memory, BAR 4 I/O, MSI-X. */
final class OrderCard implements PciFunction, Dma.Done {
  private static final int MEMORY_BYTES = 8192;

  private final FunctionSpec spec =
      new FunctionSpecBuilder(0xABCD, 0x1234, 0x123456)
          .memory32(0, 16384)
          .io(4, 64)
          .msix(4, 0, 8192, 12288)
          .build();

  private final MemorySegment memory = MemorySegment.ofArray(new byte[MEMORY_BYTES]);
  private FunctionPort port;
  int done;

  /** A DW, little-endian as memory has it. */
  static MemorySegment dw(int value) {
    MemorySegment four = MemorySegment.ofArray(new byte[4]);
    four.set(ValueLayout.JAVA_INT_UNALIGNED, 0, value);
    return four;
  }

  @Override
  public FunctionSpec spec() {
    return spec;
  }

  @Override
  public void plug(FunctionPort into) {
    port = into;
  }

  void dmaRead(long address, int bytes) {
    port.dma().read(address, memory, 0, bytes, this, 0);
  }

  void dmaWrite(long address, int bytes) {
    port.dma().write(address, memory, 0, bytes);
  }

  void signal(int vector) {
    port.interrupts().signal(vector);
  }

  @Override
  public long read(int bar, long offset, int bytes) {
    return offset;
  }

  @Override
  public void write(int bar, long offset, int bytes, long value) {}

  @Override
  public void reset(ResetKind kind) {}

  @Override
  public void done(long cookie, CompletionStatus status) {
    done++;
  }
}
