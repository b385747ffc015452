package farslot.pki;

import farslot.pki.PkiException.Reason;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * Requests for certificates (PKCS #10, RFC 2986). Nothing counts in one but the key, and that
 * whoever sends it has the other half: what it is to be called is decided by who signs.
 */
public final class Csr {
  private static final String BEGIN = "-----BEGIN CERTIFICATE REQUEST-----";
  private static final String END = "-----END CERTIFICATE REQUEST-----";
  private static final int RSA_BITS_MIN = 2048;
  private static final int RSA_BITS_MAX = 8192;
  private static final int EC_BITS_MIN = 256;
  private static final String NEXT =
      "make one by 'farslot join', or by 'openssl req -new -key key.pem'";

  private Csr() {}

  /** A request for a key, PEM. */
  public static String make(KeyPair key, String name) {
    try {
      byte[] bytes =
          new JcaPKCS10CertificationRequestBuilder(new X500Principal("CN=" + name), key.getPublic())
              .build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate()))
              .getEncoded();
      return Pem.block("CERTIFICATE REQUEST", bytes);
    } catch (OperatorCreationException | IOException e) {
      throw new IllegalArgumentException("no EC key", e);
    }
  }

  /**
   * The key that a request is for.
   *
   * @throws PkiException if it is malformed, the key too weak, or the request not signed by it
   */
  public static PublicKey read(String pem) throws PkiException {
    if (pem.length() > Limits.REQUEST_BYTES_MAX) {
      throw malformed(
          "it has %d characters, and at most %d are taken"
              .formatted(pem.length(), Limits.REQUEST_BYTES_MAX));
    }
    String text = pem.replace("NEW CERTIFICATE REQUEST", "CERTIFICATE REQUEST").strip();
    if (!text.startsWith(BEGIN) || !text.endsWith(END)) {
      throw malformed("it should begin with '" + BEGIN + "', and end likewise");
    }
    String body =
        text.substring(BEGIN.length(), Math.max(BEGIN.length(), text.length() - END.length()));
    try {
      JcaPKCS10CertificationRequest request =
          new JcaPKCS10CertificationRequest(Base64.getMimeDecoder().decode(body));
      PublicKey key = request.getPublicKey();
      requireStrong(key);
      if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
        throw malformed("it is not signed by the key that it is for");
      }
      return key;
    } catch (IOException
        | GeneralSecurityException
        | OperatorCreationException
        | PKCSException
        | RuntimeException e) { // The library's own, of many kinds, for bytes that mean nothing.
      throw malformed("it cannot be read: " + Words.safe(String.valueOf(e.getMessage())));
    }
  }

  private static void requireStrong(PublicKey key) throws PkiException {
    boolean strong =
        switch (key) {
          case ECPublicKey ec -> ec.getParams().getOrder().bitLength() >= EC_BITS_MIN;
          case RSAPublicKey rsa ->
              rsa.getModulus().bitLength() >= RSA_BITS_MIN
                  && rsa.getModulus().bitLength() <= RSA_BITS_MAX;
          case EdECPublicKey ed -> true;
          default -> false;
        };
    if (!strong) {
      throw malformed(
          "its key is a %s that is not signed here: EC from P-256, RSA of %d to %d bits and Ed25519 are"
              .formatted(Words.safe(key.getAlgorithm()), RSA_BITS_MIN, RSA_BITS_MAX));
    }
  }

  private static PkiException malformed(String why) {
    return new PkiException(
        Reason.MALFORMED, "the request for a certificate cannot be used", why, NEXT);
  }
}
