package farslot.carrier;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.link.LinkState;
import farslot.link.RailHealth;
import farslot.link.RailProtection;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions over TLS: who is let in, and what happens while they last. */
@Timeout(300)
class TlsLinkTest {
  private static Fabric fabric;

  private Fabric.Credentials appliance;
  private Fabric.Credentials server;

  @BeforeAll
  static void authority() throws Exception {
    fabric = new Fabric("lab");
  }

  private TcpLab lab() throws Exception {
    appliance = fabric.node(Fabric.APPLIANCE, "appliance-1");
    server = fabric.node(Fabric.INITIATOR, "server-1");
    return new TcpLab(Optional.of(appliance), Optional.of(server));
  }

  private static void ask(TcpLab lab, TcpLab.Caller caller, long wanted) throws Exception {
    lab.onInitiator(
        () -> {
          caller.ask(wanted);
          return null;
        });
  }

  private static void answers(TcpLab lab, TcpLab.Caller caller, long wanted) throws Exception {
    ask(lab, caller, wanted);
    awaitAnswers(lab, caller, wanted);
  }

  private static void awaitAnswers(TcpLab lab, TcpLab.Caller caller, long wanted) throws Exception {
    lab.await(() -> caller.answered >= wanted || caller.wrong != null);
    assertThat(caller.wrong).isNull();
    assertThat(caller.answered).isEqualTo(wanted);
    assertThat(lab.echo.requests).isEqualTo(wanted);
    assertThat(caller.downs + lab.echo.downs).isZero();
  }

  private static void start(TcpLab lab) throws Exception {
    lab.onInitiator(
        () -> {
          lab.initiator.start(lab.initiatorLoop.nowNs());
          return null;
        });
  }

  private static void awaitEvent(TcpLab lab, String part) throws Exception {
    lab.await(() -> lab.events.stream().anyMatch(e -> e.contains(part)));
  }

  private static RailHealth rail(TcpLab lab) throws Exception {
    return lab.onInitiator(() -> lab.initiator.session().orElseThrow().rails().getFirst());
  }

  @Test
  @Tag("PCIEOE-201")
  void carriesReadsAndTheirAnswersAndSaysWhoIsThere() throws Exception {
    try (TcpLab lab = lab()) {
      TcpLab.Caller caller = lab.attach();
      answers(lab, caller, 20_000);
      RailProtection near = rail(lab).protection();
      assertThat(near.peer()).isEqualTo("appliance-1");
      assertThat(near.cipher()).isEqualTo("TLSv1.3 TLS_AES_256_GCM_SHA384");
      RailProtection far =
          lab.onAppliance(() -> lab.acceptor.sessions().getFirst().rails().getFirst().protection());
      assertThat(far.peer()).isEqualTo("server-1");
    }
  }

  /** Both ends send more than the limit that {@link Fabric} sets for TLS's keys. */
  @Test
  void keysChangeDuringTraffic() throws Exception {
    try (TcpLab lab = lab()) {
      TcpLab.Caller caller = lab.attach();
      for (int i = 1; rail(lab).bytesSent() < 3 << 22; i++) {
        answers(lab, caller, i * 50_000L);
      }
    }
  }

  @Test
  void resetsDuringTrafficLoseNothing() throws Exception {
    try (TcpLab lab = lab()) {
      TcpLab.Caller caller = lab.attach();
      ask(lab, caller, 60_000);
      for (int i = 1; i <= 5; i++) {
        long target = i * 8_000L;
        lab.await(() -> caller.answered >= target || caller.wrong != null);
        lab.proxy.cut();
      }
      awaitAnswers(lab, caller, 60_000);
      assertThat(lab.events).anyMatch(e -> e.contains("resumed over"));
    }
  }

  @Test
  void aStalledNetworkHoldsWhatIsSealed() throws Exception {
    try (TcpLab lab = lab()) {
      TcpLab.Caller caller = lab.attach();
      answers(lab, caller, 1_000);
      lab.proxy.stall(true);
      ask(lab, caller, 50_000);
      awaitEvent(lab, "silent for");
      lab.proxy.cut();
      lab.proxy.stall(false);
      awaitAnswers(lab, caller, 50_000);
    }
  }

  @Test
  @Tag("PCIEOE-201")
  void bytesOfOthersInsideEndTheRailOnly() throws Exception {
    try (TcpLab lab = lab()) {
      TcpLab.Caller caller = lab.attach();
      answers(lab, caller, 500);
      byte[] garbage = new byte[100];
      new Random(5).nextBytes(garbage);
      garbage[0] = 23;
      garbage[1] = 3;
      garbage[2] = 3;
      garbage[3] = 0;
      garbage[4] = 95;
      lab.proxy.inject(garbage);
      awaitEvent(lab, "resumed over");
      answers(lab, caller, 1_500);
    }
  }

  // Who is not let in.

  @Test
  @Tag("PCIEOE-202")
  void anEndOfAnotherFabricGetsNoRail() throws Exception {
    Fabric other = new Fabric("other");
    try (TcpLab lab =
        new TcpLab(
            Optional.of(fabric.node(Fabric.APPLIANCE, "appliance-1")),
            Optional.of(other.node(Fabric.INITIATOR, "server-1")))) {
      start(lab);
      awaitEvent(lab, "not to be trusted");
      assertThat(lab.onAppliance(() -> lab.acceptor.sessions())).isEmpty();
    }
  }

  @Test
  @Tag("PCIEOE-202")
  void anExpiredCertificateGetsNoRail() throws Exception {
    Instant now = Instant.now();
    Fabric.Credentials late =
        new Fabric.Credentials(
            fabric.context(
                Fabric.INITIATOR, "server-1", now.minusSeconds(100), now.minusSeconds(50)),
            Fabric.APPLIANCE);
    try (TcpLab lab =
        new TcpLab(Optional.of(fabric.node(Fabric.APPLIANCE, "appliance-1")), Optional.of(late))) {
      start(lab);
      lab.await(
          () ->
              lab.events.stream().filter(e -> e.contains("our own certificate has expired")).count()
                  >= 1);
      assertThat(lab.onAppliance(() -> lab.acceptor.sessions())).isEmpty();
      assertThat(lab.onAppliance(() -> lab.acceptor.freshRails())).isZero();
    }
  }

  @Test
  @Tag("PCIEOE-202")
  void aServersCertificateIsNotAnAppliances() throws Exception {
    Fabric.Credentials posing =
        new Fabric.Credentials(fabric.context(Fabric.INITIATOR, "appliance-1"), Fabric.INITIATOR);
    try (TcpLab lab =
        new TcpLab(Optional.of(posing), Optional.of(fabric.node(Fabric.INITIATOR, "server-1")))) {
      start(lab);
      awaitEvent(lab, "it is not that of an appliance that is let in");
    }
  }

  @Test
  @Tag("PCIEOE-200")
  void aNameThatTheCertificateDoesNotSayIsRefused() throws Exception {
    try (TcpLab lab =
        new TcpLab(
            Optional.of(fabric.node(Fabric.APPLIANCE, "appliance-1")),
            Optional.of(fabric.node(Fabric.INITIATOR, "server-7")))) {
      start(lab);
      awaitEvent(lab, "the certificate is that of 'server-7', not of 'server-1'");
      assertThat(lab.onAppliance(() -> lab.acceptor.sessions())).isEmpty();
    }
  }

  @Test
  @Tag("PCIEOE-203")
  void whoHasNoCredentialsIsToldSo() throws Exception {
    try (TcpLab lab =
        new TcpLab(Optional.of(fabric.node(Fabric.APPLIANCE, "appliance-1")), Optional.empty())) {
      start(lab);
      awaitEvent(lab, "this appliance takes rails with credentials only");
      assertThat(lab.onAppliance(() -> lab.acceptor.freshRails())).isZero();
    }
  }

  @Test
  @Tag("PCIEOE-203")
  void anApplianceWithoutCredentialsIsNotSpokenTo() throws Exception {
    try (TcpLab lab =
        new TcpLab(Optional.empty(), Optional.of(fabric.node(Fabric.INITIATOR, "server-1")))) {
      start(lab);
      awaitEvent(lab, "it speaks without TLS");
      assertThat(lab.onInitiator(() -> lab.initiator.session())).isEmpty();
    }
  }

  // While it lasts.

  @Test
  @Tag("PCIEOE-204")
  void newCredentialsReplaceRailsAndInterruptNothing() throws Exception {
    try (TcpLab lab = lab()) {
      TcpLab.Caller caller = lab.attach();
      answers(lab, caller, 1_000);
      long first = since(lab);
      ask(lab, caller, 200_000);
      server.context = fabric.context(Fabric.INITIATOR, "server-1");
      lab.await(() -> since(lab) != first);
      long second = since(lab);
      appliance.context = fabric.context(Fabric.APPLIANCE, "appliance-1");
      awaitAnswers(lab, caller, 200_000);
      assertThat(second).isNotEqualTo(first);
      assertThat(lab.events).anyMatch(e -> e.contains("there are new credentials"));
      assertThat(lab.events).noneMatch(e -> e.contains("waiting for it to come back"));
      assertThat(lab.onInitiator(() -> lab.initiator.session().orElseThrow().state()))
          .isEqualTo(LinkState.L0);
    }
  }

  private static long since(TcpLab lab) {
    try {
      return lab.onInitiator(
          () ->
              lab.initiator.session().orElseThrow().rails().stream()
                  .mapToLong(RailHealth::sinceNs)
                  .max()
                  .orElse(0));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @Tag("PCIEOE-204")
  void aCertificateThatExpiresTakesItsRailsAndNotTheSession() throws Exception {
    try (TcpLab lab = lab()) {
      Instant now = Instant.now();
      server.context =
          fabric.context(Fabric.INITIATOR, "server-1", now.minusSeconds(60), now.plusSeconds(6));
      TcpLab.Caller caller = lab.attach();
      answers(lab, caller, 1_000);
      awaitEvent(lab, "a certificate expires at");
      awaitEvent(lab, "a certificate has expired at");
      awaitEvent(lab, "our own certificate has expired");
      ask(lab, caller, 2_000);
      server.context = fabric.context(Fabric.INITIATOR, "server-1");
      awaitAnswers(lab, caller, 2_000);
    }
  }

  @Test
  @Tag("PCIEOE-204")
  void whoIsNoLongerTrustedLosesItsRails() throws Exception {
    try (TcpLab lab = lab()) {
      TcpLab.Caller caller = lab.attach();
      answers(lab, caller, 1_000);
      appliance.banned = "server-1";
      awaitEvent(lab, "'server-1' is no longer trusted");
      lab.await(() -> lab.listener.counters().get("tls_handshakes_failed") > 0);
      appliance.banned = "";
      answers(lab, caller, 2_000);
    }
  }

  // Who only wants to be a nuisance.

  @Test
  @Tag("PCIEOE-205")
  void handshakesThatDoNotEndAreBoundedInNumberAndTime() throws Exception {
    try (TcpLab lab = lab()) {
      List<Socket> idle = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        idle.add(new Socket(InetAddress.getLoopbackAddress(), lab.listener.port()));
      }
      lab.await(() -> counter(lab, "tls_handshakes_turned_away") > 0);
      assertThat(counter(lab, "tls_handshakes_under_way")).isLessThanOrEqualTo(128);
      lab.await(() -> counter(lab, "tls_handshakes_failed") > 0);
      for (Socket each : idle) {
        try (InputStream in = each.getInputStream()) {
          assertThat(in.read()).isEqualTo(-1);
        }
      }
      TcpLab.Caller caller = lab.attach();
      answers(lab, caller, 100);
    }
  }

  private static long counter(TcpLab lab, String name) {
    try {
      return lab.onAppliance(() -> lab.listener.counters().get(name));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @Tag("PCIEOE-205")
  void whatIsNoHandshakeIsTurnedAway() throws Exception {
    Random random = new Random(9);
    try (TcpLab lab = lab()) {
      for (int i = 0; i < 60; i++) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), lab.listener.port())) {
          byte[] noise = new byte[1 + random.nextInt(40_000)];
          random.nextBytes(noise);
          if (i % 2 == 0 && noise.length > 5) {
            noise[0] = 22;
            noise[1] = 3;
            noise[2] = 1;
            noise[3] = (byte) random.nextInt(0x42);
          }
          socket.getOutputStream().write(noise);
          socket.shutdownOutput();
          socket.getInputStream().readAllBytes();
        } catch (java.io.IOException e) {
          // Reset: that is an answer, too.
        }
      }
      TcpLab.Caller caller = lab.attach();
      answers(lab, caller, 100);
      assertThat(lab.onAppliance(() -> lab.acceptor.freshRails())).isZero();
    }
  }
}
