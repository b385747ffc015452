package farslot.link;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.chance.Fuzz;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A rail whose time is over, while another one is well (docs/spec/pcieoe.md, 6.2 and 7.2). */
class DoubtTest {
  private Traffic far;
  private Traffic sender;

  private static final Credits MANY = new Credits(0, 0, 0, 0, 0, 0);

  /**
   * The rail that dies is the faster one. Sending again what it has lost over the same rail, to see
   * whether it is dead, would cost the session another of its times.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @Tag("PCIEOE-67")
  void whatIsNotAnsweredGoesOverARailThatIsWell(boolean reliable) {
    LinkConfig near = LinkConfig.of("server-1", 11);
    Lab lab = new Lab(Fuzz.seed(), near, LinkConfig.of("appliance-1", 22), 2);
    lab.reliable = reliable;
    lab.up();
    attach(lab);
    lab.run(1_000 * Lab.MS);
    lab.paths.get(0).wire.delay(20 * Lab.MS, 0);
    lab.paths.get(1).wire.delay(30 * Lab.MS, 0);
    lab.run(20_000 * Lab.MS);
    lab.paths.get(0).wire.blackhole();
    sender.send(1);
    assertThat(sender.sent).isPositive();
    lab.run(150 * Lab.MS);
    assertThat(far.received).as("%s", lab).isEqualTo(sender.sent);
  }

  /** What an end measures while it sleeps looks like a path around the moon. */
  @Test
  @Tag("PCIEOE-67")
  void aRoundTripThatWasMeasuredInSleepHoldsNobodyUp() {
    LinkConfig near = LinkConfig.of("server-1", 11);
    Lab lab = new Lab(Fuzz.seed(), near, LinkConfig.of("appliance-1", 22), 2);
    lab.reliable = false;
    lab.paths.get(1).unplugged = true;
    lab.delayNs = 1_000 * Lab.MS;
    lab.initiator.start(lab.nowNs);
    lab.run(5_000 * Lab.MS);
    attach(lab);
    lab.paths.get(0).wire.blackhole();
    sender.send(1);
    lab.delayNs = 20_000;
    lab.paths.get(1).unplugged = false;
    lab.run(2_500 * Lab.MS);
    assertThat(lab.session().orElseThrow().rails()).as("%s", lab).hasSize(2);
    assertThat(far.received).as("%s", lab).isEqualTo(sender.sent).isPositive();
  }

  /** Its peer owes it nothing but keep-alives: those must do. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @Tag("PCIEOE-67")
  void whoOnlyListensLooksForAnotherRailToo(boolean reliable) {
    Lab lab = new Lab(Fuzz.seed());
    lab.reliable = reliable;
    lab.up();
    attach(lab);
    Lab.LabPath path = lab.paths.getFirst();
    lab.run(3_000 * Lab.MS);
    assertThat(path.dials).isEqualTo(1);
    path.darken();
    lab.run(2_000 * Lab.MS);
    assertThat(path.dials).as("%s", lab).isGreaterThan(2);
    path.lighten();
    lab.run(180 * Lab.MS);
    sender.send(1);
    lab.turn(lab.nowNs);
    lab.run(10 * Lab.MS);
    assertThat(far.received).as("%s", lab).isEqualTo(sender.sent).isPositive();
  }

  private void attach(Lab lab) {
    lab.handler =
        request -> {
          far = new Traffic(lab.random.split(), 4096);
          far.stream = request.accept(far, 5, MANY, new FunctionIdentity(1, 2, 3, 4, 5, 6, 7));
        };
    sender = new Traffic(lab.random.split(), 4096);
    Recorder answer =
        new Recorder() {
          @Override
          public void onAttached(LinkStream stream, FunctionIdentity identity) {
            sender.stream = stream;
          }
        };
    lab.initiator.attach("disk", 0, MANY, sender, answer);
    lab.run(4_000 * Lab.MS);
  }
}
