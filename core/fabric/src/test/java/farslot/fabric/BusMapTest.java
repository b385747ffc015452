package farslot.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BusMapTest {
  private static BusMap place(int... masks) {
    BusMap map = new BusMap();
    int[] seven = new int[7];
    System.arraycopy(masks, 0, seven, 0, masks.length);
    return map.place(seven) ? map : null;
  }

  @Test
  void sizesAndPlacesEveryKind() {
    // 16 KiB of 64 bits, 4 KiB of 32 bits prefetchable, 8 ports with the upper half hardwired, ROM.
    BusMap map = place(0xFFFF_C004, -1, 0xFFFF_F008, 0x0000_FFF9, 0, 0, 0xFFFF_0000);
    assertThat(map.size(0)).isEqualTo(0x4000);
    assertThat(map.size(1)).isZero();
    assertThat(map.upperHalf(1)).isTrue();
    assertThat(map.size(2)).isEqualTo(0x1000);
    assertThat(map.flags(2)).isEqualTo(8);
    assertThat(map.io(3)).isTrue();
    assertThat(map.size(3)).isEqualTo(8);
    assertThat(map.romSize()).isEqualTo(0x1_0000);
    assertThat(map.address(0) % 0x4000).isZero();
    assertThat(map.address(2)).isGreaterThanOrEqualTo(map.address(0) + 0x4000);
    assertThat(map.address(3)).isBetween(1L, 0xFFF8L);
    assertThat(map.romAddress() % 0x1_0000).isZero();
    assertThat(map.register(0)).isEqualTo((int) map.address(0) | 4);
    assertThat(map.register(1)).isZero();
    assertThat(map.writable(0)).isEqualTo(0xFFFF_C000);
    assertThat(map.writable(1)).isEqualTo(-1);
    assertThat(map.writable(3)).isEqualTo(-8);
  }

  @Test
  void putsWhatIsLargeAboveFourGigabytes() {
    BusMap map = place(0x0000_000C, 0xFFFF_FFF0, 0xFFF0_0000); // 64 GiB, and 1 MiB below 4 GiB
    assertThat(map.size(0)).isEqualTo(64L << 30);
    assertThat(map.address(0)).isGreaterThanOrEqualTo(1L << 32);
    assertThat(map.address(0) % (64L << 30)).isZero();
    assertThat(map.register(1)).isEqualTo((int) (map.address(0) >>> 32));
    assertThat(map.writable(1)).isEqualTo(0xFFFF_FFF0);
    assertThat(map.address(2)).isLessThan(1L << 32);
  }

  @Test
  void refusesNonsense() {
    assertThat(place(0x00F0_F000)).as("holes in the mask").isNull();
    assertThat(place(0, 0, 0, 0, 0, 0xFFFF_C004)).as("a 64-bit BAR with no upper half").isNull();
    assertThat(place(0x0000_0004, 0)).as("a 64-bit BAR of no size").isNull();
    assertThat(place(0x0000_000C, 0x8000_0000)).as("half of all addresses").isNull();
    assertThat(place(0x8000_0000, 0x8000_0000)).as("more than there is below 4 GiB").isNull();
  }
}
