package farslot.carrier;

import farslot.link.FrameEncoder;
import farslot.link.FrameFormat;
import farslot.link.RefuseCode;
import farslot.linux.ErrnoException;
import farslot.linux.EventLoop;
import farslot.linux.Fd;
import farslot.linux.Sockets;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLException;

/**
 * A TCP connection from its first byte until keys are agreed on, or it is given up. It costs some
 * 70 KiB until then, and at most a fixed time. On the loop's thread only.
 */
final class TlsGreeting {
  /** How long what was said last may take to be read. */
  private static final long PARTING_NS = 1_000_000_000;

  /** For the whole handshake: some round trips and a signature at each end. */
  static final long TIMEOUT_NS = 3_000_000_000L;

  /** What is read or written at once. */
  static final int SCRATCH_BYTES = 1 << 15;

  /** Who waits for it. */
  interface Outcome {
    /** Keys are agreed on: the connection is the taker's now. */
    void onAgreed(TlsGreeting greeting);

    /** It has been given up, and the connection closed. */
    void onFailed(TlsGreeting greeting, String cause);
  }

  private final EventLoop loop;
  private final int fd;
  private final boolean dials;
  private final MemorySegment scratch;
  private final String peer;
  private final Outcome outcome;
  private final EventLoop.Timer timeout;
  private KeyAgreement keys;
  private boolean looked;
  private boolean over;

  /** Why it has failed, while the peer reads that; empty before. */
  private String parting = "";

  /**
   * Takes a connection over.
   *
   * @param scratch native memory for what is read and written in one turn
   * @param peer for people
   */
  TlsGreeting(
      EventLoop loop,
      int fd,
      RailSecurity security,
      boolean dials,
      MemorySegment scratch,
      String peer,
      Outcome outcome) {
    this.peer = peer;
    this.loop = loop;
    this.fd = fd;
    this.dials = dials;
    this.scratch = scratch;
    this.outcome = outcome;
    timeout = loop.timer(this::onTimeout);
    timeout.arm(TIMEOUT_NS);
    try {
      keys =
          new KeyAgreement(
              security, dials, work -> Thread.ofVirtual().start(work), loop::execute, this::go);
    } catch (SSLException e) {
      loop.execute(() -> fail("TLS cannot be had here: " + e.getMessage()));
      return;
    }
    loop.execute(this::go);
  }

  int fd() {
    return fd;
  }

  /** Who is there, for people. */
  String peer() {
    return peer;
  }

  /** What was agreed on. */
  Agreed agreed() {
    return keys.agreed();
  }

  /** What the peer has sent behind its handshake. */
  ByteBuffer rest() {
    return keys.rest();
  }

  /** Gives it up without a word to anybody. */
  void abandon() {
    if (!over) {
      release();
      Fd.close(fd);
    }
  }

  private void onTimeout() {
    fail(parting.isEmpty() ? "no keys in " + TIMEOUT_NS / 1_000_000 + " ms" : parting);
  }

  private void onReady(int ready) {
    if (!parting.isEmpty()) {
      discard();
      return;
    }
    if ((ready & EventLoop.READ) != 0) {
      read();
    }
    go();
  }

  private void read() {
    int room = Math.min(keys.room(), SCRATCH_BYTES);
    if (over || room == 0) {
      return;
    }
    int read;
    try {
      read = Sockets.receive(fd, scratch, 0, room);
    } catch (ErrnoException e) {
      fail(e.getMessage());
      return;
    }
    if (read == Fd.END) {
      fail("closed by the peer while keys were agreed on");
      return;
    }
    if (read == Fd.AGAIN) {
      return;
    }
    if (!looked && speaksPlainly(read)) {
      return;
    }
    looked = true;
    keys.in().put(scratch.asSlice(0, read).asByteBuffer());
    keys.advance();
  }

  /**
   * A frame in clear where TLS was expected: its sender is told what is wrong, as it understands.
   */
  private boolean speaksPlainly(int bytes) {
    boolean frame =
        bytes >= 2
            && (scratch.get(ValueLayout.JAVA_BYTE, 0) & 0xFF) == FrameFormat.MAGIC >> 8
            && (scratch.get(ValueLayout.JAVA_BYTE, 1) & 0xFF) == (FrameFormat.MAGIC & 0xFF);
    if (!frame) {
      return false;
    }
    if (dials) {
      fail("it speaks without TLS: give it credentials too ('pki'), or neither end");
      return true;
    }
    String words = "this appliance takes rails with credentials only: give yours ('pki')";
    int refusal = FrameEncoder.refuse(scratch, 0, RefuseCode.NOT_ALLOWED, words);
    try {
      Sockets.send(fd, scratch, 0, refusal);
    } catch (ErrnoException e) {
      // It has gone.
    }
    part("it speaks without TLS: it has no credentials ('pki')");
    return true;
  }

  /** Sends what there is to send, and looks what has come of it. */
  private void go() {
    if (over || !parting.isEmpty() || !write()) {
      return;
    }
    if (keys.state() == KeyAgreement.State.FAILED) {
      part(keys.cause());
    } else if (keys.state() == KeyAgreement.State.AGREED && !keys.hasOutgoing()) {
      release();
      outcome.onAgreed(this);
    } else {
      int wanted = keys.room() > 0 ? EventLoop.READ : 0;
      loop.watch(fd, keys.hasOutgoing() ? wanted | EventLoop.WRITE : wanted, this::onReady);
    }
  }

  /** False when the connection is broken. */
  private boolean write() {
    while (keys.hasOutgoing()) {
      ByteBuffer out = keys.outgoing();
      int bytes = Math.min(out.remaining(), SCRATCH_BYTES);
      MemorySegment.copy(out.array(), out.position(), scratch, ValueLayout.JAVA_BYTE, 0, bytes);
      int sent;
      try {
        sent = Sockets.send(fd, scratch, 0, bytes);
      } catch (ErrnoException e) {
        keys.sent();
        fail(e.getMessage());
        return false;
      }
      out.position(out.position() + Math.max(0, sent));
      keys.sent();
      if (sent < bytes) {
        return true;
      }
    }
    return true;
  }

  /** The peer may still read why. */
  private void part(String cause) {
    if (over) {
      return;
    }
    parting = cause;
    try {
      Sockets.endWriting(fd);
      timeout.arm(PARTING_NS);
      loop.watch(fd, EventLoop.READ, this::onReady);
    } catch (ErrnoException e) {
      fail(cause);
    }
  }

  /** Closing with bytes unread would reset the connection, and the peer would never read why. */
  private void discard() {
    try {
      if (Sockets.receive(fd, scratch, 0, SCRATCH_BYTES) == Fd.END) {
        fail(parting);
      }
    } catch (ErrnoException e) {
      fail(parting);
    }
  }

  private void fail(String cause) {
    if (!over) {
      release();
      Fd.close(fd);
      outcome.onFailed(this, cause);
    }
  }

  private void release() {
    over = true;
    timeout.cancel();
    loop.unwatch(fd);
  }
}
