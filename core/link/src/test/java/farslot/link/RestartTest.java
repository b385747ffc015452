package farslot.link;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.chance.Fuzz;
import org.junit.jupiter.api.Test;

/** An appliance that starts anew, seen over several paths. */
class RestartTest {
  private static Lab lab() {
    LinkConfig near = LinkConfig.of("server-1", 11);
    Lab lab = new Lab(Fuzz.seed(), near, LinkConfig.of("appliance-1", 22), 2);
    lab.up();
    lab.run(100 * Lab.MS);
    assertThat(lab.session().orElseThrow().rails()).hasSize(2);
    return lab;
  }

  /**
   * While one rail is silent it may seem to carry the session that another path is told is not
   * known. Once it has ended, the session must not wait for its hold time.
   */
  @Test
  void theSessionEndsAlthoughARailSeemedToCarryIt() {
    Lab lab = lab();
    LinkSession old = lab.session().orElseThrow();
    lab.acceptor = lab.newAcceptor();
    lab.paths.get(1).darken();
    lab.paths.get(0).wire.cut();
    lab.run(10_000 * Lab.MS);
    assertThat(lab.session()).as("%s", lab).isPresent().get().isNotSameAs(old);
    assertThat(old.state()).isEqualTo(LinkState.DOWN);
  }

  /** A path to the wrong appliance must not end the session, even when the right one is away. */
  @Test
  void aPathThatLeadsElsewhereDoesNotEndTheSession() {
    Lab lab = lab();
    LinkSession session = lab.session().orElseThrow();
    LinkAcceptor right = lab.acceptor;
    lab.acceptor = lab.newAcceptor();
    lab.paths.get(0).wire.cut();
    long end = lab.nowNs + 5_000 * Lab.MS;
    while (lab.nowNs < end) {
      turn(lab, right, end);
    }
    lab.paths.get(1).darken();
    end = lab.nowNs + 10_000 * Lab.MS;
    while (lab.nowNs < end) {
      turn(lab, right, end);
    }
    assertThat(lab.hasEvent("another appliance?")).as("%s", lab).isTrue();
    assertThat(lab.session()).as("%s", lab).contains(session);
    assertThat(session.state()).isEqualTo(LinkState.RECOVERY);
  }

  /** A turn of both appliances. */
  private static void turn(Lab lab, LinkAcceptor other, long limitNs) {
    lab.turn(Math.min(limitNs, other.deadlineNs()));
    if (lab.nowNs >= other.deadlineNs()) {
      other.onTimer(lab.nowNs);
    }
    other.flush(lab.nowNs);
  }
}
