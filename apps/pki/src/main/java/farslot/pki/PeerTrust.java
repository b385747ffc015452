package farslot.pki;

import java.net.Socket;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Says no to a peer in the handshake; or leaves that to whoever asks later. */
final class PeerTrust extends X509ExtendedTrustManager {
  private final Tls tls;
  private final boolean later;

  PeerTrust(Tls tls, boolean later) {
    this.tls = tls;
    this.later = later;
  }

  private void check(X509Certificate[] chain, boolean server) throws CertificateException {
    if (later && !server) {
      return;
    }
    try {
      tls.check(List.of(chain), server);
    } catch (PkiException e) {
      throw refusal(e);
    }
  }

  /** The same, so that the peer gets the alert that says most. */
  static CertificateException refusal(PkiException e) {
    BasicReason reason =
        switch (e.reason()) {
          case EXPIRED -> BasicReason.EXPIRED;
          case NOT_YET_VALID -> BasicReason.NOT_YET_VALID;
          case DENIED -> BasicReason.REVOKED;
          default -> BasicReason.UNSPECIFIED;
        };
    return new CertificateException(
        e.getMessage(), new CertPathValidatorException(e.getMessage(), e, null, -1, reason));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    check(chain, false);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    check(chain, true);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    check(chain, false);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    check(chain, true);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(chain, false);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(chain, true);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return tls.identity().authorities().toArray(X509Certificate[]::new);
  }
}
