package farslot.fabric.software;

import farslot.fabric.LocalFunction;
import farslot.pcie.Bdf;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * A root complex in software: bus 0 has one root port for each function, and the function is device
 * 0 on the bus behind it. Configuration requests are routed by bus number, memory requests by the
 * windows of the root ports and the functions' BARs, all of which enumeration sets. On the agent
 * thread of the functions only; memory accesses allocate nothing.
 */
public final class RootComplex {
  /** Device numbers on a bus. */
  static final int DEVICE_COUNT = 32;

  private static final ValueLayout.OfInt DW =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int NONE = -1;

  private final List<LocalFunction> functions;
  private final VirtualBridge[] bridges;
  private final MemorySegment ones =
      Arena.ofAuto().allocate(LocalFunction.ACCESS_BYTES_MAX, Long.BYTES);
  private PciDevice[] devices = new PciDevice[0];

  /**
   * @param functions at most 32, which have cards
   */
  public RootComplex(List<? extends LocalFunction> functions) {
    if (functions.size() > DEVICE_COUNT) {
      throw new IllegalArgumentException("one bus has 32 devices, not " + functions.size());
    }
    this.functions = List.copyOf(functions);
    this.bridges = new VirtualBridge[functions.size()];
    for (int i = 0; i < bridges.length; i++) {
      bridges[i] = new VirtualBridge();
    }
    ones.fill((byte) -1);
  }

  /** Walks the buses, sizes and places BARs, switches everything on. */
  public void enumerate(Consumer<List<PciDevice>> done) {
    new Enumeration(
            this,
            found -> {
              devices = found.toArray(PciDevice[]::new);
              done.accept(found);
            })
        .start();
  }

  /** The function at this place, or null. */
  LocalFunction functionAt(Bdf bdf) {
    for (int i = 0; i < bridges.length; i++) {
      if (bdf.bus() != 0 && bridges[i].secondaryBus() == bdf.bus()) {
        return bdf.device() == 0 && bdf.function() == 0 ? functions.get(i) : null;
      }
    }
    return null;
  }

  private VirtualBridge bridgeAt(Bdf bdf) {
    boolean here = bdf.bus() == 0 && bdf.function() == 0 && bdf.device() < bridges.length;
    return here ? bridges[bdf.device()] : null;
  }

  /** Reads a DW of configuration space; all-ones where nobody is. */
  public void configRead(Bdf bdf, int offset, IntConsumer done) {
    VirtualBridge bridge = bridgeAt(bdf);
    LocalFunction function = functionAt(bdf);
    if (bridge != null) {
      done.accept(bridge.read(offset));
    } else if (function != null) {
      function.read(
          LocalFunction.REGION_CONFIG,
          offset,
          4,
          (cookie, data, at, bytes) -> done.accept(data.get(DW, at)),
          0);
    } else {
      done.accept(NONE);
    }
  }

  /** Writes 1, 2 or 4 bytes of configuration space. */
  public void configWrite(Bdf bdf, int offset, int bytes, int value, Runnable done) {
    VirtualBridge bridge = bridgeAt(bdf);
    LocalFunction function = functionAt(bdf);
    if (bridge != null) {
      bridge.write(offset, value);
      done.run();
    } else if (function != null) {
      MemorySegment from = Arena.ofAuto().allocate(4);
      from.set(DW, 0, value);
      function.write(LocalFunction.REGION_CONFIG, offset, from, 0, bytes, cookie -> done.run(), 0);
    } else {
      done.run();
    }
  }

  /** Reads memory space: 1 to 4096 bytes inside one BAR; all-ones where nobody is. */
  public void read(long address, int bytes, LocalFunction.ReadDone done, long cookie) {
    for (PciDevice device : devices) {
      int bar = barAt(device, address, bytes);
      if (bar >= 0) {
        device.function().read(bar, address - device.barAddress(bar), bytes, done, cookie);
        return;
      }
    }
    done.done(cookie, ones, 0, bytes);
  }

  /** Writes memory space; posted, and into the void where nobody is. */
  public void write(long address, MemorySegment from, long at, int bytes) {
    for (PciDevice device : devices) {
      int bar = barAt(device, address, bytes);
      if (bar >= 0) {
        long offset = address - device.barAddress(bar);
        device.function().write(bar, offset, from, at, bytes, NOTHING, 0);
        return;
      }
    }
  }

  private static final LocalFunction.WriteDone NOTHING = cookie -> {};

  private int barAt(PciDevice device, long address, int bytes) {
    if (!bridges[device.bdf().bus() - 1].forwards(address)) {
      return -1;
    }
    for (int bar = 0; bar < PciDevice.BAR_COUNT; bar++) {
      long into = address - device.barAddress(bar);
      if (into >= 0 && into <= device.barSize(bar) - bytes) {
        return bar;
      }
    }
    return -1;
  }

  /** All functions found, empty before {@link #enumerate} is done. */
  public List<PciDevice> devices() {
    return new ArrayList<>(List.of(devices));
  }
}
