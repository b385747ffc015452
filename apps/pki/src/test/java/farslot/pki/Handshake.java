package farslot.pki;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** Two engines, mouth to mouth. */
final class Handshake {
  private static final int ROUNDS_MAX = 200;
  private static final int BYTES = 1 << 16;

  private final ByteBuffer toServer = ByteBuffer.allocate(BYTES);
  private final ByteBuffer toClient = ByteBuffer.allocate(BYTES);

  private Handshake() {}

  /** Until both have finished, or one says no. */
  static void between(SSLEngine client, SSLEngine server) throws SSLException {
    Handshake pair = new Handshake();
    client.beginHandshake();
    server.beginHandshake();
    for (int round = 0; round < ROUNDS_MAX; round++) {
      boolean moved = pair.step(client, pair.toClient, pair.toServer);
      moved |= pair.step(server, pair.toServer, pair.toClient);
      if (!moved) {
        return;
      }
    }
    throw new SSLException("no end of it");
  }

  private boolean step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
    boolean moved = false;
    ByteBuffer data = ByteBuffer.allocate(BYTES);
    while (engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
      engine.getDelegatedTask().run();
      moved = true;
    }
    in.flip();
    if (in.hasRemaining()) {
      SSLEngineResult read = engine.unwrap(in, data);
      moved |= read.bytesConsumed() > 0;
    }
    in.compact();
    while (engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
      engine.getDelegatedTask().run();
      moved = true;
    }
    if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
      SSLEngineResult wrote = engine.wrap(ByteBuffer.allocate(0), out);
      moved |= wrote.bytesProduced() > 0;
    }
    return moved;
  }
}
