package farslot.fuzz;

import farslot.link.FrameCheck;
import farslot.link.FrameError;
import farslot.link.FrameFormat;
import farslot.link.Rail;
import farslot.link.RailListener;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** A rail whose other end is the script: it remembers what a peer has to know, and checks it. */
final class PeerRail implements Rail {
  private final FrameCheck check = new FrameCheck();
  private final PeerState peer;
  private final boolean reliable;
  RailListener listener;
  boolean closed;
  boolean full;

  /** txTime of the frame that the code under test has sent last over this rail. */
  int heardTime;

  PeerRail(PeerState peer, boolean reliable) {
    this.peer = peer;
    this.reliable = reliable;
  }

  @Override
  public int send(MemorySegment segment, long offset, int bytes) {
    if (closed) {
      throw new AssertionError("sends over a rail that it has closed");
    }
    if (full) {
      return 0;
    }
    int at = 0;
    while (at < bytes) {
      FrameError error =
          check.check(segment, offset + at, bytes - at, FrameFormat.FRAME_BYTES_MAX, !reliable);
      if (error != null) {
        throw new AssertionError("sends a frame that is malformed: " + error);
      }
      ByteBuffer frame = segment.asSlice(offset + at, bytes - at).asByteBuffer();
      peer.sent(frame);
      heardTime = frame.getInt(24);
      at += frame.getShort(6) & 0xFFFF;
    }
    return bytes;
  }

  @Override
  public void close(String cause) {
    closed = true;
  }

  @Override
  public int frameBytesMax() {
    return 1500;
  }

  @Override
  public boolean reliable() {
    return reliable;
  }

  @Override
  public String describe() {
    return "script";
  }
}
