package farslot.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code lab/lib/Cacerts.java} makes of a machine's certificates is believed by a JVM. */
class TrustStoreTest {
  private static final Path PROGRAM = SourceFile.root().resolve("lab/lib/Cacerts.java");

  @TempDir private Path directory;

  @Test
  void aJvmFindsEveryCertificateInIt() throws Exception {
    List<X509Certificate> some = Stream.of(trusted(null)).limit(3).toList();
    StringBuilder bundle = new StringBuilder();
    for (X509Certificate each : some) {
      bundle
          .append("-----BEGIN CERTIFICATE-----\n")
          .append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(each.getEncoded()))
          .append("\n-----END CERTIFICATE-----\n");
    }
    Path pem = Files.writeString(directory.resolve("bundle.pem"), bundle);
    Path store = directory.resolve("cacerts");
    Process made =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                PROGRAM.toString(),
                store.toString(),
                pem.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(made.getInputStream().readAllBytes());
    assertEquals(0, made.waitFor(), said);
    assertEquals(Set.copyOf(some), new HashSet<>(List.of(trusted(asJavaReads(store)))));
  }

  /** Of the default type, and without a password: nobody tells a JVM one for its own store. */
  private static KeyStore asJavaReads(Path file) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, null);
    }
    return store;
  }

  /** {@code null} is this JVM's own. */
  private static X509Certificate[] trusted(KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return ((X509TrustManager) factory.getTrustManagers()[0]).getAcceptedIssuers();
  }
}
