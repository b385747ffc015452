package farslot.carrier;

import java.nio.ByteBuffer;
import java.security.cert.CertificateException;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/**
 * A TLS 1.3 handshake of two certificates without the socket: bytes in, bytes out. What takes long
 * (signatures) is done by another thread meanwhile. On its owner's thread only.
 */
final class KeyAgreement {
  /** What waits to be sent: a flight with certificates is a few KiB. */
  private static final int OUT_BYTES_MAX = 1 << 16;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  /** How it stands. */
  enum State {
    GOING,
    AGREED,
    FAILED
  }

  private final Object credentials;
  private final SSLEngine engine;
  private final RailSecurity security;
  private final Executor worker;
  private final Executor home;
  private final Runnable onWorked;
  private final ByteBuffer in;
  private ByteBuffer out;
  private State state = State.GOING;
  private boolean working;
  private Agreed agreed;
  private String cause = "";

  /**
   * Begins; the end that dials has something to send at once.
   *
   * @param worker where work is done
   * @param home runs tasks on the owner's thread
   * @param onWorked called there when work has been done: then there may be something to send, or
   *     an outcome
   */
  KeyAgreement(
      RailSecurity security, boolean dials, Executor worker, Executor home, Runnable onWorked)
      throws SSLException {
    this.security = security;
    this.worker = worker;
    this.home = home;
    this.onWorked = onWorked;
    credentials = security.credentials();
    engine = engine(security.context(), dials);
    in = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.beginHandshake();
    advance();
  }

  private static SSLEngine engine(SSLContext context, boolean dials) {
    // Without a peer's host and port this end never resumes a TLS session: each rail's handshake
    // verifies certificates anew.
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(dials);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(new String[] {"TLSv1.3"});
    parameters.setCipherSuites(new String[] {"TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256"});
    parameters.setApplicationProtocols(new String[] {Agreed.APPLICATION});
    parameters.setNeedClientAuth(true);
    engine.setSSLParameters(parameters);
    return engine;
  }

  State state() {
    return state;
  }

  /** What came of it; only when it is {@link State#AGREED}. */
  Agreed agreed() {
    return agreed;
  }

  /** Why it has failed, for people. */
  String cause() {
    return cause;
  }

  /** Whether it can neither take nor give anything until work has been done. */
  boolean working() {
    return working;
  }

  /** How many bytes it takes now. */
  int room() {
    return working ? 0 : in.remaining();
  }

  /** Where bytes from the peer are put, at most {@link #room}; then call {@link #advance}. */
  ByteBuffer in() {
    return in;
  }

  /** Bytes for the peer; what is taken from it is gone. Put back by {@link #sent}. */
  ByteBuffer outgoing() {
    return out.flip();
  }

  /** Ends {@link #outgoing}. */
  void sent() {
    out.compact();
  }

  /** Whether there is something for the peer. */
  boolean hasOutgoing() {
    return out.position() > 0;
  }

  /** What the peer has sent behind its handshake; once agreed. */
  ByteBuffer rest() {
    return in.flip();
  }

  /** What comes behind the handshake may say that the peer does not agree after all. */
  void lookForAlert() {
    ByteBuffer plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
    in.flip();
    try {
      while (in.hasRemaining()
          && engine.unwrap(in, plain.clear()).getStatus() == SSLEngineResult.Status.OK) {
        for (Runnable task; (task = engine.getDelegatedTask()) != null; ) {
          task.run();
        }
      }
    } catch (SSLException e) {
      fail(TlsWords.of(e));
    } finally {
      in.compact();
    }
  }

  /** Goes on as far as that is possible. */
  void advance() {
    try {
      while (state == State.GOING && !working && step()) {
        // Another step.
      }
    } catch (SSLException e) {
      fail(TlsWords.of(e));
    } catch (CertificateException e) {
      fail(TlsWords.of(e));
    }
  }

  /** False when something has to come or to be done first. */
  private boolean step() throws SSLException, CertificateException {
    return switch (engine.getHandshakeStatus()) {
      case NEED_WRAP -> wrap();
      case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> unwrap();
      case NEED_TASK -> delegate();
      case FINISHED, NOT_HANDSHAKING -> finish();
    };
  }

  private boolean wrap() throws SSLException {
    makeRoom();
    SSLEngineResult result = engine.wrap(NOTHING, out);
    if (result.getStatus() != SSLEngineResult.Status.OK) {
      throw new SSLException("the handshake was closed");
    }
    return true;
  }

  private void makeRoom() throws SSLException {
    int packet = engine.getSession().getPacketBufferSize();
    if (out.remaining() >= packet) {
      return;
    }
    if (out.position() + packet > OUT_BYTES_MAX) {
      throw new SSLException("the handshake is longer than " + OUT_BYTES_MAX + " bytes");
    }
    out = ByteBuffer.allocate(out.position() + packet).put(out.flip());
  }

  private boolean unwrap() throws SSLException {
    if (in.position() == 0) {
      return false;
    }
    in.flip();
    SSLEngineResult result;
    try {
      result = engine.unwrap(in, NOTHING);
    } finally {
      in.compact();
    }
    return switch (result.getStatus()) {
      case OK -> true;
      case BUFFER_UNDERFLOW -> {
        if (!in.hasRemaining()) {
          throw new SSLException("a record is longer than TLS allows");
        }
        yield false;
      }
      case BUFFER_OVERFLOW -> throw new SSLException("data before the handshake's end");
      case CLOSED -> throw new SSLException("the peer has closed during the handshake");
    };
  }

  private boolean delegate() {
    Runnable task = engine.getDelegatedTask();
    if (task == null) {
      return true;
    }
    working = true;
    worker.execute(
        () -> {
          task.run();
          home.execute(this::worked);
        });
    return false;
  }

  private void worked() {
    working = false;
    advance();
    onWorked.run();
  }

  private boolean finish() throws SSLException, CertificateException {
    agreed = Agreed.of(engine, credentials, security);
    state = State.AGREED;
    return false;
  }

  /** Gives up; the peer is told in TLS's own way, if there is room for it. */
  private void fail(String why) {
    state = State.FAILED;
    cause = why;
    try {
      engine.closeOutbound();
      makeRoom();
      engine.wrap(NOTHING, out);
    } catch (SSLException e) {
      // It will notice by itself.
    }
  }
}
