import java.io.BufferedInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Arrays;

/**
 * Packs PEM certificates into the trust store that Java reads: Cacerts OUT PEM-FILE... Java reads it without a password, and without one a PKCS12
 * store gives none of its certificates away: JKS, which encrypts no certificates.
 */
class Cacerts {
  void main(String[] args) throws Exception {
    var factory = CertificateFactory.getInstance("X.509");
    var store = KeyStore.getInstance("JKS");
    store.load(null, null);
    for (String file : Arrays.copyOfRange(args, 1, args.length)) {
      try (var in = new BufferedInputStream(Files.newInputStream(Path.of(file)))) {
        for (var certificate : factory.generateCertificates(in)) {
          store.setCertificateEntry("ca" + store.size(), certificate);
        }
      }
    }
    try (var out = Files.newOutputStream(Path.of(args[0]))) {
      store.store(out, "changeit".toCharArray());
    }
  }
}
