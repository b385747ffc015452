package farslot.sim;

import farslot.link.FrameError;
import farslot.link.RailListener;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.function.LongSupplier;

/** Keeps frames back while it is closed. */
final class Gate implements RailListener {
  private final ArrayDeque<byte[]> kept = new ArrayDeque<>();
  private final RailListener listener;
  private final LongSupplier clock;
  private boolean closed;

  Gate(RailListener listener, LongSupplier clock) {
    this.listener = listener;
    this.clock = clock;
  }

  void close() {
    closed = true;
  }

  void open() {
    closed = false;
    openOnce();
  }

  /** Lets through what waits. */
  void openOnce() {
    while (!kept.isEmpty()) {
      byte[] frame = kept.remove();
      listener.onFrame(MemorySegment.ofArray(frame), 0, frame.length, clock.getAsLong());
    }
  }

  @Override
  public void onFrame(MemorySegment segment, long offset, int frameBytes, long nowNs) {
    if (closed) {
      kept.add(segment.asSlice(offset, frameBytes).toArray(ValueLayout.JAVA_BYTE));
    } else {
      listener.onFrame(segment, offset, frameBytes, nowNs);
    }
  }

  @Override
  public void onMalformed(FrameError error, long nowNs) {
    listener.onMalformed(error, nowNs);
  }

  @Override
  public void onWritable(long nowNs) {
    listener.onWritable(nowNs);
  }

  @Override
  public void onDown(String cause, long nowNs) {
    listener.onDown(cause, nowNs);
  }
}
