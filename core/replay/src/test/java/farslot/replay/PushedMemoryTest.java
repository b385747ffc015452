package farslot.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a capture says was sent along is found again, wherever in 64 bits of addresses it is. */
class PushedMemoryTest {
  private static final int HEADER_BYTES = 12;

  private static Utterance push(long address, byte... data) {
    byte[] body = ByteBuffer.allocate(HEADER_BYTES + data.length).putLong(0, address).array();
    System.arraycopy(data, 0, body, HEADER_BYTES, data.length);
    return new Utterance(1, 0, Utterance.Kind.PUSH, body);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 0x1000, 0xFFE, 0x7FFF_FFFF_FFFF_FFFEL, -0x1000, -4096 * 3 + 16, -2})
  void isFoundWhereItWas(long address) {
    PushedMemory memory = new PushedMemory();
    memory.push(push(address, (byte) 5, (byte) 6));
    assertThat(memory.live(address, 2)).isTrue();
    assertThat(memory.live(address + 1, 1)).isTrue();
    assertThat(memory.known(address, 3)).isEqualTo(2);
    assertThat(memory.take(address, 2)).containsExactly(5, 6);
    assertThat(memory.live(address, 1)).isFalse();
  }
}
