package farslot.fabric.software;

import farslot.fabric.LocalFunction;
import farslot.pcie.Bdf;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** A function that the root complex has found, as a driver gets it. On the agent thread only. */
public final class PciDevice {
  /** What a driver wants to be told. */
  public interface Driver {
    /** An MSI-X vector, MSI message or, as vector 0, INTx. */
    void onInterrupt(int vector);

    /** The card has gone (all reads are all-ones from now on) or come back. */
    void onPresence(boolean present);

    /** Writes can be taken again. */
    void onRoom();
  }

  static final int BAR_COUNT = 6;

  private final RootComplex complex;
  private final LocalFunction function;
  private final Bdf bdf;
  private final long[] barAddresses = new long[BAR_COUNT];
  private final long[] barSizes = new long[BAR_COUNT];
  private final int[] capabilities = new int[256];
  private int ids;
  private int classRevision;
  private int msixVectors;
  private int msixTableBar;
  private long msixTableOffset;

  PciDevice(RootComplex complex, LocalFunction function, Bdf bdf) {
    this.complex = complex;
    this.function = function;
    this.bdf = bdf;
    Arrays.fill(capabilities, 0);
  }

  void identity(int idWord, int classWord) {
    ids = idWord;
    classRevision = classWord;
  }

  void bar(int index, long address, long sizeBytes) {
    barAddresses[index] = address;
    barSizes[index] = sizeBytes;
  }

  void capability(int id, int offset) {
    if (capabilities[id] == 0) {
      capabilities[id] = offset;
    }
  }

  void msix(int vectors, int tableBar, long tableOffset) {
    msixVectors = vectors;
    msixTableBar = tableBar;
    msixTableOffset = tableOffset;
  }

  public Bdf bdf() {
    return bdf;
  }

  public int vendorId() {
    return ids & 0xFFFF;
  }

  public int deviceId() {
    return ids >>> 16;
  }

  /** 24 bits; 0x010802 is NVMe. */
  public int classCode() {
    return classRevision >>> 8;
  }

  /** The address that enumeration gave a BAR, 0 if there is none. */
  public long barAddress(int bar) {
    return barAddresses[bar];
  }

  /** Bytes, 0 if there is none. */
  public long barSize(int bar) {
    return barSizes[bar];
  }

  /** Offset of a capability in configuration space, 0 if there is none. */
  public int capability(int id) {
    return capabilities[id & 0xFF];
  }

  public int msixVectors() {
    return msixVectors;
  }

  /** The function itself, as a hypervisor would have it. */
  public LocalFunction function() {
    return function;
  }

  /** Reads a register by its bus address, through the bridge that forwards it. */
  public void read(int bar, long offset, int bytes, LocalFunction.ReadDone done, long cookie) {
    complex.read(barAddresses[bar] + offset, bytes, done, cookie);
  }

  /** Writes a register; posted. */
  public void write(int bar, long offset, MemorySegment from, long at, int bytes) {
    complex.write(barAddresses[bar] + offset, from, at, bytes);
  }

  /** Lets the card reach this memory. */
  public void map(DmaMemory memory) {
    memory.mapInto(function.dmaWindows());
  }

  /** Who is told from now on. */
  public void driver(Driver driver) {
    function.listener(new Adapter(driver));
  }

  /**
   * Fills the MSI-X table, enables MSI-X and has the vectors delivered.
   *
   * @param vectors 1 to {@link #msixVectors}
   * @param done when it is enabled
   */
  public void enableMsix(int vectors, Runnable done) {
    MemorySegment entry = Arena.ofAuto().allocate(16, Integer.BYTES);
    for (int v = 0; v < vectors; v++) {
      entry.setAtIndex(java.lang.foreign.ValueLayout.JAVA_INT, 0, 0xFEE0_0000);
      entry.setAtIndex(java.lang.foreign.ValueLayout.JAVA_INT, 1, 0);
      entry.setAtIndex(java.lang.foreign.ValueLayout.JAVA_INT, 2, v);
      entry.setAtIndex(java.lang.foreign.ValueLayout.JAVA_INT, 3, 0);
      write(msixTableBar, msixTableOffset + 16L * v, entry, 0, 16);
    }
    boolean[] armed = new boolean[vectors];
    Arrays.fill(armed, true);
    int control = capability(Enumeration.CAPABILITY_MSIX) + 2;
    complex.configWrite(
        bdf,
        control,
        2,
        Enumeration.MSIX_ENABLE,
        () -> {
          function.arm(LocalFunction.IRQ_MSIX, 0, armed);
          done.run();
        });
  }

  private record Adapter(Driver driver) implements LocalFunction.Listener {
    @Override
    public void onInterrupt(int kind, int vector) {
      driver.onInterrupt(vector);
    }

    @Override
    public void onPresence(boolean present, String cause) {
      driver.onPresence(present);
    }

    @Override
    public void onRoom() {
      driver.onRoom();
    }
  }

  @Override
  public String toString() {
    return "%s %04x:%04x class %06x".formatted(bdf, vendorId(), deviceId(), classCode());
  }
}
