package farslot.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A rail whose time is over, while another one is well (docs/spec/pcieoe.md, 6.2 and 7.2). */
class DoubtTest {
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
    Lab lab = new Lab(Seeds.base(), near, LinkConfig.of("appliance-1", 22), 2);
    lab.reliable = reliable;
    List<Traffic> ends = new ArrayList<>();
    lab.handler =
        request -> {
          Traffic traffic = new Traffic(lab.random.split(), 4096);
          traffic.stream =
              request.accept(traffic, 5, MANY, new FunctionIdentity(1, 2, 3, 4, 5, 6, 7));
          ends.add(traffic);
        };
    lab.up();
    Recorder answer =
        new Recorder() {
          @Override
          public void onAttached(LinkStream stream, FunctionIdentity identity) {
            Traffic traffic = new Traffic(lab.random.split(), 4096);
            traffic.stream = stream;
            ends.add(traffic);
          }
        };
    lab.initiator.attach("disk", 0, MANY, new Traffic(lab.random.split(), 4096), answer);
    lab.run(1_000 * Lab.MS);
    lab.paths.get(0).wire.delay(20 * Lab.MS, 0);
    lab.paths.get(1).wire.delay(30 * Lab.MS, 0);
    lab.run(20_000 * Lab.MS);
    Traffic far = ends.getFirst();
    Traffic sender = ends.getLast();
    lab.paths.get(0).wire.blackhole();
    sender.send(1);
    assertThat(sender.sent).isPositive();
    lab.run(150 * Lab.MS);
    assertThat(far.received).as("%s", lab).isEqualTo(sender.sent);
  }
}
