package farslot.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.appliance.Appliance;
import farslot.appliance.ApplianceConfig;
import farslot.cli.output.Table;
import farslot.config.ConfigException;
import farslot.control.ControlClient;
import farslot.fabric.LocalFunction;
import farslot.function.BackEnds;
import farslot.function.Card;
import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.function.CardProvider;
import farslot.function.CardSlot;
import farslot.function.CardUnavailableException;
import farslot.function.PciFunction;
import farslot.initiator.InitiatorConfig;
import farslot.initiator.SoftwareServer;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A card of two functions, each lent to a server of its own, over TCP; one is pulled out and comes
 * back, and the other server does not notice.
 */
@Timeout(300)
class SeveralFunctionsTest {
  private static final long SECONDS = 120;
  private static final int SCRATCH_ID = 0x5c4afa51;
  private static final int NOBODY = -1;

  @TempDir Path dir;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final Pair pair = new Pair();

  /** Two scratch functions of one card, the second of which comes when it is told to. */
  private static final class Pair implements Card {
    private CardSlot slot;
    private boolean removed;

    @Override
    public List<String> functions() {
      return List.of("a", "b");
    }

    @Override
    public void insert(CardSlot into) {
      slot = into;
      slot.present("a", function());
      slot.absent("b", "not yet plugged in");
    }

    PciFunction function() {
      try {
        return (PciFunction)
            Appliance.cards().get("scratch").create(new CardConfig("b", Map.of()), NONE);
      } catch (CardConfigException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void remove() {
      removed = true;
    }
  }

  private static final BackEnds NONE =
      config -> {
        throw new AssertionError("no back end is needed");
      };

  private record Provider(Card card) implements CardProvider {
    @Override
    public String kind() {
      return "pair";
    }

    @Override
    public String summary() {
      return "two functions";
    }

    @Override
    public Card create(CardConfig config, BackEnds backEnds) throws CardConfigException {
      if (config.bool("broken", false)) {
        throw new CardUnavailableException(config.where() + ": it has burnt");
      }
      return card;
    }
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private Appliance appliance(List<Map<String, Object>> slots) throws IOException {
    Map<String, Object> values =
        Map.of(
            "listen", "127.0.0.1:0", "state-dir", dir.resolve("state").toString(), "slots", slots);
    Appliance appliance =
        new Appliance(
            ApplianceConfig.of("test", values),
            Map.of("pair", new Provider(pair), "scratch", Appliance.cards().get("scratch")));
    open.add(appliance);
    appliance.start();
    return appliance;
  }

  private SoftwareServer server(Appliance appliance, String function) throws IOException {
    Files.createDirectories(dir.resolve(function));
    Map<String, Object> values =
        Map.of(
            "name",
            "for-" + function,
            "appliance",
            "127.0.0.1:" + appliance.port(),
            "run-dir",
            dir.resolve(function).toString(),
            "functions",
            List.of(function));
    SoftwareServer server = new SoftwareServer(InitiatorConfig.of("test", values), 1 << 20);
    open.add(server);
    return server;
  }

  private static int id(SoftwareServer server) throws Exception {
    LocalFunction function = server.initiator().ports().getFirst();
    return server.<Integer>ask(
        SECONDS,
        end ->
            function.read(
                LocalFunction.REGION_CONFIG,
                0,
                4,
                (cookie, from, offset, bytes) ->
                    end.complete(from.get(ValueLayout.JAVA_INT_UNALIGNED, offset)),
                0));
  }

  private static void await(SoftwareServer server, int id) throws Exception {
    long end = System.nanoTime() + SECONDS * 1_000_000_000L;
    while (id(server) != id) {
      assertThat(System.nanoTime()).as("in time").isLessThan(end);
      Thread.sleep(10);
    }
  }

  private Map<?, ?> ask(Map<String, ?> request) throws IOException {
    try (ControlClient client =
        new ControlClient(dir.resolve("state").resolve(ControlClient.SOCKET))) {
      return client.ask(request);
    }
  }

  private String states() throws IOException {
    StringBuilder states = new StringBuilder();
    for (Map<?, ?> each : Table.maps(ask(Map.of("command", "status")), "functions")) {
      states.append("%s %s; ".formatted(each.get("function"), each.get("state")));
    }
    return states.toString();
  }

  @Test
  void eachFunctionIsLentAndPulledOutByItself() throws Exception {
    Appliance appliance = appliance(List.of(Map.of("name", "pair0", "card", "pair")));
    SoftwareServer a = server(appliance, "pair0.a");
    SoftwareServer b = server(appliance, "pair0.b");
    a.boot(SECONDS);
    assertThat(states()).isEqualTo("pair0.a lent; pair0.b absent; ");

    appliance.loop().execute(() -> pair.slot.present("b", pair.function()));
    b.boot(SECONDS);
    assertThat(id(a)).isEqualTo(SCRATCH_ID);
    assertThat(id(b)).isEqualTo(SCRATCH_ID);

    for (int round = 0; round < 3; round++) {
      appliance.loop().execute(() -> pair.slot.absent("b", "pulled out"));
      await(b, NOBODY);
      assertThat(id(a)).isEqualTo(SCRATCH_ID);
      assertThat(states()).isEqualTo("pair0.a lent; pair0.b absent; ");
      appliance.loop().execute(() -> pair.slot.present("b", pair.function()));
      await(b, SCRATCH_ID);
    }
    assertThat(id(a)).isEqualTo(SCRATCH_ID);

    close();
    open.clear();
    assertThat(pair.removed).isTrue();
  }

  @Test
  void aFaultConcernsItsFunctionAlone() throws Exception {
    Appliance appliance = appliance(List.of(Map.of("name", "pair0", "card", "pair")));
    appliance.loop().execute(() -> pair.slot.present("b", pair.function()));
    SoftwareServer a = server(appliance, "pair0.a");
    SoftwareServer b = server(appliance, "pair0.b");
    a.boot(SECONDS);
    b.boot(SECONDS);
    Map<String, Object> fault = Map.of("command", "fault", "function", "pair0.b");
    Map<String, Object> set = new HashMap<>(fault);
    set.putAll(Map.of("action", "set", "fault", Map.of("kind", "remove")));
    ask(set);
    await(b, NOBODY);
    assertThat(id(a)).isEqualTo(SCRATCH_ID);

    Map<String, Object> clear = new HashMap<>(fault);
    clear.put("action", "clear");
    ask(clear);
    await(b, SCRATCH_ID);
    assertThat(id(a)).isEqualTo(SCRATCH_ID);
  }

  @Test
  void twoFunctionsOfOneNameAreRefused() {
    assertThatThrownBy(
            () ->
                appliance(
                    List.of(
                        Map.of("name", "pair0.b", "card", "scratch"),
                        Map.of("name", "pair0", "card", "pair"))))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("slots[1]: there are two functions 'pair0.b'; rename this slot");
  }

  @Test
  void functionsOfABrokenCardAreRefusedWithItsReason() throws Exception {
    Appliance appliance =
        appliance(List.of(Map.of("name", "pair0", "card", "pair", "broken", true)));
    assertThat(appliance.failures()).containsExactly("pair0: its card: it has burnt");
    SoftwareServer b = server(appliance, "pair0.b");
    b.initiator().start();
    assertThat(b.initiator().awaitReady(SECONDS)).isTrue();
    try (ControlClient client =
        new ControlClient(dir.resolve("pair0.b").resolve(ControlClient.SOCKET))) {
      assertThat(client.ask(Map.of("command", "status")).toString())
          .contains("the slot has failed: its card: it has burnt");
    }
  }
}
