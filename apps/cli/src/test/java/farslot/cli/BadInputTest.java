package farslot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.appliance.Appliance;
import farslot.appliance.ApplianceConfig;
import farslot.control.ControlClient;
import farslot.fabric.software.NvmeDriver;
import farslot.initiator.InitiatorConfig;
import farslot.initiator.SoftwareServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Strangers and broken peers at a running appliance's socket, while another server works with a
 * drive: what they send is dropped or refused as docs/spec/pcieoe.md says and counted by cause,
 * where {@code farslot status} shows it, and the other server never notices.
 */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {
  private static final long SECONDS = 120;
  private static final int MALFORMED = 2;
  private static final int UNKNOWN_SESSION = 3;
  private static final int BAD_TOKEN = 4;

  @TempDir static Path dir;
  private final AtomicBoolean working = new AtomicBoolean(true);
  private final AtomicInteger rounds = new AtomicInteger();
  private volatile Throwable trouble;
  private Appliance appliance;
  private SoftwareServer server;
  private Thread work;
  private Map<String, Long> before;
  private int roundsBefore;
  private Object victimsSession;

  @BeforeAll
  void start() throws Exception {
    List<Object> slots =
        List.of(
            Map.of("name", "disk0", "card", "nvme", "namespaces", List.of(Map.of("ram", "8MiB"))),
            Map.of("name", "scratch0", "card", "scratch"));
    appliance =
        new Appliance(
            ApplianceConfig.of(
                "test",
                Map.of(
                    "listen",
                    "127.0.0.1:0",
                    "state-dir",
                    dir.resolve("state").toString(),
                    "slots",
                    slots)));
    appliance.start();
    Map<String, Object> values =
        Map.of(
            "name",
            "server-a",
            "appliance",
            "127.0.0.1:" + appliance.port(),
            "run-dir",
            dir.toString(),
            "functions",
            List.of("disk0"));
    long ram = 4L * Transfers.DEPTH * Transfers.CHUNK_BYTES;
    server = new SoftwareServer(InitiatorConfig.of("test", values), ram);
    server.boot(SECONDS);
    NvmeDriver driver =
        server.nvme(
            server.devices().get(0),
            new NvmeDriver.Options(16, true, Transfers.CHUNK_BYTES),
            SECONDS);
    long memory = server.memory().allocate((long) Transfers.DEPTH * Transfers.CHUNK_BYTES);
    work = Thread.ofVirtual().start(() -> work(driver, memory));
  }

  /** Writes and verifies, all the time. */
  private void work(NvmeDriver driver, long memory) {
    try {
      while (working.get()) {
        for (boolean write : new boolean[] {true, false}) {
          server.<Void>ask(
              SECONDS,
              end -> new Transfers(driver, server.memory(), memory, 8, write, end).start());
        }
        rounds.incrementAndGet();
        Thread.sleep(5);
      }
    } catch (Exception e) {
      trouble = e;
    }
  }

  @AfterAll
  void stop() throws Exception {
    working.set(false);
    work.join();
    server.close();
    appliance.close();
  }

  @BeforeEach
  void note() throws IOException {
    before = counters();
    victimsSession = victim().get("session");
    roundsBefore = rounds.get();
  }

  /** After each attack: the other server goes on, with the session that it had. */
  @AfterEach
  void theOtherServerWorks() throws Exception {
    long end = System.nanoTime() + SECONDS * 1_000_000_000;
    while (rounds.get() < roundsBefore + 2 && trouble == null && System.nanoTime() < end) {
      Thread.sleep(5);
    }
    assertThat(trouble).isNull();
    assertThat(rounds.get()).isGreaterThan(roundsBefore + 1);
    assertThat(victim().get("session")).isEqualTo(victimsSession);
  }

  private Map<?, ?> victim() throws IOException {
    return sessions().stream()
        .filter(each -> each.get("peer").equals("server-a"))
        .findFirst()
        .orElseThrow();
  }

  private Map<?, ?> status() throws IOException {
    try (ControlClient client = new ControlClient(dir.resolve("state/control.sock"))) {
      return client.ask(Map.of("command", "status"));
    }
  }

  private List<Map<?, ?>> sessions() throws IOException {
    return ((List<?>) status().get("sessions")).stream().<Map<?, ?>>map(Map.class::cast).toList();
  }

  /** All that the appliance has counted, as its status shows it. */
  private Map<String, Long> counters() throws IOException {
    Map<?, ?> status = status();
    Map<String, Long> sum = new java.util.TreeMap<>();
    add(sum, status);
    ((List<?>) status.get("sessions")).forEach(session -> add(sum, (Map<?, ?>) session));
    return sum;
  }

  private static void add(Map<String, Long> sum, Map<?, ?> from) {
    ((Map<?, ?>) from.get("counters"))
        .forEach(
            (name, count) ->
                sum.merge(String.valueOf(name), ((Number) count).longValue(), Long::sum));
  }

  /** Waits until a counter has grown by that much, as it must. */
  private void counted(String name, long by) throws Exception {
    long wanted = before.getOrDefault(name, 0L) + by;
    long end = System.nanoTime() + SECONDS * 1_000_000_000;
    while (counters().getOrDefault(name, 0L) < wanted && System.nanoTime() < end) {
      Thread.sleep(5);
    }
    assertThat(counters().getOrDefault(name, 0L)).as(name).isEqualTo(wanted);
  }

  private RawPeer peer() throws IOException {
    return new RawPeer(appliance.port());
  }

  private RawPeer attached(String name) throws IOException {
    RawPeer peer = peer().up(name).attach("scratch0");
    Map<?, ?> lent =
        (Map<?, ?>)
            ((List<?>) status().get("functions"))
                .stream()
                    .filter(each -> ((Map<?, ?>) each).get("function").equals("scratch0"))
                    .findFirst()
                    .orElseThrow();
    peer.epochTag = ((Number) lent.get("epoch")).intValue() & 0xFFFF;
    return peer;
  }

  /** Takes leave, so that the next test finds the function free. */
  private void leave(RawPeer peer) throws Exception {
    peer.say(RawPeer.frame(RawPeer.BYE, peer.session, peer.seq, peer.expects, new byte[4]));
    peer.hear(-1);
    peer.close();
    long end = System.nanoTime() + SECONDS * 1_000_000_000;
    while (sessions().size() > 1 && System.nanoTime() < end) {
      Thread.sleep(5);
    }
    assertThat(sessions()).hasSize(1);
  }

  // Frames.

  @Test
  void framesCutShort() throws Exception {
    for (int bytes : new int[] {1, 7, 8, 39, 60}) {
      try (RawPeer peer = peer()) {
        byte[] hello = peer.helloFrame("cut");
        peer.say(Arrays.copyOf(hello, bytes)).endWriting();
        assertThat(peer.hear(RawPeer.WELCOME).type()).isEqualTo(-1);
      }
    }
    RawPeer peer = attached("cut");
    byte[] good = RawPeer.frame(RawPeer.DATA, peer.session, peer.seq, peer.expects);
    peer.say(Arrays.copyOf(good, 20)).endWriting();
    assertThat(peer.hear(-1).type()).isEqualTo(-1);
    peer.close();
    resumeAndLeave(peer, "cut");
  }

  private void resumeAndLeave(RawPeer old, String name) throws Exception {
    RawPeer again = peer();
    again.session = old.session;
    again.tokenHigh = old.tokenHigh;
    again.tokenLow = old.tokenLow;
    again.seq = old.seq;
    again.expects = old.expects;
    again.stream = old.stream;
    again.epochTag = old.epochTag;
    RawPeer.Frame welcome = again.hello(name).hear();
    assertThat(welcome.type()).isEqualTo(RawPeer.WELCOME);
    again.seq = welcome.ack();
    again.say(RawPeer.frame(RawPeer.ACK, again.session, again.seq, again.expects));
    assertThat(again.isServed(9)).isTrue();
    leave(again);
  }

  @Test
  void framesWithImpossibleLengths() throws Exception {
    int[] lengths = {0, 4, 36, 41, 65535};
    for (int length : lengths) {
      try (RawPeer peer = peer()) {
        byte[] hello = peer.helloFrame("long");
        ByteBuffer.wrap(hello).putShort(6, (short) length);
        RawPeer.Frame answer = peer.say(hello).hear(RawPeer.REFUSE);
        assertThat(answer.type()).as("length %d", length).isEqualTo(RawPeer.REFUSE);
        assertThat(answer.code()).isEqualTo(MALFORMED);
      }
    }
    counted("malformed_frames.length", lengths.length);
    // Longer than the session's frames, though not than frames may be.
    RawPeer peer = attached("long");
    byte[] huge =
        RawPeer.frame(RawPeer.DATA, peer.session, peer.seq, peer.expects, new byte[32000]);
    peer.say(huge);
    assertThat(peer.hear(RawPeer.REFUSE).code()).isEqualTo(MALFORMED);
    peer.close();
    counted("malformed_frames.length", lengths.length + 1);
    resumeAndLeave(peer, "long");
  }

  @Test
  void framesWithAWrongCrc() throws Exception {
    RawPeer peer = attached("crc");
    byte[] frame = RawPeer.frame(RawPeer.ACK, peer.session, peer.seq, peer.expects);
    ByteBuffer.wrap(frame).putShort(4, (short) 1).putInt(36, 0x12345678);
    peer.say(frame);
    assertThat(peer.hear(RawPeer.REFUSE).code()).isEqualTo(MALFORMED);
    peer.close();
    counted("malformed_frames.crc", 1);
    resumeAndLeave(peer, "crc");
  }

  @Test
  void recordsThatLieAboutTheirLength() throws Exception {
    RawPeer peer = attached("record");
    byte[] record = RawPeer.record(peer.stream, 1, peer.epochTag, RawPeer.configRead(1));
    ByteBuffer.wrap(record).putShort(4, (short) 4000);
    peer.say(RawPeer.frame(RawPeer.DATA, peer.session, peer.seq, peer.expects, record));
    assertThat(peer.hear(RawPeer.REFUSE).code()).isEqualTo(MALFORMED);
    peer.close();
    counted("malformed_frames.record_length", 1);
    resumeAndLeave(peer, "record");
  }

  // Sessions.

  @Test
  void yesterdaysSessionSaidAgain() throws Exception {
    RawPeer yesterday = attached("old");
    assertThat(yesterday.isServed(3)).isTrue();
    leave(yesterday);
    note();
    // All of it over a fresh connection: HELLO makes a session of another number, in which none of
    // the frames counts.
    try (RawPeer today = peer()) {
      for (byte[] frame : yesterday.sent) {
        today.say(frame);
      }
      assertThat(today.hear().type()).isEqualTo(RawPeer.WELCOME);
      assertThat(today.hear(RawPeer.DATA).type()).as("an answer").isEqualTo(-1);
    }
    // Or as if it went on: it is not known any more.
    try (RawPeer today = peer()) {
      today.session = yesterday.session;
      today.tokenHigh = yesterday.tokenHigh;
      today.tokenLow = yesterday.tokenLow;
      assertThat(today.hello("old").hear().code()).isEqualTo(UNKNOWN_SESSION);
    }
    assertThat(sessions()).hasSize(1);
    assertThat(counters().get("sessions_refused"))
        .isGreaterThan(before.getOrDefault("sessions_refused", 0L));
  }

  @Test
  void aForgedSessionIsNotTakenOver() throws Exception {
    String id = String.valueOf(victimsSession);
    try (RawPeer thief = peer()) {
      thief.session = Integer.parseUnsignedInt(id, 16);
      thief.tokenHigh = 1;
      RawPeer.Frame answer = thief.hello("server-a").hear();
      assertThat(answer.type()).isEqualTo(RawPeer.REFUSE);
      assertThat(answer.code()).isEqualTo(BAD_TOKEN);
    }
    counted("sessions_refused", 1);
    // Nor does HELLO in its name end it, when nothing follows.
    try (RawPeer thief = peer()) {
      assertThat(thief.hello("server-a").hear().type()).isEqualTo(RawPeer.WELCOME);
      assertThat(sessions().getFirst().get("session")).isEqualTo(id);
    }
    assertThat(sessions().getFirst().get("session")).isEqualTo(id);
  }

  @Test
  void framesOfAnothersSession() throws Exception {
    RawPeer peer = attached("forger");
    int victim = Integer.parseUnsignedInt(String.valueOf(victimsSession), 16);
    peer.say(RawPeer.frame(RawPeer.DATA, victim, 1, 1, RawPeer.record(1, 3, 1, new byte[0])));
    peer.say(RawPeer.frame(RawPeer.BYE, victim, 1, 1, new byte[4]));
    counted("dropped_frames.other_session", 2);
    assertThat(peer.isServed(4)).isTrue();
    leave(peer);
  }

  // Streams.

  @Test
  void forgedEpochsAndStreams() throws Exception {
    RawPeer peer = attached("epoch");
    peer.data(RawPeer.record(peer.stream, 1, peer.epochTag + 1, RawPeer.configRead(1)));
    counted("dropped_records.stale_epoch", 1);
    for (int other = 1; other < 20; other++) {
      if (other != peer.stream) {
        peer.data(RawPeer.record(other, 3, peer.epochTag, new byte[0]));
      }
    }
    counted("dropped_records.unknown_stream", 18);
    assertThat(peer.isServed(5)).isTrue();
    leave(peer);
  }

  @Test
  void creditsThatCannotBe() throws Exception {
    RawPeer peer = attached("credit");
    ByteBuffer entry = ByteBuffer.allocate(36);
    entry.putInt(0).putInt(1).putInt(1); // Takes back what was granted.
    entry.putInt(0x01000000).putInt(0x7FFF_0000).putInt(0x7FFF_0000); // Beyond any window.
    entry.putInt(0x09000000).putInt(100).putInt(100); // No such class.
    peer.data(RawPeer.record(peer.stream, 2, peer.epochTag, entry.array()));
    counted("dropped_credits.insane", 3);
    assertThat(peer.isServed(6)).isTrue();
    leave(peer);
  }

  // TLPs.

  @Test
  void tlpsThatLie() throws Exception {
    RawPeer peer = attached("liar");
    peer.tlp(memoryWrite(0x1FFC, 2, 8)); // Crosses 4 KiB.
    counted("dropped_tlps.malformed.crosses_page", 1);
    peer.tlp(memoryWrite(0x1000, 9, 8)); // Says 9 DWs and has 2.
    peer.tlp(memoryWrite(0x1000, 1, 8)); // Says 1 DW and has 2.
    counted("dropped_tlps.malformed.length_mismatch", 2);
    peer.tlp(ByteBuffer.allocate(16).putInt(0x5F00_0001).array()); // No such type.
    counted("dropped_tlps.malformed.unknown_type", 1);
    peer.tlp(memoryWrite(0x1000, 256, 1024)); // More than Max_Payload_Size.
    counted("dropped_tlps.payload_too_long", 1);
    byte[] holes = memoryWrite(0x1000, 4, 16);
    holes[7] = 0x15; // Byte enables with holes in a write of four DWs.
    peer.tlp(holes);
    counted("dropped_tlps.malformed.byte_enables", 1);
    assertThat(peer.isServed(8)).isTrue();
    leave(peer);
  }

  private static byte[] memoryWrite(int address, int lengthDw, int bytes) {
    ByteBuffer b = ByteBuffer.allocate(12 + bytes);
    b.putInt(0x4000_0000 | lengthDw & 0x3FF).putInt(lengthDw == 1 ? 0x0F : 0xFF).putInt(address);
    return b.array();
  }
}
