package farslot.testkit;

import farslot.function.FunctionSpec.BarKind;
import farslot.memory.Access;
import farslot.pcie.FlowClass;
import farslot.pcie.config.CapabilityId;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/** A server that does everything a server can do to a card, at random. */
final class Rudeness {
  private final CardConformance conformance;
  private final FakeRootComplex root;
  private final SplittableRandom random;

  /** One for all its life: a fresh one each time would be most of the work. */
  private final MemorySegment memory = MemorySegment.ofArray(new byte[CardConformance.IO_BYTES]);

  Rudeness(CardConformance conformance, FakeRootComplex root, SplittableRandom random) {
    this.conformance = conformance;
    this.root = root;
    this.random = random;
  }

  void run(int steps) {
    for (int i = 0; i < steps; i++) {
      step();
    }
  }

  private void step() {
    switch (random.nextInt(40)) {
      case 0 -> root.flr();
      case 1 -> root.hotReset();
      case 2 -> removeAndReturn();
      case 3, 4 -> root.busMaster(random.nextBoolean());
      case 5, 6 -> root.holdReads(random.nextBoolean());
      case 7, 8 -> root.releaseReads(random.nextBoolean());
      case 9 -> root.loseReads();
      case 10 -> remap();
      case 11 -> root.setUp();
      case 12 -> restart();
      case 13 -> starve();
      case 14 -> root.advance(random.nextLong(20_000_000_000L));
      case 15, 16 -> root.advance(random.nextLong(1_000_000L));
      case 17 -> seldom();
      default -> Noise.step(root, random);
    }
  }

  /** What takes long. */
  private void seldom() {
    switch (random.nextInt(20)) {
      case 0 -> interruptsOn();
      case 1 -> pause();
      default -> Noise.step(root, random);
    }
  }

  private void interruptsOn() {
    root.setUp();
    if (root.found().capabilities().containsKey(CapabilityId.MSIX)) {
      root.enableMsix();
      root.maskMsix(random.nextBoolean());
    }
  }

  /** Comes to rest and goes on, from what it has saved if it was quiet. */
  private void pause() {
    if (!root.endpoint().isSavable()) {
      return;
    }
    root.endpoint().pause();
    root.advance(random.nextLong(1_000_000_000L));
    Noise.step(root, random);
    if (root.endpoint().isQuiet()) {
      SlotMove.restore(root, root.endpoint().save());
    }
    root.endpoint().resume();
  }

  private void removeAndReturn() {
    root.surpriseRemove();
    root.advance(random.nextLong(20_000_000_000L));
    root.connect();
    root.setUp();
  }

  private void remap() {
    root.memory().unmapAll();
    if (random.nextInt(4) != 0) {
      root.memory().map(CardConformance.IO_MEMORY, memory, Access.READ_WRITE);
    }
  }

  private void restart() {
    root.holdReads(false);
    root.hotReset();
    root.memory().unmapAll();
    root.memory().map(CardConformance.IO_MEMORY, memory, Access.READ_WRITE);
    root.setUp();
    conformance.startIo(root);
  }

  private void starve() {
    FlowClass flow = FlowClass.values()[random.nextInt(3)];
    root.up().block(flow, true);
    for (int i = 0; i < 4; i++) {
      // Posted only: nobody waits for an answer that cannot come.
      root.found().bars().values().stream()
          .filter(bar -> bar.kind() != BarKind.IO)
          .findFirst()
          .ifPresent(bar -> root.memoryWrite(bar.address() + 4 * random.nextInt(4), new byte[4]));
    }
    root.up().block(flow, false);
    root.run();
  }
}
