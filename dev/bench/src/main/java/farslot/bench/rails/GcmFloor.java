package farslot.bench.rails;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The JDK's AES-256-GCM, a new nonce for each message. */
final class GcmFloor extends CipherFloor {
  /** A frame in a packet of {@link Protection}'s cables. */
  private static final int FRAME_BYTES_MAX = 8_960;

  private static final int TAG_BYTES = 16;
  private static final int HEAD_BYTES = 16;
  private static final int KEY_BYTES = 32;

  private final Cipher sealing = Cipher.getInstance("AES/GCM/NoPadding");
  private final Cipher opening = Cipher.getInstance("AES/GCM/NoPadding");
  private final SecretKey key = new SecretKeySpec(new byte[KEY_BYTES], "AES");
  private final byte[] head = new byte[HEAD_BYTES];
  private final byte[] nonce = new byte[12];
  private final byte[] plain = new byte[FRAME_BYTES_MAX];
  private final byte[] sealed = new byte[FRAME_BYTES_MAX + TAG_BYTES];

  GcmFloor() throws GeneralSecurityException {}

  @Override
  int bytesMax() {
    return FRAME_BYTES_MAX;
  }

  @Override
  void exchange(int bytes) throws GeneralSecurityException {
    next();
    sealing.init(Cipher.ENCRYPT_MODE, key, nonce());
    sealing.updateAAD(head);
    sealing.doFinal(plain, 0, bytes, sealed, 0);
    opening.init(Cipher.DECRYPT_MODE, key, nonce());
    opening.updateAAD(head);
    opening.doFinal(sealed, 0, bytes + TAG_BYTES, plain, 0);
  }

  private GCMParameterSpec nonce() {
    return new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce);
  }

  private void next() {
    for (int i = 0; i < nonce.length && ++nonce[i] == 0; i++) {}
  }
}
