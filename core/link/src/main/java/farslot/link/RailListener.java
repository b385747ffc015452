package farslot.link;

import java.lang.foreign.MemorySegment;

/** Who is told what a {@link Rail} does; one object a rail. On the owner's thread only. */
public interface RailListener {
  /**
   * Bytes that the carrier found to be one frame: {@link FrameView#frameBytes} gave its length.
   * They are read in place and may change after this returns.
   */
  void onFrame(MemorySegment segment, long offset, int frameBytes, long nowNs);

  /** What came cannot be cut into frames; the rail is closed from inside this call. */
  void onMalformed(FrameError error, long nowNs);

  /** The rail takes frames again after it was full. */
  void onWritable(long nowNs);

  /**
   * The rail works, but should be replaced: what it was made with ends soon, or there is something
   * newer. May be told again; who waits for rails has nothing to do.
   */
  default void onAgeing(String cause, long nowNs) {}

  /** The rail has ended by itself: peer gone, reset, error. */
  void onDown(String cause, long nowNs);
}
