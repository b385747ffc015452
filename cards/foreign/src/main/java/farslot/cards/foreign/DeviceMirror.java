package farslot.cards.foreign;

import farslot.function.Dma;
import farslot.function.ForeignDevice;
import farslot.function.MirrorGuide;
import farslot.function.MirrorGuideProvider;
import farslot.function.MirrorPort;
import farslot.pcie.CompletionStatus;
import farslot.pcie.LittleEndian;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.ServiceLoader;

/**
 * The memory of a device that insists on memory: what its class's guide says is copied between it
 * and the server's, by DMA of this function. Interrupts wait for what they are to announce.
 */
final class DeviceMirror implements MirrorPort, Dma.Done {
  /** Who passes interrupts on. */
  interface Told {
    void onInterrupt(int kind, int vector);
  }

  /** Room for the vectors of one kind. */
  private static final int KIND_SHIFT = 12;

  private final ForeignDevice device;
  private final ForeignDevice.Mirror mirror;
  private final Dma dma;
  private final Told told;
  private final MirrorGuide guide;
  private final MemorySegment value = Arena.ofAuto().allocate(8, 8);

  /** Signalled, and what they announce is not stored yet. */
  private final BitSet waiting = new BitSet();

  private int stored;

  DeviceMirror(ForeignDevice device, MirrorGuideProvider provider, Dma dma, Told told) {
    this.device = device;
    this.dma = dma;
    this.told = told;
    mirror = device.mirror();
    guide = provider.guide(this);
  }

  /** Who knows how to keep a mirror for such a device; null if nobody does. */
  static MirrorGuideProvider provider(ForeignSpec spec) {
    for (MirrorGuideProvider each : ServiceLoader.load(MirrorGuideProvider.class)) {
      int vendor = spec.function().vendorId();
      if (each.knows(vendor, spec.function().deviceId(), spec.function().classCode())) {
        return each;
      }
    }
    return null;
  }

  /** The server writes a register; true if the device is not to be told now. */
  boolean holds(int bar, long offset, MemorySegment from, long at, int bytes) {
    return bytes <= 8 && guide.onWrite(bar, offset, bytes, load(from, at, bytes));
  }

  void onRead(int bar, long offset, MemorySegment from, long at, int bytes) {
    if (bytes <= 8) {
      guide.onRead(bar, offset, bytes, load(from, at, bytes));
    }
  }

  private static long load(MemorySegment from, long at, int bytes) {
    return switch (bytes) {
      case 1 -> LittleEndian.u8(from, at);
      case 2 -> LittleEndian.u16(from, at);
      case 4 -> LittleEndian.u32(from, at);
      default -> bytes == 8 ? LittleEndian.i64(from, at) : 0;
    };
  }

  /** An interrupt: passed on when all that the device has done before it is in place. */
  void onInterrupt(int kind, int vector) {
    waiting.set(kind << KIND_SHIFT | vector);
    look();
  }

  /** Returns how much has been stored. */
  int look() {
    int before = stored;
    if (guide.look()) {
      int first;
      while ((first = waiting.nextSetBit(0)) >= 0) {
        waiting.clear(first);
        told.onInterrupt(first >> KIND_SHIFT, first & (1 << KIND_SHIFT) - 1);
      }
    }
    return stored - before;
  }

  /** The slot takes DMA again. */
  void onRoom() {
    look();
  }

  void reset() {
    waiting.clear();
    guide.reset();
    mirror.watch(false);
    mirror.clear();
  }

  @Override
  public MemorySegment memory() {
    return mirror.memory();
  }

  @Override
  public void fetch(long address, int bytes, long cookie) {
    dma.read(address, mirror.memory(), address, bytes, this, cookie);
  }

  @Override
  public void done(long cookie, CompletionStatus status) {
    guide.fetched(cookie, status == CompletionStatus.SC);
  }

  @Override
  public void store(long address, int bytes) {
    stored++;
    dma.write(address, mirror.memory(), address, bytes);
  }

  @Override
  public boolean hasRoom() {
    return dma.hasRoom();
  }

  @Override
  public void pass(int bar, long offset, int bytes, long bits) {
    LittleEndian.i64(value, 0, bits);
    device.write(bar, offset, value, 0, bytes);
  }

  @Override
  public void watch(boolean on) {
    mirror.watch(on);
  }
}
