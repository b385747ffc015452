package farslot.cards.nvme;

import farslot.function.Agent;
import farslot.function.FunctionPort;
import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;
import java.util.Arrays;

/**
 * From posted completions to interrupts: coalescing (Base 5.27.1.6), the mask registers INTMS and
 * INTMC, and the level of INTx where neither MSI nor MSI-X is on.
 */
final class InterruptVectors {
  private static final long TIME_UNIT_NS = 100_000;

  /** INTMS and INTMC have a bit for each of the first vectors only. */
  private static final int MASKABLE = 32;

  private final FunctionPort port;
  private final int count;
  private final Batch batch;

  /** For each vector: queues that hold entries which the server has not consumed. */
  private final int[] fullQueues;

  /** Completions that an interrupt has yet to announce. */
  private final int[] unsignalled;

  /** To be signalled at the end of the turn. */
  private final boolean[] due;

  private boolean anyDue;
  private final boolean[] immediate;
  private final Agent.Timer[] timers;
  private int mask;
  private boolean asserted;
  private int timeUnits;
  private int threshold;

  InterruptVectors(FunctionPort port, int count, Batch batch) {
    this.port = port;
    this.count = count;
    this.batch = batch;
    due = new boolean[count];
    fullQueues = new int[count];
    unsignalled = new int[count];
    immediate = new boolean[count];
    timers = new Agent.Timer[count];
  }

  int count() {
    return count;
  }

  int mask() {
    return mask;
  }

  /** INTMS: ones mask. */
  void maskSet(int bits) {
    mask |= bits;
    updateLevel();
  }

  /** INTMC: ones unmask, and what was posted meanwhile is signalled. */
  void maskClear(int bits) {
    int cleared = mask & bits;
    mask &= ~bits;
    for (int v = 0; v < Math.min(count, MASKABLE); v++) {
      if ((cleared & 1 << v) != 0 && fullQueues[v] > 0) {
        signal(v);
      }
    }
    updateLevel();
  }

  /**
   * The Interrupt Coalescing feature.
   *
   * @param timeUnits of 100 us
   * @param threshold 0's based; coalescing is off when either is 0
   */
  void coalesce(int timeUnits, int threshold) {
    this.timeUnits = timeUnits;
    this.threshold = threshold;
    for (int v = 0; v < count; v++) {
      if (unsignalled[v] > 0) {
        fire(v);
      }
    }
  }

  /** Coalescing Disable of a vector. */
  void immediate(int vector, boolean disable) {
    immediate[vector] = disable;
    if (disable && unsignalled[vector] > 0) {
      fire(vector);
    }
  }

  boolean immediate(int vector) {
    return immediate[vector];
  }

  /**
   * An entry was posted.
   *
   * @param first the queue was empty
   */
  void posted(CompletionQueue cq, boolean first) {
    if (!cq.interrupts()) {
      return;
    }
    int v = cq.vector();
    if (first) {
      fullQueues[v]++;
    }
    // "This feature applies only to the I/O queues" (Base 5.27.1.6).
    if (cq.id == 0 || timeUnits == 0 || threshold == 0 || immediate[v]) {
      due(v);
    } else if (++unsignalled[v] > threshold) {
      fire(v);
    } else if (unsignalled[v] == 1) {
      timer(v).arm(timeUnits * TIME_UNIT_NS);
    }
  }

  /** The server has consumed all of the queue: what was to be signalled for it need not be. */
  void emptied(CompletionQueue cq) {
    if (!cq.interrupts()) {
      return;
    }
    int v = cq.vector();
    if (--fullQueues[v] == 0 && unsignalled[v] > 0) {
      unsignalled[v] = 0;
      timer(v).cancel();
    }
    updateLevel();
  }

  /** The queue is deleted. */
  void closed(CompletionQueue cq) {
    if (!cq.isEmpty()) {
      emptied(cq);
    }
  }

  /** The queue is one that a state has brought. */
  void restored(CompletionQueue cq) {
    if (cq.interrupts() && !cq.isEmpty()) {
      fullQueues[cq.vector()]++;
    }
  }

  /** Nothing is due any more; what coalescing holds back is. */
  void save(StateWriter state) {
    state.i32(mask).flag(asserted).u16(count);
    for (int v = 0; v < count; v++) {
      state.flag(immediate[v]).u16(unsignalled[v]);
    }
  }

  /** After the queues and the features. */
  void restore(StateReader state) throws StateException {
    mask = state.i32();
    asserted = state.flag();
    state.u16("vectors", count, count);
    for (int v = 0; v < count; v++) {
      immediate[v] = state.flag();
      unsignalled[v] = state.u16("what a vector holds back", 0, fullQueues[v] == 0 ? 0 : threshold);
    }
  }

  /** What coalescing has held back when the card was brought to rest is signalled now. */
  void resume() {
    for (int v = 0; v < count; v++) {
      if (unsignalled[v] > 0) {
        fire(v);
      }
    }
  }

  void reset() {
    Arrays.fill(fullQueues, 0);
    Arrays.fill(unsignalled, 0);
    Arrays.fill(immediate, false);
    Arrays.fill(due, false);
    anyDue = false;
    for (Agent.Timer timer : timers) {
      if (timer != null) {
        timer.cancel();
      }
    }
    mask = 0;
    timeUnits = 0;
    threshold = 0;
    updateLevel();
  }

  private Agent.Timer timer(int vector) {
    if (timers[vector] == null) {
      timers[vector] = port.timer(() -> expired(vector));
    }
    return timers[vector];
  }

  private void expired(int vector) {
    if (unsignalled[vector] > 0 && !batch.paused()) {
      fire(vector);
    }
  }

  private void fire(int vector) {
    unsignalled[vector] = 0;
    timer(vector).cancel();
    due(vector);
  }

  private void due(int vector) {
    due[vector] = true;
    anyDue = true;
    batch.later();
  }

  /**
   * The end of the turn, and the entries are written: signals what is due. A vector whose entries
   * the server has consumed meanwhile has nothing to say.
   */
  void signalDue() {
    updateLevel();
    if (!anyDue) {
      return;
    }
    anyDue = false;
    for (int v = 0; v < count; v++) {
      if (due[v]) {
        due[v] = false;
        if (fullQueues[v] > 0) {
          signal(v);
        }
      }
    }
  }

  private void signal(int vector) {
    if (!masked(vector) && port.interrupts().messageSignalled()) {
      port.interrupts().signal(vector);
    }
  }

  private boolean masked(int vector) {
    return vector < MASKABLE && (mask & 1 << vector) != 0;
  }

  private void updateLevel() {
    if (!asserted && port.interrupts().messageSignalled()) {
      return; // the usual case: no level is wanted or there
    }
    boolean wanted = false;
    if (!port.interrupts().messageSignalled()) {
      for (int v = 0; v < count && !wanted; v++) {
        wanted = fullQueues[v] > 0 && !masked(v);
      }
    }
    if (wanted != asserted) {
      asserted = wanted;
      port.interrupts().level(wanted);
    }
  }
}
