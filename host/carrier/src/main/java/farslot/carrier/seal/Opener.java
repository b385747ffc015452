package farslot.carrier.seal;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Opens what came from the peer over one rail: nothing that was made up, changed, or came before
 * gets through, and nothing of that kind changes anything but a count. On its rail's thread only.
 */
public final class Opener {
  /** What a packet without any use is answered with. */
  public static final int DROPPED = -1;

  /** How long packets of the phase before may be late. */
  private static final long LATE_NS = 3_000_000_000L;

  private final Cipher cipher = Sealer.cipher();
  private final ReplayWindow window = new ReplayWindow();
  private final byte[] sealed;
  private final byte[] plain;
  private final byte[] head = new byte[SealFormat.FRAME_AT];
  private final byte[] nonce = new byte[SealFormat.NONCE_BYTES];
  private PhaseKeys keys;

  /** Made when a packet claims to be of the next phase; null before. */
  private PhaseKeys next;

  /** Null when nothing of that phase is taken any more. */
  private PhaseKeys before;

  private long phase;
  private long phaseSinceNs;
  private long malformed;
  private long replayed;
  private long forged;

  /**
   * @param secret of the peer's direction, {@link SealFormat#SECRET_BYTES}; this object's from now
   *     on
   * @param frameBytesMax longest frame
   */
  public Opener(byte[] secret, int frameBytesMax) {
    keys = new PhaseKeys(secret);
    sealed = new byte[frameBytesMax + SealFormat.TAG_BYTES];
    plain = new byte[frameBytesMax + SealFormat.TAG_BYTES];
  }

  /** How often the peer has changed its keys. */
  public long phase() {
    return phase;
  }

  /** Packets that are none, or too long. */
  public long malformed() {
    return malformed;
  }

  /** Packets that came again, or so late that nobody knows. */
  public long replayed() {
    return replayed;
  }

  /** Packets that the peer has not made, or not so. */
  public long forged() {
    return forged;
  }

  /**
   * Opens a packet.
   *
   * @param available bytes of it; what is behind its own length is ignored
   * @param to where the frame goes; at least the longest frame's room
   * @return the frame's length, or {@link #DROPPED}
   */
  public int open(
      MemorySegment from, long at, int available, MemorySegment to, long toAt, long nowNs) {
    int length =
        available < SealFormat.SEAL_BYTES
            ? 0
            : from.get(SealFormat.U16, at + SealFormat.LENGTH_AT) & 0xFFFF;
    int body = length - SealFormat.FRAME_AT;
    if (body <= SealFormat.TAG_BYTES || length > available || body > sealed.length) {
      malformed++;
      return DROPPED;
    }
    MemorySegment.copy(from, ValueLayout.JAVA_BYTE, at, head, 0, head.length);
    long number = from.get(SealFormat.U64, at + SealFormat.NUMBER_AT);
    if (!window.isNew(number)) {
      replayed++;
      return DROPPED;
    }
    if (before != null && nowNs - phaseSinceNs > LATE_NS) {
      before.wipe();
      before = null;
    }
    PhaseKeys with = keysOf(head[SealFormat.PHASE_AT]);
    MemorySegment.copy(from, ValueLayout.JAVA_BYTE, at + SealFormat.FRAME_AT, sealed, 0, body);
    if (with == null || !opens(with, number, body)) {
      forged++;
      return DROPPED;
    }
    if (with == next) {
      turnOver(nowNs);
    }
    window.take(number);
    int bytes = body - SealFormat.TAG_BYTES;
    MemorySegment.copy(plain, 0, to, ValueLayout.JAVA_BYTE, toAt, bytes);
    return bytes;
  }

  /** Null for a phase that is not now, just before or just after. */
  private PhaseKeys keysOf(byte said) {
    switch ((byte) (said - (byte) phase)) {
      case 0:
        return keys;
      case -1:
        return before;
      case 1:
        if (next == null) {
          next = keys.next();
        }
        return next;
      default:
        return null;
    }
  }

  private boolean opens(PhaseKeys with, long number, int body) {
    with.nonce(number, nonce);
    try {
      cipher.init(
          Cipher.DECRYPT_MODE,
          with.key(),
          new GCMParameterSpec(SealFormat.TAG_BYTES * Byte.SIZE, nonce));
      cipher.updateAAD(head, 0, head.length);
      cipher.doFinal(sealed, 0, body, plain, 0);
      return true;
    } catch (AEADBadTagException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM refuses what it always takes", e);
    }
  }

  private void turnOver(long nowNs) {
    if (before != null) {
      before.wipe();
    }
    before = keys;
    keys = next;
    next = null;
    phase++;
    phaseSinceNs = nowNs;
  }

  /** Forgets the keys. */
  public void wipe() {
    keys.wipe();
    if (before != null) {
      before.wipe();
    }
    if (next != null) {
      next.wipe();
    }
  }
}
