package farslot.carrier.seal;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Seals the frames of one direction of a rail. Each packet gets a number of its own, whatever
 * becomes of it, so that no nonce is ever used twice with a key; a new rail has new keys. On its
 * rail's thread only.
 *
 * <p>Through arrays: with direct buffers the JDK's AES-GCM copies as well, in pieces, and is two to
 * three times slower. Nothing is allocated for a packet but what the JDK's cipher makes for itself
 * (about 1 KiB).
 */
public final class Sealer {
  /** Packets of one key, far below where AES-GCM gets weak (RFC 8446, section 5.5). */
  public static final long PACKETS_MAX = 1L << 24;

  /** How long a key is used. */
  public static final long PHASE_NS = 3_600_000_000_000L;

  private final Cipher cipher;
  private final long packetsMax;
  private final byte[] plain;
  private final byte[] sealed;
  private final byte[] head = new byte[SealFormat.FRAME_AT];
  private final MemorySegment header = MemorySegment.ofArray(head);
  private final byte[] nonce = new byte[SealFormat.NONCE_BYTES];
  private PhaseKeys keys;
  private long phase;
  private long phaseSinceNs;
  private long phaseFirst;
  private long number;

  /**
   * @param secret of this direction, {@link SealFormat#SECRET_BYTES}; this object's from now on
   * @param frameBytesMax longest frame
   * @param packetsMax of one key, at most {@link #PACKETS_MAX}
   */
  public Sealer(byte[] secret, int frameBytesMax, long packetsMax, long nowNs) {
    cipher = cipher();
    this.packetsMax = packetsMax;
    plain = new byte[frameBytesMax];
    sealed = new byte[frameBytesMax + SealFormat.TAG_BYTES];
    keys = new PhaseKeys(secret);
    phaseSinceNs = nowNs;
  }

  static Cipher cipher() {
    try {
      return Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES-GCM", e);
    }
  }

  /** How often the keys have been changed. */
  public long phase() {
    return phase;
  }

  /**
   * Seals a frame.
   *
   * @return bytes of the packet at {@code toAt}: the frame's and {@link SealFormat#SEAL_BYTES}
   */
  public int seal(
      MemorySegment from, long offset, int bytes, MemorySegment to, long toAt, long nowNs) {
    if (number - phaseFirst >= packetsMax || nowNs - phaseSinceNs >= PHASE_NS) {
      turnOver(nowNs);
    }
    int length = bytes + SealFormat.SEAL_BYTES;
    header.set(SealFormat.U16, SealFormat.MAGIC_AT, (short) SealFormat.MAGIC);
    head[SealFormat.KIND_AT] = SealFormat.SEALED;
    head[SealFormat.PHASE_AT] = (byte) phase;
    header.set(SealFormat.U16, SealFormat.LENGTH_AT, (short) length);
    header.set(SealFormat.U64, SealFormat.NUMBER_AT, number);
    keys.nonce(number, nonce);
    number++;
    MemorySegment.copy(from, ValueLayout.JAVA_BYTE, offset, plain, 0, bytes);
    try {
      cipher.init(
          Cipher.ENCRYPT_MODE,
          keys.key(),
          new GCMParameterSpec(SealFormat.TAG_BYTES * Byte.SIZE, nonce));
      cipher.updateAAD(head, 0, head.length);
      cipher.doFinal(plain, 0, bytes, sealed, 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM refuses what it always takes", e);
    }
    MemorySegment.copy(head, 0, to, ValueLayout.JAVA_BYTE, toAt, head.length);
    MemorySegment.copy(
        sealed,
        0,
        to,
        ValueLayout.JAVA_BYTE,
        toAt + SealFormat.FRAME_AT,
        bytes + SealFormat.TAG_BYTES);
    return length;
  }

  private void turnOver(long nowNs) {
    PhaseKeys next = keys.next();
    keys.wipe();
    keys = next;
    phase++;
    phaseFirst = number;
    phaseSinceNs = nowNs;
  }

  /** Forgets the keys. */
  public void wipe() {
    keys.wipe();
  }
}
