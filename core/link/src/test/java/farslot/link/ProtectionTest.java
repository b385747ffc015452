package farslot.link;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who says a name over a rail that proves another (docs/spec/pcieoe.md, section 10.4). */
class ProtectionTest {
  private static RailProtection of(String peer) {
    return new RailProtection(peer, "TLS", 0, 0);
  }

  private static void assertNotAllowed(RawInitiator peer) {
    assertThat(peer.rail.last().type()).isEqualTo(Frames.REFUSE);
    assertThat(peer.rail.last().text()).startsWith("8: ");
    assertThat(peer.rail.closed).isNotNull();
  }

  @Test
  @Tag("PCIEOE-200")
  void helloOfAnotherNameThanTheCertificateIsRefused() {
    RawInitiator peer = new RawInitiator();
    peer.protection = of("server-2");
    peer.connect();
    peer.hello("server-1", 11);
    assertNotAllowed(peer);
    assertThat(peer.rail.last().text()).contains("that of 'server-2', not of 'server-1'");
    assertThat(peer.acceptor.sessions()).isEmpty();
  }

  @Test
  @Tag("PCIEOE-200")
  void anAuthenticatedStrangerDoesNotResumeAnotherNodesSession() {
    RawInitiator peer = new RawInitiator();
    peer.protection = of("server-1");
    peer.attached();
    LinkSession session = peer.live();
    peer.protection = of("server-2");
    peer.connect();
    peer.hello();
    assertNotAllowed(peer);
    assertThat(session.state()).isEqualTo(LinkState.L0);
    peer.protection = of("server-1");
    peer.connect();
    peer.hello();
    assertThat(peer.rail.sent.getFirst().type()).isEqualTo(Frames.WELCOME);
  }

  @Test
  @Tag("PCIEOE-200")
  void welcomeOfAnotherNameThanTheCertificateEndsTheRail() {
    RawAcceptor peer = new RawAcceptor();
    peer.protection = of("appliance-2");
    peer.connect();
    peer.welcome();
    assertThat(peer.initiator.session()).isEmpty();
    assertThat(peer.rail.closed).contains("that of 'appliance-2', not of 'appliance-1'");
  }

  @Test
  void whoIsNotLookedForIsNotSpokenTo() {
    RawAcceptor peer = new RawAcceptor();
    peer.initiator.expect("appliance-1");
    peer.protection = of("appliance-2");
    peer.caller.onRail(railOf(peer), peer.nowNs);
    assertThat(railOfLast.sent).isEmpty();
    assertThat(railOfLast.closed).isEqualTo("leads to 'appliance-2', looked for was 'appliance-1'");
  }

  private FakeRail railOfLast;

  private FakeRail railOf(RawAcceptor peer) {
    railOfLast = new FakeRail();
    railOfLast.protection = peer.protection;
    return railOfLast;
  }

  @Test
  void whoSaysToBeAnotherThanLookedForIsLeft() {
    RawAcceptor peer = new RawAcceptor();
    peer.initiator.expect("appliance-9");
    peer.connect();
    peer.welcome();
    assertThat(peer.initiator.session()).isEmpty();
    assertThat(peer.rail.closed).isEqualTo("leads to 'appliance-1', looked for was 'appliance-9'");
  }

  @Test
  @Tag("PCIEOE-204")
  void anAgeingRailIsReplacedWhileItWorks() {
    RawAcceptor peer = new RawAcceptor();
    peer.up();
    LinkSession session = peer.initiator.session().orElseThrow();
    FakeRail old = peer.rail;
    peer.listener.onAgeing("certificates are new", peer.nowNs);
    assertThat(peer.dialled).isTrue();
    assertThat(session.state()).isEqualTo(LinkState.L0);
    assertThat(old.closed).isNull();
    peer.listener.onAgeing("still", peer.nowNs);
    peer.up();
    assertThat(peer.initiator.session()).contains(session);
    assertThat(session.state()).isEqualTo(LinkState.L0);
    assertThat(old.closed).isNotNull();
    peer.listener.onAgeing("again", peer.nowNs);
    assertThat(peer.dialled).isTrue();
  }
}
