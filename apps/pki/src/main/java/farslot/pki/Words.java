package farslot.pki;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;

/** How things that others sent are said, shortened and without what a terminal would obey. */
public final class Words {
  private static final int CHARS_MAX = 120;

  private Words() {}

  /** A text from elsewhere: printable, and not too long. */
  public static String safe(String text) {
    StringBuilder safe = new StringBuilder();
    int read = 0;
    while (read < text.length() && safe.length() < CHARS_MAX) {
      int c = text.codePointAt(read);
      read += Character.charCount(c);
      safe.appendCodePoint(isPrintable(c) ? c : '?');
    }
    return read < text.length() ? safe + "..." : safe.toString();
  }

  /** Not what moves a cursor, turns the writing direction, or is half a character. */
  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED,
          Character.PRIVATE_USE ->
          false;
      default -> true;
    };
  }

  static String subject(X509Certificate certificate) {
    return safe(certificate.getSubjectX500Principal().getName());
  }

  static String some(List<String> all) {
    return safe(String.join(", ", all.subList(0, Math.min(3, all.size()))));
  }

  /** A point in time, to the second. */
  static String at(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** A distance in time, in the largest unit that fits. */
  static String distance(Duration time) {
    if (time.toDays() >= 2) {
      return time.toDays() + " days";
    }
    if (time.toHours() >= 2) {
      return time.toHours() + " hours";
    }
    return time.toMinutes() >= 2 ? time.toMinutes() + " minutes" : time.toSeconds() + " seconds";
  }

  /** A serial number, as all of Farslot writes it. */
  public static String serial(BigInteger serial) {
    return serial.toString(16);
  }

  /** SHA-256 of a certificate: base64url without padding, 43 characters. */
  public static String fingerprint(X509Certificate certificate) {
    try {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(sha256(certificate.getEncoded()));
    } catch (CertificateEncodingException e) {
      throw new IllegalArgumentException("a certificate without its bytes", e);
    }
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
