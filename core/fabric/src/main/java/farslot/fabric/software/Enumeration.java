package farslot.fabric.software;

import farslot.pcie.Bdf;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The walk that a kernel does at boot: every device of bus 0, the bus behind each bridge, every
 * function's capabilities and BARs; then the bridges' windows, and everything switched on. Each
 * step waits for the answer of the one before.
 */
final class Enumeration {
  static final int CAPABILITY_MSIX = 0x11;
  static final int MSIX_ENABLE = 0x8000;

  private static final int ID = 0x00;
  private static final int COMMAND = 0x04;
  private static final int CLASS_REVISION = 0x08;
  private static final int HEADER = 0x0C;
  private static final int BAR0 = 0x10;
  private static final int BUSES = 0x18;
  private static final int MEMORY_WINDOW = 0x20;
  private static final int CAPABILITIES = 0x34;
  private static final int COMMAND_ON = 0x0006; // memory and bus master
  private static final int STATUS_CAPABILITIES = 1 << 20;
  private static final int CAPABILITY_COUNT_MAX = 48;

  /** Bridges forward whole MiB. */
  private static final long WINDOW_BYTES = 1 << 20;

  private static final long MEMORY_FIRST = 0xC000_0000L;
  private static final long MEMORY_END = 0xFEB0_0000L;
  private static final long WIDE_FIRST = 0x40_0000_0000L;

  private final RootComplex complex;
  private final Consumer<List<PciDevice>> done;
  private final List<PciDevice> found = new ArrayList<>();
  private int nextBus = 1;
  private long nextMemory = MEMORY_FIRST;
  private long nextWide = WIDE_FIRST;

  Enumeration(RootComplex complex, Consumer<List<PciDevice>> done) {
    this.complex = complex;
    this.done = done;
  }

  void start() {
    scanRoot(0);
  }

  private void scanRoot(int device) {
    if (device == RootComplex.DEVICE_COUNT) {
      done.accept(List.copyOf(found));
      return;
    }
    Bdf bdf = new Bdf(0, device, 0);
    complex.configRead(
        bdf,
        ID,
        id -> {
          if (id == -1) {
            scanRoot(device + 1);
          } else {
            bridge(bdf, () -> scanRoot(device + 1));
          }
        });
  }

  private void bridge(Bdf bdf, Runnable then) {
    int bus = nextBus++;
    int buses = bus << 16 | bus << 8;
    long memory = nextMemory;
    long wide = nextWide;
    complex.configWrite(
        bdf,
        BUSES,
        4,
        buses,
        () -> scanFunction(new Bdf(bus, 0, 0), () -> window(bdf, memory, wide, then)));
  }

  /** Sets a bridge's windows to what its function was given. */
  private void window(Bdf bdf, long memory, long wide, Runnable then) {
    nextMemory = nextMemory + WINDOW_BYTES - 1 & -WINDOW_BYTES;
    nextWide = nextWide + WINDOW_BYTES - 1 & -WINDOW_BYTES;
    if (nextMemory > memory) {
      int limit = (int) (nextMemory - 1 & 0xFFF0_0000L);
      complex.configWrite(bdf, MEMORY_WINDOW, 4, limit | (int) (memory >> 16), () -> {});
    }
    if (nextWide > wide) {
      long last = nextWide - 1;
      int low = (int) (last & 0xFFF0_0000L) | (int) (wide >> 16 & 0xFFF0);
      complex.configWrite(bdf, MEMORY_WINDOW + 4, 4, low, () -> {});
      complex.configWrite(bdf, MEMORY_WINDOW + 8, 4, (int) (wide >>> 32), () -> {});
      complex.configWrite(bdf, MEMORY_WINDOW + 12, 4, (int) (last >>> 32), () -> {});
    }
    complex.configWrite(bdf, COMMAND, 2, COMMAND_ON, then);
  }

  private void scanFunction(Bdf bdf, Runnable then) {
    complex.configRead(
        bdf,
        ID,
        id -> {
          if (id == -1) {
            then.run();
            return;
          }
          PciDevice device = new PciDevice(complex, complex.functionAt(bdf), bdf);
          complex.configRead(
              bdf,
              CLASS_REVISION,
              revision -> {
                device.identity(id, revision);
                complex.configRead(bdf, HEADER, header -> header(device, header, then));
              });
        });
  }

  private void header(PciDevice device, int header, Runnable then) {
    if ((header >> 16 & 0x7F) != 0) {
      then.run(); // Not an endpoint: nothing that a function's driver could use.
      return;
    }
    capabilities(
        device,
        () ->
            bar(
                device,
                0,
                () -> {
                  found.add(device);
                  complex.configWrite(device.bdf(), COMMAND, 2, COMMAND_ON, then);
                }));
  }

  private void capabilities(PciDevice device, Runnable then) {
    complex.configRead(
        device.bdf(),
        COMMAND,
        status -> {
          if ((status & STATUS_CAPABILITIES) == 0) {
            then.run();
          } else {
            complex.configRead(
                device.bdf(), CAPABILITIES, first -> capability(device, first & 0xFC, 0, then));
          }
        });
  }

  private void capability(PciDevice device, int offset, int count, Runnable then) {
    if (offset < 0x40 || count == CAPABILITY_COUNT_MAX) {
      then.run();
      return;
    }
    complex.configRead(
        device.bdf(),
        offset,
        word -> {
          device.capability(word & 0xFF, offset);
          Runnable next = () -> capability(device, word >> 8 & 0xFC, count + 1, then);
          if ((word & 0xFF) == CAPABILITY_MSIX) {
            int vectors = (word >> 16 & 0x7FF) + 1;
            complex.configRead(
                device.bdf(),
                offset + 4,
                table -> {
                  device.msix(vectors, table & 7, table & 0xFFFF_FFF8L);
                  next.run();
                });
          } else {
            next.run();
          }
        });
  }

  /** Sizes one BAR by writing all-ones, and places it (PCI Local Bus Specification 6.2.5.1). */
  private void bar(PciDevice device, int index, Runnable then) {
    if (index >= PciDevice.BAR_COUNT) {
      then.run();
      return;
    }
    int offset = BAR0 + 4 * index;
    Bdf bdf = device.bdf();
    complex.configWrite(
        bdf,
        offset,
        4,
        -1,
        () ->
            complex.configRead(
                bdf,
                offset,
                low -> {
                  if (low == 0 || (low & 1) != 0) {
                    bar(device, index + 1, then); // None, or ports, which nothing here drives.
                  } else if ((low & 6) == 4) {
                    wideBar(device, index, low, then);
                  } else {
                    place(device, index, -(low & ~15) & 0xFFFF_FFFFL, false, then);
                  }
                }));
  }

  private void wideBar(PciDevice device, int index, int low, Runnable then) {
    int offset = BAR0 + 4 * index + 4;
    complex.configWrite(
        device.bdf(),
        offset,
        4,
        -1,
        () ->
            complex.configRead(
                device.bdf(),
                offset,
                high -> {
                  long mask = (long) high << 32 | low & 0xFFFF_FFF0L;
                  place(device, index, -mask, true, then);
                }));
  }

  private void place(PciDevice device, int index, long size, boolean wide, Runnable then) {
    long below = nextMemory + size - 1 & -size;
    long address;
    if (below + size <= MEMORY_END) {
      address = below;
      nextMemory = below + size;
    } else if (wide) {
      address = nextWide + size - 1 & -size;
      nextWide = address + size;
    } else {
      bar(device, index + 1, then); // No room: a kernel leaves it unassigned.
      return;
    }
    device.bar(index, address, size);
    int offset = BAR0 + 4 * index;
    Runnable next = () -> bar(device, index + (wide ? 2 : 1), then);
    complex.configWrite(
        device.bdf(),
        offset,
        4,
        (int) address,
        () -> {
          if (wide) {
            complex.configWrite(device.bdf(), offset + 4, 4, (int) (address >>> 32), next);
          } else {
            next.run();
          }
        });
  }
}
