package farslot.pki;

import farslot.carrier.RailSecurity;
import farslot.pki.PeerName.Kind;
import farslot.pki.PkiException.Reason;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;

/**
 * What an appliance or an initiator shows on its rails, and whom it believes: an appliance
 * initiators, an initiator appliances, of its own fabric. A thread of its own looks at the files,
 * so that the data thread never waits for a disk.
 */
public final class RailCredentials implements RailSecurity, AutoCloseable {
  private final Tls tls;
  private final boolean initiator;
  private List<?> credentials = List.of();

  private RailCredentials(Tls tls, boolean initiator) {
    this.tls = tls;
    this.initiator = initiator;
  }

  /**
   * Opens a directory.
   *
   * @param own what we are
   * @param name what the configuration calls us
   * @throws PkiException if the directory cannot be used, or its certificate is somebody else's
   */
  public static RailCredentials open(
      PkiDirectory directory, Kind own, String name, InstantSource clock) throws PkiException {
    boolean initiator = own == Kind.INITIATOR;
    Tls tls = Tls.open(directory, Set.of(initiator ? Kind.APPLIANCE : Kind.INITIATOR), clock);
    PeerName shown = tls.identity().name();
    if (shown.kind() != own || !shown.name().equals(name)) {
      throw new PkiException(
          Reason.OTHER_NAME,
          "the certificate in " + directory + " is not of " + own.word() + "/" + name,
          "it is for " + shown + ", and nobody would believe us",
          "change the name in the configuration, or join with a token for this one: "
              + "'farslot ca token --kind %s --name %s'".formatted(own.word(), name));
    }
    tls.watch();
    return new RailCredentials(tls, initiator);
  }

  @Override
  public SSLContext context() {
    return tls.context();
  }

  /** Who is denied is no part of it: that is looked at peer by peer. */
  @Override
  public Object credentials() {
    TlsIdentity now = tls.identity();
    List<?> seen = List.of(now.chain(), now.authorities());
    if (!seen.equals(credentials)) {
      credentials = seen;
    }
    return credentials;
  }

  @Override
  public String nodeName(List<X509Certificate> chain) throws CertificateException {
    try {
      return tls.check(chain, initiator).name();
    } catch (PkiException e) {
      throw PeerTrust.refusal(e);
    }
  }

  /** For status: what is wrong with our own files or certificate. */
  public Tls tls() {
    return tls;
  }

  /** Ends the thread that looks at the files. */
  @Override
  public void close() {
    tls.close();
  }
}
