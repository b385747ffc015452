package farslot.cards.nic82599;

import static farslot.cards.nic82599.spec.PciId.MSIX_VECTORS;
import static farslot.cards.nic82599.spec.VfRegister.*;

import farslot.function.Agent;
import farslot.function.FunctionPort;
import farslot.function.Turn;
import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;

/**
 * From causes to interrupts (7.3): VTEICR collects, VTEIMS masks, VTEIAC and VTEIAM clear and mask
 * when the message goes out, VTEITR says how soon the next may follow. Causes of one turn are one
 * message, sent at its end behind everything that it announces.
 */
final class Causes {
  /** The longest interval that VTEITR can say. */
  private static final long WAIT_NS_MAX =
      (long) (EITR_INTERVAL_MASK >>> EITR_INTERVAL_SHIFT) * EITR_UNIT_NS;

  private static final int ALL = (1 << MSIX_VECTORS) - 1;

  private final FunctionPort port;
  private final Turn turn;
  private final Agent.Timer[] timers = new Agent.Timer[MSIX_VECTORS];
  private final long[] nextNs = new long[MSIX_VECTORS];
  private final int[] eitr = new int[MSIX_VECTORS];
  private final int[] ivar = new int[NicLimits.QUEUES / 2];
  private int ivarMisc;
  private int eicr;
  private int eims;
  private int eiac;
  private int eiam;

  /** Causes that no message has announced. */
  private int due;

  Causes(FunctionPort port, Turn turn) {
    this.port = port;
    this.turn = turn;
    for (int v = 0; v < MSIX_VECTORS; v++) {
      timers[v] = port.timer(turn::later);
    }
  }

  void reset() {
    for (int v = 0; v < MSIX_VECTORS; v++) {
      timers[v].cancel();
      eitr[v] = 0;
      nextNs[v] = port.nowNs();
    }
    java.util.Arrays.fill(ivar, 0);
    ivarMisc = 0;
    eicr = 0;
    eims = 0;
    eiac = 0;
    eiam = 0;
    due = 0;
  }

  /** Waiting times go as what is left of them. */
  void save(StateWriter state) {
    state.part("nic82599.interrupts", 1);
    long nowNs = port.nowNs();
    for (int v = 0; v < MSIX_VECTORS; v++) {
      state.i32(eitr[v]).i64(Math.max(0, nextNs[v] - nowNs));
    }
    for (int pair : ivar) {
      state.i32(pair);
    }
    state.u8(ivarMisc).u8(eicr).u8(eims).u8(eiac).u8(eiam).u8(due);
  }

  void restore(StateReader state) throws StateException {
    state.part("nic82599.interrupts", 1);
    long nowNs = port.nowNs();
    for (int v = 0; v < MSIX_VECTORS; v++) {
      eitr[v] = state.i32("an interval", 0, EITR_INTERVAL_MASK);
      nextNs[v] = nowNs + state.i64("what is left of it", 0, WAIT_NS_MAX);
    }
    for (int i = 0; i < ivar.length; i++) {
      ivar[i] = state.i32();
    }
    ivarMisc = state.u8();
    eicr = bits(state);
    eims = bits(state);
    eiac = bits(state);
    eiam = bits(state);
    due = bits(state);
  }

  private static int bits(StateReader state) throws StateException {
    int bits = state.u8();
    state.require((bits & ~ALL) == 0, "there are no such causes as " + bits);
    return bits;
  }

  // What happens

  void received(int queue) {
    raise(ivar[queue / 2] >>> 16 * (queue & 1));
  }

  void transmitted(int queue) {
    raise(ivar[queue / 2] >>> 16 * (queue & 1) + 8);
  }

  void mailbox() {
    raise(ivarMisc);
  }

  private void raise(int allocation) {
    if ((allocation & IVAR_VALID) != 0) {
      set(1 << (allocation & IVAR_VECTOR_MASK));
    }
  }

  private void set(int bits) {
    eicr |= bits & ALL;
    due |= bits & ALL;
    turn.later();
  }

  // Registers

  int read(int offset) {
    return switch (offset) {
      case VTEICR -> takeCauses();
      case VTEIMS -> eims;
      case VTEIAC -> eiac;
      case VTEIAM -> eiam;
      case VTIVAR_MISC -> ivarMisc;
      default -> {
        int vector = offset - VTEITR >> 2;
        int pair = offset - VTIVAR >> 2;
        if (vector >= 0 && vector < MSIX_VECTORS) {
          yield eitr[vector];
        }
        yield pair >= 0 && pair < ivar.length ? ivar[pair] : 0;
      }
    };
  }

  /** Cleared by being read. */
  private int takeCauses() {
    int was = eicr;
    eicr = 0;
    due = 0;
    return was;
  }

  void write(int offset, int value) {
    switch (offset) {
      case VTEICR -> eicr &= ~value;
      case VTEICS -> set(value);
      case VTEIMS -> unmask(value);
      case VTEIMC -> eims &= ~value;
      case VTEIAC -> eiac = value & ALL;
      case VTEIAM -> eiam = value & ALL;
      case VTIVAR_MISC -> ivarMisc = value & (IVAR_VALID | IVAR_VECTOR_MASK);
      default -> {
        int vector = offset - VTEITR >> 2;
        int pair = offset - VTIVAR >> 2;
        if (vector >= 0 && vector < MSIX_VECTORS) {
          throttle(vector, value);
        } else if (pair >= 0 && pair < ivar.length) {
          ivar[pair] = value & (IVAR_VALID | IVAR_VECTOR_MASK) * 0x0101_0101;
        }
      }
    }
  }

  private void unmask(int bits) {
    eims |= bits & ALL;
    due |= eicr & bits;
    if ((due & eims) != 0) {
      turn.later();
    }
  }

  private void throttle(int vector, int value) {
    eitr[vector] = value & EITR_INTERVAL_MASK;
    if ((value & EITR_CNT_WDIS) == 0) {
      int counter = (value & EITR_COUNTER_MASK) >>> EITR_COUNTER_SHIFT;
      nextNs[vector] = port.nowNs() + (long) counter * EITR_UNIT_NS;
    }
  }

  /** The end of a turn: sends what is due and may be sent. */
  void flush() {
    int now = due & eicr & eims;
    for (int v = 0; now != 0; v++, now >>>= 1) {
      if ((now & 1) != 0) {
        announce(v);
      }
    }
  }

  private void announce(int vector) {
    long nowNs = port.nowNs();
    long waitNs = nextNs[vector] - nowNs;
    if (waitNs > 0) {
      timers[vector].arm(waitNs);
      return;
    }
    int bit = 1 << vector;
    due &= ~bit;
    eicr &= ~(bit & eiac);
    eims &= ~(bit & eiam);
    nextNs[vector] = nowNs + (long) (eitr[vector] >>> EITR_INTERVAL_SHIFT) * EITR_UNIT_NS;
    port.interrupts().signal(vector);
  }
}
