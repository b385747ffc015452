package farslot.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.pki.PeerName.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PkiDirectoryTest {
  @TempDir private Path dir;

  private PkiDirectory member() throws PkiException {
    return new Fabric("lab", dir).member(Kind.INITIATOR, "hv1");
  }

  @Test
  void whatIsWrittenIsRead() throws Exception {
    PkiDirectory directory = member();
    TlsIdentity identity = directory.load();
    assertThat(identity.name()).isEqualTo(new PeerName("lab", Kind.INITIATOR, "hv1"));
    assertThat(identity.denied()).isEmpty();
    assertThat(identity.toString()).doesNotContain("PRIVATE");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.path().resolve("key.pem"))))
        .isEqualTo("rw-------");
  }

  @Test
  void whatIsNotThereIsNamed() {
    assertThatThrownBy(() -> new PkiDirectory(dir.resolve("none")).load())
        .hasMessageContaining("none/key.pem is not there")
        .hasMessageContaining("farslot join");
  }

  @Test
  void aKeyThatOthersCanReadIsNotUsed() throws Exception {
    PkiDirectory directory = member();
    Files.setPosixFilePermissions(
        directory.path().resolve("key.pem"), PosixFilePermissions.fromString("rw-r-----"));
    assertThatThrownBy(directory::load).hasMessageContaining("chmod 600");
  }

  @Test
  void aKeyOfAnotherCertificate() throws Exception {
    PkiDirectory directory = member();
    Files.writeString(directory.path().resolve("key.pem"), Pem.write(Pem.newKey().getPrivate()));
    assertThatThrownBy(directory::load).hasMessageContaining("does not belong to");
  }

  @Test
  void aCrashBetweenKeyAndCertificateIsPutRight() throws Exception {
    Fabric fabric = new Fabric("lab", dir);
    PkiDirectory directory = fabric.member(Kind.INITIATOR, "hv1");
    KeyPair next = Pem.newKey();
    var certificate = fabric.issue(next, Kind.INITIATOR, "hv1", Fabric.NOW);
    Path at = directory.path();
    Files.writeString(at.resolve("cert.pem.next"), Pem.write(List.of(certificate)));
    assertThat(directory.load().certificate()).isNotEqualTo(certificate);
    Files.writeString(at.resolve("key.pem"), Pem.write(next.getPrivate()));
    assertThat(directory.load().certificate()).isEqualTo(certificate);
    assertThat(at.resolve("cert.pem.next")).doesNotExist();
    assertThat(directory.load().certificate()).isEqualTo(certificate);
  }

  @Test
  void everyKindOfRubbishIsNamed() throws Exception {
    PkiDirectory directory = member();
    Path at = directory.path();
    Files.writeString(at.resolve("denied"), "# nobody\nzz\n");
    assertThatThrownBy(directory::load).hasMessageContaining("'zz' is no serial number");
    Files.writeString(at.resolve("denied"), "0AFF # gone\n\n");
    assertThat(directory.load().denied()).isEqualTo(Set.of("aff"));
    Files.writeString(at.resolve("ca.pem"), "");
    assertThatThrownBy(directory::load).hasMessageContaining("ca.pem cannot be used");
    Files.writeString(
        at.resolve("key.pem"), "-----BEGIN EC PRIVATE KEY-----\nAA\n-----END EC PRIVATE KEY-----");
    assertThatThrownBy(directory::load).hasMessageContaining("openssl pkcs8");
    Files.write(at.resolve("key.pem"), new byte[300 << 10]);
    assertThatThrownBy(directory::load).hasMessageContaining("more than");
  }

  @Test
  void keysOfOnesOwnMayBeRsaOrEd25519() throws Exception {
    for (String algorithm : List.of("RSA", "Ed25519")) {
      KeyPair pair = KeyPairGenerator.getInstance(algorithm).generateKeyPair();
      var key = Pem.key("x", Pem.write(pair.getPrivate()));
      assertThat(PkiDirectory.belong(key, pair.getPublic())).isTrue();
      assertThat(PkiDirectory.belong(key, Pem.newKey().getPublic())).isFalse();
    }
  }

  @Test
  void anAuthorityIsBegunOnce() throws Exception {
    AuthorityDirectory authorities = new AuthorityDirectory(dir.resolve("ca"));
    assertThatThrownBy(authorities::signer).hasMessageContaining("farslot ca init");
    authorities.begin("lab", Fabric.NOW);
    assertThat(authorities.signer().fabric()).isEqualTo("lab");
    assertThatThrownBy(() -> authorities.begin("lab", Fabric.NOW))
        .hasMessageContaining("has an authority already");
    assertThatThrownBy(authorities::finish).hasMessageContaining("not the next one");
    assertThatThrownBy(authorities::switchOver).hasMessageContaining("not the next one");
  }
}
