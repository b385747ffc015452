package farslot.pki;

import farslot.pki.PeerName.Kind;
import farslot.pki.PkiException.Reason;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Lets somebody join a fabric once: {@code fsj1:KIND:NAME:FINGERPRINT:SECRET:CHECK}. The
 * fingerprint says which authority to believe before the secret is sent, and the check tells a
 * token that was not copied as a whole from one that is refused.
 *
 * @param fingerprint SHA-256 of the authority's certificate, base64url
 * @param secret 32 random bytes, base64url
 */
public record JoinToken(Kind kind, String name, String fingerprint, String secret) {
  private static final String VERSION = "fsj1";
  private static final int SECRET_BYTES = 32;
  private static final int CHECK_CHARS = 6;
  private static final int CHARS_MAX = 300;
  private static final Pattern BYTES_32 = Pattern.compile("[A-Za-z0-9_-]{43}");
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  /** A new one. */
  public static JoinToken make(Kind kind, String name, String fingerprint) {
    byte[] secret = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    return new JoinToken(kind, name, fingerprint, BASE64.encodeToString(secret));
  }

  /** What is kept of a secret: its SHA-256, in hex. */
  public static String hash(String secret) {
    return HexFormat.of().formatHex(Words.sha256(Words.ascii(secret)));
  }

  /** As it is given to people. */
  public String text() {
    String body = String.join(":", VERSION, kind.word(), name, fingerprint, secret);
    return body + ":" + check(body);
  }

  private static String check(String body) {
    return BASE64.encodeToString(Words.sha256(Words.ascii(body))).substring(0, CHECK_CHARS);
  }

  /** Reads one, as it was pasted. */
  public static JoinToken of(String pasted) throws PkiException {
    String text = pasted.strip();
    if (text.length() > CHARS_MAX) {
      throw malformed(
          "it has " + text.length() + " characters; at most " + CHARS_MAX + " make sense");
    }
    String[] parts = text.split(":", -1);
    if (!parts[0].equals(VERSION)) {
      throw malformed("it does not begin with '" + VERSION + ":'");
    }
    if (parts.length != 6) {
      throw malformed("it has " + parts.length + " parts between colons, instead of 6");
    }
    if (!parts[5].equals(check(text.substring(0, text.lastIndexOf(':'))))) {
      throw malformed("its end does not confirm its beginning: a character is wrong or missing");
    }
    Optional<Kind> kind = Kind.of(parts[1]);
    if (kind.isEmpty()
        || !PeerName.NAME.matcher(parts[2]).matches()
        || !BYTES_32.matcher(parts[3]).matches()
        || !BYTES_32.matcher(parts[4]).matches()) {
      throw malformed("it is none that a manager makes");
    }
    return new JoinToken(kind.get(), parts[2], parts[3], parts[4]);
  }

  private static PkiException malformed(String why) {
    return new PkiException(
        Reason.MALFORMED,
        "this is no join token",
        why,
        "copy it again as a whole, or make another: 'farslot ca token --kind KIND --name NAME'");
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "token for " + kind.word() + "/" + name;
  }
}
