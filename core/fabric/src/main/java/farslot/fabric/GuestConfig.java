package farslot.fabric;

import static farslot.fabric.PciRegisters.*;

import java.lang.foreign.ValueLayout;

/**
 * What a guest's accesses to configuration space do beside reading and writing registers: bus
 * mastering begins and ends, the card is reset, the card sleeps. And what the guest reads there
 * instead of what the card says.
 */
final class GuestConfig implements AccessTable.Owner {
  /** What this needs of the port. */
  interface Port {
    /** While closed, the guest's accesses wait. */
    void gate(boolean closed);

    /** The card resets itself: the guest's picture of it follows, and then all is put back. */
    void onGuestReset();

    /** The card has taken a change of its power state that was no reset. */
    void onPowerWritten();

    /** One of the port's own accesses is over. */
    void onOwnFinishing(Access access);

    boolean attached();
  }

  private final GuestView view;
  private final DmaTarget target;
  private final LostCard lost;
  private final Port port;
  private boolean inD3;

  GuestConfig(GuestView view, DmaTarget target, LostCard lost, Port port) {
    this.view = view;
    this.target = target;
    this.lost = lost;
    this.port = port;
  }

  /** The card has been reset, or is gone: it is awake when it is next seen. */
  void reset() {
    inD3 = false;
  }

  @Override
  public void onConfigSent(Access access) {
    if (writesCommand(access) && commandByte(access) != 0) {
      target.busMaster(true); // The card may begin as soon as it has the write.
    }
    if (access.effect != Access.Effect.NONE) {
      port.gate(true);
    }
    if (access.effect == Access.Effect.FLR) {
      target.deafen(true);
    }
  }

  @Override
  public void onFinishing(Access access) {
    if (!access.guest || view.config() == null) {
      port.onOwnFinishing(access);
      return;
    }
    if (access.failed && access.kind == Access.Kind.WRITE_CONFIG) {
      lost.doubt(); // The driver may have let go, and the card has not heard of it.
    }
    VirtualConfig config = view.config();
    if (access.kind == Access.Kind.READ_CONFIG && access.failed && view.settingUp()) {
      config.describe(view.facts(), (int) access.offset, access.bytes, access.data());
      access.failed = false;
    } else if (!access.failed && access.kind == Access.Kind.READ_CONFIG) {
      config.overlay((int) access.offset, access.bytes, access.data(), 0);
    } else if (access.kind == Access.Kind.READ_MEMORY
        && view.shadow().touches(access.region, access.offset, access.bytes)) {
      view.shadow().overlay(access.offset, access.data(), 0, access.bytes);
    } else if (access.kind == Access.Kind.WRITE_CONFIG && port.attached()) {
      onWritten(access);
    }
  }

  private void onWritten(Access access) {
    if (writesCommand(access) && (access.issued > 0 || commandByte(access) == 0)) {
      target.busMaster(commandByte(access) != 0);
    }
    if (access.effect == Access.Effect.FLR || wakesUp(access)) {
      port.onGuestReset();
    } else if (access.effect == Access.Effect.POWER) {
      port.onPowerWritten();
    }
  }

  private static boolean writesCommand(Access access) {
    return access.kind == Access.Kind.WRITE_CONFIG
        && access.offset <= COMMAND
        && access.offset + access.bytes > COMMAND;
  }

  private static int commandByte(Access access) {
    long at = COMMAND - access.offset;
    return access.data().get(ValueLayout.JAVA_BYTE, at) & COMMAND_BUS_MASTER;
  }

  /** D3hot to D0 resets a function that does not say No_Soft_Reset (5.3.1.4). */
  private boolean wakesUp(Access access) {
    if (access.effect != Access.Effect.POWER) {
      return false;
    }
    int control = view.facts().pm() + PM_CONTROL;
    int state = access.data().get(ValueLayout.JAVA_BYTE, control - access.offset) & PM_STATE_MASK;
    boolean was = inD3;
    inD3 = state == PM_STATE_D3;
    return was && state == 0 && (view.facts().wordAt(control) & PM_NO_SOFT_RESET) == 0;
  }
}
