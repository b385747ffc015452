package farslot.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.pki.PeerName.Kind;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RailCredentialsTest {
  @TempDir private Path dir;

  private RailCredentials open(PkiDirectory directory, Kind kind, String name) throws PkiException {
    return RailCredentials.open(directory, kind, name, () -> Fabric.NOW);
  }

  @Test
  void anApplianceBelievesInitiatorsAndNobodyElse() throws Exception {
    Fabric fabric = new Fabric("lab", dir);
    var hv = fabric.member(Kind.INITIATOR, "hv1").load().chain();
    var other = fabric.member(Kind.APPLIANCE, "rack2").load().chain();
    try (RailCredentials rack =
        open(fabric.member(Kind.APPLIANCE, "rack1"), Kind.APPLIANCE, "rack1")) {
      assertThat(rack.nodeName(hv)).isEqualTo("hv1");
      assertThatThrownBy(() -> rack.nodeName(other))
          .isInstanceOf(CertificateException.class)
          .hasMessageContaining("expected is initiator");
    }
  }

  @Test
  void aNameThatIsNotTheCertificates() throws Exception {
    PkiDirectory rack = new Fabric("lab", dir).member(Kind.APPLIANCE, "rack1");
    assertThatThrownBy(() -> open(rack, Kind.APPLIANCE, "rack2"))
        .hasMessageContaining("it is for appliance/rack1")
        .hasMessageContaining("--kind appliance --name rack2");
    assertThatThrownBy(() -> open(rack, Kind.INITIATOR, "rack1")).isInstanceOf(PkiException.class);
  }

  @Test
  void whoIsDeniedIsRefusedWhileTheCredentialsStayTheSame() throws Exception {
    Fabric fabric = new Fabric("lab", dir);
    PkiDirectory ours = fabric.member(Kind.APPLIANCE, "rack1");
    var hv = fabric.member(Kind.INITIATOR, "hv1").load().chain();
    try (RailCredentials rack = open(ours, Kind.APPLIANCE, "rack1")) {
      Object before = rack.credentials();
      assertThat(rack.credentials()).isSameAs(before);
      ours.writeTrust(
          List.of(fabric.authority.certificate()),
          Set.of(Words.serial(hv.getFirst().getSerialNumber())));
      rack.tls().reload();
      assertThat(rack.credentials()).isSameAs(before);
      assertThatThrownBy(() -> rack.nodeName(hv)).hasMessageContaining("was revoked");
      fabric.member(Kind.APPLIANCE, "rack1");
      rack.tls().reload();
      assertThat(rack.credentials()).isNotSameAs(before);
    }
  }
}
