package farslot.pki;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who somebody is, as a certificate says it: the one subject alternative name {@code
 * farslot:FABRIC/KIND/NAME} (a URI, RFC 5280 section 4.2.1.6). The certificate's subject means
 * nothing.
 *
 * @param fabric all that one manager manages
 * @param name of the appliance, initiator, user or manager
 */
public record PeerName(String fabric, Kind kind, String name) {
  /** What somebody is. */
  public enum Kind {
    APPLIANCE,
    INITIATOR,
    USER,
    MANAGER;

    /** As it stands in URIs, tokens and command lines. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The kind of this word. */
    public static Optional<Kind> of(String word) {
      return List.of(values()).stream().filter(each -> each.word().equals(word)).findFirst();
    }
  }

  /** Where a name ends up: in file names, messages and command lines. */
  public static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  static final String SCHEME = "farslot:";
  private static final Pattern URI =
      Pattern.compile(SCHEME + "(" + NAME + ")/(appliance|initiator|user|manager)/(" + NAME + ")");
  private static final int SAN_URI = 6;

  public PeerName {
    require("a fabric", fabric);
    require("a name", name);
  }

  private static void require(String what, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "%s has 1 to 64 letters, digits, dots, dashes or underscores, not '%s'"
              .formatted(what, name));
    }
  }

  /** As certificates have it. */
  public String uri() {
    return SCHEME + fabric + "/" + this;
  }

  /** Reads a URI. */
  public static Optional<PeerName> of(String uri) {
    Matcher matcher = URI.matcher(uri);
    return matcher.matches()
        ? Optional.of(
            new PeerName(
                matcher.group(1), Kind.of(matcher.group(2)).orElseThrow(), matcher.group(3)))
        : Optional.empty();
  }

  /**
   * The name in a certificate, which nobody has checked yet.
   *
   * @throws PkiException if it has none, more than one, or one that is malformed
   */
  public static PeerName of(X509Certificate certificate) throws PkiException {
    List<String> uris = uris(certificate);
    if (uris.size() == 1) {
      Optional<PeerName> name = of(uris.getFirst());
      if (name.isPresent()) {
        return name.get();
      }
    }
    throw new PkiException(
        PkiException.Reason.NO_NAME,
        "the certificate of '" + Words.subject(certificate) + "' names nobody",
        uris.isEmpty()
            ? "it has no subject alternative name 'URI:farslot:FABRIC/KIND/NAME'"
            : "it should have one 'URI:farslot:FABRIC/KIND/NAME', and has " + Words.some(uris),
        "let 'farslot ca' sign it, or have your own authority put exactly that name into it");
  }

  private static List<String> uris(X509Certificate certificate) throws PkiException {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null
          ? List.of()
          : names.stream()
              .filter(each -> each.getFirst() instanceof Integer type && type == SAN_URI)
              .map(each -> String.valueOf(each.get(1)))
              .filter(each -> each.startsWith(SCHEME))
              .toList();
    } catch (CertificateParsingException e) {
      throw new PkiException(
          PkiException.Reason.MALFORMED,
          "the certificate of '" + Words.subject(certificate) + "' cannot be read",
          "its subject alternative names are malformed: " + e.getMessage(),
          "have it signed anew");
    }
  }

  /** {@code KIND/NAME}, as people say it. */
  @Override
  public String toString() {
    return kind.word() + "/" + name;
  }
}
