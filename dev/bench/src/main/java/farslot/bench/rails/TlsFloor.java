package farslot.bench.rails;

import farslot.pki.PeerName;
import farslot.pki.PkiDirectory;
import farslot.pki.PkiException;
import farslot.pki.Tls;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumSet;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** Two of the JDK's TLS engines, mouth to mouth: a record sealed by one and opened by the other. */
final class TlsFloor extends CipherFloor {
  /** RFC 8446, section 5.1. The JDK puts a little less into one. */
  private static final int RECORD_BYTES_MAX = 16_384;

  private static final int STEPS_MAX = 200;
  private static final int BUFFER_BYTES = 1 << 16;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SSLEngine client;
  private final SSLEngine server;
  private final ByteBuffer toServer = ByteBuffer.allocate(BUFFER_BYTES);
  private final ByteBuffer toClient = ByteBuffer.allocate(BUFFER_BYTES);
  private final ByteBuffer plain = ByteBuffer.allocate(RECORD_BYTES_MAX);
  private final ByteBuffer opened = ByteBuffer.allocate(BUFFER_BYTES);
  private final int bytesMax;

  TlsFloor(Credentials credentials) throws PkiException, SSLException {
    client = engine(credentials.initiator(), true);
    server = engine(credentials.appliance(), false);
    client.beginHandshake();
    server.beginHandshake();
    for (int i = 0; i < STEPS_MAX; i++) {
      step(client, toClient, toServer);
      step(server, toServer, toClient);
    }
    if (client.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING
        || server.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
      throw new SSLException("no end of the handshake");
    }
    bytesMax = client.wrap(plain, toServer.clear()).bytesConsumed();
    server.unwrap(toServer.flip(), opened.clear());
  }

  private static SSLEngine engine(Path directory, boolean client) throws PkiException {
    EnumSet<PeerName.Kind> peers = EnumSet.allOf(PeerName.Kind.class);
    return Tls.open(new PkiDirectory(directory), peers, Clock.systemUTC()).engine(client);
  }

  private void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
    switch (engine.getHandshakeStatus()) {
      case NEED_TASK -> engine.getDelegatedTask().run();
      case NEED_WRAP -> engine.wrap(NOTHING, out);
      default -> {
        in.flip();
        if (in.hasRemaining()) {
          engine.unwrap(in, opened.clear());
        }
        in.compact();
      }
    }
  }

  @Override
  int bytesMax() {
    return bytesMax;
  }

  @Override
  void exchange(int bytes) throws SSLException {
    client.wrap(plain.clear().limit(bytes), toServer.clear());
    server.unwrap(toServer.flip(), opened.clear());
    if (opened.position() != bytes) {
      throw new SSLException("%d of %d bytes came out".formatted(opened.position(), bytes));
    }
  }
}
