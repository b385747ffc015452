package farslot.vfiouser;

import farslot.fabric.LocalFunction;
import farslot.memory.DmaWindows;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A function whose regions are memory, and which answers when the test says. On the loop's thread.
 */
final class FakeFunction implements LocalFunction {
  final byte[][] regions = new byte[REGION_COUNT][];
  final List<String> events = new ArrayList<>();
  final DmaWindows windows = new DmaWindows();
  final List<Runnable> held = new ArrayList<>();
  final int[] vectors = {1, 32, 64, 0, 0};
  int classCode = 0x010802;
  boolean hold;
  boolean room = true;
  boolean recordWrites = true;

  /** Records nothing, allocates nothing. */
  boolean quiet;

  private final MemorySegment[] segments = new MemorySegment[REGION_COUNT];
  boolean pinAsserted;
  boolean masked;
  Listener listener;

  private final RegionInfo[] infos = new RegionInfo[REGION_COUNT];

  /** Whether a hypervisor is setting it up. */
  boolean settingUp;

  @Override
  public void settingUp(boolean underWay) {
    settingUp = underWay;
  }

  FakeFunction() {
    Arrays.setAll(regions, i -> new byte[0]);
    regions[0] = new byte[0x4000];
    regions[7] = new byte[4096];
    for (int i = 0; i < 256; i++) {
      regions[0][i] = (byte) i;
    }
    writeConfig();
  }

  /** Header with PM at 40h, MSI-X at 50h, MSI at 60h, PCIe at 80h. */
  private void writeConfig() {
    byte[] config = regions[7];
    config[6] = 0x10;
    config[0x34] = 0x40;
    capability(config, 0x40, 0x01, 0x50);
    capability(config, 0x50, 0x11, 0x60);
    Arrays.fill(config, 0x52, 0x5C, (byte) 0x77);
    capability(config, 0x60, 0x05, 0x80);
    capability(config, 0x80, 0x10, 0);
  }

  private static void capability(byte[] config, int at, int id, int next) {
    config[at] = (byte) id;
    config[at + 1] = (byte) next;
  }

  @Override
  public String name() {
    return "fake";
  }

  @Override
  public int classCode() {
    return classCode;
  }

  @Override
  public RegionInfo region(int index) {
    return infos[index] != null && infos[index].sizeBytes() == regions[index].length
        ? infos[index]
        : (infos[index] = new RegionInfo(regions[index].length, false));
  }

  @Override
  public void read(int region, long offset, int bytes, ReadDone done, long cookie) {
    check(region, offset, bytes);
    if (quiet) {
      if (segments[region] == null) {
        segments[region] = MemorySegment.ofArray(regions[region]);
      }
      done.done(cookie, segments[region], offset, bytes);
      return;
    }
    events.add("read " + region + " " + offset + " " + bytes);
    later(() -> done.done(cookie, MemorySegment.ofArray(regions[region]), offset, bytes));
  }

  @Override
  public void write(
      int region,
      long offset,
      MemorySegment from,
      long at,
      int bytes,
      WriteDone done,
      long cookie) {
    check(region, offset, bytes);
    if (!room) {
      throw new AssertionError("written without room");
    }
    MemorySegment.copy(
        from, ValueLayout.JAVA_BYTE, at, regions[region], Math.toIntExact(offset), bytes);
    if (recordWrites && !quiet) {
      String value = "";
      for (int i = bytes - 1; i >= 0 && bytes <= 8; i--) {
        value += String.format("%02x", from.get(ValueLayout.JAVA_BYTE, at + i));
      }
      events.add("write " + region + " " + offset + " " + bytes + " " + value);
    }
    if (region == REGION_CONFIG) {
      later(() -> done.done(cookie));
    } else {
      done.done(cookie);
    }
  }

  private void check(int region, long offset, int bytes) {
    if (bytes < 1 || bytes > ACCESS_BYTES_MAX || offset + bytes > regions[region].length) {
      throw new AssertionError("outside: " + region + " " + offset + " " + bytes);
    }
    if (offset / 4096 != (offset + bytes - 1) / 4096) {
      throw new AssertionError("across 4 KiB: " + offset + " " + bytes);
    }
  }

  @Override
  public boolean hasRoom() {
    return room;
  }

  @Override
  public void reset(WriteDone done, long cookie) {
    events.add("reset");
    later(() -> done.done(cookie));
  }

  @Override
  public DmaWindows dmaWindows() {
    return windows;
  }

  @Override
  public int vectors(int kind) {
    return vectors[kind];
  }

  @Override
  public void arm(int kind, int first, boolean[] armed) {
    events.add("arm " + kind + " " + first + " " + Arrays.toString(armed));
  }

  @Override
  public void maskIntx(boolean masked) {
    this.masked = masked;
    events.add(masked ? "mask" : "unmask");
    if (!masked && pinAsserted) {
      listener.onInterrupt(IRQ_INTX, 0);
    }
  }

  @Override
  public void listener(Listener listener) {
    this.listener = listener;
  }

  private void later(Runnable done) {
    if (hold) {
      held.add(done);
    } else {
      done.run();
    }
  }
}
