package farslot.pki;

import farslot.pki.PeerName.Kind;
import farslot.pki.PkiException.Reason;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether a certificate says who a peer is. What is wrong most often is looked for first, and said
 * so that a person knows which file, clock or command to turn to; the JDK's validator (RFC 5280
 * section 6) has the last word.
 */
final class ChainCheck {
  private static final String SERVER = "1.3.6.1.5.5.7.3.1";
  private static final String CLIENT = "1.3.6.1.5.5.7.3.2";
  private static final int DIGITAL_SIGNATURE = 0;

  private final List<X509Certificate> authorities;
  private final Set<String> denied;
  private final String fabric;
  private final Set<Kind> kinds;

  /**
   * @param fabric that peers have to be of; "" for any
   * @param kinds that peers may be of
   */
  ChainCheck(
      List<X509Certificate> authorities, Set<String> denied, String fabric, Set<Kind> kinds) {
    this.authorities = authorities;
    this.denied = denied;
    this.fabric = fabric;
    this.kinds = kinds;
  }

  /**
   * Who the peer is.
   *
   * @param chain its own certificate first
   * @param server whether it was connected to, rather than connecting
   */
  PeerName check(List<X509Certificate> chain, boolean server, Instant now) throws PkiException {
    if (chain.isEmpty()) {
      throw new PkiException(
          Reason.MISSING,
          "the peer has shown no certificate",
          "everything here goes by certificates",
          "let it join the fabric: 'farslot join MANAGER TOKEN'");
    }
    if (chain.size() > Limits.CHAIN_MAX) {
      throw new PkiException(
          Reason.MALFORMED,
          "the peer has shown " + chain.size() + " certificates",
          "at most " + Limits.CHAIN_MAX + " are looked at",
          "shorten its cert.pem");
    }
    X509Certificate own = chain.getFirst();
    List<X509Certificate> path = path(chain);
    checkTime(path, now);
    PeerName name = PeerName.of(own);
    checkDenied(name, own);
    checkName(name);
    checkUsage(name, own, server);
    validate(name, path, now);
    return name;
  }

  /** From the peer's certificate up to the last one below an authority. */
  private List<X509Certificate> path(List<X509Certificate> chain) throws PkiException {
    List<X509Certificate> path = new ArrayList<>();
    X509Certificate at = chain.getFirst();
    while (at != null) {
      path.add(at);
      if (signer(at, authorities).isPresent()) {
        return path;
      }
      X509Certificate below = at;
      List<X509Certificate> others = chain.stream().filter(each -> !path.contains(each)).toList();
      at = signer(below, others).orElse(null);
    }
    X509Certificate own = chain.getFirst();
    throw new PkiException(
        Reason.OTHER_AUTHORITY,
        "the certificate of " + said(own) + " counts for nothing here",
        "it was signed by '%s', and trusted is only %s"
            .formatted(
                Words.safe(path.getLast().getIssuerX500Principal().getName()), trustedInWords()),
        "let the peer join this fabric ('farslot join'), or put its authority into our ca.pem");
  }

  private String trustedInWords() {
    return authorities.stream()
        .limit(3)
        .map(each -> "'" + Words.subject(each) + "' " + Words.fingerprint(each).substring(0, 12))
        .collect(Collectors.joining(", "));
  }

  private static Optional<X509Certificate> signer(
      X509Certificate signed, List<X509Certificate> candidates) {
    return candidates.stream()
        .filter(each -> each.getSubjectX500Principal().equals(signed.getIssuerX500Principal()))
        .filter(each -> verifies(signed, each))
        .findFirst();
  }

  private static boolean verifies(X509Certificate signed, X509Certificate by) {
    try {
      signed.verify(by.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private void checkTime(List<X509Certificate> path, Instant now) throws PkiException {
    List<X509Certificate> all = new ArrayList<>(path);
    signer(path.getLast(), authorities).ifPresent(all::add);
    for (X509Certificate each : all) {
      Instant from = each.getNotBefore().toInstant();
      Instant until = each.getNotAfter().toInstant();
      if (now.isAfter(until)) {
        throw new PkiException(
            Reason.EXPIRED,
            "the certificate of %s has expired".formatted(said(each)),
            "it ended at %s, %s ago by this machine's clock (%s)"
                .formatted(
                    Words.at(until), Words.distance(Duration.between(until, now)), Words.at(now)),
            "if this clock is right, renew it on its machine: 'farslot join' with a new token;"
                + " if not, set the clock");
      }
      if (now.isBefore(from)) {
        throw new PkiException(
            Reason.NOT_YET_VALID,
            "the certificate of %s is not valid yet".formatted(said(each)),
            "it begins at %s, in %s by this machine's clock (%s)"
                .formatted(
                    Words.at(from), Words.distance(Duration.between(now, from)), Words.at(now)),
            "set the clock of this machine, or of the one that signed");
      }
    }
  }

  private void checkDenied(PeerName name, X509Certificate own) throws PkiException {
    if (denied.contains(Words.serial(own.getSerialNumber()))) {
      throw new PkiException(
          Reason.DENIED,
          "the certificate of " + name + " was revoked",
          "its serial number " + Words.serial(own.getSerialNumber()) + " is denied",
          "let it join again, with a new token: 'farslot ca token'");
    }
  }

  private void checkName(PeerName name) throws PkiException {
    if (!fabric.isEmpty() && !name.fabric().equals(fabric)) {
      throw new PkiException(
          Reason.OTHER_FABRIC,
          name + " is of another fabric",
          "it belongs to '" + name.fabric() + "', and this is '" + fabric + "'",
          "let it join this fabric, or call the manager of its own");
    }
    if (!kinds.contains(name.kind())) {
      throw new PkiException(
          Reason.OTHER_KIND,
          name + " is not who should be there",
          "expected is "
              + kinds.stream().map(Kind::word).sorted().collect(Collectors.joining(" or "))
              + ", and this certificate is for kind '"
              + name.kind().word()
              + "'",
          "correct the address, or the certificate of whoever is there");
    }
  }

  private static void checkUsage(PeerName name, X509Certificate own, boolean server)
      throws PkiException {
    String wrong = null;
    if (own.getBasicConstraints() >= 0) {
      wrong = "it is an authority's, which signs others and is nobody itself";
    }
    boolean[] usage = own.getKeyUsage();
    if (usage != null && !usage[DIGITAL_SIGNATURE]) {
      wrong = "its key usage lacks digitalSignature";
    }
    try {
      List<String> extended = own.getExtendedKeyUsage();
      if (extended != null && !extended.contains(server ? SERVER : CLIENT)) {
        wrong = "its extended key usage lacks " + (server ? "serverAuth" : "clientAuth");
      }
    } catch (CertificateParsingException e) {
      wrong = "its extended key usage is malformed";
    }
    if (wrong != null) {
      throw new PkiException(
          Reason.WRONG_USAGE,
          "the certificate of " + name + " cannot be used for this",
          wrong,
          "have it signed anew, with what is missing");
    }
  }

  private void validate(PeerName name, List<X509Certificate> path, Instant now)
      throws PkiException {
    try {
      PKIXParameters parameters =
          new PKIXParameters(
              authorities.stream()
                  .map(each -> new TrustAnchor(each, null))
                  .collect(Collectors.toSet()));
      parameters.setRevocationEnabled(false); // Ours is the list of those denied.
      parameters.setDate(Date.from(now));
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      CertPathValidator.getInstance("PKIX").validate(factory.generateCertPath(path), parameters);
    } catch (CertPathValidatorException
        | CertificateException
        | InvalidAlgorithmParameterException e) {
      throw new PkiException(
          Reason.MALFORMED,
          "the certificate of " + name + " is not accepted",
          Words.safe(String.valueOf(e.getMessage())),
          "have it signed anew",
          e);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every JDK has PKIX", e);
    }
  }

  private static String said(X509Certificate certificate) {
    try {
      return PeerName.of(certificate).toString();
    } catch (PkiException e) {
      return "'" + Words.subject(certificate) + "'";
    }
  }
}
