package farslot.fabric.software;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.fabric.Bench;
import farslot.fabric.LocalFunction;
import farslot.pcie.Bdf;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RootComplexTest {
  private final Bench first = new Bench();
  private final Bench second = new Bench();
  private final List<PciDevice> found = new ArrayList<>();
  private RootComplex complex;

  private void enumerate() {
    first.attach();
    second.attach();
    complex = new RootComplex(List.of(first.port, second.port));
    complex.enumerate(found::addAll);
    for (int i = 0; i < 1000 && found.isEmpty(); i++) {
      first.run();
      second.run();
    }
  }

  @Test
  void findsEachFunctionOnItsOwnBus() {
    enumerate();
    assertThat(found).hasSize(2);
    PciDevice one = found.get(0);
    PciDevice two = found.get(1);
    assertThat(one.toString()).isEqualTo("01:00.0 1ab0:beef class 010802");
    assertThat(two.bdf()).isEqualTo(new Bdf(2, 0, 0));
    assertThat(one.barSize(0)).isEqualTo(0x4000);
    assertThat(one.barAddress(0) & 0x3FFF).isZero();
    assertThat(two.barAddress(0)).isGreaterThanOrEqualTo(one.barAddress(0) + 0x4000);
    assertThat(one.msixVectors()).isEqualTo(4);
    assertThat(one.capability(0x10)).isEqualTo(0x80);
    assertThat(first.cardConfig(4) & 7).isEqualTo(7);
  }

  @Test
  void routesMemoryByWindowsAndBars() {
    enumerate();
    MemorySegment value = Arena.ofAuto().allocate(8);
    value.set(ValueLayout.JAVA_INT, 0, 0x11);
    found.get(0).write(0, 0x40, value, 0, 4);
    value.set(ValueLayout.JAVA_INT, 0, 0x22);
    found.get(1).write(0, 0x40, value, 0, 4);
    first.run();
    second.run();
    assertThat(first.bar().getInt(0x40)).isEqualTo(0x11);
    assertThat(second.bar().getInt(0x40)).isEqualTo(0x22);
    int[] read = new int[1];
    LocalFunction.ReadDone done =
        (cookie, data, at, bytes) -> read[0] = data.get(ValueLayout.JAVA_INT_UNALIGNED, at);
    found.get(1).read(0, 0x40, 4, done, 0);
    second.run();
    assertThat(read[0]).isEqualTo(0x22);
    complex.read(0x1234_5000L, 4, done, 0);
    assertThat(read[0]).isEqualTo(-1);
  }

  @Test
  void deliversMsix() {
    enumerate();
    List<String> heard = new ArrayList<>();
    found
        .get(0)
        .driver(
            new PciDevice.Driver() {
              @Override
              public void onInterrupt(int vector) {
                heard.add("vector " + vector);
              }

              @Override
              public void onPresence(boolean present) {
                heard.add("present " + present);
              }

              @Override
              public void onRoom() {}
            });
    found.get(0).enableMsix(3, () -> heard.add("enabled"));
    first.run();
    first.msix(2);
    first.msix(0);
    first.run();
    first.port.onDown();
    assertThat(heard).containsExactly("enabled", "vector 2", "vector 0", "present false");
  }
}
