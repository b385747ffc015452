package farslot.fabric;

import static farslot.fabric.PciRegisters.*;

/** What messages from a card mean to its port (2.2.8). */
final class PortMessages {
  private PortMessages() {}

  static void onMessage(int code, CardInterrupts interrupts, PortCounters counters) {
    switch (code) {
      // A function's pin is the pin of its slot: INTA to INTD all mean this function (2.2.8.1).
      case MSG_ASSERT_INTA, MSG_ASSERT_INTA + 1, MSG_ASSERT_INTA + 2, MSG_ASSERT_INTA + 3 ->
          interrupts.level(true);
      case MSG_DEASSERT_INTA, MSG_DEASSERT_INTA + 1, MSG_DEASSERT_INTA + 2, MSG_DEASSERT_INTA + 3 ->
          interrupts.level(false);
      case MSG_ERR_COR -> counters.add(PortEvent.ERROR_CORRECTABLE);
      case MSG_ERR_NONFATAL -> counters.add(PortEvent.ERROR_NONFATAL);
      case MSG_ERR_FATAL -> counters.add(PortEvent.ERROR_FATAL);
      default -> counters.add(PortEvent.MESSAGE_IGNORED);
    }
  }
}
