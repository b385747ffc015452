package farslot.pki;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/** When a certificate should be renewed. */
public final class Renewal {
  private Renewal() {}

  /**
   * At two thirds of its time, which leaves a third for a manager that is away; and at once when
   * another authority signs now.
   *
   * @param signer of the authority that signs now
   */
  public static boolean due(X509Certificate certificate, X509Certificate signer, Instant now) {
    if (!certificate.getIssuerX500Principal().equals(signer.getSubjectX500Principal())) {
      return true;
    }
    Instant from = certificate.getNotBefore().toInstant().plus(Limits.BACKDATED);
    Instant until = certificate.getNotAfter().toInstant();
    Duration age = Duration.between(from, now);
    return age.multipliedBy(3).compareTo(Duration.between(from, until).multipliedBy(2)) >= 0;
  }
}
