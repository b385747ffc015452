package farslot.fuzz;

import farslot.link.LinkStream;
import farslot.pcie.FlowClass;
import farslot.pcie.TlpError;
import farslot.pcie.TlpIn;
import farslot.pcie.TlpView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Who gets what a stream delivers; it answers requests, and doubts everything. */
final class Recipient implements TlpIn {
  private final TlpView tlp = new TlpView();
  LinkStream stream;
  private boolean down;

  /** The link takes what a function throws for the function's failure: so it is kept. */
  Throwable failure;

  @Override
  public void onTlp(MemorySegment segment, long offset, int tlpBytes) {
    check(!down, "delivers in a stream that is down");
    TlpError error = TlpView.check(segment, offset, tlpBytes);
    check(error == null, "delivers a malformed TLP: " + error);
    tlp.wrap(segment, offset, tlpBytes);
    check(
        stream == null || tlp.dataBytes() <= stream.session().payloadBytesMax(),
        "delivers more than payloadBytesMax");
    if (stream != null && tlp.flowClass() == FlowClass.NON_POSTED) {
      send(FlowClass.COMPLETION, Tlps.completion(tlp.requesterId(), tlp.tag(), 1, 4, 0, NONE));
    }
  }

  private static final byte[] NONE = {};

  /** Sends a TLP if there is room for it. */
  void send(FlowClass flow, byte[] bytes) {
    if (stream == null) {
      return;
    }
    long at = stream.claim(flow, bytes.length, bytes.length > 16 ? bytes.length - 12 : 0);
    if (at >= 0) {
      MemorySegment.copy(MemorySegment.ofArray(bytes), 0, stream.segment(), at, bytes.length);
      stream.commit();
    }
  }

  @Override
  public void onPush(long address, MemorySegment segment, long offset, int bytes, boolean steady) {
    check(!down, "pushes in a stream that is down");
    check(bytes > 0 && (address & 0xFFF) + bytes <= 0x1000, "pushes " + bytes + " at " + address);
    touch(segment, offset, bytes);
  }

  @Override
  public void onRevoke() {
    check(!down, "revokes in a stream that is down");
  }

  @Override
  public void onEvent(
      int bar, long offset, int changes, MemorySegment segment, long at, int bytes) {
    check(!down, "tells in a stream that is down");
    check(bar < 6 && bytes > 0 && bytes <= 256, "tells %d bytes of BAR %d".formatted(bytes, bar));
    check(offset + bytes <= 1L << 32, "tells of registers beyond the end");
    touch(segment, at, bytes);
  }

  @Override
  public void onHarmless(int bar, long offset, long bytes) {
    check(bar < 6 && bytes > 0 && offset + bytes <= 1L << 32, "an impossible range");
  }

  /** Whoever delivers has it all. */
  private static void touch(MemorySegment segment, long offset, int bytes) {
    segment.get(ValueLayout.JAVA_BYTE, offset);
    segment.get(ValueLayout.JAVA_BYTE, offset + bytes - 1);
  }

  /** Sends memory along, takes it back, or tells of registers: whatever this end may. */
  void along(int what, int bytes) {
    if (stream == null) {
      return;
    }
    long at =
        stream.events()
            ? stream.claimEvent(what % 6, what, what, 1 + (bytes & 0xFF))
            : stream.claimPush(0x1000L * what, 1 + (bytes & 0xFFF), (what & 1) != 0);
    if (at >= 0) {
      stream.segment().set(ValueLayout.JAVA_BYTE, at, (byte) bytes);
      stream.commit();
    }
    if (what % 3 == 0) {
      stream.revoke();
      stream.harmless(what % 6, what, 4);
    }
  }

  @Override
  public void onRoom() {
    check(!down, "room in a stream that is down");
  }

  @Override
  public void onHotReset() {
    check(!down, "resets in a stream that is down");
  }

  @Override
  public void onDown() {
    check(!down, "down twice");
    down = true;
  }

  private void check(boolean holds, String otherwise) {
    if (!holds) {
      failure = new AssertionError(otherwise);
    }
  }
}
