package farslot.cards.nic82599;

import farslot.cards.nic82599.guide.VfGuideProvider;
import farslot.function.DmaGuide;
import farslot.function.GuidePort;
import farslot.pcie.LittleEndian;
import farslot.testkit.FakeRootComplex;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** A root port with a guide, as far as a guide can see it, on a fake root complex. */
final class Guided implements GuidePort {
  /** What the guide has done, if anybody wants to know. */
  final List<String> log = new ArrayList<>();

  final DmaGuide guide;
  int pushed;
  int revoked;
  private final FakeRootComplex root;
  private final SplittableRandom random;
  private final int refusedPercent;
  private final boolean forgets;
  private final Set<Long> pages = new HashSet<>();
  private final MemorySegment written = MemorySegment.ofArray(new byte[8]);

  Guided(FakeRootComplex root) {
    this(root, 1, 0, false);
  }

  /**
   * @param refusedPercent of pushes that find no credits
   * @param forgets a mistake: nothing is ever revoked
   */
  Guided(FakeRootComplex root, long seed, int refusedPercent, boolean forgets) {
    this.root = root;
    this.refusedPercent = refusedPercent;
    this.forgets = forgets;
    random = new SplittableRandom(seed);
    guide = new VfGuideProvider().guide(this);
    guide.reset();
  }

  void onWrite(int offset, int value) {
    LittleEndian.i32(written, 0, value);
    guide.onWrite(0, offset, written, 0, 4);
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
    boolean refused = random.nextInt(100) < refusedPercent;
    if (refused || !root.memory().isMapped(address, bytes) || !root.push(address, bytes, steady)) {
      name(address, bytes);
      return;
    }
    pushed++;
    for (long page = address >>> 12; page <= address + bytes - 1 >>> 12; page++) {
      pages.add(page);
    }
  }

  @Override
  public void watch(boolean on) {}

  @Override
  public void leave(long address, int bytes) {
    log.add("leave %x %d".formatted(address, bytes));
    name(address, bytes);
  }

  private void name(long address, int bytes) {
    for (long page = address >>> 12; page <= address + bytes - 1 >>> 12; page++) {
      if (pages.contains(page)) {
        revoke();
        return;
      }
    }
  }

  private void revoke() {
    if (!forgets && !pages.isEmpty()) {
      revoked++;
      pages.clear();
      root.revoke();
    }
  }

  @Override
  public void leaveAll() {
    log.add("leave all");
    revoke();
  }
}
