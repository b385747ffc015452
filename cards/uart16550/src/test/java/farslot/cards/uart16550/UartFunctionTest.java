package farslot.cards.uart16550;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.function.BackEnds;
import farslot.function.BlockStore;
import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.function.CardUnavailableException;
import farslot.function.SerialLine;
import farslot.testkit.FakeRootComplex;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The card behind its endpoint, as a driver sees it, and its configuration. */
class UartFunctionTest {
  private final List<FakeLine> lines = new ArrayList<>();

  private final class Lines implements BackEnds {
    @Override
    public BlockStore block(CardConfig config) {
      throw new AssertionError("no disk is needed");
    }

    @Override
    public SerialLine serial(CardConfig config) throws CardConfigException {
      if (config.string("pty").equals("missing")) {
        throw new CardUnavailableException(config.where() + ": missing");
      }
      config.finish();
      FakeLine line = new FakeLine();
      lines.add(line);
      return line;
    }
  }

  private static Map<String, Object> ports(int count) {
    List<Map<String, String>> ports = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ports.add(Map.of("pty", "/run/serial" + i));
    }
    return new HashMap<>(Map.of("ports", ports));
  }

  private FakeRootComplex make(Map<String, ?> values) throws CardConfigException {
    CardConfig config = new CardConfig("slots[0]", values);
    return new FakeRootComplex(new UartProvider().create(config, new Lines()));
  }

  @Test
  void portsAreWhereTheirDriversLook() throws Exception {
    FakeRootComplex root = make(ports(4));
    root.enumerate();
    assertThat(root.found().vendorId()).isEqualTo(0x14D2);
    assertThat(root.found().deviceId()).isEqualTo(0xA013);
    assertThat(root.found().classCode()).isEqualTo(0x070002);
    for (int port = 0; port < 4; port++) {
      root.write(0, 0x1003 + 0x200 * port, 1, 3);
      root.write(0, 0x1000 + 0x200 * port, 1, 'A' + port);
    }
    root.run();
    for (int port = 0; port < 4; port++) {
      assertThat(lines.get(port).text()).isEqualTo(String.valueOf((char) ('A' + port)));
    }
    root.write(0, 0x1007, 1, 0x5A);
    assertThat(root.read(0, 0x1004, 4)).as("wide accesses are many").isEqualTo(0x5A006000L);
    assertThat(root.read(0, 0x0FF8, 8)).isZero();
    assertThat(root.read(0, 0x1008, 8)).isZero();
    assertThat(root.read(0, 0x1807, 1)).as("there is no fifth").isZero();
  }

  @Test
  void oneInterruptForAll() throws Exception {
    FakeRootComplex root = make(ports(2));
    root.enumerate();
    root.write(0, 0x1003, 1, 3);
    root.write(0, 0x1203, 1, 3);
    root.write(0, 0x1001, 1, 1);
    root.write(0, 0x1201, 1, 1);
    lines.get(0).put("x");
    lines.get(1).put("y");
    root.run();
    assertThat(root.interrupts().intxAsserted()).isTrue();
    assertThat(root.read(0, 0x1000, 1)).isEqualTo('x');
    assertThat(root.interrupts().intxAsserted()).as("the other port wants it still").isTrue();
    assertThat(root.read(0, 0x1200, 1)).isEqualTo('y');
    assertThat(root.interrupts().intxAsserted()).isFalse();
    assertThat(root.interrupts().intxAsserts()).isEqualTo(1);
  }

  @Test
  void aMessageEachTimeItBegins() throws Exception {
    Map<String, Object> values = ports(1);
    values.put("model", "hpe");
    FakeRootComplex root = make(values);
    root.enumerate();
    assertThat(root.enableMsi()).isEqualTo(1);
    root.write(1, 3, 1, 3);
    root.write(1, 1, 1, 1);
    for (int round = 1; round <= 3; round++) {
      lines.get(0).put("x");
      root.run();
      assertThat(root.interrupts().count(0)).isEqualTo(round);
      assertThat(root.read(1, 0, 1)).isEqualTo('x');
    }
    assertThat(root.interrupts().intxAsserted()).isFalse();
  }

  @Test
  void qemusPortsAreInIoSpace() throws Exception {
    Map<String, Object> values = ports(2);
    values.put("model", "qemu");
    FakeRootComplex root = make(values);
    root.enumerate();
    assertThat(root.found().deviceId()).isEqualTo(3);
    root.write(0, 11, 1, 3);
    root.write(0, 8, 1, 'q');
    root.run();
    assertThat(lines.get(1).text()).isEqualTo("q");
  }

  @Test
  void portsWithoutALineSwallowEverything() throws Exception {
    FakeRootComplex root = make(Map.of("ports", List.of(Map.of())));
    root.enumerate();
    for (int i = 0; i < 100; i++) {
      root.write(0, 0x1000, 1, i);
      root.run();
    }
    assertThat(root.read(0, 0x1005, 1)).isEqualTo(0x60);
    assertThat(root.read(0, 0x1006, 1)).isZero();
  }

  @Test
  void paceIsConfigured() throws Exception {
    Map<String, Object> values = ports(1);
    values.put("pace", true);
    FakeRootComplex root = make(values);
    root.enumerate();
    root.write(0, 0x1003, 1, 0x83);
    root.write(0, 0x1000, 1, 0xA1);
    root.write(0, 0x1001, 1, 0x01);
    root.write(0, 0x1003, 1, 0x03);
    assertThat(lines.get(0).events).containsExactly("9600 8N1");
    root.write(0, 0x1000, 1, 'x');
    root.run();
    assertThat(lines.get(0).text()).isEmpty();
    root.advance(2_000_000);
    assertThat(lines.get(0).text()).isEqualTo("x");
  }

  @Test
  void configurationIsChecked() {
    assertThatThrownBy(() -> make(Map.of()))
        .isInstanceOf(CardConfigException.class)
        .hasMessageContaining("slots[0]")
        .hasMessageContaining("ports");
    for (int count : new int[] {3, 5, 9, 16}) {
      assertThatThrownBy(() -> make(ports(count))).hasMessageContaining("1 or 2 or 4 or 8");
    }
    Map<String, Object> values = ports(2);
    values.put("model", "hpe");
    assertThatThrownBy(() -> make(values)).hasMessageContaining("has 1 ports");
    values.put("model", "vax");
    assertThatThrownBy(() -> make(values)).hasMessageContaining("vscom, hpe, qemu");
    values.put("model", "vscom");
    values.put("colour", "red");
    assertThatThrownBy(() -> make(values)).hasMessageContaining("colour");
  }

  @Test
  void aLineThatCannotBeHadClosesTheOthers() {
    lines.clear();
    Map<String, Object> values =
        Map.of("ports", List.of(Map.of("pty", "/run/x"), Map.of("pty", "missing")));
    assertThatThrownBy(() -> make(values)).isInstanceOf(CardUnavailableException.class);
    assertThat(lines).singleElement().matches(line -> line.closed);
  }
}
