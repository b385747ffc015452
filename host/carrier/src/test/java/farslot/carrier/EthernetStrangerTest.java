package farslot.carrier;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.carrier.EthernetEnds.End;
import farslot.chance.Fuzz;
import farslot.linux.PacketFilter;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What others send to the ports of a listener, a dialer and a rail. */
@Timeout(300)
class EthernetStrangerTest {
  private static final String STRANGER = "02:00:00:00:00:66";
  private EthernetEnds ends;
  private EthernetListener listener;
  private RawPort raw;
  private String appliance;
  private String server;

  @BeforeEach
  void lay() throws Exception {
    ends = new EthernetEnds(1500);
    listener = ends.listen("eth:eth1");
    raw = RawPort.open(ends.server, "eth1", new PacketFilter().u16(12, 0x88B5));
    appliance = ends.appliance.call(() -> farslot.linux.NetInterface.of("eth1")).mac().toString();
    server = raw.at.mac().toString();
  }

  @AfterEach
  void close() throws Exception {
    raw.close();
    ends.close();
  }

  private static byte[] ports(int to, int from) {
    return ByteBuffer.allocate(4).putShort((short) to).putShort((short) from).array();
  }

  private void say(String to, String from, int toPort, int fromPort, byte[] frame) {
    int error = raw.send(EthernetFrames.header(to + from + "88b5"), ports(toPort, fromPort), frame);
    assertThat(error).isZero();
  }

  private Map<String, Long> counters() throws Exception {
    return EthernetEnds.on(ends.applianceLoop, () -> listener.counters());
  }

  private void awaitCount(String name, long count) throws Exception {
    EthernetEnds.await(
        () -> {
          try {
            return counters().get("ethernet_" + name) >= count;
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
    assertThat(counters()).containsEntry("ethernet_" + name, count);
  }

  /** The listener still answers, and what it answers is as long as the question. */
  private byte[] ask(String name, int frameBytes) throws Exception {
    say(appliance, STRANGER, 1, 4711, EthernetFrames.discover(99, name, frameBytes));
    return raw.next(name.isEmpty() || name.equals("rack-1") ? 20_000 : 100);
  }

  @Test
  @Tag("PCIEOE-81")
  void anOfferIsAsLongAsItsQuestionAndGoesWhereThatCameFrom() throws Exception {
    for (int frameBytes : new int[] {128, 512, 1496}) {
      byte[] offer = ask("", frameBytes);
      assertThat(offer).hasSize(18 + frameBytes);
      assertThat(Arrays.copyOf(offer, 18))
          .isEqualTo(EthernetFrames.header(STRANGER + appliance + "88b5" + "1267" + "0001"));
      assertThat(ByteBuffer.wrap(offer).getLong(18 + 40)).as("nonce").isEqualTo(99);
    }
    assertThat(ask("rack-1", 128)).hasSize(18 + 128);
    assertThat(ask("rack-2", 128)).isEmpty();
    say("03:50:43:49:65:6f", STRANGER, 1, 4711, EthernetFrames.discover(5, "", 128));
    assertThat(raw.next(20_000)).as("by the group's address").hasSize(18 + 128);
  }

  @Test
  @Tag("PCIEOE-82")
  void answersAreBoundedInTheirRate() throws Exception {
    byte[] discover = EthernetFrames.discover(1, "", 128);
    long startNs = System.nanoTime();
    for (int i = 0; i < 3000; i++) {
      say(appliance, STRANGER, 1, 4711, discover);
    }
    int answers = 0;
    while (raw.next(300).length > 0) {
      answers++;
    }
    long passedMs = (System.nanoTime() - startNs) / 1_000_000;
    assertThat(answers).isBetween(1, (int) (256 + passedMs + 1));
    if (passedMs < 2500) {
      assertThat(counters().get("ethernet_dropped_rate_limited")).isPositive();
    }
    assertThat(ask("", 128)).as("afterwards").isNotEmpty();
  }

  @Test
  void whatIsNeitherHelloNorDiscoverIsCountedAndDropped() throws Exception {
    say(appliance, STRANGER, 1, 4711, EthernetFrames.data(44, 1));
    awaitCount("dropped_unexpected", 1);
    say(appliance, STRANGER, 1, 4711, new byte[3]);
    awaitCount("dropped_unexpected", 2);
    byte[] hello = EthernetFrames.hello("server-1");
    say(appliance, STRANGER, 1, 4711, Arrays.copyOf(hello, hello.length - 4));
    awaitCount("dropped_malformed", 1);
    hello[50] ^= 1;
    say(appliance, STRANGER, 1, 4711, hello);
    awaitCount("dropped_malformed", 2);
    say(appliance, STRANGER, 1, 0, EthernetFrames.hello("server-1"));
    awaitCount("dropped_malformed", 3);
    say(appliance, "03:00:00:00:00:01", 1, 4711, EthernetFrames.hello("server-1"));
    awaitCount("dropped_malformed", 4);
    say(appliance, STRANGER, 1, 4711, EthernetFrames.discover(1, "", 124));
    awaitCount("dropped_malformed", 5);
    assertThat(ends.accepted).isEmpty();
  }

  @Test
  @Tag("PCIEOE-86")
  void whatComesFromOnesOwnAddressIsCountedAndDropped() throws Exception {
    say(appliance, appliance, 1, 4711, EthernetFrames.hello("server-1"));
    awaitCount("dropped_reflected", 1);
    assertThat(ends.accepted).isEmpty();
  }

  @Test
  @Tag("PCIEOE-80")
  void otherPortsEtherTypesAndStationsAreNotEvenSeen() throws Exception {
    byte[] hello = EthernetFrames.hello("server-1");
    say(appliance, STRANGER, 2, 4711, hello);
    say("02:00:00:00:00:67", STRANGER, 1, 4711, hello);
    raw.send(EthernetFrames.header(appliance + STRANGER + "88b6"), ports(1, 4711), hello);
    raw.send(EthernetFrames.header(appliance + STRANGER + "8100 0007 88b5"), ports(1, 4711), hello);
    assertThat(ask("", 128)).isNotEmpty();
    assertThat(counters().values()).containsOnly(0L);
    assertThat(ends.accepted).isEmpty();
  }

  @Test
  @Tag("PCIEOE-84")
  @Tag("PCIEOE-88")
  void aHelloMakesOneRailWithAPortOfItsOwn() throws Exception {
    byte[] hello = EthernetFrames.hello("server-1");
    say(appliance, STRANGER, 1, 4711, hello);
    End end = ends.accepted.poll(120, java.util.concurrent.TimeUnit.SECONDS);
    assertThat(EthernetEnds.next(end)).isEqualTo(hello);
    say(appliance, STRANGER, 1, 4711, hello);
    assertThat(EthernetEnds.next(end)).as("again, on the same rail").isEqualTo(hello);
    assertThat(ends.accepted).isEmpty();
    ends.send(end, EthernetFrames.welcome());
    byte[] welcome = raw.next(20_000);
    assertThat(Arrays.copyOf(welcome, 16))
        .isEqualTo(EthernetFrames.header(STRANGER + appliance + "88b5" + "1267"));
    int port = ByteBuffer.wrap(welcome).getShort(16) & 0xFFFF;
    assertThat(port).isGreaterThanOrEqualTo(1024);
    // From there on, and from nobody else.
    say(appliance, "02:00:00:00:00:67", port, 4711, EthernetFrames.data(44, 1));
    say(appliance, STRANGER, port, 4712, EthernetFrames.data(44, 2));
    say(appliance, STRANGER, port, 4711, EthernetFrames.data(44, 3));
    assertThat(EthernetFrames.number(EthernetEnds.next(end))).isEqualTo(3);
    say(appliance, STRANGER, 1, 4712, hello);
    assertThat(ends.accepted.poll(120, java.util.concurrent.TimeUnit.SECONDS)).isNotNull();
  }

  @Test
  void railsAreBoundedAndTheirSocketsGivenBack() throws Exception {
    byte[] hello = EthernetFrames.hello("server-1");
    int said = 1500;
    for (int i = 0; i < said; i++) {
      say(appliance, STRANGER, 1, 2000 + i, hello);
    }
    EthernetEnds.await(
        () -> {
          try {
            Map<String, Long> counters = counters();
            return ends.accepted.size()
                    + counters.get("ethernet_dropped_rate_limited")
                    + counters.get("ethernet_dropped_rails_max")
                    + counters.get("ethernet_lost_in_kernel")
                >= said;
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
    assertThat(ends.accepted.size()).isLessThanOrEqualTo(1024);
    int before = packetSockets();
    for (End end : List.copyOf(ends.accepted)) {
      EthernetEnds.on(
          ends.applianceLoop,
          () -> {
            end.rail.close("not wanted");
            return null;
          });
    }
    int closed = ends.accepted.size();
    EthernetEnds.await(() -> packetSockets() <= before - closed);
  }

  private int packetSockets() {
    try {
      return ends.appliance.call(
          () ->
              java.nio.file.Files.readAllLines(
                      java.nio.file.Path.of("/proc/thread-self/net/packet"))
                  .size());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  @Tag("PCIEOE-83")
  void anOfferCountsOnlyForItsQuestion() throws Exception {
    EthernetCounters counters = new EthernetCounters();
    EthernetDialer dialer =
        EthernetEnds.on(
            ends.serverLoop,
            () ->
                new EthernetDialer(
                    ends.serverLoop, EthernetAddress.parse("eth:eth1/rack-9"), counters));
    try (RawPort liar =
        RawPort.open(ends.appliance, "eth1", new PacketFilter().u16(12, 0x88B5).u16(14, 1))) {
      var outcome = java.util.concurrent.CompletableFuture.supplyAsync(() -> dialled(dialer));
      byte[] asked = liar.next(20_000);
      int port = ByteBuffer.wrap(asked).getShort(16) & 0xFFFF;
      long nonce = ByteBuffer.wrap(asked).getLong(18 + 40);
      byte[] lie = EthernetFrames.header(server + STRANGER + "88b5");
      byte[] right = ports(port, 1);
      liar.send(lie, right, EthernetFrames.offer(nonce + 1, "rack-9", 128));
      liar.send(lie, right, EthernetFrames.offer(nonce, "rack-9", 132));
      liar.send(lie, ports(port, 2), EthernetFrames.offer(nonce, "rack-9", 128));
      liar.send(lie, right, EthernetFrames.offer(nonce, "rack-8", 128));
      liar.send(lie, right, Arrays.copyOf(EthernetFrames.offer(nonce, "rack-9", 128), 100));
      liar.send(lie, right, EthernetFrames.discover(nonce, "rack-9", 128));
      assertThat(outcome.get().failure()).startsWith("no appliance 'rack-9' answers");
      assertThat(EthernetEnds.on(ends.serverLoop, () -> counters.snapshot()))
          .containsEntry("ethernet_dropped_strangers", 3L)
          .containsEntry("ethernet_dropped_malformed", 1L)
          .containsEntry("ethernet_dropped_unexpected", 1L);
    }
  }

  private EthernetEnds.Outcome dialled(EthernetDialer dialer) {
    try {
      return ends.dial(dialer);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  @Tag("PCIEOE-84")
  void theDiallingEndTakesItsPeersPortFromTheAnswerToHelloAlone() throws Exception {
    EthernetEnds.Outcome outcome = ends.dial("eth:eth1");
    try (RawPort liar = RawPort.open(ends.appliance, "eth1", new PacketFilter().u16(12, 0x88B5))) {
      ends.send(outcome.end(), EthernetFrames.hello("server-1"));
      byte[] hello = liar.next(20_000);
      while (hello[21] != 1) {
        hello = liar.next(20_000);
      }
      int own = ByteBuffer.wrap(hello).getShort(16) & 0xFFFF;
      byte[] as = EthernetFrames.header(server + appliance + "88b5");
      byte[] broken = EthernetFrames.welcome();
      broken[60] ^= 1;
      liar.send(as, ports(own, 5000), EthernetFrames.data(44, 1));
      liar.send(as, ports(own, 5000), broken);
      liar.send(as, ports(own, 5001), EthernetFrames.welcome());
      liar.send(as, ports(own, 5000), EthernetFrames.data(44, 2));
      liar.send(as, ports(own, 5001), EthernetFrames.data(44, 3));
      assertThat(EthernetEnds.next(outcome.end())).isEqualTo(EthernetFrames.welcome());
      assertThat(EthernetFrames.number(EthernetEnds.next(outcome.end()))).isEqualTo(3);
      ends.send(outcome.end(), EthernetFrames.data(44, 4));
      byte[] sent = liar.next(20_000);
      assertThat(ByteBuffer.wrap(sent).getShort(14)).as("port").isEqualTo((short) 5001);
    }
  }

  @Test
  void anyPacketLeavesAllEndsAtWork() throws Exception {
    End[] rail = ends.rail("eth:eth1");
    long seed = Fuzz.seed();
    SplittableRandom random = new SplittableRandom(seed);
    List<byte[]> corpus =
        List.of(
            EthernetFrames.hello("server-1"),
            EthernetFrames.discover(3, "rack-1", 128),
            EthernetFrames.offer(3, "rack-1", 128),
            EthernetFrames.data(200, 1));
    for (int i = 0; i < 3000; i++) {
      byte[] frame = corpus.get(random.nextInt(corpus.size())).clone();
      for (int spoilt = random.nextInt(5); spoilt > 0; spoilt--) {
        frame[random.nextInt(frame.length)] = (byte) random.nextInt(256);
      }
      frame = Arrays.copyOf(frame, random.nextInt(frame.length + 30));
      say(appliance, STRANGER, 1, 1 + random.nextInt(65535), frame);
    }
    ends.send(rail[0], EthernetFrames.data(44, 7));
    assertThat(EthernetFrames.number(EthernetEnds.next(rail[1]))).as("seed %d", seed).isEqualTo(7);
    EthernetEnds.await(() -> rail(seed) != null);
  }

  private End rail(long seed) {
    try {
      return ends.dial("eth:eth1").end();
    } catch (Exception e) {
      throw new AssertionError("seed " + seed, e);
    }
  }
}
