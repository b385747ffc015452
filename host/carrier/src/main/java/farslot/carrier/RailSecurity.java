package farslot.carrier;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;

/**
 * What this end shows to its peers, and whom of them it believes (docs/spec/pcieoe.md, section
 * 10.4). One for each end: an appliance believes initiators, an initiator appliances.
 *
 * <p>Asked on the data thread, so nothing here may wait: what has to be read from a disk is read
 * elsewhere and then replaced.
 */
public interface RailSecurity {
  /** Between two looks whether anything has changed, unless it says otherwise. */
  long CHECK_NS = 5_000_000_000L;

  /** For TLS 1.3: this end's key and certificates, and the authorities that it trusts. */
  SSLContext context();

  /**
   * What is shown and believed now: the same object as long as nothing of it has changed. Rails
   * that were made with another one are replaced, one by one, while their session goes on.
   */
  Object credentials();

  /**
   * The node name that a peer's certificate proves. Asked when a rail is made, and again while it
   * lasts, so that whoever is no longer trusted loses its rails.
   *
   * @param chain the peer's own first; was verified against the context's authorities then
   * @throws CertificateException when this is nobody who may be at the other end, in words
   */
  String nodeName(List<X509Certificate> chain) throws CertificateException;

  /** How often rails look whether anything has changed, nanoseconds. */
  default long checkNs() {
    return CHECK_NS;
  }
}
