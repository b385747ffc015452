package farslot.bench.hops;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.bench.hops.Journeys.Journey;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class JourneysTest {
  /** Calls back, as a function of a server does. */
  public interface Service {
    int call(Callback back);
  }

  /** Who is called back. */
  public interface Callback {
    void done();
  }

  @Test
  void anOperationIsWhereTheLastStepHasBroughtIt() {
    Footprints server = prints(110, Hop.INITIATOR, 190, Hop.GUEST);
    Footprints card = prints(150, Hop.CARD, 160, Hop.APPLIANCE);
    Journeys journeys = new Journeys();
    journeys.add(card);
    journeys.add(server);
    journeys.add(prints(120, Hop.WIRE_DOWN, 140, Hop.APPLIANCE));
    journeys.add(prints(165, Hop.WIRE_UP, 180, Hop.INITIATOR));
    List<Journey> found = journeys.of(new long[] {100, 200}, 1);
    assertThat(found).hasSize(1);
    // server's driver, initiator, down, appliance, card, up
    assertThat(found.get(0).ns()).containsExactly(20, 20, 20, 15, 10, 15);
    assertThat(found.get(0).totalNs()).isEqualTo(100);
  }

  @Test
  void whatHappensBetweenOperationsBelongsToNone() {
    Journeys journeys = new Journeys();
    journeys.add(prints(105, Hop.INITIATOR, 108, Hop.GUEST));
    journeys.add(prints(115, Hop.APPLIANCE, 125, Hop.INITIATOR));
    List<Journey> found = journeys.of(new long[] {100, 110, 120, 130}, 2);
    assertThat(found.get(0).ns()).containsExactly(7, 3, 0, 0, 0, 0);
    assertThat(found.get(1).ns()).containsExactly(5, 5, 0, 0, 0, 0);
  }

  @Test
  void timeStampsGetTheirUpperBitsFromTheArrival() {
    long sent = 5L << 36; // The lower 32 bits of its 16 ns have just wrapped.
    for (long took : new long[] {0, 16, 160_000, 1L << 30}) {
      assertThat(FramesSeen.sentNs((int) (sent >>> 4), sent + took)).isEqualTo(sent);
      assertThat(FramesSeen.sentNs((int) (sent - 16 >>> 4), sent - 16 + took)).isEqualTo(sent - 16);
    }
  }

  @Test
  void aBorderSeesCallsAndWhatIsCalledBack() {
    StringBuilder seen = new StringBuilder();
    UnaryOperator<Object> back = each -> Border.around(each, say(seen, "b"), Map.of());
    Service service =
        callback -> {
          callback.done();
          seen.append('!');
          return 7;
        };
    Service around = (Service) Border.around(service, say(seen, "s"), Map.of(Callback.class, back));
    Callback callback = () -> seen.append('.');
    assertThat(around.call(callback)).isEqualTo(7);
    assertThat(seen).hasToString("<s<b.b>!s>");
  }

  @Test
  void theSlowestHundredthIsToldApart() {
    List<Journey> journeys = new java.util.ArrayList<>();
    for (int i = 0; i < 99; i++) {
      journeys.add(new Journey(new long[] {1000, 0, 2000, 0, 0, 0}));
    }
    journeys.add(new Journey(new long[] {1000, 0, 9_000_000, 0, 0, 0}));
    Breakdown breakdown = Breakdown.of("x", journeys);
    assertThat(Breakdown.total(breakdown.usual()))
        .isCloseTo(3, org.assertj.core.data.Offset.offset(1e-9));
    assertThat(breakdown.slow()).containsExactly(1, 0, 9000, 0, 0, 0);
  }

  private static Border.Crossing say(StringBuilder to, String what) {
    return new Border.Crossing() {
      @Override
      public void enter(String method) {
        to.append('<').append(what);
      }

      @Override
      public void leave() {
        to.append(what).append('>');
      }
    };
  }

  private static Footprints prints(long first, Hop then, long second, Hop last) {
    Footprints prints = new Footprints(4);
    prints.begin();
    prints.at(then, first);
    prints.at(last, second);
    return prints;
  }
}
