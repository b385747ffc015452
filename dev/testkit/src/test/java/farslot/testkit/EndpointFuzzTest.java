package farslot.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.chance.Fuzz;
import farslot.function.Agent;
import farslot.function.endpoint.FunctionEndpoint;
import farslot.pcie.FlowClass;
import farslot.pcie.TlpIn;
import farslot.pcie.TlpType;
import farslot.pcie.TlpView;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Any TLP that passes the link's check, in any order, with DMA under way: the endpoint answers
 * every non-posted request exactly once and never breaks.
 */
class EndpointFuzzTest {
  private static final int STEPS = 8_000;

  /** Counts completions that end a request. */
  private static final class Counting implements TlpIn {
    private final TlpView view = new TlpView();
    long ended;

    @Override
    public void onTlp(MemorySegment segment, long offset, int tlpBytes) {
      view.wrap(segment, offset, tlpBytes);
      if (TlpType.isCompletion(view.fmtType())) {
        boolean last = view.dataBytes() == 0 || view.completedBytes() == view.byteCount();
        ended += last ? 1 : 0;
      }
    }

    @Override
    public void onRoom() {}

    @Override
    public void onHotReset() {}

    @Override
    public void onDown() {}
  }

  @Test
  void anyValidTlp() {
    Fuzz.run(STEPS, EndpointFuzzTest::run);
  }

  private static void run(SplittableRandom random, int steps) {
    FakeAgent agent = new FakeAgent();
    ProbeCard card = new ProbeCard();
    FunctionEndpoint endpoint = new FunctionEndpoint(card, (Agent) agent);
    TlpPipe up = new TlpPipe("card");
    Counting counting = new Counting();
    up.join(endpoint, counting);
    endpoint.connect(up);
    MemorySegment memory = MemorySegment.ofArray(new byte[1 << 16]);
    long asked = 0;
    for (int i = 0; i < steps; i++) {
      byte[] tlp = random(random);
      MemorySegment segment = MemorySegment.ofArray(tlp);
      if (TlpView.check(segment, 0, tlp.length) == null) {
        TlpView view = new TlpView().wrap(segment, 0, tlp.length);
        asked += view.flowClass() == FlowClass.NON_POSTED ? 1 : 0;
        endpoint.onTlp(segment, 0, tlp.length);
      }
      if (random.nextInt(8) == 0) {
        card.read(random.nextLong(), memory, 0, 1 + random.nextInt(5000), i);
        card.dma().write(random.nextLong(), memory, 0, 1 + random.nextInt(5000));
        card.port.interrupts().signal(random.nextInt(50));
        card.port.interrupts().level(random.nextBoolean());
      }
      up.block(FlowClass.values()[random.nextInt(3)], random.nextInt(3) == 0);
      drain(up, agent, random);
      card.takeAccesses();
      card.takeDone();
    }
    for (FlowClass flow : FlowClass.values()) {
      up.block(flow, false);
    }
    while (up.deliver() || agent.runTasks()) {
      // Until all is out.
    }
    assertThat(asked).isGreaterThan(steps / 20);
    assertThat(counting.ended).as("every request is answered once").isEqualTo(asked);
  }

  private static void drain(TlpPipe up, FakeAgent agent, SplittableRandom random) {
    agent.advance(random.nextInt(3) == 0 ? random.nextLong(1_000_000_000L) : 0);
    int most = random.nextInt(6);
    for (int i = 0; i < most && up.deliver(); i++) {
      agent.runTasks();
    }
  }

  private static final int[] TYPES = {
    0x00, 0x20, 0x01, 0x21, 0x40, 0x60, 0x02, 0x42, 0x04, 0x44, 0x05, 0x45, 0x30, 0x34, 0x70, 0x74,
    0x0A, 0x4A, 0x0B, 0x4B, 0x4C, 0x6C, 0x4D, 0x6D, 0x4E, 0x6E
  };

  /** Half of the time something that is likely to pass the check, else noise. */
  private static byte[] random(SplittableRandom random) {
    int type = TYPES[random.nextInt(TYPES.length)];
    boolean single = random.nextInt(4) != 0;
    int lengthDw = single ? 1 : 1 + random.nextInt(32);
    int header = (type & 0x20) == 0 ? 12 : 16;
    int data = (type & 0x40) == 0 ? 0 : 4 * lengthDw;
    byte[] tlp = Fuzz.bytes(random, header + data);
    tlp[0] = (byte) type;
    tlp[1] &= (byte) 0x88;
    tlp[2] &= 0x40;
    tlp[2] = random.nextInt(8) == 0 ? tlp[2] : 0;
    tlp[3] = (byte) ((type & 0x5F) == 0x0A ? 0 : lengthDw);
    boolean message = (type & 0x38) == 0x30;
    if (!message && (type & 0x0E) != 0x0A) {
      tlp[7] = single ? (byte) (tlp[7] & 0x0F) : (byte) 0xFF;
      tlp[header - 1] &= (byte) 0xFC;
    }
    if ((type & 0x0E) == 0x04) {
      tlp[8] = 1;
      tlp[9] = (byte) (random.nextInt(10) == 0 ? 1 : 0);
      tlp[10] &= 0x0F;
      tlp[11] &= (byte) 0xFC;
      // Configuration often goes where it matters; and does not put the function to sleep always.
      tlp[11] = random.nextBoolean() ? 4 : tlp[11];
    }
    if (header == 16 && !message) {
      tlp[11] |= 1;
    }
    return tlp;
  }
}
