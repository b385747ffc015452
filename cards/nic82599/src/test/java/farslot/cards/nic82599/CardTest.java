package farslot.cards.nic82599;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.function.BackEnds;
import farslot.function.BlockStore;
import farslot.function.Card;
import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.function.EthernetPort;
import farslot.function.PciFunction;
import farslot.testkit.FakeRootComplex;
import farslot.testkit.TestSlot;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The card from its configuration on: functions of two servers, and an uplink. */
class CardTest {
  private static final long MEMORY = 0x10_0000;

  private final Uplink uplink = new Uplink();

  private Card card(Map<String, ?> config) throws CardConfigException {
    return new Nic82599Provider().create(new CardConfig("slots[0]", config), new Host());
  }

  private static Driver server(TestSlot slot, String function) {
    FakeRootComplex root = slot.root(function);
    root.enumerate();
    root.enableMsix();
    root.memory().map(MEMORY, 4 << 20);
    return new Driver(root, MEMORY, 4 << 20).up();
  }

  private static byte[] frame(byte[] to, byte[] from, int bytes) {
    byte[] frame = Frames.random(bytes, bytes);
    System.arraycopy(to, 0, frame, 0, 6);
    System.arraycopy(from, 0, frame, 6, 6);
    Frames.put16(frame, 12, 0x88B5);
    return frame;
  }

  @Test
  void twoServersAndTheUplinkTalk() throws CardConfigException {
    Map<String, ?> a = Map.of("mac", "02:00:5e:10:00:01");
    Map<String, ?> b = Map.of("mac", "02:00:5e:10:00:02");
    Map<String, ?> config = Map.of("functions", List.of(a, b), "uplink", Map.of("tap", "x"));
    TestSlot slot = new TestSlot(card(config));
    Driver first = server(slot, "vf0");
    Driver second = server(slot, "vf1");
    byte[] frame = frame(Frames.MAC_B, Frames.MAC_A, 500);
    first.packet(0, frame, 0, 0);
    first.ring(0);
    second.root.run();
    assertThat(second.next(0).bytes()).isEqualTo(frame);
    byte[] everybody = {-1, -1, -1, -1, -1, -1};
    byte[] broadcast = frame(everybody, Frames.MAC_B, 100);
    second.packet(0, broadcast, 0, 0);
    second.ring(0);
    first.root.run();
    assertThat(first.next(0).bytes()).isEqualTo(broadcast);
    assertThat(uplink.sent).hasSize(1);
    uplink.receiver.onFrame(MemorySegment.ofArray(frame(Frames.MAC_A, everybody, 90)), 0, 90);
    first.root.run();
    assertThat(first.next(0)).as("a group sends nothing").isNull();
    byte[] outside = frame(Frames.MAC_A, new byte[] {2, 9, 9, 9, 9, 9}, 90);
    uplink.receiver.onFrame(MemorySegment.ofArray(outside), 0, 90);
    first.root.run();
    assertThat(first.next(0).bytes()).isEqualTo(outside);
  }

  @Test
  void aServersHangIsNobodyElses() throws CardConfigException {
    TestSlot slot = new TestSlot(card(Map.of("functions", 3)));
    assertThat(slot.function("vf2")).isNotNull();
    Driver first = server(slot, "vf0");
    Driver second = server(slot, "vf1");
    first.descriptor(0, 0x7777_0000_0000L, 0xFFFF_FFFF, -1);
    first.ring(0);
    int index = second.packet(0, frame(Frames.MAC_A, Frames.MAC_B, 100), 0, 0);
    second.ring(0);
    assertThat(second.sent(0, index)).isTrue();
    assertThat(slot.function("vf0").counts()).containsEntry("transmit-hangs", 1L);
    assertThat(slot.function("vf1").counts()).doesNotContainKey("transmit-hangs");
  }

  @Test
  void theLinkFollowsTheUplink() throws CardConfigException {
    Map<String, ?> config = Map.of("functions", 1, "uplink", Map.of("tap", "x"));
    Driver driver = server(new TestSlot(card(config)), "vf0");
    assertThat(driver.read(Driver.LINKS)).isEqualTo(0x7000_0000);
    uplink.receiver.onCarrier(false);
    driver.root.run();
    assertThat(driver.read(Driver.LINKS)).isZero();
    assertThat(driver.root.interrupts().count(2)).isPositive();
  }

  @Test
  void whatIsConfiguredWrong() {
    refuses(Map.of("functions", 0), "functions");
    refuses(Map.of("functions", 65), "functions");
    refuses(Map.of("functions", List.of()), "functions");
    refuses(Map.of("functions", List.of(Map.of("mac", "01:00:00:00:00:00"))), "mac");
    refuses(Map.of("functions", List.of(Map.of("macs", "x"))), "macs");
    refuses(Map.of("function", 1), "function");
    refuses(Map.of("uplink", "farslot0"), "uplink");
    Map<String, ?> port = Map.of("mac", "02:00:5e:10:00:01", "vlan", 5);
    refuses(Map.of("functions", List.of(port, Map.of("vlan", 5), port)), "functions[2]");
  }

  private void refuses(Map<String, ?> config, String word) {
    assertThatThrownBy(() -> card(config))
        .isInstanceOf(CardConfigException.class)
        .hasMessageContaining(word);
  }

  @Test
  void whatIsNotInsertedIsClosedToo() throws CardConfigException {
    card(Map.of("uplink", Map.of("tap", "x"))).remove();
    assertThat(uplink.closed).isTrue();
  }

  private final class Host implements BackEnds {
    @Override
    public BlockStore block(CardConfig config) {
      throw new AssertionError("a network card has no disk");
    }

    @Override
    public EthernetPort ethernet(CardConfig config) {
      return uplink;
    }
  }

  private static final class Uplink implements EthernetPort {
    final List<byte[]> sent = new ArrayList<>();
    Receiver receiver;
    boolean closed;

    @Override
    public void open(Receiver to) {
      receiver = to;
      to.onCarrier(true);
    }

    @Override
    public boolean send(MemorySegment from, long offset, int bytes) {
      byte[] frame = new byte[bytes];
      MemorySegment.copy(from, offset, MemorySegment.ofArray(frame), 0, bytes);
      return sent.add(Arrays.copyOf(frame, bytes));
    }

    @Override
    public boolean carrier() {
      return true;
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  /** The next server finds the address that was given, and nothing of what the last one set. */
  @Test
  void aFunctionGetsAnIdentityBetweenServers() throws CardConfigException {
    TestSlot slot = new TestSlot(card(Map.of("functions", 1, "uplink", Map.of("tap", "x"))));
    PciFunction function = slot.function("vf0");
    String own = function.identity().get("mac");
    assertThat(function.identify(Map.of("mac", "02:00:5e:10:00:77"))).isEmpty();
    assertThat(function.identity()).containsEntry("mac", "02:00:5e:10:00:77");
    assertThat(function.identify(Map.of("mac", "01:00:5e:10:00:77"))).contains("should be");
    assertThat(function.identify(Map.of("mac", "nonsense"))).contains("should be");
    assertThat(function.identify(Map.of("serial", "1"))).contains("'serial'");
    assertThat(function.identity()).containsEntry("mac", "02:00:5e:10:00:77");
    List<String> ends = new ArrayList<>();
    function.sanitise(PciFunction.Sanitise.FORMAT, ends::add);
    assertThat(ends).containsExactly("");
    assertThat(function.identity()).containsEntry("mac", own);
  }
}
