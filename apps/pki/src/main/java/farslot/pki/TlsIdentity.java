package farslot.pki;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;

/**
 * Who we are and whom we trust, at one moment.
 *
 * @param key of the first certificate
 * @param chain ours first, then those that connect it to an authority
 * @param authorities whose signatures count; two while one takes over from the other
 * @param denied serial numbers that were revoked, in lower-case hex
 */
public record TlsIdentity(
    PeerName name,
    PrivateKey key,
    List<X509Certificate> chain,
    List<X509Certificate> authorities,
    Set<String> denied) {
  public TlsIdentity {
    chain = List.copyOf(chain);
    authorities = List.copyOf(authorities);
    denied = Set.copyOf(denied);
  }

  public X509Certificate certificate() {
    return chain.getFirst();
  }

  /** Without the key. */
  @Override
  public String toString() {
    return name + ", certificate " + Words.serial(certificate().getSerialNumber());
  }
}
