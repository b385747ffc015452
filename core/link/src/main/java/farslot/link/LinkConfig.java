package farslot.link;

import farslot.pcie.TlpLimits;
import java.nio.charset.StandardCharsets;

/**
 * What an end of links is told by its owner. {@link #of} gives the values that suit a data centre's
 * network; change single ones with the {@code with} methods.
 *
 * @param nodeName 1 to {@link FrameFormat#NAME_BYTES_MAX} bytes of UTF-8, unique among the peers of
 *     an appliance: a new session of a name replaces the old one
 * @param instanceId drawn at random by each process at its start
 * @param frameBytesMax largest frame sent or accepted, bytes: {@link FrameFormat#FRAME_BYTES_LEAST}
 *     to {@link FrameFormat#FRAME_BYTES_MAX}; the session uses the smaller of both ends'
 * @param payloadBytesMax Max_Payload_Size: 128 to 4096, a power of two
 * @param readRequestBytesMax Max_Read_Request_Size: 128 to 4096, a power of two
 * @param replayBytes size of the buffer that holds what is not acknowledged yet, a session
 * @param holdNs how long a session outlives its last rail; the smaller of both ends' counts
 * @param keepAliveNs a rail on which nothing was sent for this long gets an ACK
 * @param silenceNs a rail from which nothing came for this long is dead
 * @param handshakeNs how long a fresh rail may take to agree on a session
 * @param ackDelayNs how long an acknowledgement may wait for a frame that takes it along
 * @param redialNs first and shortest pause between two attempts to connect; doubles each time
 * @param redialNsMax longest such pause
 * @param sessionsMax most sessions that an acceptor serves
 * @param streamsMax most streams in a session, 1 to 65535
 */
public record LinkConfig(
    String nodeName,
    long instanceId,
    int frameBytesMax,
    int payloadBytesMax,
    int readRequestBytesMax,
    int replayBytes,
    long holdNs,
    long keepAliveNs,
    long silenceNs,
    long handshakeNs,
    long ackDelayNs,
    long redialNs,
    long redialNsMax,
    int sessionsMax,
    int streamsMax) {
  private static final long MS = 1_000_000;

  public LinkConfig {
    int nameBytes = nodeName.getBytes(StandardCharsets.UTF_8).length;
    require(nameBytes >= 1 && nameBytes <= FrameFormat.NAME_BYTES_MAX, "node name", nameBytes);
    require(
        frameBytesMax >= FrameFormat.FRAME_BYTES_LEAST
            && frameBytesMax <= FrameFormat.FRAME_BYTES_MAX
            && frameBytesMax % 4 == 0,
        "frameBytesMax",
        frameBytesMax);
    require(FrameFormat.payloadSizeValid(payloadBytesMax), "payloadBytesMax", payloadBytesMax);
    require(
        FrameFormat.payloadSizeValid(readRequestBytesMax),
        "readRequestBytesMax",
        readRequestBytesMax);
    require(replayBytes >= 65536 && replayBytes <= 1 << 30, "replayBytes", replayBytes);
    require(holdNs >= 0 && holdNs <= 0xFFFFFFFFL * MS, "holdNs", holdNs);
    require(keepAliveNs > 0 && silenceNs > keepAliveNs, "silenceNs", silenceNs);
    require(handshakeNs > 0 && ackDelayNs >= 0, "handshakeNs", handshakeNs);
    require(redialNs > 0 && redialNsMax >= redialNs, "redialNs", redialNs);
    require(sessionsMax > 0, "sessionsMax", sessionsMax);
    require(streamsMax > 0 && streamsMax <= 65535, "streamsMax", streamsMax);
  }

  /** The usual values: see the code. */
  public static LinkConfig of(String nodeName, long instanceId) {
    return new LinkConfig(
        nodeName,
        instanceId,
        FrameFormat.FRAME_BYTES_USUAL,
        TlpLimits.PAYLOAD_BYTES_MAX,
        TlpLimits.PAYLOAD_BYTES_MAX,
        2 << 20,
        30_000 * MS,
        500 * MS,
        3_000 * MS,
        3_000 * MS,
        MS,
        50 * MS,
        2_000 * MS,
        64,
        4096);
  }

  /** With another hold time. */
  public LinkConfig withHoldNs(long holdNs) {
    return new LinkConfig(
        nodeName,
        instanceId,
        frameBytesMax,
        payloadBytesMax,
        readRequestBytesMax,
        replayBytes,
        holdNs,
        keepAliveNs,
        silenceNs,
        handshakeNs,
        ackDelayNs,
        redialNs,
        redialNsMax,
        sessionsMax,
        streamsMax);
  }

  /** With other sizes of frames and replay buffer. */
  public LinkConfig withSizes(int frameBytesMax, int replayBytes) {
    return new LinkConfig(
        nodeName,
        instanceId,
        frameBytesMax,
        payloadBytesMax,
        readRequestBytesMax,
        replayBytes,
        holdNs,
        keepAliveNs,
        silenceNs,
        handshakeNs,
        ackDelayNs,
        redialNs,
        redialNsMax,
        sessionsMax,
        streamsMax);
  }

  /** With other PCIe sizes. */
  public LinkConfig withPayload(int payloadBytesMax, int readRequestBytesMax) {
    return new LinkConfig(
        nodeName,
        instanceId,
        frameBytesMax,
        payloadBytesMax,
        readRequestBytesMax,
        replayBytes,
        holdNs,
        keepAliveNs,
        silenceNs,
        handshakeNs,
        ackDelayNs,
        redialNs,
        redialNsMax,
        sessionsMax,
        streamsMax);
  }

  /** With other keep-alive timers. */
  public LinkConfig withKeepAlive(long keepAliveNs, long silenceNs) {
    return new LinkConfig(
        nodeName,
        instanceId,
        frameBytesMax,
        payloadBytesMax,
        readRequestBytesMax,
        replayBytes,
        holdNs,
        keepAliveNs,
        silenceNs,
        handshakeNs,
        ackDelayNs,
        redialNs,
        redialNsMax,
        sessionsMax,
        streamsMax);
  }

  /** With other bounds on how much is served. */
  public LinkConfig withBounds(int sessionsMax, int streamsMax) {
    return new LinkConfig(
        nodeName,
        instanceId,
        frameBytesMax,
        payloadBytesMax,
        readRequestBytesMax,
        replayBytes,
        holdNs,
        keepAliveNs,
        silenceNs,
        handshakeNs,
        ackDelayNs,
        redialNs,
        redialNsMax,
        sessionsMax,
        streamsMax);
  }

  private static void require(boolean holds, String what, long value) {
    if (!holds) {
      throw new IllegalArgumentException("link: " + what + " out of range: " + value);
    }
  }
}
