package farslot.cards.virtio;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.cards.virtio.Host.Queue;
import farslot.function.Dma;
import farslot.function.FunctionPort;
import farslot.function.FunctionSpec;
import farslot.function.PciFunction;
import farslot.function.ResetKind;
import farslot.pcie.CompletionStatus;
import farslot.pcie.LittleEndian;
import farslot.testkit.FakeRootComplex;
import farslot.testkit.TestStore;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A device that suppresses notifications while it works (2.7.10): before it rests it allows them,
 * and then looks at the index once more, for the driver may have added something meanwhile without
 * saying so. What was sent along with an earlier notification must not be taken for that look.
 */
class LostWakeUpTest {
  /** Works off one entry at a time, and takes its time. */
  private static final class SuppressingCard implements PciFunction, Dma.Done {
    private final FunctionSpec spec = Host.card(Map.of(), new TestStore(1 << 20)).spec();
    private final MemorySegment index = Arena.ofAuto().allocate(4);
    private final MemorySegment flags = Arena.ofAuto().allocate(2);
    private FunctionPort port;
    long avail;
    long used;
    int seen;
    boolean awake;

    /** The index has been read, and there is work: the test says when it is done. */
    boolean working;

    @Override
    public FunctionSpec spec() {
      return spec;
    }

    @Override
    public void plug(FunctionPort slot) {
      port = slot;
    }

    @Override
    public long read(int bar, long offset, int bytes) {
      return 0;
    }

    @Override
    public void write(int bar, long offset, int bytes, long value) {
      if (offset == 0x3000 && !awake) {
        awake = true;
        suppress(1);
        look();
      }
    }

    private void suppress(int noNotify) {
      LittleEndian.u16(flags, 0, noNotify);
      port.dma().write(used, flags, 0, 2);
    }

    private void look() {
      port.dma().read(avail, index, 0, 4, this, 0);
    }

    @Override
    public void done(long cookie, CompletionStatus status) {
      int now = LittleEndian.u16(index, 2);
      awake = now != seen;
      working = awake;
      seen = now;
    }

    void finishWork() {
      working = false;
      suppress(0);
      look();
    }

    @Override
    public void reset(ResetKind kind) {}
  }

  @Test
  void theLookAfterNotificationsAreAllowedAgainIsFresh() {
    SuppressingCard card = new SuppressingCard();
    FakeRootComplex root = new FakeRootComplex(card);
    root.memory().map(Host.RAM, Host.RAM_BYTES);
    root.enumerate();
    Host host = new Host(root, Host.RAM, Host.RAM_BYTES);
    host.guide = new Guided(root);
    Queue queue = host.new Queue(0, 16);
    host.reg(0x16, 2, 0);
    host.reg(0x18, 2, 16);
    host.reg(0x20, 8, queue.desc);
    host.reg(0x28, 8, queue.avail);
    host.reg(0x30, 8, queue.used);
    host.reg(0x1C, 2, 1);
    card.avail = queue.avail;
    card.used = queue.used;

    // Two entries, and a notification of each; the second finds the device at work.
    queue.offer(queue.chain(host.header(4, 0), host.status(0)));
    queue.offer(queue.chain(host.header(4, 0), host.status(0)));
    queue.ring();
    assertThat(card.working).isTrue();
    queue.ring();
    assertThat(card.seen).isEqualTo(2);
    assertThat(host.getShort(queue.used)).as("VIRTQ_USED_F_NO_NOTIFY").isEqualTo(1);

    // The driver sees that, adds a third one and says nothing.
    queue.offer(queue.chain(host.header(4, 0), host.status(0)));
    card.finishWork();
    root.run();
    assertThat(card.seen).as("entries that the device knows of").isEqualTo(3);
    card.finishWork();
    root.run();
    assertThat(card.awake).isFalse();
    assertThat(host.getShort(queue.used)).isZero();
  }
}
