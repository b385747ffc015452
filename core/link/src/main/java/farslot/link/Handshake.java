package farslot.link;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Sends the frames of a handshake on a rail that has no session yet. */
final class Handshake {
  private final MemorySegment segment =
      Arena.ofAuto()
          .allocate(
              FrameFormat.HEADER_BYTES
                  + Math.max(
                      Farewell.BYTES_MAX,
                      FrameFormat.padded(Hello.NAME_AT + FrameFormat.NAME_BYTES_MAX)),
              64);

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

  /** Sends REFUSE and closes the rail. */
  void refuse(RailClock rail, int sessionId, RefuseCode code, String text, long nowNs) {
    FrameEncoder.header(segment, 0, FrameFormat.REFUSE, sessionId, 0);
    send(rail, new Farewell(code, text).write(segment, FrameFormat.HEADER_BYTES), 0, nowNs);
    rail.rail.close(text);
  }

  private boolean send(RailClock rail, int bodyBytes, int ack, long nowNs) {
    int bytes = FrameFormat.HEADER_BYTES + bodyBytes;
    FrameEncoder.length(segment, 0, bytes);
    rail.stamp(segment, 0, bytes, 0, ack, 0, nowNs);
    rail.sentNs = nowNs;
    return rail.rail.send(segment, 0, bytes) == bytes;
  }
}
