package farslot.fabric;

import farslot.fabric.LocalCounts.Count;
import farslot.pcie.BigEndian;
import farslot.pcie.TlpType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What the card has told of its registers (docs/spec/pcieoe.md, section 4.6), so that a guest that
 * polls them need not wait for the network. A copy is good only if the card had everything by then
 * that was sent to it and may change registers: it counts that as this end does. A read that comes
 * when it is not good goes to the card, and so pushes the writes before it as it must.
 */
final class RegisterCopy {
  /** Ranges of registers, and ranges where writes are harmless, that are kept of a card. */
  static final int RANGES_MAX = 16;

  private static final int BYTES_MAX = 256;
  private static final int DW_BYTES = 4;

  /** With an address of 64 bits. */
  private static final int WIDE_HEADER_BYTES = 16;

  private static final int NONE = -1;

  private final LocalCounts counts;
  private final MemorySegment values =
      Arena.ofAuto().allocate((long) RANGES_MAX * BYTES_MAX, Long.BYTES);
  private final int[] bars = new int[RANGES_MAX];
  private final long[] offsets = new long[RANGES_MAX];
  private final int[] lengths = new int[RANGES_MAX];

  /** How much of {@link #sent} each has seen. */
  private final long[] seen = new long[RANGES_MAX];

  private int ranges;
  private final int[] harmlessBars = new int[RANGES_MAX];
  private final long[] harmlessOffsets = new long[RANGES_MAX];
  private final long[] harmlessBytes = new long[RANGES_MAX];
  private int harmless;
  private BusMap addresses;

  /** TLPs that were sent and are neither read requests nor completions, and Hot Resets. */
  private long sent;

  /** {@link #sent} when the last one of them went that may have changed registers. */
  private long changed;

  RegisterCopy(LocalCounts counts) {
    this.counts = counts;
  }

  /** A stream begins: nothing is known, and counting begins anew. */
  void connect() {
    forget();
    harmless = 0;
    sent = 0;
    changed = 0;
  }

  /** Where the card's BARs are; null while that is not known. */
  void addresses(BusMap map) {
    addresses = map;
  }

  /** Nothing is known until the card tells it again. */
  void forget() {
    ranges = 0;
  }

  /** A TLP goes to the card. */
  void sent(MemorySegment segment, long at) {
    int type = BigEndian.u8(segment, at);
    if (TlpType.isCompletion(type) || TlpType.isReadRequest(type)) {
      return;
    }
    sent++;
    if (!TlpType.isMemoryWrite(type) || !isHarmless(segment, at)) {
      changed = sent;
    }
  }

  /** A Hot Reset goes to the card. */
  void hotReset() {
    changed = ++sent;
  }

  private boolean isHarmless(MemorySegment segment, long at) {
    if (harmless == 0 || addresses == null) {
      return false;
    }
    boolean wide = TlpType.headerBytes(BigEndian.u8(segment, at)) == WIDE_HEADER_BYTES;
    long address =
        wide
            ? BigEndian.i64(segment, at + 8)
            : Integer.toUnsignedLong(BigEndian.i32(segment, at + 8));
    int lengthDw = BigEndian.i32(segment, at) & 0x3FF;
    long end = address + (lengthDw == 0 ? 1024L : lengthDw) * DW_BYTES;
    for (int i = 0; i < harmless; i++) {
      long from = addresses.address(harmlessBars[i]) + harmlessOffsets[i];
      if (address >= from && end <= from + harmlessBytes[i]) {
        return true;
      }
    }
    return false;
  }

  /** See {@link farslot.pcie.TlpIn#onHarmless}. */
  void onHarmless(int bar, long offset, long bytes) {
    if (harmless < RANGES_MAX) {
      harmlessBars[harmless] = bar;
      harmlessOffsets[harmless] = offset;
      harmlessBytes[harmless++] = bytes;
    }
  }

  /**
   * See {@link farslot.pcie.TlpIn#onEvent}.
   *
   * @param inOrder whether all that the card had written before is in the guest's memory
   */
  void onEvent(
      int bar, long offset, int changes, MemorySegment from, long at, int bytes, boolean inOrder) {
    int range = inOrder ? find(bar, offset, bytes) : NONE;
    if (range == NONE) {
      counts.add(Count.EVENTS_IGNORED);
      forget();
      return;
    }
    counts.add(Count.EVENTS);
    // The count is told modulo 2^32; never so many are on their way.
    seen[range] = sent - (sent - changes & 0xFFFF_FFFFL);
    MemorySegment.copy(from, at, values, (long) range * BYTES_MAX, bytes);
  }

  /** The place of a range that was told before, or a new one, or none. */
  private int find(int bar, long offset, int bytes) {
    for (int i = 0; i < ranges; i++) {
      boolean meets =
          bars[i] == bar && offset < offsets[i] + lengths[i] && offsets[i] < offset + bytes;
      if (meets) {
        // A card that cuts its registers otherwise each time is not followed.
        return offsets[i] == offset && lengths[i] == bytes ? i : NONE;
      }
    }
    if (ranges == RANGES_MAX) {
      return NONE;
    }
    bars[ranges] = bar;
    offsets[ranges] = offset;
    lengths[ranges] = bytes;
    return ranges++;
  }

  /**
   * Where registers are in {@link #values}, or -1 when the card has to be asked.
   *
   * @param unsent whether something waits here that is not {@link #sent} yet
   */
  long find(int bar, long offset, int bytes, boolean unsent) {
    for (int i = 0; i < ranges; i++) {
      if (bars[i] == bar && offset >= offsets[i] && offset + bytes <= offsets[i] + lengths[i]) {
        if (unsent || seen[i] < changed) {
          counts.add(Count.REGISTER_READS_UNSURE);
          return NONE;
        }
        counts.add(Count.REGISTER_READS);
        return (long) i * BYTES_MAX + (offset - offsets[i]);
      }
    }
    return NONE;
  }

  /** What was told, as it lies in memory. */
  MemorySegment values() {
    return values;
  }
}
