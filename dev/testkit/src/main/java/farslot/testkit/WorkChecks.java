package farslot.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import farslot.function.Card;
import farslot.pcie.FlowClass;
import farslot.pcie.config.CapabilityId;
import farslot.pcie.config.ConfigHeader;
import farslot.pcie.config.PowerManagement;
import farslot.testkit.FoundFunction.FoundBar;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What may happen in the middle of a card's work. */
final class WorkChecks {
  private static final long SECOND_NS = 1_000_000_000L;

  /** Work that takes more turns than this is cut at every so manieth of them. */
  private static final int CUTS_MAX = 100;

  private static final int TURNS_MAX = 1_000_000;

  private final CardConformance card;

  WorkChecks(CardConformance card) {
    this.card = card;
  }

  private FakeRootComplex busy() {
    FakeRootComplex root = card.enumerated();
    root.holdReads(true);
    card.startIo(root);
    root.run();
    return root;
  }

  void flr() {
    FakeRootComplex root = busy();
    root.flr();
    root.interrupts().clear();
    root.holdReads(false);
    root.releaseReads(true);
    root.advance(SECOND_NS);
    assertEquals(0, root.interrupts().vectors().size(), "interrupts after FLR");
    assertFalse(root.interrupts().intxAsserted(), "INTx after FLR");
    root.setUp();
    card.checkIo(root);
    card.checkStillWell(root);
  }

  void hotReset() {
    FakeRootComplex root = card.enumerated();
    card.startIo(root);
    root.hotReset();
    root.setUp();
    card.checkIo(root);
  }

  void surpriseRemoval() {
    FakeRootComplex root = busy();
    root.surpriseRemove();
    root.advance(SECOND_NS);
    root.holdReads(false);
    root.connect();
    root.setUp();
    card.checkIo(root);
    card.checkStillWell(root);
  }

  void unmap() {
    FakeRootComplex root = busy();
    root.memory().unmapAll();
    root.holdReads(false);
    root.releaseReads(true);
    root.advance(SECOND_NS);
    card.checkStillWell(root);
  }

  void busMasteringOff() {
    FakeRootComplex root = busy();
    root.busMaster(false);
    root.holdReads(false);
    root.releaseReads(true);
    root.advance(SECOND_NS);
    card.checkStillWell(root);
  }

  /** How many turns the work of {@code startIo} takes from when it returns. */
  static int turns(FakeRootComplex root) {
    for (int turns = 0; turns < TURNS_MAX; turns++) {
      if (!root.turn()) {
        return turns;
      }
    }
    throw new AssertionError("this never comes to rest");
  }

  /** Between turns that are to be looked at, when there are so many. */
  static int stride(int turns) {
    return turns / CUTS_MAX + 1;
  }

  /** Something happens at this turn, or that, of work that is done while it happens. */
  void atEveryTurn(Consumer<FakeRootComplex> happens) {
    FakeRootComplex root = card.enumerated();
    startHeld(root);
    int turns = turns(root);
    for (int cut = 0; cut <= turns; cut += stride(turns)) {
      startHeld(root);
      for (int turn = 0; turn < cut; turn++) {
        root.turn();
      }
      happens.accept(root);
      root.advance(SECOND_NS);
      card.checkStillWell(root);
    }
  }

  /** Work that waits for its first read, which is answered with the next turn. */
  private void startHeld(FakeRootComplex root) {
    startHeld(card, root);
  }

  static void startHeld(CardConformance card, FakeRootComplex root) {
    root.holdReads(true);
    card.startIo(root);
    root.holdReads(false);
    root.answerReads();
  }

  void noCredits() {
    FakeRootComplex root = card.enumerated();
    card.startIo(root);
    for (int i = 0; i < 20; i++) {
      for (FlowClass flow : FlowClass.values()) {
        root.up().block(flow, true);
      }
      root.agent().runTasks();
      for (FlowClass flow : FlowClass.values()) {
        root.up().block(flow, false);
      }
      root.run();
    }
    card.checkStarted(root);
    card.checkStillWell(root);
  }

  void lostReads() {
    FakeRootComplex root = busy();
    root.loseReads();
    root.advance(60 * SECOND_NS);
    root.holdReads(false);
    card.checkStillWell(root);
  }

  void sleep() {
    FakeRootComplex root = card.enumerated();
    int control = root.found().capability(CapabilityId.POWER_MANAGEMENT) + PowerManagement.PMCSR;
    root.configChange(control, 2, 0, PowerManagement.POWER_STATE_D3_HOT);
    for (FoundBar bar : root.found().bars().values()) {
      assertEquals(-1L >>> 32, root.read(bar.index(), 0, 4), "BAR " + bar.index() + " in D3hot");
    }
    root.configChange(control, 2, PowerManagement.POWER_STATE_MASK, 0);
    card.checkIo(root);
  }

  /** A card's functions belong to different servers: what one does is nothing to another. */
  void flrOfOne() {
    Card whole = card.card();
    assumeTrue(whole.functions().size() > 1, "the card has one function");
    TestSlot slot = new TestSlot(whole);
    List<FakeRootComplex> roots = new ArrayList<>();
    for (String name : whole.functions()) {
      roots.add(CardConformance.enumerated(slot.root(name)));
    }
    for (FakeRootComplex each : roots) {
      each.holdReads(true);
      card.startIo(each);
      each.run();
    }
    FakeRootComplex victim = roots.getFirst();
    List<FakeRootComplex> others = roots.subList(1, roots.size());
    List<List<Integer>> before = others.stream().map(WorkChecks::configuration).toList();
    victim.flr();
    victim.holdReads(false);
    victim.releaseReads(true);
    for (int i = 0; i < others.size(); i++) {
      FakeRootComplex other = others.get(i);
      assertEquals(before.get(i), configuration(other), "configuration space after another's FLR");
      other.holdReads(false);
      other.releaseReads(false);
    }
    for (int i = 0; i < roots.size(); i++) {
      for (FakeRootComplex other : others) {
        other.run(); // one may wait for what another gets done
      }
    }
    others.forEach(card::checkStarted);
    victim.setUp();
    card.checkIo(victim);
    others.forEach(card::checkIo);
  }

  private static List<Integer> configuration(FakeRootComplex root) {
    List<Integer> dws = new ArrayList<>();
    for (int at = 0; at < ConfigHeader.CONFIG_SPACE_BYTES; at += 4) {
      dws.add(root.configRead(at, 4));
    }
    return dws;
  }
}
