package farslot.link;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** A rail of which the test is the other end: it keeps what was sent. */
final class FakeRail implements Rail {
  final List<Frames.Frame> sent = new ArrayList<>();
  final List<byte[]> raw = new ArrayList<>();
  boolean reliable = true;
  int frameBytesMax = 65532;
  int roomFrames = Integer.MAX_VALUE;
  String closed;
  RailProtection protection = RailProtection.NONE;

  @Override
  public int send(MemorySegment segment, long offset, int bytes) {
    byte[] run = segment.asSlice(offset, bytes).toArray(ValueLayout.JAVA_BYTE);
    int at = 0;
    while (at < bytes && roomFrames > 0) {
      int length = (run[at + 6] & 0xFF) << 8 | run[at + 7] & 0xFF;
      raw.add(java.util.Arrays.copyOfRange(run, at, at + length));
      sent.add(Frames.parse(raw.getLast()));
      at += length;
      roomFrames--;
    }
    return at;
  }

  @Override
  public void close(String cause) {
    closed = cause;
  }

  @Override
  public int frameBytesMax() {
    return frameBytesMax;
  }

  @Override
  public boolean reliable() {
    return reliable;
  }

  @Override
  public RailProtection protection() {
    return protection;
  }

  @Override
  public String describe() {
    return "fake";
  }

  Frames.Frame last() {
    return sent.getLast();
  }

  /** All records of all DATA frames sent. */
  List<Frames.Rec> records() {
    return sent.stream()
        .filter(f -> f.type() == Frames.DATA)
        .flatMap(f -> f.records().stream())
        .toList();
  }
}
