package farslot.capture;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Frames on their way from the data thread to the one that writes them: bounded, one producer, one
 * consumer, no lock. A frame that finds no room is dropped and counted; the data thread never
 * waits.
 */
public final class FrameRing {
  /** Room for 1000 frames of the usual size, or for 200 000 short ones: 13 ms at 10 Gb/s. */
  public static final int BYTES_USUAL = 1 << 24;

  /** Who takes frames out. */
  public interface Reader {
    /** A rail that frames after this come from. */
    void onRail(int rail, String name);

    /**
     * A frame.
     *
     * @param rail as announced
     * @param inbound received, not sent
     * @param timeNs by the data thread's clock
     * @param lost frames that were dropped just before this one
     * @param segment read in place, until this returns
     */
    void onFrame(
        int rail,
        boolean inbound,
        long timeNs,
        int lost,
        MemorySegment segment,
        long offset,
        int bytes);
  }

  // An entry: total bytes u32 (a multiple of 8), kind u32, rail u32, payload bytes u32, time u64,
  // lost u32, reserved u32, payload.
  private static final int TOTAL_AT = 0;
  private static final int KIND_AT = 4;
  private static final int RAIL_AT = 8;
  private static final int PAYLOAD_AT = 12;
  private static final int TIME_AT = 16;
  private static final int LOST_AT = 24;
  private static final int HEADER_BYTES = 32;

  private static final int SENT = 0;
  private static final int RECEIVED = 1;
  private static final int RAIL = 2;

  /** Nothing more before the ring's end. */
  private static final int SKIP = 3;

  private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG;

  private static final VarHandle HEAD = handle("head");
  private static final VarHandle TAIL = handle("tail");

  private final MemorySegment ring;
  private final int bytes;
  private volatile long dropped;
  private volatile long frames;

  /** Given by the {@link Tap}, so that rails know to whom they have told their names. */
  int serial;

  private int lost;

  @SuppressWarnings("unused") // by HEAD
  private long head;

  @SuppressWarnings("unused") // by TAIL
  private long tail;

  /**
   * @param bytes a power of two, at least 128 KiB: the longest frame must fit twice
   */
  public FrameRing(int bytes) {
    if (Integer.bitCount(bytes) != 1 || bytes < 1 << 17) {
      throw new IllegalArgumentException("not a power of two from 128 KiB: " + bytes);
    }
    this.bytes = bytes;
    ring = Arena.ofAuto().allocate(bytes, 64);
  }

  private static VarHandle handle(String field) {
    try {
      return MethodHandles.lookup().findVarHandle(FrameRing.class, field, long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Frames dropped so far, for want of room; from any thread. */
  public long dropped() {
    return dropped;
  }

  /** Frames that were offered so far, dropped ones included; from any thread. */
  public long frames() {
    return frames;
  }

  // The producer.

  void put(
      int rail, boolean inbound, long timeNs, MemorySegment segment, long offset, int payload) {
    frames++;
    long at = claim(payload);
    if (at < 0) {
      lost++;
      dropped++;
      return;
    }
    long entry = at & (bytes - 1);
    header(entry, inbound ? RECEIVED : SENT, rail, payload);
    ring.set(U64, entry + TIME_AT, timeNs);
    ring.set(U32, entry + LOST_AT, lost);
    lost = 0;
    MemorySegment.copy(segment, offset, ring, entry + HEADER_BYTES, payload);
    HEAD.setRelease(this, at + total(payload));
  }

  /** Names a rail; false when there is no room now. */
  boolean announce(int rail, byte[] name) {
    long at = claim(name.length);
    if (at < 0) {
      return false;
    }
    long entry = at & (bytes - 1);
    header(entry, RAIL, rail, name.length);
    MemorySegment.copy(name, 0, ring, ValueLayout.JAVA_BYTE, entry + HEADER_BYTES, name.length);
    HEAD.setRelease(this, at + total(name.length));
    return true;
  }

  private void header(long entry, int kind, int rail, int payload) {
    ring.set(U32, entry + TOTAL_AT, total(payload));
    ring.set(U32, entry + KIND_AT, kind);
    ring.set(U32, entry + RAIL_AT, rail);
    ring.set(U32, entry + PAYLOAD_AT, payload);
  }

  /** Position of an entry that lies in one piece, or -1. */
  private long claim(int payload) {
    int total = total(payload);
    long at = (long) HEAD.get(this);
    long room = bytes - (at - (long) TAIL.getAcquire(this));
    int toEnd = bytes - (int) (at & (bytes - 1));
    if (toEnd >= total) {
      return total <= room ? at : -1;
    }
    if (toEnd + total > room) {
      return -1;
    }
    // Entries are multiples of 8, so there is always room for the two fields of a SKIP.
    ring.set(U32, (at & (bytes - 1)) + TOTAL_AT, toEnd);
    ring.set(U32, (at & (bytes - 1)) + KIND_AT, SKIP);
    HEAD.setRelease(this, at + toEnd);
    return at + toEnd;
  }

  private static int total(int payload) {
    return HEADER_BYTES + payload + 7 & ~7;
  }

  // The consumer.

  /**
   * Takes out what is there, at most {@code framesMax} frames. On one thread at a time.
   *
   * @return frames taken
   */
  public int poll(Reader reader, int framesMax) {
    int taken = 0;
    long at = (long) TAIL.get(this);
    long end = (long) HEAD.getAcquire(this);
    while (at < end && taken < framesMax) {
      long entry = at & (bytes - 1);
      int kind = ring.get(U32, entry + KIND_AT);
      at += ring.get(U32, entry + TOTAL_AT);
      if (kind == RAIL) {
        reader.onRail(ring.get(U32, entry + RAIL_AT), name(entry));
      } else if (kind != SKIP) {
        taken++;
        reader.onFrame(
            ring.get(U32, entry + RAIL_AT),
            kind == RECEIVED,
            ring.get(U64, entry + TIME_AT),
            ring.get(U32, entry + LOST_AT),
            ring,
            entry + HEADER_BYTES,
            ring.get(U32, entry + PAYLOAD_AT));
      }
      // Only now may it be overwritten.
      TAIL.setRelease(this, at);
    }
    return taken;
  }

  private String name(long entry) {
    byte[] name = new byte[ring.get(U32, entry + PAYLOAD_AT)];
    MemorySegment.copy(ring, ValueLayout.JAVA_BYTE, entry + HEADER_BYTES, name, 0, name.length);
    return new String(name, java.nio.charset.StandardCharsets.UTF_8);
  }
}
