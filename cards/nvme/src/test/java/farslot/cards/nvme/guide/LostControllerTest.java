package farslot.cards.nvme.guide;

import static farslot.cards.nvme.guide.GuideBench.*;
import static org.assertj.core.api.Assertions.assertThat;

import farslot.function.CardsName;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** What is said in the name of a controller that was lost, bit by bit, and when nothing is. */
class LostControllerTest {
  private static final int EVENT_REQUEST = 0x0C;
  private static final int ENTRIES = 16;

  private final GuideBench bench = new GuideBench().up();
  private final Name name = new Name();
  private int head;
  private int posted;

  /** Writes into the bench's memory. */
  private final class Name implements CardsName {
    boolean deaf;
    boolean unmapped;
    int interrupts;
    String written = "";

    @Override
    public boolean read(long address, MemorySegment to, long offset, int bytes) {
      return !unmapped && bench.read(address, to, offset, bytes);
    }

    @Override
    public boolean write(long address, MemorySegment from, long offset, int bytes) {
      byte[] data = from.asSlice(offset, bytes).toArray(ValueLayout.JAVA_BYTE);
      written += "%x %s ".formatted(address - RAM, HexFormat.of().formatHex(data));
      return true;
    }

    @Override
    public boolean hears(int vector) {
      return vector == 0 && !deaf;
    }

    @Override
    public void interrupt(int vector) {
      interrupts++;
    }
  }

  private void request(int cid) {
    bench.admin(EVENT_REQUEST | cid << 16, 0, 0, 0, 0);
  }

  /** The controller's entry in its place; the driver has not seen it. */
  private void post(int cid) {
    long at = ACQ + 16L * (posted % ENTRIES);
    int phase = 1 - posted / ENTRIES % 2;
    bench.dw(at + 8, bench.adminTail);
    bench.dw(at + 12, cid | phase << 16);
    posted++;
  }

  /** The driver has taken what there is. */
  private void acknowledge() {
    head = posted % ENTRIES;
    bench.write(0x1004, 4, head);
  }

  private String lost() {
    name.written = "";
    name.interrupts = 0;
    bench.guide.onReplaced(name);
    assertThat(name.interrupts).isEqualTo(name.written.isEmpty() ? 0 : 1);
    return name.written.strip();
  }

  @Test
  void answersAnEventRequestWithPersistentInternalError() {
    bench.admin(0x0001_0006, 0, 0x10_0000, 1, 0);
    post(1);
    acknowledge();
    request(0x1E);
    // Type 0, information 3, log page 1; SQ head 2 of queue 0; command 1Eh; phase 1, success.
    assertThat(lost()).isEqualTo("2010 00030100" + "00000000" + "0200" + "0000" + "1e00" + "0100");
  }

  @Test
  void whatTheDriverHasNotTakenYetIsNotOverwritten() {
    request(0x1E);
    bench.admin(0x0001_0006, 0, 0x10_0000, 1, 0);
    post(1);
    assertThat(lost()).startsWith("2010 ");
  }

  @Test
  void saysNothingToWhomHasAskedNothing() {
    bench.admin(0x0001_0006, 0, 0x10_0000, 1, 0);
    assertThat(lost()).isEmpty();
  }

  @Test
  void anAnsweredRequestIsNotAnsweredAgain() {
    request(5);
    post(5);
    acknowledge();
    assertThat(lost()).isEmpty();
    request(6);
    post(6);
    assertThat(lost()).isEmpty();
    acknowledge();
    request(6);
    assertThat(lost()).contains("0600" + "0100");
  }

  @Test
  void thePhaseFollowsTheQueueRound() {
    request(9);
    for (int i = 0; i < ENTRIES; i++) {
      bench.admin(0x0001_0006, 0, 0x10_0000, 1, 0);
      post(1);
      acknowledge();
    }
    assertThat(lost()).isEqualTo("2000 00030100" + "00000000" + "0100" + "0000" + "0900" + "0000");
    for (int i = 0; i < ENTRIES + 1; i++) {
      bench.admin(0x0001_0006, 0, 0x10_0000, 1, 0);
      post(1);
      acknowledge();
    }
    assertThat(lost()).startsWith("2010 ").endsWith("0900" + "0100");
  }

  @Test
  void saysNothingAfterTheControllerWasSwitchedOff() {
    request(5);
    bench.write(0x14, 4, 0x0046_0000);
    assertThat(lost()).isEmpty();
    bench.up();
    assertThat(lost()).isEmpty();
    request(5);
    bench.write(0x14, 4, 0x0046_4001); // A shutdown.
    assertThat(lost()).isEmpty();
    bench.up();
    request(5);
    bench.guide.reset();
    assertThat(lost()).isEmpty();
  }

  @Test
  void saysNothingWhereNobodyListensOrTheQueueIsNotThere() {
    request(5);
    name.deaf = true;
    assertThat(lost()).isEmpty();
    name.deaf = false;
    name.unmapped = true;
    assertThat(lost()).isEmpty();
    name.unmapped = false;
    assertThat(lost()).isNotEmpty();
  }

  @Test
  void aQueueThatWasNeverEmptyIsLeftAlone() {
    request(5);
    for (int i = 0; i < ENTRIES; i++) {
      post(1);
    }
    assertThat(lost()).isEmpty();
  }
}
