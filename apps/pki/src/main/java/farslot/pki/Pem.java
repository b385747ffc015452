package farslot.pki;

import farslot.pki.PkiException.Reason;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keys and certificates as text (RFC 7468), and new keys. */
public final class Pem {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN ([A-Z ]*)PRIVATE KEY-----([^-]*)-----END \\1PRIVATE KEY-----");
  private static final String BEGIN_CERTIFICATE = "-----BEGIN CERTIFICATE-----";
  private static final String END_CERTIFICATE = "-----END CERTIFICATE-----";
  private static final String HINT =
      "a key is PKCS#8 PEM: 'openssl pkcs8 -topk8 -nocrypt -in OLD -out key.pem' makes one";

  private Pem() {}

  /** A new key, EC P-256. */
  public static KeyPair newKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every JDK has P-256", e);
    }
  }

  /** Bytes between two lines. */
  public static String block(String label, byte[] bytes) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, body, label);
  }

  public static String write(PrivateKey key) {
    return block("PRIVATE KEY", key.getEncoded());
  }

  public static String write(List<X509Certificate> certificates) {
    StringBuilder text = new StringBuilder();
    try {
      for (X509Certificate each : certificates) {
        text.append(block("CERTIFICATE", each.getEncoded()));
      }
    } catch (CertificateEncodingException e) {
      throw new IllegalArgumentException("a certificate without its bytes", e);
    }
    return text.toString();
  }

  /**
   * Reads a private key: EC, RSA or Ed25519, PKCS#8.
   *
   * @param where how a person finds it
   */
  public static PrivateKey key(String where, String text) throws PkiException {
    Matcher matcher = KEY.matcher(text);
    if (!matcher.find()) {
      throw malformed(where, "it has no '-----BEGIN PRIVATE KEY-----'", HINT);
    }
    if (!matcher.group(1).isEmpty()) {
      throw malformed(where, "it is a '" + matcher.group(1) + "PRIVATE KEY'", HINT);
    }
    PKCS8EncodedKeySpec spec;
    try {
      spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(matcher.group(2)));
    } catch (IllegalArgumentException e) {
      throw malformed(where, "its base64 is damaged", HINT);
    }
    for (String algorithm : List.of("EC", "RSA", "Ed25519")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (GeneralSecurityException e) {
        // The next one.
      }
    }
    throw malformed(where, "it is neither an EC, an RSA nor an Ed25519 key", HINT);
  }

  /**
   * Reads certificates, one at least, {@code max} at most.
   *
   * @param where how a person finds them
   */
  public static List<X509Certificate> certificates(String where, String text, int max)
      throws PkiException {
    String hint = "it should hold one or more '" + BEGIN_CERTIFICATE + "' blocks";
    List<X509Certificate> all = new ArrayList<>();
    int at = text.indexOf(BEGIN_CERTIFICATE);
    while (at >= 0) {
      int end = text.indexOf(END_CERTIFICATE, at);
      if (end < 0 || all.size() == max) {
        throw malformed(
            where, end < 0 ? "it ends within a certificate" : "it has more than " + max, hint);
      }
      end += END_CERTIFICATE.length();
      all.add(certificate(where, text.substring(at, end)));
      at = text.indexOf(BEGIN_CERTIFICATE, end);
    }
    if (all.isEmpty()) {
      throw malformed(where, "it has no certificate", hint);
    }
    return List.copyOf(all);
  }

  private static X509Certificate certificate(String where, String block) throws PkiException {
    try {
      byte[] bytes = block.getBytes(StandardCharsets.US_ASCII);
      Certificate read =
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(bytes));
      return (X509Certificate) read;
    } catch (CertificateException | ClassCastException | NullPointerException e) {
      throw malformed(where, "a certificate in it is damaged", "have it signed anew");
    }
  }

  private static PkiException malformed(String where, String why, String next) {
    return new PkiException(Reason.MALFORMED, where + " cannot be used", why, next);
  }
}
