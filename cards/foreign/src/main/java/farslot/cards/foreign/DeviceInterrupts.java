package farslot.cards.foreign;

import farslot.function.ForeignDevice;
import farslot.function.Interrupts;

/**
 * The device's interrupts. INTx is a level, but comes as an event, after which the device keeps
 * silent (VFIO masks it) until it is unmasked; then it says again whether the level is still there.
 * Nobody tells this end when the server's interrupt handler has finished. But it cannot have been
 * served without an access: so after each access the level is taken back, and the device asked.
 */
final class DeviceInterrupts {
  private final ForeignDevice device;
  private final Interrupts interrupts;
  private final ForeignCounters counters;
  private boolean asserted;

  DeviceInterrupts(ForeignDevice device, Interrupts interrupts, ForeignCounters counters) {
    this.device = device;
    this.interrupts = interrupts;
    this.counters = counters;
  }

  void onInterrupt(int kind, int vector) {
    counters.add(ForeignEvent.INTERRUPTS);
    if (kind == ForeignDevice.IRQ_INTX) {
      asserted = true;
      interrupts.level(true);
    } else {
      interrupts.signal(vector);
    }
  }

  /** The server's access has been sent to the device. */
  void accessed() {
    if (asserted) {
      asserted = false;
      interrupts.level(false);
      device.unmaskIntx();
    }
  }

  /** A reset: the endpoint has taken the level back itself. */
  void forget() {
    asserted = false;
  }
}
