package farslot.carrier.seal;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys of one direction in one phase, made of that phase's secret (docs/spec/pcieoe.md, section
 * 10.5; RFC 5869). Wiped when the phase is over, as far as this end has them; what the JDK's cipher
 * has made of them goes with it.
 */
final class PhaseKeys {
  /** A key that can be wiped: the JDK's own cannot. */
  private static final class Key implements SecretKey {
    private static final long serialVersionUID = 1;
    private final byte[] bytes;

    Key(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public String getAlgorithm() {
      return "AES";
    }

    @Override
    public String getFormat() {
      return "RAW";
    }

    @Override
    public byte[] getEncoded() {
      return bytes.clone();
    }

    @Override
    public void destroy() {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private final byte[] secret;
  private final Key key;
  private final byte[] base;

  /**
   * @param secret its own from now on: wiped with the rest
   */
  PhaseKeys(byte[] secret) {
    this.secret = secret;
    key = new Key(expand("pcieoe key", SealFormat.KEY_BYTES));
    base = expand("pcieoe iv", SealFormat.NONCE_BYTES);
  }

  /** Those of the phase that follows. */
  PhaseKeys next() {
    return new PhaseKeys(expand("pcieoe next", SealFormat.SECRET_BYTES));
  }

  private byte[] expand(String label, int bytes) {
    try {
      SecretKeySpec from = new SecretKeySpec(secret, "HKDF");
      byte[] info = label.getBytes(StandardCharsets.US_ASCII);
      return KDF.getInstance("HKDF-SHA256")
          .deriveData(HKDFParameterSpec.expandOnly(from, info, bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HKDF-SHA256", e);
    }
  }

  SecretKey key() {
    return key;
  }

  /** The nonce of a packet: the phase's own bytes, the number in their last eight. */
  void nonce(long number, byte[] to) {
    System.arraycopy(base, 0, to, 0, base.length);
    for (int i = 0; i < Long.BYTES; i++) {
      to[base.length - 1 - i] ^= (byte) (number >>> Byte.SIZE * i);
    }
  }

  void wipe() {
    Arrays.fill(secret, (byte) 0);
    Arrays.fill(base, (byte) 0);
    key.destroy();
  }
}
