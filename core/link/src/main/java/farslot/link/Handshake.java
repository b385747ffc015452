package farslot.link;

import farslot.pcie.BigEndian;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Reads and sends the frames of a handshake, on rails that have no session yet; one for all rails
 * of an end.
 */
final class Handshake {
  private final MemorySegment segment =
      Arena.ofAuto()
          .allocate(
              FrameFormat.HEADER_BYTES
                  + Math.max(
                      Farewell.BYTES_MAX,
                      FrameFormat.padded(Hello.NAME_AT + FrameFormat.NAME_BYTES_MAX)),
              64);

  private final FrameCheck check = new FrameCheck();
  private final FrameView frame = new FrameView();

  /**
   * Looks at a frame that has come.
   *
   * @return what is wrong with it, or null; without an error, or with {@link FrameError#VERSION},
   *     {@link #frame} is that frame until the next call
   */
  FrameError read(Rail rail, MemorySegment from, long offset, int bytes) {
    FrameError error =
        check.check(from, offset, bytes, FrameFormat.FRAME_BYTES_MAX, !rail.reliable());
    if (error == null || error == FrameError.VERSION) {
      frame.wrap(from, offset);
    }
    return error;
  }

  /** What was read last. */
  FrameView frame() {
    return frame;
  }

  /**
   * Sends HELLO or WELCOME; false if the rail does not take it.
   *
   * @param sessionId 0 for a new one
   * @param expected the DATA frame that this end expects next
   */
  boolean send(RailClock rail, int type, int sessionId, int expected, Hello hello, long nowNs) {
    FrameEncoder.header(segment, 0, type, sessionId, 0);
    return send(rail, hello.write(segment, FrameFormat.HEADER_BYTES), expected, nowNs);
  }

  /**
   * Sends ACK, which shows the appliance that its WELCOME was heard; false if the rail does not
   * take it.
   *
   * @param seq what the appliance expects next: nothing is missing
   * @param expected the DATA frame that this end expects next
   */
  boolean confirm(RailClock rail, int sessionId, int seq, int expected, long nowNs) {
    FrameEncoder.header(segment, 0, FrameFormat.ACK, sessionId, seq);
    return send(rail, 0, expected, nowNs);
  }

  /** Sends REFUSE and closes the rail. */
  void refuse(RailClock rail, int sessionId, RefuseCode code, String text, long nowNs) {
    FrameEncoder.header(segment, 0, FrameFormat.REFUSE, sessionId, 0);
    send(rail, new Farewell(code, text).write(segment, FrameFormat.HEADER_BYTES), 0, nowNs);
    rail.rail.close(text);
  }

  /** The time stamp of what was sent last. */
  int sentTime() {
    return BigEndian.i32(segment, FrameFormat.TX_TIME_AT);
  }

  private boolean send(RailClock rail, int bodyBytes, int ack, long nowNs) {
    int bytes = FrameFormat.HEADER_BYTES + bodyBytes;
    FrameEncoder.length(segment, 0, bytes);
    rail.stamp(segment, 0, bytes, 0, ack, 0, nowNs);
    rail.sentNs = nowNs;
    return rail.rail.send(segment, 0, bytes) == bytes;
  }
}
