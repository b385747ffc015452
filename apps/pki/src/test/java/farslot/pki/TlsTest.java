package farslot.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import farslot.pki.PeerName.Kind;
import farslot.pki.PkiException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes that meet: who is let in, who is not, and what is said of it. */
class TlsTest {
  @TempDir private Path dir;
  private Fabric fabric;
  private Instant now = Fabric.NOW;
  private final InstantSource clock = () -> now;

  @BeforeEach
  void begin() {
    fabric = new Fabric("lab", dir);
  }

  private Tls appliance(PkiDirectory directory) throws PkiException {
    return Tls.open(directory, Set.of(Kind.INITIATOR), clock);
  }

  private Tls initiator(PkiDirectory directory) throws PkiException {
    return Tls.open(directory, Set.of(Kind.APPLIANCE), clock);
  }

  private static PkiException refused(Tls client, Tls server) {
    Throwable thrown =
        catchThrowable(() -> Handshake.between(client.engine(true), server.engine(false)));
    assertThat(thrown).isNotNull();
    return PkiException.in(thrown).orElseThrow(() -> new AssertionError("without words", thrown));
  }

  @Test
  void bothKnowEachOtherByTls13() throws Exception {
    Tls appliance = appliance(fabric.member(Kind.APPLIANCE, "rack1"));
    Tls initiator = initiator(fabric.member(Kind.INITIATOR, "hv1"));
    SSLEngine client = initiator.engine(true);
    SSLEngine server = appliance.engine(false);
    Handshake.between(client, server);
    assertThat(client.getSession().getProtocol()).isEqualTo("TLSv1.3");
    assertThat(appliance.peer(server.getSession(), false))
        .isEqualTo(new PeerName("lab", Kind.INITIATOR, "hv1"));
    assertThat(initiator.peer(client.getSession(), true))
        .isEqualTo(new PeerName("lab", Kind.APPLIANCE, "rack1"));
    PeerName peer = initiator.peer(client.getSession(), true);
    Tls.require(peer, "rack1");
    assertThatThrownBy(() -> Tls.require(peer, "rack2"))
        .hasMessageContaining("'rack1' is not 'rack2'");
  }

  @Test
  void olderTlsIsRefused() throws Exception {
    Tls appliance = appliance(fabric.member(Kind.APPLIANCE, "rack1"));
    Tls initiator = initiator(fabric.member(Kind.INITIATOR, "hv1"));
    SSLEngine client = initiator.engine(true);
    client.setEnabledProtocols(new String[] {"TLSv1.2"});
    assertThatThrownBy(() -> Handshake.between(client, appliance.engine(false)))
        .hasMessageContaining("protocol");
  }

  @Test
  void withoutACertificateNobodyGetsIn() throws Exception {
    Tls appliance = appliance(fabric.member(Kind.APPLIANCE, "rack1"));
    SSLEngine client = JoinTls.context(fabric.authority.fingerprint(), clock).createSSLEngine();
    client.setUseClientMode(true);
    SSLEngine server = appliance.engine(false);
    assertThatThrownBy(() -> Handshake.between(client, server)).isNotNull();
  }

  @Test
  void anotherAuthority() throws Exception {
    Fabric other = new Fabric("lab", dir.resolve("other"));
    PkiException e =
        refused(
            initiator(other.member(Kind.INITIATOR, "hv1")),
            appliance(fabric.member(Kind.APPLIANCE, "rack1")));
    assertThat(e.reason()).isEqualTo(Reason.OTHER_AUTHORITY);
    assertThat(e).hasMessageContaining("ca.pem");
  }

  @Test
  void aClockAYearAhead() throws Exception {
    Tls appliance = appliance(fabric.member(Kind.APPLIANCE, "rack1"));
    Tls initiator = initiator(fabric.member(Kind.INITIATOR, "hv1"));
    now = Fabric.NOW.plus(Duration.ofDays(365));
    PkiException e = refused(initiator, appliance);
    assertThat(e.reason()).isEqualTo(Reason.EXPIRED);
    assertThat(e)
        .hasMessageContaining("275 days ago")
        .hasMessageContaining("2027-11-22T12:00:00Z")
        .hasMessageContaining("set the clock");
    assertThat(initiator.problem())
        .hasValueSatisfying(p -> assertThat(p).hasMessageContaining("our own"));
    now = Fabric.NOW;
    Handshake.between(initiator.engine(true), appliance.engine(false));
    assertThat(initiator.problem()).isEmpty();
  }

  @Test
  void aClockAYearBehind() throws Exception {
    Tls appliance = appliance(fabric.member(Kind.APPLIANCE, "rack1"));
    Tls initiator = initiator(fabric.member(Kind.INITIATOR, "hv1"));
    now = Fabric.NOW.minus(Duration.ofDays(365));
    PkiException e = refused(initiator, appliance);
    assertThat(e.reason()).isEqualTo(Reason.NOT_YET_VALID);
    assertThat(e).hasMessageContaining("set the clock of this machine");
  }

  @Test
  void anotherKind() throws Exception {
    Tls appliance = appliance(fabric.member(Kind.APPLIANCE, "rack1"));
    Tls user = initiator(fabric.member(Kind.USER, "ann"));
    PkiException e = refused(user, appliance);
    assertThat(e.reason()).isEqualTo(Reason.OTHER_KIND);
    assertThat(e).hasMessageContaining("user/ann").hasMessageContaining("expected is initiator");
  }

  @Test
  void aServersCertificateMustBeForServers() throws Exception {
    // An initiator that waits for others as if it were one to be connected to.
    Tls fake = appliance(fabric.member(Kind.INITIATOR, "hv1"));
    Tls other = Tls.open(fabric.member(Kind.INITIATOR, "hv2"), Set.of(Kind.INITIATOR), clock);
    PkiException e = refused(other, fake);
    assertThat(e.reason()).isEqualTo(Reason.WRONG_USAGE);
    assertThat(e).hasMessageContaining("serverAuth");
  }

  @Test
  void anotherFabricUnderOneAuthority() throws Exception {
    // As one's own authority may sign for two fabrics.
    Authority both = new Authority("other", fabric.authority.certificate(), fabric.authority.key());
    KeyPair key = Pem.newKey();
    PkiDirectory directory = new PkiDirectory(dir.resolve("x"));
    directory.writeTrust(List.of(both.certificate()), Set.of());
    directory.writeIdentity(
        key.getPrivate(),
        List.of(
            both.issue(
                key.getPublic(), Kind.INITIATOR, "hv1", List.of(), Duration.ofDays(1), now)));
    PkiException e =
        refused(initiator(directory), appliance(fabric.member(Kind.APPLIANCE, "rack1")));
    assertThat(e.reason()).isEqualTo(Reason.OTHER_FABRIC);
  }

  @Test
  void whoWasRevokedIsRefusedAndSeenOnConnectionsThatAreThere() throws Exception {
    PkiDirectory ours = fabric.member(Kind.APPLIANCE, "rack1");
    Tls appliance = appliance(ours);
    Tls initiator = initiator(fabric.member(Kind.INITIATOR, "hv1"));
    SSLEngine server = appliance.engine(false);
    Handshake.between(initiator.engine(true), server);
    String serial = Words.serial(initiator.identity().certificate().getSerialNumber());
    ours.writeTrust(List.of(fabric.authority.certificate()), Set.of(serial));
    appliance.reload();
    assertThatThrownBy(() -> appliance.peer(server.getSession(), false))
        .hasMessageContaining("revoked");
    assertThat(appliance.denied(initiator.identity().certificate())).isTrue();
    assertThat(refused(initiator, appliance).reason()).isEqualTo(Reason.DENIED);
  }

  @Test
  void filesThatChangeAreUsedByTheNextHandshake() throws Exception {
    PkiDirectory directory = fabric.member(Kind.INITIATOR, "hv1");
    Tls appliance = appliance(fabric.member(Kind.APPLIANCE, "rack1"));
    Tls initiator = initiator(directory);
    SSLEngine before = appliance.engine(false);
    Handshake.between(initiator.engine(true), before);
    fabric.member(Kind.INITIATOR, "hv1");
    initiator.reload();
    SSLEngine after = appliance.engine(false);
    Handshake.between(initiator.engine(true), after);
    assertThat(after.getSession().getPeerCertificates()[0])
        .isNotEqualTo(before.getSession().getPeerCertificates()[0]);
    // The first one goes on, and still is who it was.
    assertThat(appliance.peer(before.getSession(), false).name()).isEqualTo("hv1");
  }

  @Test
  void filesThatCannotBeUsedChangeNothing() throws Exception {
    PkiDirectory directory = fabric.member(Kind.INITIATOR, "hv1");
    Tls appliance = appliance(fabric.member(Kind.APPLIANCE, "rack1"));
    Tls initiator = initiator(directory);
    Files.writeString(directory.path().resolve("cert.pem"), "rubbish");
    initiator.reload();
    Handshake.between(initiator.engine(true), appliance.engine(false));
    assertThat(initiator.problem())
        .hasValueSatisfying(e -> assertThat(e).hasMessageContaining("cert.pem"));
    fabric.member(Kind.INITIATOR, "hv1");
    initiator.reload();
    assertThat(initiator.problem()).isEmpty();
  }

  @Test
  void oneAuthorityTakesOverFromAnotherAndNobodyIsCutOff() throws Exception {
    AuthorityDirectory authorities = new AuthorityDirectory(dir.resolve("ca"));
    authorities.begin("lab", now);
    PkiDirectory rack = signed(authorities, Kind.APPLIANCE, "rack1");
    PkiDirectory hv = signed(authorities, Kind.INITIATOR, "hv1");
    Tls appliance = appliance(rack);
    Tls initiator = initiator(hv);
    authorities.prepare(now);
    // Told to one, and not yet to the other.
    trust(authorities, rack, appliance);
    Handshake.between(initiator.engine(true), appliance.engine(false));
    trust(authorities, hv, initiator);
    authorities.switchOver();
    signed(authorities, Kind.APPLIANCE, "rack1");
    appliance.reload();
    Handshake.between(initiator.engine(true), appliance.engine(false));
    signed(authorities, Kind.INITIATOR, "hv1");
    initiator.reload();
    Handshake.between(initiator.engine(true), appliance.engine(false));
    authorities.finish();
    assertThat(authorities.trusted()).hasSize(1);
    trust(authorities, rack, appliance);
    trust(authorities, hv, initiator);
    Handshake.between(initiator.engine(true), appliance.engine(false));
  }

  private PkiDirectory signed(AuthorityDirectory by, Kind kind, String name) throws PkiException {
    PkiDirectory directory = new PkiDirectory(dir.resolve(kind + name));
    KeyPair key = Pem.newKey();
    directory.writeTrust(by.trusted(), Set.of());
    directory.writeIdentity(
        key.getPrivate(),
        List.of(
            by.signer().issue(key.getPublic(), kind, name, List.of(), Duration.ofDays(90), now)));
    return directory;
  }

  private static void trust(AuthorityDirectory by, PkiDirectory in, Tls tls) throws PkiException {
    in.writeTrust(by.trusted(), Set.of());
    tls.reload();
  }

  @Test
  void whoChecksLaterTakesEverybodyAndKnowsNobodyBefore() throws Exception {
    Tls manager = Tls.checkedLater(fabric.member(Kind.MANAGER, "m"), Set.of(Kind.USER), clock);
    Fabric other = new Fabric("lab", dir.resolve("other"));
    PkiDirectory stranger = other.member(Kind.USER, "eve");
    stranger.writeTrust(List.of(fabric.authority.certificate()), Set.of());
    SSLEngine server = manager.engine(false);
    Handshake.between(Tls.open(stranger, Set.of(Kind.MANAGER), clock).engine(true), server);
    assertThat(Tls.hasShown(server.getSession())).isTrue();
    assertThatThrownBy(() -> manager.peer(server.getSession(), false))
        .isInstanceOfSatisfying(
            PkiException.class, e -> assertThat(e.reason()).isEqualTo(Reason.OTHER_AUTHORITY));
  }

  @Test
  void whoJoinsBelievesOnlyTheTokensAuthority() throws Exception {
    Tls manager = Tls.checkedLater(fabric.member(Kind.MANAGER, "m"), Set.of(Kind.USER), clock);
    SSLEngine server = manager.engine(false);
    Handshake.between(joining(fabric.authority.fingerprint()), server);
    assertThat(Tls.hasShown(server.getSession())).isFalse();
    Authority other = Authority.create("lab", now);
    Throwable thrown =
        catchThrowable(
            () -> Handshake.between(joining(other.fingerprint()), manager.engine(false)));
    assertThat(PkiException.in(thrown))
        .hasValueSatisfying(e -> assertThat(e).hasMessageContaining("secret was not sent"));
    // The right authority, and somebody of the fabric who is no manager.
    Tls fake = Tls.checkedLater(fabric.member(Kind.APPLIANCE, "a"), Set.of(Kind.USER), clock);
    thrown =
        catchThrowable(
            () -> Handshake.between(joining(fabric.authority.fingerprint()), fake.engine(false)));
    assertThat(PkiException.in(thrown))
        .hasValueSatisfying(e -> assertThat(e.reason()).isEqualTo(Reason.OTHER_KIND));
  }

  private SSLEngine joining(String fingerprint) {
    SSLEngine engine = JoinTls.context(fingerprint, clock).createSSLEngine();
    engine.setUseClientMode(true);
    return engine;
  }
}
