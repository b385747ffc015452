package farslot.testkit;

import farslot.function.Dma;
import farslot.function.FunctionPort;
import farslot.function.FunctionSpec;
import farslot.function.FunctionSpecBuilder;
import farslot.function.PciFunction;
import farslot.function.ResetKind;
import farslot.function.VendorCapability;
import farslot.pcie.CompletionStatus;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** A card that notes what the endpoint does with it, and does what the test says. */
final class ProbeCard implements PciFunction, Dma.Done {
  /** One BAR of each kind: 0 memory of 8 KiB, 2 64-bit of 1 GiB, 4 I/O of 32 bytes. */
  private final FunctionSpec spec =
      new FunctionSpecBuilder(0xABCD, 0x1234, 0x123456)
          .revision(7)
          .memory32(0, 8192)
          .memory64(2, 1 << 30, true)
          .io(4, 32)
          .msix(40, 0, 4096, 6144)
          .msi(8)
          .interruptPin(2)
          .serialNumber(0x1122_3344_5566_7788L)
          .vendorCapability(
              new VendorCapability(List.of(0, 0, 0, 0), List.of(0xFF, -1, -1, -1), 5, 16))
          .build();

  final List<String> accesses = new ArrayList<>();
  final List<ResetKind> resets = new ArrayList<>();
  private List<String> done = new ArrayList<>();
  FunctionPort port;
  boolean busMaster;
  int roomCalls;
  Runnable onRead = () -> {};
  Runnable onWrite = () -> {};

  @Override
  public FunctionSpec spec() {
    return spec;
  }

  @Override
  public void plug(FunctionPort newPort) {
    port = newPort;
    port.dma().onRoom(() -> roomCalls++);
  }

  Dma dma() {
    return port.dma();
  }

  void read(long address, MemorySegment to, long offset, int bytes, long cookie) {
    dma().read(address, to, offset, bytes, this, cookie);
  }

  void writeInt(long address, int value) {
    MemorySegment four = MemorySegment.ofArray(new byte[4]);
    four.set(ValueLayout.JAVA_INT_UNALIGNED, 0, value);
    dma().write(address, four, 0, 4);
  }

  /** Bytes of an access are its own offset's low byte and up. */
  @Override
  public long read(int bar, long offset, int bytes) {
    accesses.add("r" + bar + ":" + Long.toHexString(offset) + "/" + bytes);
    onRead.run();
    long value = 0;
    for (int i = bytes - 1; i >= 0; i--) {
      value = value << 8 | offset + i & 0xFF;
    }
    return value;
  }

  @Override
  public void write(int bar, long offset, int bytes, long value) {
    String where = bar + ":" + Long.toHexString(offset) + "/" + bytes;
    accesses.add("w" + where + "=" + Long.toHexString(value));
    onWrite.run();
  }

  List<String> takeAccesses() {
    List<String> taken = List.copyOf(accesses);
    accesses.clear();
    return taken;
  }

  @Override
  public void reset(ResetKind kind) {
    resets.add(kind);
  }

  @Override
  public void busMaster(boolean enabled) {
    busMaster = enabled;
  }

  @Override
  public void done(long cookie, CompletionStatus status) {
    done.add(cookie + ":" + status);
  }

  List<String> takeDone() {
    List<String> taken = done;
    done = new ArrayList<>();
    return taken;
  }
}
