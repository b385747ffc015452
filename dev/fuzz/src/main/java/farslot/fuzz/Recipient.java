package farslot.fuzz;

import farslot.link.LinkStream;
import farslot.pcie.FlowClass;
import farslot.pcie.TlpError;
import farslot.pcie.TlpIn;
import farslot.pcie.TlpView;
import java.lang.foreign.MemorySegment;

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
