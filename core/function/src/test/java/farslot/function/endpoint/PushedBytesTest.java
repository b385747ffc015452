package farslot.function.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class PushedBytesTest {
  private static final long PAGE = 0x7_0000_1000L;
  private static final long MS = 1_000_000;

  private final TestAgent agent = new TestAgent();
  private final EndpointCounters counters = new EndpointCounters();
  private final PushedBytes pushed = new PushedBytes(agent, counters, 64 << 12);
  private final MemorySegment bytes = Arena.ofAuto().allocate(4096, 8);

  private void push(long address, int count, int value) {
    push(address, count, value, true);
  }

  private void push(long address, int count, int value, boolean steady) {
    bytes.asSlice(7, count).fill((byte) value);
    pushed.push(address, bytes, 7, count, steady);
  }

  /** The bytes of a read in hex, or a dash when the server has to be asked. */
  private String take(long address, int count) {
    MemorySegment to = MemorySegment.ofArray(new byte[count + 2]);
    if (!pushed.take(address, to, 1, count)) {
      return "-";
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(String.format("%02x", to.get(ValueLayout.JAVA_BYTE, 1 + i)));
    }
    assertThat(to.get(ValueLayout.JAVA_BYTE, 0)).isZero();
    assertThat(to.get(ValueLayout.JAVA_BYTE, count + 1)).isZero();
    return text.toString();
  }

  private long count(EndpointCounter counter) {
    return counters.get(counter);
  }

  @Test
  void eachByteAnswersOnce() {
    push(PAGE + 64, 8, 0xAB);
    assertThat(take(PAGE + 64, 8)).isEqualTo("abababababababab");
    assertThat(take(PAGE + 64, 8)).isEqualTo("-");
    assertThat(pushed.isEmpty()).isTrue();
    assertThat(count(EndpointCounter.PUSHED_READ_BYTES)).isEqualTo(8);
  }

  @Test
  void onlyAllOfAReadIsAnAnswer() {
    push(PAGE + 64, 64, 1);
    assertThat(take(PAGE + 60, 8)).isEqualTo("-");
    assertThat(take(PAGE + 124, 8)).isEqualTo("-");
    assertThat(take(PAGE + 64 + 4096, 4)).isEqualTo("-");
    assertThat(take(PAGE + 66, 2)).isEqualTo("0101");
    assertThat(take(PAGE + 64, 4)).as("two of them are gone").isEqualTo("-");
    assertThat(take(PAGE + 68, 1)).isEqualTo("01");
  }

  @Test
  void neighboursAreOneRangeAndTheNewerWins() {
    push(PAGE, 4, 1);
    push(PAGE + 4, 4, 2);
    push(PAGE + 6, 4, 3);
    assertThat(take(PAGE, 10)).isEqualTo("01010101020203030303");
  }

  @Test
  void wholePagesAndTheirEnds() {
    push(PAGE, 4000, 5);
    push(PAGE + 4000, 96, 6);
    assertThat(take(PAGE + 4095, 1)).isEqualTo("06");
    assertThat(take(PAGE, 4095)).startsWith("0505").endsWith("0506" + "06".repeat(94));
    push(-4096, 4000, 9);
    assertThat(take(-4096, 2)).as("the last page there is").isEqualTo("0909");
  }

  @Test
  void whatTheCardWritesIsVoid() {
    push(PAGE, 4000, 1);
    push(PAGE + 4096, 4000, 2);
    pushed.overwritten(PAGE + 3000, 2000);
    assertThat(take(PAGE + 2999, 2)).isEqualTo("-");
    assertThat(take(PAGE + 2999, 1)).isEqualTo("01");
    assertThat(take(PAGE + 4096 + 903, 1)).isEqualTo("-");
    assertThat(take(PAGE + 4096 + 904, 1)).isEqualTo("02");
    assertThat(count(EndpointCounter.PUSHED_BYTES_VOIDED)).isEqualTo(1000 + 904);
  }

  @Test
  void whatIsNotSteadyGoesWithWhateverLeaves() {
    push(PAGE, 16, 1);
    push(PAGE + 8, 4, 2, false);
    push(PAGE + 4096, 4, 3, false);
    pushed.answered();
    assertThat(take(PAGE + 8, 1)).isEqualTo("-");
    assertThat(take(PAGE + 4096, 1)).isEqualTo("-");
    assertThat(take(PAGE, 8)).isEqualTo("01".repeat(8));
    assertThat(take(PAGE + 12, 4)).isEqualTo("01".repeat(4));
    push(PAGE, 4, 4, false);
    push(PAGE, 4, 5, true);
    pushed.answered();
    assertThat(take(PAGE, 4)).as("the newer one counts in this, too").isEqualTo("05050505");
  }

  @Test
  void revokedIsGone() {
    for (int i = 0; i < 40; i++) {
      push(PAGE + 4096L * i, 100, i, i % 2 == 0);
    }
    pushed.revoke();
    assertThat(pushed.isEmpty()).isTrue();
    assertThat(take(PAGE, 1)).isEqualTo("-");
    push(PAGE, 1, 7);
    assertThat(take(PAGE, 2)).as("nothing of before shines through").isEqualTo("-");
    assertThat(count(EndpointCounter.PUSHED_BYTES_VOIDED)).isEqualTo(4000);
    assertThat(count(EndpointCounter.PUSH_REVOKES)).isOne();
  }

  @Test
  void whatFindsNoRoomIsDroppedAndCounted() {
    for (int i = 0; i < 70; i++) {
      push(PAGE + 4096L * i, 64, i);
    }
    assertThat(count(EndpointCounter.PUSHES_WITHOUT_ROOM)).isEqualTo(6);
    assertThat(take(PAGE + 4096L * 63, 1)).isEqualTo("3f");
    assertThat(take(PAGE + 4096L * 64, 1)).isEqualTo("-");
    push(PAGE, 64, 0x77);
    assertThat(take(PAGE, 1)).as("a page that is there takes more").isEqualTo("77");
    assertThat(take(PAGE + 4096L * 63 + 1, 63)).isNotEqualTo("-");
    push(PAGE + 4096L * 64, 64, 0x78);
    assertThat(take(PAGE + 4096L * 64, 1)).isEqualTo("78");
  }

  @Test
  void nothingLingers() {
    push(PAGE, 8, 1);
    agent.advance(100 * MS);
    push(PAGE + 4096, 8, 2);
    agent.advance(149 * MS);
    assertThat(take(PAGE, 1)).isEqualTo("01");
    agent.advance(1 * MS);
    assertThat(take(PAGE + 1, 1)).isEqualTo("-");
    assertThat(take(PAGE + 4096, 1)).isEqualTo("02");
    assertThat(count(EndpointCounter.PUSHED_BYTES_EXPIRED)).isEqualTo(7);
    agent.advance(100 * MS);
    assertThat(pushed.isEmpty()).isTrue();
  }

  @Test
  void nothingLingersAfterAPauseEither() {
    push(PAGE, 8, 1);
    take(PAGE, 8);
    agent.advance(300 * MS);
    push(PAGE, 8, 2);
    agent.advance(250 * MS);
    assertThat(pushed.isEmpty()).isTrue();
  }

  @Test
  void aPageThatIsNeverEmptyExpiresToo() {
    for (int i = 0; i < 60; i++) {
      push(PAGE + 64L * i, 64, i);
      agent.advance(10 * MS);
    }
    assertThat(take(PAGE, 1)).isEqualTo("-");
    assertThat(take(PAGE + 59 * 64, 1)).isNotEqualTo("-");
  }

  @Test
  void anIdleFunctionHoldsNothing() {
    assertThat(pushed.pagesAllocated()).isZero();
    assertThat(agent.armed()).isZero();
    push(PAGE, 8, 1);
    take(PAGE, 8);
    assertThat(pushed.pagesAllocated()).isEqualTo(16);
    agent.advance(1500 * MS);
    push(PAGE, 8, 1);
    agent.advance(1900 * MS);
    assertThat(pushed.pagesAllocated()).as("not yet quiet").isEqualTo(16);
    agent.advance(200 * MS);
    assertThat(pushed.pagesAllocated()).isZero();
    assertThat(agent.armed()).as("no timer either").isZero();
    push(PAGE, 8, 3);
    assertThat(take(PAGE, 8)).isEqualTo("03".repeat(8));
  }

  @Test
  void withoutRoomAtAllEverythingIsIgnored() {
    PushedBytes none = new PushedBytes(agent, counters, 0);
    none.push(PAGE, bytes, 0, 4, true);
    assertThat(none.isEmpty()).isTrue();
    assertThat(none.take(PAGE, bytes, 0, 4)).isFalse();
  }
}
