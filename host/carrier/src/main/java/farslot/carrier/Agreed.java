package farslot.carrier;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/**
 * What a finished TLS handshake has shown.
 *
 * @param engine which keeps the keys
 * @param credentials what this end had shown and believed by then
 * @param peer the node name that the peer has proved
 * @param chain the peer's certificates, its own first
 * @param endsMs when the first of both ends' own certificates expires, milliseconds since 1970
 */
record Agreed(
    SSLEngine engine, Object credentials, String peer, List<X509Certificate> chain, long endsMs) {
  /** Protocols that share certificates must not be mistaken for each other (ALPN, RFC 7301). */
  static final String APPLICATION = "pcieoe/1";

  private static final String VERSION = "TLSv1.3";

  /**
   * Looks who is there.
   *
   * @throws CertificateException when it is nobody who may be there
   * @throws SSLException when what was agreed on is not what rails need
   */
  static Agreed of(SSLEngine engine, Object credentials, RailSecurity security)
      throws CertificateException, SSLException {
    SSLSession session = engine.getSession();
    if (!session.getProtocol().equals(VERSION)
        || !APPLICATION.equals(engine.getApplicationProtocol())) {
      throw new SSLException("the peer speaks TLS, but not for PCIeoE");
    }
    List<X509Certificate> chain = new ArrayList<>();
    for (var each : session.getPeerCertificates()) {
      chain.add((X509Certificate) each);
    }
    // A session that was resumed has not looked at the date again.
    chain.getFirst().checkValidity();
    if (!(session.getLocalCertificates() instanceof X509Certificate[] own) || own.length == 0) {
      throw new SSLException("we had no certificate to show that the peer would take");
    }
    if (own[0].getNotAfter().getTime() <= System.currentTimeMillis()) {
      throw new SSLException(
          "our own certificate has expired at " + own[0].getNotAfter().toInstant());
    }
    long endsMs =
        Math.min(own[0].getNotAfter().getTime(), chain.getFirst().getNotAfter().getTime());
    return new Agreed(engine, credentials, security.nodeName(chain), List.copyOf(chain), endsMs);
  }

  /** For people: {@code TLSv1.3 TLS_AES_256_GCM_SHA384}. */
  String cipher() {
    return engine.getSession().getProtocol() + " " + engine.getSession().getCipherSuite();
  }
}
