package farslot.carrier;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.link.FrameFormat;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Records as they are on the wire, between two covers that no socket is between. */
class TlsCoverTest {
  /** A session sends so much before its turn ends, and the frame that reaches it. */
  private static final int TOGETHER = 65_536 / FrameFormat.FRAME_BYTES_USUAL + 1;

  /** RFC 8446, section 5.2: content type, version, length. */
  private static final int RECORD_HEADER_BYTES = 5;

  private static final int RECORD_BYTES_MAX = 16_384;
  private static final int STEPS = 200;

  private SSLEngine client;
  private SSLEngine server;

  @BeforeEach
  void shakeHands() throws Exception {
    Fabric fabric = new Fabric("lab");
    client = engine(fabric.context(Fabric.INITIATOR, "server-1"), true);
    server = engine(fabric.context(Fabric.APPLIANCE, "appliance-1"), false);
    ByteBuffer toServer = ByteBuffer.allocate(1 << 16);
    ByteBuffer toClient = ByteBuffer.allocate(1 << 16);
    client.beginHandshake();
    server.beginHandshake();
    for (int i = 0; i < STEPS; i++) {
      step(client, toClient, toServer);
      step(server, toServer, toClient);
    }
    assertThat(client.getHandshakeStatus()).isEqualTo(HandshakeStatus.NOT_HANDSHAKING);
    assertThat(server.getHandshakeStatus()).isEqualTo(HandshakeStatus.NOT_HANDSHAKING);
  }

  private static SSLEngine engine(SSLContext context, boolean client) {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(client);
    return engine;
  }

  private static void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws Exception {
    switch (engine.getHandshakeStatus()) {
      case NEED_TASK -> engine.getDelegatedTask().run();
      case NEED_WRAP -> engine.wrap(ByteBuffer.allocate(0), out);
      default -> {
        in.flip();
        if (in.hasRemaining()) {
          engine.unwrap(in, ByteBuffer.allocate(1 << 16));
        }
        in.compact();
      }
    }
  }

  @Test
  void whatIsSentTogetherGoesInFullRecordsAndOneThatIsShorter() throws Exception {
    int bytes = TOGETHER * FrameFormat.FRAME_BYTES_USUAL;
    assertThat(TlsCover.PLAIN_BYTES_MAX).isGreaterThanOrEqualTo(bytes);
    MemorySegment plain = Arena.ofAuto().allocate(bytes);
    byte[] content = new byte[bytes];
    new Random(1).nextBytes(content);
    MemorySegment.copy(content, 0, plain, ValueLayout.JAVA_BYTE, 0, bytes);
    MemorySegment wire = Arena.ofAuto().allocate(TlsCover.SEALED_BYTES_MAX);

    int sealed = new TlsCover(client, ByteBuffer.allocate(0)).seal(plain, 0, bytes, wire, 0);

    List<Integer> records = records(wire, sealed);
    assertThat(records).hasSize(bytes / RECORD_BYTES_MAX + 1);
    assertThat(records.subList(0, records.size() - 1)).containsOnly(records.getFirst());

    ByteBuffer rest = wire.asSlice(0, sealed).asByteBuffer();
    TlsCover opening = new TlsCover(server, rest);
    MemorySegment opened = Arena.ofAuto().allocate(bytes + RECORD_BYTES_MAX);
    int at = 0;
    while (opening.hasRecord()) {
      at += opening.open(opened, at);
    }
    assertThat(opened.asSlice(0, at).toArray(ValueLayout.JAVA_BYTE)).isEqualTo(content);
  }

  private static List<Integer> records(MemorySegment wire, int bytes) {
    List<Integer> lengths = new ArrayList<>();
    ByteBuffer at = wire.asSlice(0, bytes).asByteBuffer().order(ByteOrder.BIG_ENDIAN);
    while (at.hasRemaining()) {
      int length = at.getShort(at.position() + 3) & 0xFFFF;
      lengths.add(length);
      at.position(at.position() + RECORD_HEADER_BYTES + length);
    }
    return lengths;
  }
}
