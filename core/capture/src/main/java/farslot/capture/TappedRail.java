package farslot.capture;

import farslot.link.FrameError;
import farslot.link.FrameFormat;
import farslot.link.FrameView;
import farslot.link.Rail;
import farslot.link.RailListener;
import farslot.link.RailProtection;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;

/** A rail and its listener in one, which show each frame to the {@link Tap} in passing. */
final class TappedRail implements Rail, RailListener {
  private final Tap tap;
  private final Rail rail;
  private final LongSupplier clock;
  private final int id;
  private final int[] announced = new int[Tap.CAPTURES_MAX];
  private RailListener listener;

  TappedRail(Tap tap, Rail rail, LongSupplier clock) {
    this.tap = tap;
    this.rail = rail;
    this.clock = clock;
    id = tap.nextRail();
  }

  void listener(RailListener listener) {
    this.listener = listener;
  }

  int id() {
    return id;
  }

  /** Says the rail's name to a ring that has not heard of it. */
  void announce(int slot, FrameRing ring) {
    if (announced[slot] != ring.serial
        && ring.announce(id, rail.describe().getBytes(StandardCharsets.UTF_8))) {
      announced[slot] = ring.serial;
    }
  }

  @Override
  public void sharesLoad(boolean shares) {
    rail.sharesLoad(shares);
  }

  @Override
  public int send(MemorySegment segment, long offset, int bytes) {
    int taken = rail.send(segment, offset, bytes);
    if (tap.on()) {
      sent(segment, offset, taken);
    }
    return taken;
  }

  private void sent(MemorySegment segment, long offset, int taken) {
    long timeNs = clock.getAsLong();
    int at = 0;
    while (at < taken) {
      int frame =
          FrameView.frameBytes(segment, offset + at, taken - at, FrameFormat.FRAME_BYTES_MAX);
      assert frame > 0 : "a rail takes whole frames";
      tap.frame(this, false, timeNs, segment, offset + at, frame);
      at += frame;
    }
  }

  @Override
  public void onFrame(MemorySegment segment, long offset, int frameBytes, long nowNs) {
    if (tap.on()) {
      tap.frame(this, true, nowNs, segment, offset, frameBytes);
    }
    listener.onFrame(segment, offset, frameBytes, nowNs);
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
  public void onAgeing(String cause, long nowNs) {
    listener.onAgeing(cause, nowNs);
  }

  @Override
  public void onDown(String cause, long nowNs) {
    listener.onDown(cause, nowNs);
  }

  @Override
  public void close(String cause) {
    rail.close(cause);
  }

  @Override
  public int frameBytesMax() {
    return rail.frameBytesMax();
  }

  @Override
  public boolean reliable() {
    return rail.reliable();
  }

  @Override
  public RailProtection protection() {
    return rail.protection();
  }

  @Override
  public String describe() {
    return rail.describe();
  }
}
