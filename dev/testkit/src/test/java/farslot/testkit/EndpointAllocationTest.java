package farslot.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.function.Agent;
import farslot.function.Dma;
import farslot.function.FunctionPort;
import farslot.function.FunctionSpec;
import farslot.function.FunctionSpecBuilder;
import farslot.function.PciFunction;
import farslot.function.ResetKind;
import farslot.function.endpoint.FunctionEndpoint;
import farslot.pcie.CompletionStatus;
import farslot.pcie.FlowClass;
import farslot.pcie.TlpEncoder;
import farslot.pcie.TlpLimits;
import farslot.pcie.TlpOut;
import farslot.pcie.TlpType;
import farslot.pcie.TlpView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

/** The data path allocates nothing once it is warm. */
class EndpointAllocationTest {
  private static final int TURNS = 10_000;
  private static final int TLPS_A_TURN = 11;
  private static final int ID = 0x0100;

  private final Wire wire = new Wire();
  private final Card card = new Card();
  private final StillAgent agent = new StillAgent();
  private final FunctionEndpoint endpoint = new FunctionEndpoint(card, agent);
  private final MemorySegment tlp = Arena.ofAuto().allocate(TlpLimits.TLP_BYTES_MAX, 8);
  private final MemorySegment memory = Arena.ofAuto().allocate(8192, 8);

  /** Takes what is sent, and remembers the tag of the last MRd. */
  private static final class Wire implements TlpOut {
    private final MemorySegment segment = Arena.ofAuto().allocate(TlpLimits.TLP_BYTES_MAX, 8);
    private final TlpView view = new TlpView();
    private int bytes;
    int tlps;
    int readTag;

    @Override
    public long claim(FlowClass flow, int tlpBytes, int dataBytes) {
      bytes = tlpBytes;
      return 0;
    }

    @Override
    public MemorySegment segment() {
      return segment;
    }

    @Override
    public void commit() {
      view.wrap(segment, 0, bytes);
      tlps++;
      if (TlpType.isMemoryRead(view.fmtType())) {
        readTag = view.tag();
      }
    }
  }

  private static final class StillAgent implements Agent {
    private Runnable posted;

    @Override
    public long nowNs() {
      return 0;
    }

    @Override
    public Timer timer(Runnable task) {
      return new Timer() {
        @Override
        public void arm(long delayNs) {
          // Time stands still.
        }

        @Override
        public void cancel() {
          // Nothing was armed.
        }
      };
    }

    @Override
    public void execute(Runnable task) {
      posted = task;
    }

    void run() {
      Runnable task = posted;
      posted = null;
      task.run();
    }
  }

  private static final class Card implements PciFunction, Dma.Done {
    private final FunctionSpec spec =
        new FunctionSpecBuilder(1, 2, 3).memory32(0, 8192).msix(4, 0, 4096, 6144).build();
    FunctionPort port;
    int done;
    int pushedDone;

    @Override
    public FunctionSpec spec() {
      return spec;
    }

    @Override
    public void plug(FunctionPort newPort) {
      port = newPort;
    }

    @Override
    public long read(int bar, long offset, int bytes) {
      return offset;
    }

    @Override
    public void write(int bar, long offset, int bytes, long value) {
      // Only the way here is of interest.
    }

    @Override
    public void reset(ResetKind kind) {
      done = 0;
    }

    @Override
    public void done(long cookie, CompletionStatus status) {
      boolean good = status == CompletionStatus.SC;
      done += good && cookie == 0 ? 1 : 0;
      pushedDone += good && cookie == 1 ? 1 : 0;
    }
  }

  private void configWrite(int offset, int value) {
    TlpEncoder.configWrite0(tlp, 0, 0, 0, ID, offset, 4);
    tlp.set(ValueLayout.JAVA_INT_UNALIGNED, 12, value);
    endpoint.onTlp(tlp, 0, 16);
  }

  private void register(int offset, int value) {
    TlpEncoder.memoryWrite(tlp, 0, 0, 0xE000_0000L + offset, 4);
    tlp.set(ValueLayout.JAVA_INT_UNALIGNED, 12, value);
    endpoint.onTlp(tlp, 0, 16);
  }

  /**
   * A register write and read, a DMA read with its completion, one of what was pushed, DMA writes,
   * an interrupt.
   */
  private void turn() {
    endpoint.onPush(0x2_0000_0040L, tlp, 0, 64, true);
    endpoint.onPush(0x2_0000_1000L, tlp, 0, 4096, false);
    register(0x10, 5);
    int header = TlpEncoder.memoryRead(tlp, 0, 0, 9, 0xE000_0020L, 8);
    endpoint.onTlp(tlp, 0, header);
    card.port.dma().read(0x1_0000_0000L, memory, 0, 64, card, 0);
    header = TlpEncoder.completionWithData(tlp, 0, 0, ID, wire.readTag, 64, 0, 64);
    endpoint.onTlp(tlp, 0, header + 64);
    card.port.dma().read(0x2_0000_0040L, memory, 0, 64, card, 1);
    agent.run();
    card.port.dma().write(0x1_0000_0003L, memory, 0, 200);
    card.port.dma().write(0x1_0000_1000L, memory, 0, 16);
    card.port.interrupts().signal(1);
  }

  @Test
  void nothingIsAllocatedPerTlp() {
    endpoint.connect(wire);
    configWrite(0x10, 0xE000_0000);
    configWrite(4, 6);
    int msix = endpoint.config().read(0x34) & 0xFF;
    while ((endpoint.config().read(msix) & 0xFF) != 0x11) {
      msix = endpoint.config().read(msix) >>> 8 & 0xFF;
    }
    register(4096 + 16 + 12, 0);
    configWrite(msix, 0x8000_0000);
    double bytes = Allocations.perTurn(TURNS, this::turn);
    assertThat(card.done).isGreaterThan(TURNS);
    assertThat(wire.tlps).isEqualTo(card.done * 6 + 3);
    assertThat(card.pushedDone).isEqualTo(card.done);
    assertThat(bytes / TLPS_A_TURN).as("bytes per TLP").isLessThan(1.0);
  }
}
