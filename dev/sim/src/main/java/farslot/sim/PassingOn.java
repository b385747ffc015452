package farslot.sim;

import farslot.pcie.TlpIn;
import java.lang.foreign.MemorySegment;

/** Passes on what a stream delivers; what it does besides its subclasses say. */
abstract class PassingOn implements TlpIn {
  /** Who gets it. */
  abstract TlpIn next();

  @Override
  public void onTlp(MemorySegment segment, long offset, int tlpBytes) {
    next().onTlp(segment, offset, tlpBytes);
  }

  @Override
  public void onRoom() {
    next().onRoom();
  }

  @Override
  public void onHotReset() {
    next().onHotReset();
  }

  @Override
  public void onDown() {
    next().onDown();
  }

  @Override
  public void onPush(long address, MemorySegment segment, long offset, int bytes, boolean steady) {
    next().onPush(address, segment, offset, bytes, steady);
  }

  @Override
  public void onStalePush(long address, int bytes) {
    next().onStalePush(address, bytes);
  }

  @Override
  public void onRevoke() {
    next().onRevoke();
  }

  @Override
  public void onEvent(
      int bar, long offset, int changes, MemorySegment segment, long at, int bytes) {
    next().onEvent(bar, offset, changes, segment, at, bytes);
  }

  @Override
  public void onHarmless(int bar, long offset, long bytes) {
    next().onHarmless(bar, offset, bytes);
  }
}
