package farslot.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import farslot.function.PciFunction;
import farslot.function.state.StateException;

/** A function's move to another slot while its server holds its breath. */
public final class SlotMove {
  private static final long SECOND_NS = 1_000_000_000L;

  private SlotMove() {}

  /** Brings the function to rest and takes its state. It stays paused. */
  public static byte[] save(FakeRootComplex root) {
    root.endpoint().pause();
    root.advance(SECOND_NS);
    root.await("the function is quiet", root.endpoint()::isQuiet);
    byte[] state = root.endpoint().save();
    assertArrayEquals(state, root.endpoint().save(), "saving changes the state");
    return state;
  }

  /** Puts a state into the function, which must take it, and have it then. It stays paused. */
  public static void restore(FakeRootComplex root, byte[] state) {
    try {
      root.endpoint().restore(state);
    } catch (StateException e) {
      throw new AssertionError(e);
    }
    assertArrayEquals(state, root.endpoint().save(), "what is restored is saved again");
  }

  /** Lets a fresh function, on the same agent, go on where this one is. */
  public static void move(FakeRootComplex root, PciFunction fresh) {
    byte[] state = save(root);
    root.replace(fresh);
    restore(root, state);
    root.endpoint().resume();
    root.run();
  }
}
