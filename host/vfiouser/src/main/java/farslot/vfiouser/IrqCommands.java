package farslot.vfiouser;

import farslot.fabric.LocalFunction;
import farslot.linux.ErrnoException;
import farslot.linux.EventFd;
import farslot.linux.EventLoop;
import farslot.vfiouser.wire.VfioUserMessage;
import farslot.vfiouser.wire.Wire;
import java.util.Arrays;

/** SET_IRQS in all its combinations, and the signals themselves. */
final class IrqCommands {
  private final LocalFunction function;
  private final IrqVectors[] kinds = new IrqVectors[LocalFunction.IRQ_COUNT];
  private final IntxLine intx;

  /** Null when MSI-X is the client's affair. */
  private final MsixRelay relay;

  /**
   * @param msix whether MSI-X exists for this client
   * @param relay who signals MSI-X vectors to which the client has given no descriptor; may be null
   */
  IrqCommands(EventLoop loop, LocalFunction function, boolean msix, MsixRelay relay) {
    this.function = function;
    this.relay = relay;
    for (int kind = 0; kind < kinds.length; kind++) {
      kinds[kind] = new IrqVectors(vectors(function, kind, msix));
    }
    intx = new IntxLine(loop, function, kinds[LocalFunction.IRQ_INTX]);
  }

  /** Vectors of a kind. ERR and REQ come from here, not from the card: one each. */
  int count(int kind) {
    return kinds[kind].count();
  }

  /** GET_IRQ_INFO's flags. MSI-X vectors may be added one by one; the others come as a block. */
  static int flags(int kind) {
    return switch (kind) {
      case LocalFunction.IRQ_INTX -> Wire.IRQ_EVENTFD | Wire.IRQ_MASKABLE | Wire.IRQ_AUTOMASKED;
      case LocalFunction.IRQ_MSIX -> Wire.IRQ_EVENTFD;
      default -> Wire.IRQ_EVENTFD | Wire.IRQ_NORESIZE;
    };
  }

  /**
   * SET_IRQS, its bytes checked.
   *
   * @param fds what came with it; those that are kept become -1
   */
  Refusal set(VfioUserMessage request, int[] fds) {
    int kind = request.u32(Wire.SET_IRQS_INDEX_AT);
    int start = request.u32(Wire.SET_IRQS_START_AT);
    int count = request.u32(Wire.SET_IRQS_COUNT_AT);
    if (kind < 0 || kind >= kinds.length) {
      return Refusal.INDEX;
    }
    boolean inside = start >= 0 && count >= 0 && start <= kinds[kind].count() - count;
    if (!inside) {
      return Refusal.RANGE;
    }
    int flags = request.u32(Wire.ARG_FLAGS_AT);
    return (flags & Wire.ACTION_TRIGGER) != 0
        ? trigger(request, kind, start, count, flags & Wire.DATA_MASK, fds)
        : mask(request, kind, count, (flags & Wire.ACTION_MASK) != 0, fds);
  }

  /** A card's interrupt, or presence's; false when nobody listens. */
  boolean signal(int kind, int vector) {
    if (kind == LocalFunction.IRQ_INTX) {
      return intx.onAsserted();
    }
    boolean heard = kinds[kind].signal(vector);
    return heard || relay != null && kind == LocalFunction.IRQ_MSIX && relay.signal(vector);
  }

  /** The session has ended. */
  void close() {
    intx.close();
    for (int kind = 0; kind < kinds.length; kind++) {
      disable(kind);
    }
  }

  private Refusal trigger(
      VfioUserMessage request, int kind, int start, int count, int data, int[] fds) {
    switch (data) {
      case Wire.DATA_EVENTFD -> {
        return fds.length == 0 ? disarm(kind, start, count) : arm(kind, start, fds);
      }
      case Wire.DATA_NONE -> {
        if (count == 0) {
          disable(kind);
          return Refusal.NONE;
        }
        for (int i = 0; i < count; i++) {
          kinds[kind].signal(start + i);
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          if (request.u8(Wire.SET_IRQS_BYTES + i) != 0) {
            kinds[kind].signal(start + i);
          }
        }
      }
    }
    return Refusal.NONE;
  }

  private Refusal arm(int kind, int start, int[] fds) {
    for (int fd : fds) {
      if (!EventFd.isEventFd(fd)) {
        return Refusal.DESCRIPTORS;
      }
    }
    try {
      for (int i = 0; i < fds.length; i++) {
        kinds[kind].arm(start + i, fds[i]);
        fds[i] = -1;
      }
    } catch (ErrnoException e) {
      return Refusal.DESCRIPTORS;
    }
    tell(kind, start, fds.length, true);
    if (kind == LocalFunction.IRQ_INTX) {
      intx.armed();
    }
    return Refusal.NONE;
  }

  private Refusal disarm(int kind, int start, int count) {
    for (int i = 0; i < count; i++) {
      kinds[kind].disarm(start + i);
    }
    tell(kind, start, count, false);
    return Refusal.NONE;
  }

  private void disable(int kind) {
    if (kind == LocalFunction.IRQ_INTX) {
      intx.close();
    }
    boolean any = false;
    for (int i = 0; i < kinds[kind].count(); i++) {
      any |= kinds[kind].isArmed(i);
    }
    kinds[kind].disarmAll();
    if (any) {
      tell(kind, 0, kinds[kind].count(), false);
    }
  }

  private Refusal mask(VfioUserMessage request, int kind, int count, boolean masks, int[] fds) {
    if (kind != LocalFunction.IRQ_INTX) {
      return Refusal.NOT_SUPPORTED;
    }
    switch (request.u32(Wire.ARG_FLAGS_AT) & Wire.DATA_MASK) {
      case Wire.DATA_EVENTFD -> {
        return maskEvent(masks, fds);
      }
      case Wire.DATA_NONE -> {
        if (count > 0) {
          intx.mask(masks);
        }
      }
      default -> {
        if (count > 0 && request.u8(Wire.SET_IRQS_BYTES) != 0) {
          intx.mask(masks);
        }
      }
    }
    return Refusal.NONE;
  }

  private Refusal maskEvent(boolean masks, int[] fds) {
    if (fds.length == 0) {
      intx.forget(masks);
      return Refusal.NONE;
    }
    if (!EventFd.isEventFd(fds[0])) {
      return Refusal.DESCRIPTORS;
    }
    intx.event(masks, fds[0]);
    fds[0] = -1;
    return Refusal.NONE;
  }

  /** The card's own vectors are programmed to match; ERR and REQ are none of its. */
  private void tell(int kind, int first, int count, boolean armed) {
    if (kind <= LocalFunction.IRQ_MSIX && count > 0) {
      boolean[] states = new boolean[count];
      Arrays.fill(states, armed);
      function.arm(kind, first, states);
    }
  }

  private static int vectors(LocalFunction function, int kind, boolean msix) {
    if (kind > LocalFunction.IRQ_MSIX) {
      return 1;
    }
    return kind == LocalFunction.IRQ_MSIX && !msix ? 0 : function.vectors(kind);
  }
}
