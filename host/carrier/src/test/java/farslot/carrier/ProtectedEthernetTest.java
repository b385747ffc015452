package farslot.carrier;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.link.Credits;
import farslot.link.LinkAcceptor;
import farslot.link.LinkConfig;
import farslot.link.LinkEvent;
import farslot.link.LinkInitiator;
import farslot.link.LinkTimers;
import farslot.link.RailHealth;
import farslot.linux.MacAddress;
import farslot.linux.NetInterface;
import farslot.linux.PacketFilter;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions over sealed Ethernet packets, on cables that lose, repeat and reorder. */
@Timeout(300)
class ProtectedEthernetTest {
  private static Fabric fabric;
  private final List<String> events = new CopyOnWriteArrayList<>();
  private final TcpLab.Echo echo = new TcpLab.Echo();
  private Fabric.Credentials applianceHas;
  private Fabric.Credentials serverHas;
  private EthernetEnds ends;
  private EthernetListener listener;
  private LinkAcceptor acceptor;
  private LinkInitiator initiator;

  @BeforeAll
  static void authority() throws Exception {
    fabric = new Fabric("lab");
  }

  @AfterEach
  void close() {
    if (ends != null) {
      ends.close();
    }
  }

  private void cable(int mtu) throws Exception {
    ends = new EthernetEnds(mtu);
    applianceHas = fabric.node(Fabric.APPLIANCE, "rack-1");
    serverHas = fabric.node(Fabric.INITIATOR, "server-1");
  }

  private void appliance(Optional<RailSecurity> security) throws Exception {
    EthernetEnds.on(
        ends.applianceLoop,
        () -> {
          acceptor =
              new LinkAcceptor(
                  LinkConfig.of("rack-1", 22).with(LinkTimers.USUAL),
                  request ->
                      echo.stream = request.accept(echo, 1, Credits.DEFAULT, TcpLab.IDENTITY),
                  this::note,
                  new SplittableRandom(1));
          listener =
              new EthernetListener(
                  ends.applianceLoop,
                  EthernetAddress.parse("eth:eth1"),
                  acceptor,
                  new Offering("rack-1", 22, () -> List.of("echo")),
                  security);
          new LinkDriver(ends.applianceLoop, acceptor);
          return null;
        });
  }

  private void server(Optional<RailSecurity> security) throws Exception {
    EthernetEnds.on(
        ends.serverLoop,
        () -> {
          initiator =
              new LinkInitiator(
                  LinkConfig.of("server-1", 11).with(LinkTimers.USUAL),
                  new EthernetDialer(
                      ends.serverLoop,
                      EthernetAddress.parse("eth:eth1/rack-1"),
                      new EthernetCounters(),
                      security),
                  this::note,
                  new SplittableRandom(2));
          new LinkDriver(ends.serverLoop, initiator);
          initiator.start(ends.serverLoop.nowNs());
          return null;
        });
  }

  private TcpLab.Caller up() throws Exception {
    appliance(Optional.of(applianceHas));
    server(Optional.of(serverHas));
    EthernetEnds.await(() -> on(() -> initiator.session().isPresent()));
    TcpLab.Caller caller = new TcpLab.Caller();
    on(
        () -> {
          initiator.attach("echo", 0, Credits.DEFAULT, caller, caller);
          return null;
        });
    EthernetEnds.await(() -> caller.stream != null);
    return caller;
  }

  private <T> T on(java.util.concurrent.Callable<T> task) {
    try {
      return EthernetEnds.on(ends.serverLoop, task);
    } catch (Exception e) {
      throw new AssertionError(events.toString(), e);
    }
  }

  private Map<String, Long> counters() throws Exception {
    return EthernetEnds.on(ends.applianceLoop, () -> listener.counters());
  }

  private void note(LinkEvent event) {
    events.add(event.words());
  }

  private void awaitEvent(String part) throws Exception {
    EthernetEnds.await(() -> events.stream().anyMatch(e -> e.contains(part)));
  }

  private void ask(TcpLab.Caller caller, long wanted) {
    on(
        () -> {
          caller.ask(wanted);
          return null;
        });
  }

  private void answered(TcpLab.Caller caller, long wanted) throws Exception {
    EthernetEnds.await(() -> caller.answered == wanted || caller.wrong != null);
    assertThat(caller.wrong).as("events: %s", events).isNull();
    assertThat(echo.requests).isEqualTo(wanted);
    assertThat(caller.downs + echo.downs).isZero();
  }

  private List<RailHealth> rails() {
    return on(() -> initiator.session().orElseThrow().rails());
  }

  @Test
  @Tag("PCIEOE-207")
  void carriesASessionAndSaysWhoIsThere() throws Exception {
    cable(9000);
    TcpLab.Caller caller = up();
    ask(caller, 5000);
    answered(caller, 5000);
    RailHealth rail = rails().getFirst();
    assertThat(rail.protection().peer()).isEqualTo("rack-1");
    assertThat(rail.protection().cipher()).isEqualTo("AES-256-GCM");
    assertThat(
            EthernetEnds.on(
                ends.applianceLoop,
                () -> acceptor.sessions().getFirst().rails().getFirst().protection().peer()))
        .isEqualTo("server-1");
  }

  /** A standard packet is enough, with what sealing takes of it. */
  @Test
  @Tag("PCIEOE-207")
  void fitsIntoStandardPackets() throws Exception {
    cable(1500);
    TcpLab.Caller caller = up();
    ask(caller, 5000);
    answered(caller, 5000);
    assertThat(frameBytesMax()).isEqualTo(1464);
  }

  private int frameBytesMax() throws Exception {
    ends.serverSecurity = Optional.of(serverHas);
    EthernetEnds.Outcome outcome = ends.dial("eth:eth1/rack-1");
    return outcome.end().rail.frameBytesMax();
  }

  @Test
  @Tag("PCIEOE-206")
  void lossFromTheFirstPacketOnCostsTimeOnly() throws Exception {
    cable(1500);
    for (Hosts.Host host : List.of(ends.appliance, ends.server)) {
      host.lose("eth1", 0.1);
    }
    TcpLab.Caller caller = up();
    ask(caller, 3000);
    answered(caller, 3000);
  }

  @Test
  void anInterfaceThatFlapsIsAPause() throws Exception {
    cable(1500);
    TcpLab.Caller caller = up();
    ask(caller, 100_000);
    for (int i = 0; i < 3; i++) {
      Hosts.Host host = i % 2 == 0 ? ends.server : ends.appliance;
      host.ip("link set eth1 down");
      Thread.sleep(50);
      host.ip("link set eth1 up");
      long before = caller.answered;
      EthernetEnds.await(() -> caller.answered > before || caller.answered == 100_000);
    }
    answered(caller, 100_000);
  }

  @Test
  @Tag("PCIEOE-204")
  void newCredentialsReplaceRailsAndInterruptNothing() throws Exception {
    cable(1500);
    TcpLab.Caller caller = up();
    long first = since();
    ask(caller, 100_000);
    serverHas.context = fabric.context(Fabric.INITIATOR, "server-1");
    EthernetEnds.await(() -> since() != first);
    answered(caller, 100_000);
    assertThat(events).anyMatch(e -> e.contains("there are new credentials"));
  }

  private long since() {
    return rails().stream().mapToLong(RailHealth::sinceNs).max().orElse(0);
  }

  // Who is not let in.

  @Test
  @Tag("PCIEOE-202")
  void anEndOfAnotherFabricGetsNoRail() throws Exception {
    cable(1500);
    appliance(Optional.of(applianceHas));
    server(Optional.of(new Fabric("other").node(Fabric.INITIATOR, "server-1")));
    awaitEvent("not to be trusted");
    assertThat(EthernetEnds.on(ends.applianceLoop, () -> acceptor.freshRails())).isZero();
  }

  @Test
  @Tag("PCIEOE-202")
  void theInitiatorHearsThatItsCertificateIsNotTaken() throws Exception {
    cable(1500);
    appliance(Optional.of(applianceHas));
    Fabric.Credentials early = fabric.node(Fabric.INITIATOR, "server-1");
    Instant later = Instant.now().plusSeconds(600);
    early.context = fabric.context(Fabric.INITIATOR, "server-1", later, later.plusSeconds(600));
    server(Optional.of(early));
    awaitEvent("the peer does not trust our certificate");
    assertThat(EthernetEnds.on(ends.applianceLoop, () -> acceptor.freshRails())).isZero();
  }

  @Test
  @Tag("PCIEOE-203")
  @Tag("PCIEOE-211")
  void eachSideSaysWhenOnlyTheOtherHasCredentials() throws Exception {
    cable(1500);
    appliance(Optional.of(applianceHas));
    server(Optional.empty());
    awaitEvent("'rack-1' takes rails with credentials only");
    ends.close();
    cable(1500);
    appliance(Optional.empty());
    server(Optional.of(serverHas));
    awaitEvent("'rack-1' takes rails in clear only");
  }

  @Test
  @Tag("PCIEOE-203")
  void helloInClearIsDropped() throws Exception {
    cable(1500);
    appliance(Optional.of(applianceHas));
    MacAddress to = ends.appliance.call(() -> NetInterface.of("eth1")).mac();
    try (RawPort port = RawPort.open(ends.server, "eth1", new PacketFilter().u16(12, 0x88B5))) {
      port.send(header(to, port, 2000), EthernetFrames.hello("server-1"));
      EthernetEnds.await(() -> counter("ethernet_dropped_in_clear") > 0);
    }
    assertThat(EthernetEnds.on(ends.applianceLoop, () -> acceptor.freshRails())).isZero();
  }

  /** Handshakes that do not go on: bounded, and forgotten. */
  @Test
  @Tag("PCIEOE-205")
  void handshakesThatDoNotEndAreBoundedInNumberAndTime() throws Exception {
    cable(1500);
    appliance(Optional.of(applianceHas));
    Random random = new Random(3);
    MacAddress to = ends.appliance.call(() -> NetInterface.of("eth1")).mac();
    try (RawPort port = RawPort.open(ends.server, "eth1", new PacketFilter().u16(12, 0x88B5))) {
      for (int i = 0; i < 400; i++) {
        port.send(header(to, port, 1024 + i), firstKeys(random.nextLong()));
      }
      EthernetEnds.await(() -> counter("ethernet_dropped_rails_max") > 0);
      EthernetEnds.await(() -> counter("ethernet_keys_failed") > 0);
    }
    server(Optional.of(serverHas));
    EthernetEnds.await(() -> on(() -> initiator.session().isPresent()));
  }

  private static byte[] header(MacAddress to, RawPort from, int fromPort) {
    return EthernetFrames.header(to + "" + from.at.mac() + "88b50001%04x".formatted(fromPort));
  }

  private long counter(String name) {
    try {
      return counters().get(name);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] firstKeys(long attempt) {
    var stream = new farslot.carrier.seal.HandshakeStream(attempt, false);
    stream.offer(ByteBuffer.wrap(new byte[] {22, 3, 1, 1, 0}));
    var packet = java.lang.foreign.Arena.ofAuto().allocate(1500);
    int bytes = stream.write(packet, 0, 0);
    return packet.asSlice(0, bytes).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
  }
}
