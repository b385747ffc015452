package farslot.cards.virtio;

import farslot.function.DmaGuide;
import farslot.function.GuidePort;
import farslot.pcie.LittleEndian;
import farslot.testkit.FakeRootComplex;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** A root port with a guide, as far as a guide can see it, on a fake root complex. */
final class Guided implements GuidePort {
  /** What the guide has done, if anybody wants to know. */
  final List<String> log = new ArrayList<>();

  private final FakeRootComplex root;
  private final DmaGuide guide;
  private final MemorySegment written = MemorySegment.ofArray(new byte[8]);

  Guided(FakeRootComplex root) {
    this.root = root;
    guide = new VirtqueueGuideProvider().guide(this);
    guide.reset();
  }

  void onWrite(int offset, int bytes, long value) {
    LittleEndian.i64(written, 0, value);
    guide.onWrite(0, offset, written, 0, bytes);
  }

  void reset() {
    guide.reset();
  }

  List<String> takeLog() {
    List<String> taken = List.copyOf(log);
    log.clear();
    return taken;
  }

  @Override
  public int configDw(int offset) {
    return root.configRead(offset, 4);
  }

  @Override
  public boolean read(long address, MemorySegment to, long offset, int bytes) {
    return root.memory().read(address, to, offset, bytes);
  }

  @Override
  public void push(long address, int bytes, boolean steady) {
    log.add("push %x %d%s".formatted(address, bytes, steady ? " steady" : ""));
    if (!root.memory().isMapped(address, bytes) || !root.push(address, bytes, steady)) {
      leave(address, bytes);
    }
  }

  @Override
  public void watch(boolean on) {}

  @Override
  public void leave(long address, int bytes) {
    log.add("leave %x %d".formatted(address, bytes));
    root.revoke();
  }

  @Override
  public void leaveAll() {
    log.add("leave all");
    root.revoke();
  }
}
