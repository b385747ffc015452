package farslot.carrier;

import farslot.linux.ErrnoException;
import farslot.linux.Fd;
import farslot.linux.Sockets;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * TLS between a rail's frames and its socket, once keys are agreed on. Records are as long as TLS
 * has them, whatever the frames. Encryption goes through arrays: with direct buffers the JDK copies
 * too, in pieces, and is two to three times slower. All buffers are made once; what the JDK makes
 * for each record it makes for itself. On the loop's thread only.
 */
final class TlsCover {
  /**
   * Plaintext sealed at a time. Each time the last record is as short as what is left, and the
   * shortest costs a third of a long one: so this is more than a session sends at once as a rule.
   */
  static final int PLAIN_BYTES_MAX = 1 << 17;

  /** Where that fits sealed, in records of any length that TLS may agree on, and its own words. */
  static final int SEALED_BYTES_MAX = PLAIN_BYTES_MAX + (1 << 15);

  /** Read at once. */
  private static final int RAW_BYTES = 1 << 17;

  private static final int RECORD_HEADER_BYTES = 5;
  private static final int RECORD_LENGTH_AT = 3;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final SSLEngine engine;
  private final MemorySegment raw = Arena.ofAuto().allocate(RAW_BYTES, 64);
  private final ByteBuffer record;
  private final ByteBuffer sealed;
  private int rawAt;
  private int rawEnd;
  private boolean owes;
  private boolean ended;

  /** Views of what was sealed from and opened to last: a session's frames lie in one place. */
  private MemorySegment plainSegment = MemorySegment.NULL;

  private ByteBuffer plain;
  private MemorySegment openedSegment = MemorySegment.NULL;
  private ByteBuffer opened;

  /**
   * @param rest what the peer has sent behind its handshake
   */
  TlsCover(SSLEngine engine, ByteBuffer rest) {
    this.engine = engine;
    int recordBytes = engine.getSession().getPacketBufferSize();
    record = ByteBuffer.allocate(recordBytes);
    sealed = ByteBuffer.allocate(recordBytes);
    rawEnd = rest.remaining();
    MemorySegment.copy(MemorySegment.ofBuffer(rest), 0, raw, 0, rawEnd);
  }

  // Sending.

  /**
   * Seals some plaintext, at most {@link #PLAIN_BYTES_MAX}.
   *
   * @return how many bytes of records are at {@code toAt} now, at most {@link #SEALED_BYTES_MAX}
   */
  int seal(MemorySegment from, long offset, int bytes, MemorySegment to, int toAt)
      throws SSLException {
    if (from != plainSegment) {
      plainSegment = from;
      plain = from.asByteBuffer();
    }
    plain.clear().position((int) offset).limit((int) offset + bytes);
    int at = toAt;
    while (plain.hasRemaining() || owes) {
      at += wrap(plain, to, at);
    }
    return at - toAt;
  }

  /** Whether TLS has something to say of its own, such as that keys have changed. */
  boolean owes() {
    return owes;
  }

  /** Says that; returns how many bytes of records are at {@code toAt} now. */
  int sayOwed(MemorySegment to, int toAt) throws SSLException {
    int at = toAt;
    while (owes) {
      at += wrap(NOTHING, to, at);
    }
    return at - toAt;
  }

  /** Says goodbye; returns how many bytes of records are at {@code toAt} now. */
  int sayEnd(MemorySegment to, int toAt) {
    try {
      engine.closeOutbound();
      sealed.clear();
      engine.wrap(NOTHING, sealed);
      return copy(to, toAt);
    } catch (SSLException e) {
      return 0; // The connection's end says the same.
    }
  }

  private int wrap(ByteBuffer from, MemorySegment to, int at) throws SSLException {
    sealed.clear();
    SSLEngineResult result = engine.wrap(from, sealed);
    if (result.getStatus() != SSLEngineResult.Status.OK) {
      throw new SSLException("TLS is closed");
    }
    after(result);
    return copy(to, at);
  }

  private int copy(MemorySegment to, int at) {
    int bytes = sealed.position();
    MemorySegment.copy(sealed.array(), 0, to, ValueLayout.JAVA_BYTE, at, bytes);
    return bytes;
  }

  private void after(SSLEngineResult result) {
    HandshakeStatus status = result.getHandshakeStatus();
    if (status == HandshakeStatus.NEED_TASK) {
      // After the handshake these are small and rare: keys that change, a ticket.
      for (Runnable task; (task = engine.getDelegatedTask()) != null; ) {
        task.run();
      }
      status = engine.getHandshakeStatus();
    }
    owes = status == HandshakeStatus.NEED_WRAP;
  }

  // Receiving.

  /** Reads once: how many bytes came, or {@link Fd#AGAIN} or {@link Fd#END}. */
  int fill(int fd) throws ErrnoException {
    if (rawAt > 0) {
      MemorySegment.copy(raw, rawAt, raw, 0, rawEnd - rawAt);
      rawEnd -= rawAt;
      rawAt = 0;
    }
    int read = Sockets.receive(fd, raw, rawEnd, RAW_BYTES - rawEnd);
    rawEnd += Math.max(0, read);
    return read;
  }

  /** Whether the last {@link #fill} took all that there was room for: there may be more. */
  boolean filled() {
    return rawEnd == RAW_BYTES;
  }

  /** What came is thrown away. */
  void discard() {
    rawAt = rawEnd;
  }

  /** Whether a whole record is there. */
  boolean hasRecord() {
    int available = rawEnd - rawAt;
    return !ended
        && available >= RECORD_HEADER_BYTES
        && available >= Math.min(recordBytes(), record.capacity() + 1);
  }

  private int recordBytes() {
    return RECORD_HEADER_BYTES + (raw.get(U16, rawAt + RECORD_LENGTH_AT) & 0xFFFF);
  }

  /** Whether the peer has said in TLS that nothing follows. */
  boolean ended() {
    return ended;
  }

  /** Opens the next record to {@code at}; returns how many bytes of plaintext it had. */
  int open(MemorySegment to, int at) throws SSLException {
    int bytes = recordBytes();
    if (bytes > record.capacity()) {
      throw new SSLException("a record is longer than TLS allows");
    }
    record.clear().limit(bytes);
    MemorySegment.copy(raw, ValueLayout.JAVA_BYTE, rawAt, record.array(), 0, bytes);
    rawAt += bytes;
    if (to != openedSegment) {
      openedSegment = to;
      opened = to.asByteBuffer();
    }
    opened.clear().position(at);
    SSLEngineResult result = engine.unwrap(record, opened);
    ended = result.getStatus() == SSLEngineResult.Status.CLOSED;
    if (!ended && result.getStatus() != SSLEngineResult.Status.OK) {
      throw new SSLException("a record cannot be opened: " + result.getStatus());
    }
    after(result);
    return opened.position() - at;
  }
}
