package farslot.carrier;

import farslot.link.FrameError;
import farslot.link.RailListener;
import java.lang.foreign.MemorySegment;

/** Listens for a rail that was closed before it had somebody to deliver to. */
final class DeafListener implements RailListener {
  @Override
  public void onFrame(MemorySegment segment, long offset, int frameBytes, long nowNs) {}

  @Override
  public void onMalformed(FrameError error, long nowNs) {}

  @Override
  public void onWritable(long nowNs) {}

  @Override
  public void onDown(String cause, long nowNs) {}
}
