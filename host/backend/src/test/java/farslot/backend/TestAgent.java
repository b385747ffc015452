package farslot.backend;

import farslot.function.Dma;
import farslot.function.FunctionPort;
import farslot.function.Interrupts;
import java.util.function.BooleanSupplier;

/** An agent, and how a test gets onto it. */
interface TestAgent extends FunctionPort {
  /** Does something on the agent's thread, and waits for it. */
  void call(Runnable task) throws InterruptedException;

  /** Waits until something is so. */
  void until(BooleanSupplier ended) throws InterruptedException;

  @Override
  default long nowNs() {
    return System.nanoTime();
  }

  @Override
  default Timer timer(Runnable task) {
    throw new UnsupportedOperationException();
  }

  @Override
  default Dma dma() {
    throw new UnsupportedOperationException();
  }

  @Override
  default Interrupts interrupts() {
    throw new UnsupportedOperationException();
  }
}
