package farslot.pki;

import farslot.pki.PeerName.Kind;
import farslot.pki.PkiException.Reason;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * TLS for who has no certificate yet, and knows of the fabric's authority only its fingerprint: a
 * server that cannot show a manager's certificate, signed by that very authority, is refused in the
 * handshake, before anything is sent to it.
 */
public final class JoinTls {
  private JoinTls() {}

  /**
   * For one connection.
   *
   * @param fingerprint of a {@link JoinToken}
   */
  public static SSLContext context(String fingerprint, InstantSource clock) {
    try {
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(null, new TrustManager[] {new Pinned(fingerprint, clock)}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every JDK has TLS 1.3", e);
    }
  }

  private static final class Pinned extends X509ExtendedTrustManager {
    private final String fingerprint;
    private final InstantSource clock;

    Pinned(String fingerprint, InstantSource clock) {
      this.fingerprint = fingerprint;
      this.clock = clock;
    }

    private void check(X509Certificate[] chain) throws CertificateException {
      try {
        Optional<X509Certificate> authority =
            List.of(chain).stream()
                .filter(each -> Words.fingerprint(each).equals(fingerprint))
                .findFirst();
        if (authority.isEmpty()) {
          throw new PkiException(
              Reason.OTHER_AUTHORITY,
              "this is not the manager that made the token",
              "nothing that it shows has the fingerprint "
                  + fingerprint
                  + ", so the token's secret was not sent",
              "check the address, or make a token at this manager: 'farslot ca token'");
        }
        new ChainCheck(List.of(authority.get()), Set.of(), "", Set.of(Kind.MANAGER))
            .check(List.of(chain), true, clock.instant());
      } catch (PkiException e) {
        throw PeerTrust.refusal(e);
      }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      throw new CertificateException("nobody connects to who joins");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      checkClientTrusted(chain, type, (SSLEngine) null);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      checkClientTrusted(chain, type, (SSLEngine) null);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
