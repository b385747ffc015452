package farslot.pki;

import farslot.pki.PeerName.Kind;
import farslot.pki.PkiException.Reason;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;

/**
 * TLS 1.3 made of a {@link PkiDirectory}, whose files may change at any time: each handshake uses
 * what they hold by then, looked at once a second at most, and connections that are there go on.
 * Files that cannot be used change nothing; {@link #problem} says what is wrong with them. All
 * methods from any thread.
 */
public final class Tls {
  private static final String VERSION = "TLSv1.3";

  private final Identities identities;
  private final Set<Kind> peers;
  private final InstantSource clock;
  private final boolean later;
  private final SSLContext context;

  private Tls(Identities identities, Set<Kind> peers, InstantSource clock, boolean later) {
    this.identities = identities;
    this.peers = Set.copyOf(peers);
    this.clock = clock;
    this.later = later;
    try {
      context = SSLContext.getInstance(VERSION);
      KeyManager key = new OurKey(identities, later);
      TrustManager trust = new PeerTrust(this, later);
      context.init(new KeyManager[] {key}, new TrustManager[] {trust}, null);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every JDK has " + VERSION, e);
    }
  }

  /**
   * For connections whose both ends show certificates, checked in the handshake.
   *
   * @param peers what may be at the other end
   * @throws PkiException if the directory cannot be used as it is
   */
  public static Tls open(PkiDirectory directory, Set<Kind> peers, InstantSource clock)
      throws PkiException {
    return new Tls(new Identities(directory), peers, clock, false);
  }

  /**
   * For a server that asks for a certificate, and takes whoever has none or a wrong one until it
   * can tell him so: nothing is known of a peer before {@link #peer} has been asked. Its own
   * authority's certificate is shown as well, for those that know only its fingerprint.
   */
  public static Tls checkedLater(PkiDirectory directory, Set<Kind> peers, InstantSource clock)
      throws PkiException {
    return new Tls(new Identities(directory), peers, clock, true);
  }

  /** With which anybody's sockets and engines can be made; they need {@link #parameters}. */
  public SSLContext context() {
    return context;
  }

  /** TLS 1.3 alone; a server insists on its peer's certificate, or asks for it. */
  public SSLParameters parameters() {
    SSLParameters parameters = context.getDefaultSSLParameters();
    parameters.setProtocols(new String[] {VERSION});
    if (later) {
      parameters.setWantClientAuth(true);
    } else {
      parameters.setNeedClientAuth(true);
    }
    return parameters;
  }

  /** An engine for one connection. */
  public SSLEngine engine(boolean client) {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(client);
    engine.setSSLParameters(parameters());
    return engine;
  }

  /**
   * Who is at the other end of a connection, by what is trusted and denied now. To be asked once
   * after each handshake, because one that was resumed has checked nothing; and again at any time.
   *
   * @param server whether the peer was connected to, rather than connecting
   */
  public PeerName peer(SSLSession session, boolean server) throws PkiException {
    Certificate[] shown;
    try {
      shown = session.getPeerCertificates();
    } catch (SSLPeerUnverifiedException e) {
      shown = new Certificate[0];
    }
    return check(
        Stream.of(shown)
            .filter(X509Certificate.class::isInstance)
            .map(X509Certificate.class::cast)
            .toList(),
        server);
  }

  /** Whether a connection's peer has shown any certificate. */
  public static boolean hasShown(SSLSession session) {
    try {
      return session.getPeerCertificates().length > 0;
    } catch (SSLPeerUnverifiedException e) {
      return false;
    }
  }

  PeerName check(List<X509Certificate> chain, boolean server) throws PkiException {
    TlsIdentity ours = identity();
    return new ChainCheck(ours.authorities(), ours.denied(), ours.name().fabric(), peers)
        .check(chain, server, clock.instant());
  }

  /**
   * Whether somebody whose certificate this is was revoked since. Cheap; for connections that live
   * long.
   */
  public boolean denied(X509Certificate certificate) {
    return identity().denied().contains(Words.serial(certificate.getSerialNumber()));
  }

  /** Who we are just now. */
  public TlsIdentity identity() {
    return identities.current();
  }

  public PkiDirectory directory() {
    return identities.directory();
  }

  /** What is wrong with our own files or our own certificate, so that others will refuse us. */
  public Optional<PkiException> problem() {
    Optional<PkiException> files = identities.problem();
    if (files.isPresent()) {
      return files;
    }
    TlsIdentity ours = identity();
    Instant now = clock.instant();
    try {
      Kind kind = ours.name().kind();
      boolean server = kind == Kind.APPLIANCE || kind == Kind.MANAGER;
      new ChainCheck(ours.authorities(), ours.denied(), "", Set.of(kind))
          .check(ours.chain(), server, now);
      return Optional.empty();
    } catch (PkiException e) {
      return Optional.of(
          new PkiException(
              e.reason(),
              "our own certificate in " + directory() + " is refused by others",
              e.what() + ": " + e.why(),
              e.next()));
    }
  }

  /** Has the files looked at by a thread of its own, so that no other method ever waits. */
  void watch() {
    identities.watch();
  }

  void close() {
    identities.close();
  }

  /** Looks at the files now. */
  public void reload() {
    identities.reload();
  }

  /**
   * That a peer is who it should be.
   *
   * @throws PkiException with {@link Reason#OTHER_NAME}
   */
  public static void require(PeerName peer, String name) throws PkiException {
    if (!peer.name().equals(name)) {
      throw new PkiException(
          Reason.OTHER_NAME,
          "'" + peer.name() + "' is not '" + name + "'",
          "the certificate that was shown is for " + peer,
          "correct the address, or the name in the configuration");
    }
  }
}
