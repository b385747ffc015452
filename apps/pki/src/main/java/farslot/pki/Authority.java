package farslot.pki;

import farslot.pki.PeerName.Kind;
import farslot.pki.PkiException.Reason;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Signs certificates of one fabric. EC P-256, ECDSA with SHA-256. */
public final class Authority {
  private static final String ALGORITHM = "SHA256withECDSA";
  private static final int SERIAL_BITS = 127; // Positive, and more than anybody guesses.
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,252})");
  private static final int HOSTS_MAX = 32;

  private final String fabric;
  private final X509Certificate certificate;
  private final PrivateKey key;

  Authority(String fabric, X509Certificate certificate, PrivateKey key) {
    this.fabric = fabric;
    this.certificate = certificate;
    this.key = key;
  }

  /** A new one, with a key of its own. */
  public static Authority create(String fabric, Instant now) {
    new PeerName(fabric, Kind.MANAGER, "x"); // A fabric is called like everything else.
    KeyPair pair = Pem.newKey();
    BigInteger serial = serial();
    // Two authorities of one fabric have different subjects: who looks for a signer finds one.
    String number = Words.serial(serial).substring(0, 8);
    X500Principal subject = new X500Principal("CN=Farslot authority of " + fabric + " " + number);
    try {
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              subject,
              serial,
              Date.from(now.minus(Limits.BACKDATED)),
              Date.from(now.plus(Limits.AUTHORITY_LIFETIME)),
              subject,
              pair.getPublic());
      JcaX509ExtensionUtils utils = new JcaX509ExtensionUtils();
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          utils.createSubjectKeyIdentifier(pair.getPublic()));
      builder.addExtension(
          Extension.subjectAlternativeName, false, names(List.of(uri(PeerName.SCHEME + fabric))));
      return new Authority(fabric, sign(builder, pair.getPrivate()), pair.getPrivate());
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new AssertionError("every JDK can sign with P-256", e);
    }
  }

  public String fabric() {
    return fabric;
  }

  public X509Certificate certificate() {
    return certificate;
  }

  PrivateKey key() {
    return key;
  }

  /** What join tokens say of it. */
  public String fingerprint() {
    return Words.fingerprint(certificate);
  }

  /**
   * Signs.
   *
   * @param hosts DNS names and addresses that it also answers to, for programs that go by them
   * @param lifetime from now on; never longer than the authority's own
   * @throws PkiException if a host is none, or this authority has no time left
   */
  public X509Certificate issue(
      PublicKey of,
      Kind kind,
      String name,
      Collection<String> hosts,
      Duration lifetime,
      Instant now)
      throws PkiException {
    PeerName peer = new PeerName(fabric, kind, name);
    Instant end = certificate.getNotAfter().toInstant();
    if (!now.isBefore(end) || now.isBefore(certificate.getNotBefore().toInstant())) {
      throw new PkiException(
          Reason.EXPIRED,
          "nothing can be signed for " + peer,
          "this authority is valid until %s, and the clock says %s"
              .formatted(Words.at(end), Words.at(now)),
          "set this machine's clock, or begin a new authority: 'farslot ca rotate'");
    }
    Instant until = now.plus(lifetime);
    try {
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              certificate,
              serial(),
              Date.from(now.minus(Limits.BACKDATED)),
              Date.from(until.isBefore(end) ? until : end),
              new X500Principal("CN=" + peer.kind().word() + " " + name),
              of);
      JcaX509ExtensionUtils utils = new JcaX509ExtensionUtils();
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(Extension.extendedKeyUsage, false, purposes(kind));
      builder.addExtension(
          Extension.authorityKeyIdentifier, false, utils.createAuthorityKeyIdentifier(certificate));
      builder.addExtension(
          Extension.subjectKeyIdentifier, false, utils.createSubjectKeyIdentifier(of));
      builder.addExtension(Extension.subjectAlternativeName, false, names(peer, hosts));
      return sign(builder, key);
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException("the authority cannot sign", e);
    }
  }

  /** Who is connected to may show itself as a server; everybody connects to somebody. */
  private static ExtendedKeyUsage purposes(Kind kind) {
    return kind == Kind.APPLIANCE || kind == Kind.MANAGER
        ? new ExtendedKeyUsage(
            new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth})
        : new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth);
  }

  private static GeneralNames names(PeerName peer, Collection<String> hosts) throws PkiException {
    List<GeneralName> all = new ArrayList<>();
    all.add(uri(peer.uri()));
    if (hosts.size() > HOSTS_MAX) {
      throw noHost(hosts.size() + " hosts", "at most " + HOSTS_MAX + " are taken");
    }
    for (String each : hosts) {
      boolean address = ADDRESS.matcher(each).matches();
      if (!address && !HOST.matcher(each).matches()) {
        throw noHost("'" + Words.safe(each) + "'", "it is neither a DNS name nor an IP address");
      }
      try {
        all.add(new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, each));
      } catch (IllegalArgumentException e) {
        throw noHost("'" + Words.safe(each) + "'", "it is no IP address");
      }
    }
    return names(all);
  }

  private static PkiException noHost(String what, String why) {
    return new PkiException(
        Reason.MALFORMED, what + " cannot be put into a certificate", why, "correct it");
  }

  private static GeneralNames names(List<GeneralName> all) {
    return new GeneralNames(all.toArray(GeneralName[]::new));
  }

  private static GeneralName uri(String uri) {
    return new GeneralName(GeneralName.uniformResourceIdentifier, uri);
  }

  private static BigInteger serial() {
    return new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(SERIAL_BITS - 1);
  }

  private static X509Certificate sign(JcaX509v3CertificateBuilder builder, PrivateKey by)
      throws OperatorCreationException, GeneralSecurityException {
    return new JcaX509CertificateConverter()
        .getCertificate(builder.build(new JcaContentSignerBuilder(ALGORITHM).build(by)));
  }
}
