package farslot.fabric;

import farslot.pcie.MessageCode;

/** What messages from a card mean to its port (2.2.8). */
final class PortMessages {
  private PortMessages() {}

  static void onMessage(int code, CardInterrupts interrupts, PortCounters counters) {
    switch (code) {
      // A function's pin is the pin of its slot: INTA to INTD all mean this function (2.2.8.1).
      case MessageCode.ASSERT_INTA,
          MessageCode.ASSERT_INTB,
          MessageCode.ASSERT_INTC,
          MessageCode.ASSERT_INTD ->
          interrupts.level(true);
      case MessageCode.DEASSERT_INTA,
          MessageCode.DEASSERT_INTB,
          MessageCode.DEASSERT_INTC,
          MessageCode.DEASSERT_INTD ->
          interrupts.level(false);
      case MessageCode.ERR_COR -> counters.add(PortEvent.ERROR_CORRECTABLE);
      case MessageCode.ERR_NONFATAL -> counters.add(PortEvent.ERROR_NONFATAL);
      case MessageCode.ERR_FATAL -> counters.add(PortEvent.ERROR_FATAL);
      default -> counters.add(PortEvent.MESSAGE_IGNORED);
    }
  }
}
