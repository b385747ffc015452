package farslot.manager.access;

import farslot.api.ApiException;
import farslot.pki.Pem;
import farslot.pki.Words;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;

/**
 * Whom to trust, as everybody is told.
 *
 * @param id another one for each change
 * @param signer the fingerprint of the authority that signs; "" if there is none of ours
 * @param authorities as PEM; "" if there is none of ours: then what is in {@code ca.pem} stays
 * @param denied serial numbers that were revoked
 */
public record Trust(String id, String signer, String authorities, List<String> denied) {
  static Trust of(Certificates certificates) throws ApiException {
    List<X509Certificate> trusted = certificates.trusted();
    Set<String> denied = certificates.denied();
    String signer = trusted.isEmpty() ? "" : Words.fingerprint(trusted.getFirst());
    String authorities = trusted.isEmpty() ? "" : Pem.write(trusted);
    return new Trust(id(signer, authorities, denied), signer, authorities, List.copyOf(denied));
  }

  private static String id(String signer, String authorities, Set<String> denied) {
    String all = signer + authorities + String.join(",", denied);
    return farslot.pki.JoinToken.hash(all).substring(0, 16);
  }
}
