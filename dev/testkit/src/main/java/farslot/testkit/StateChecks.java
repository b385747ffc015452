package farslot.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import farslot.chance.Fuzz;
import farslot.function.Card;
import farslot.function.state.StateException;
import farslot.pcie.config.CapabilityId;
import farslot.pcie.config.ConfigHeader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/** That a function's state, saved and restored into a fresh one, is all that there is of it. */
final class StateChecks {
  private static final long SECOND_NS = 1_000_000_000L;

  /** Noise puts functions to sleep, and resets them. */
  private static final int STEPS_BETWEEN_SET_UPS = 100;

  private static final int NOISE_BEFORE_MAX = 300;

  private static final int CRC_BYTES = 4;
  private static final int HEADER_BYTES = 16;

  private final CardConformance card;
  private Card from;

  StateChecks(CardConformance card) {
    this.card = card;
  }

  /** A function that can be saved, with a server; otherwise the test is skipped. */
  private FakeRootComplex enumerated() {
    from = card.card();
    FakeRootComplex root = card.enumerated(from);
    assumeTrue(root.endpoint().isSavable(), "the card's state cannot be saved");
    return root;
  }

  private void move(FakeRootComplex root) {
    Card to = card.sibling(from);
    SlotMove.move(root, new TestSlot(to, root.agent()).function(card.function(to)));
    from = to;
  }

  /** Nothing is lost and nothing done twice, whenever the card is moved. */
  void atEveryTurn() {
    FakeRootComplex root = enumerated();
    WorkChecks.startHeld(card, root);
    int turns = WorkChecks.turns(root);
    for (int cut = 0; cut <= turns; cut += WorkChecks.stride(turns)) {
      FakeRootComplex each = enumerated();
      WorkChecks.startHeld(card, each);
      for (int turn = 0; turn < cut; turn++) {
        each.turn();
      }
      move(each);
      each.advance(SECOND_NS);
      card.checkStarted(each);
      card.checkIo(each);
    }
    card.checkStillWell(root);
  }

  /** The one that was saved and the one that was restored answer alike, whatever is asked. */
  void same(int usualSteps) {
    enumerated(); // or the test is skipped
    Fuzz.run(usualSteps, this::same);
  }

  private void same(SplittableRandom random, int steps) {
    FakeRootComplex one = enumerated();
    card.startIo(one);
    one.run();
    Noise.registers(one, random, random.nextInt(NOISE_BEFORE_MAX));
    byte[] state = SlotMove.save(one);
    FakeRootComplex other = CardConformance.enumerated(sibling());
    other.memory().putBytes(CardConformance.IO_MEMORY, memory(one));
    SlotMove.restore(other, state);
    compareConfiguration(one, other);
    one.endpoint().resume();
    other.endpoint().resume();
    one.interrupts().clear();
    other.interrupts().clear();
    compare(one, other, random, steps);
    compareConfiguration(one, other);
    assertArrayEquals(memory(one), memory(other), "what the two have written");
    card.checkStillWell(one);
    card.checkStillWell(other);
  }

  private FakeRootComplex sibling() {
    return card.rootOf(card.sibling(from));
  }

  private static byte[] memory(FakeRootComplex root) {
    return root.memory().getBytes(CardConformance.IO_MEMORY, CardConformance.IO_BYTES);
  }

  private static void compareConfiguration(FakeRootComplex one, FakeRootComplex other) {
    for (int at = 0; at < ConfigHeader.CONFIG_SPACE_BYTES; at += 4) {
      String where = String.format("configuration space at %03x", at);
      if (Noise.isHeaderLog(one, at)) {
        continue;
      }
      assertEquals(one.configRead(at, 4), other.configRead(at, 4), where);
    }
  }

  private static void compare(
      FakeRootComplex one, FakeRootComplex other, SplittableRandom random, int steps) {
    for (int i = 0; i < steps; i++) {
      if (i % STEPS_BETWEEN_SET_UPS == 0) {
        one.setUp();
        other.setUp();
      }
      long seed = random.nextLong();
      long a = Noise.answered(one, new SplittableRandom(seed));
      long b = Noise.answered(other, new SplittableRandom(seed));
      assertEquals(a, b, () -> "answers to " + Noise.asked(one, new SplittableRandom(seed)));
      assertEquals(one.interrupts().vectors(), other.interrupts().vectors(), "interrupts");
      assertEquals(one.interrupts().errors(), other.interrupts().errors(), "errors");
      assertEquals(one.interrupts().intxAsserted(), other.interrupts().intxAsserted(), "INTx");
      one.interrupts().clear();
      other.interrupts().clear();
    }
  }

  /** What a mask holds back is delivered where the mask is taken away; a level stays one. */
  void interrupts() {
    FakeRootComplex root = enumerated();
    if (root.found().capabilities().containsKey(CapabilityId.MSIX)) {
      root.enableMsix();
      root.maskMsix(0, true);
      assumeTrue(card.interrupt(root, 0), "the card does not signal at will");
      root.run();
      move(root);
      assertTrue(root.msixPending(0), "a pending bit is lost");
      assertEquals(0, root.interrupts().count(0), "a masked vector");
      root.maskMsix(0, false);
      assertEquals(1, root.interrupts().count(0), "an interrupt that was held back");
      root.advance(SECOND_NS);
      assertEquals(1, root.interrupts().count(0), "an interrupt that was held back");
    }
    FakeRootComplex level = enumerated();
    if (level.configRead(ConfigHeader.INTERRUPT_PIN, 1) != 0 && card.interrupt(level, 0)) {
      level.run();
      move(level);
      assertTrue(level.interrupts().intxAsserted(), "a level is lost");
      card.acknowledge(level);
      level.run();
      assertFalse(level.interrupts().intxAsserted(), "a level that stays");
    }
  }

  void refused() {
    FakeRootComplex root = enumerated();
    byte[] state = SlotMove.save(root);
    for (int length = 0; length < state.length; length += 1 + length / 8) {
      assertRefused(root, Arrays.copyOf(state, length));
    }
    byte[] longer = Arrays.copyOf(state, state.length + 8);
    assertRefused(root, longer);
    byte[] device = state.clone();
    device[indexOf(device, "function") + "function".length()] ^= 1;
    String words = assertRefused(root, sealed(device));
    assertTrue(words.contains("that of a function"), words);
    byte[] unknown = state.clone();
    unknown[indexOf(unknown, "interrupts")] = 'x';
    assertRefused(root, sealed(unknown));
    root.endpoint().resume();
    card.checkStillWell(root);
  }

  private static String assertRefused(FakeRootComplex root, byte[] state) {
    StateException e = assertThrows(StateException.class, () -> root.endpoint().restore(state));
    assertFalse(e.getMessage().isBlank());
    return e.getMessage();
  }

  private static int indexOf(byte[] bytes, String text) {
    byte[] wanted = text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    for (int at = 0; at < bytes.length - wanted.length; at++) {
      if (Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
        return at;
      }
    }
    throw new AssertionError("no '" + text + "' in the state");
  }

  /** Whatever stands in a state: it is refused, or the function is one that a server can have. */
  void damaged(int usualRounds) {
    FakeRootComplex root = enumerated();
    card.startIo(root);
    root.run();
    byte[] state = SlotMove.save(root);
    Fuzz.run(usualRounds, (random, rounds) -> damaged(root, state, random, rounds));
    card.checkStillWell(root);
  }

  private void damaged(FakeRootComplex root, byte[] state, SplittableRandom random, int rounds) {
    for (int i = 0; i < rounds; i++) {
      byte[] damaged = mutated(state, random);
      try {
        root.endpoint().restore(damaged);
        root.endpoint().resume();
        root.run();
        Noise.registers(root, random, 5);
      } catch (StateException e) {
        assertFalse(e.getMessage().isBlank());
      }
      root.advance(random.nextLong(SECOND_NS));
      root.hotReset();
      root.setUp();
      if (i % 50 == 0) {
        card.checkStillWell(root);
      }
    }
  }

  private static byte[] mutated(byte[] state, SplittableRandom random) {
    byte[] bytes = state.clone();
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int at = HEADER_BYTES + random.nextInt(bytes.length - HEADER_BYTES - CRC_BYTES);
      long value = Fuzz.edgy(random);
      for (int k = 0; k < 1 << random.nextInt(4) && at + k < bytes.length - CRC_BYTES; k++) {
        bytes[at + k] = (byte) (value >>> 8 * k);
      }
    }
    return sealed(bytes);
  }

  private static byte[] sealed(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length - CRC_BYTES);
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(bytes.length - CRC_BYTES, (int) crc.getValue());
    return bytes;
  }
}
