package farslot.carrier;

import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;

/** What goes wrong in TLS, for people who are to mend it. */
final class TlsWords {
  private static final String ALERT = "Received fatal alert: ";

  private TlsWords() {}

  static String of(SSLException e) {
    String message = String.valueOf(e.getMessage());
    if (message.contains(ALERT)) {
      return refused(message.substring(message.indexOf(ALERT) + ALERT.length()));
    }
    if (message.contains("Empty client certificate chain")) {
      return "the peer shows no certificate";
    }
    for (Throwable at = e.getCause(); at != null; at = at.getCause()) {
      if (at instanceof CertificateException certificate && at.getCause() == null) {
        return of(certificate);
      }
      if (at.getCause() == null && at.getMessage() != null) {
        return "the peer's certificate is not to be trusted: " + at.getMessage();
      }
    }
    return message;
  }

  private static String refused(String alert) {
    return switch (alert) {
      case "bad_certificate", "certificate_unknown", "unknown_ca", "unsupported_certificate" ->
          "the peer does not trust our certificate ("
              + alert
              + "): is it of the same fabric, and valid today?";
      case "certificate_expired" ->
          "the peer says that our certificate has expired, or is not valid yet by its clock";
      case "certificate_required" -> "the peer asks for a certificate and got none";
      default -> "the peer refuses: " + alert;
    };
  }

  static String of(CertificateException e) {
    return switch (e) {
      case CertificateExpiredException expired ->
          "the peer's certificate has expired (" + expired.getMessage() + ")";
      case CertificateNotYetValidException early ->
          "the peer's certificate is not valid yet by this machine's clock ("
              + early.getMessage()
              + ")";
      default -> "the peer's certificate is not to be trusted: " + e.getMessage();
    };
  }
}
