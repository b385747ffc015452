package farslot.function.endpoint;

/**
 * Uncorrectable errors that a function can meet: their bit in the AER registers and whether they
 * are fatal unless software says otherwise (PCI Express Base Specification 7.8.4.2 and 7.8.4.4).
 */
enum UncorrectableError {
  POISONED_TLP(12, false, "Poisoned TLP Received"),
  COMPLETION_TIMEOUT(14, false, "Completion Timeout"),
  COMPLETER_ABORT(15, false, "Completer Abort"),
  UNEXPECTED_COMPLETION(16, false, "Unexpected Completion"),
  RECEIVER_OVERFLOW(17, true, "Receiver Overflow"),
  MALFORMED_TLP(18, true, "Malformed TLP"),
  ECRC_ERROR(19, false, "ECRC Error"),
  UNSUPPORTED_REQUEST(20, false, "Unsupported Request Error"),
  INTERNAL_ERROR(22, true, "Uncorrectable Internal Error");

  final int bit;
  final boolean fatal;
  final String words;

  UncorrectableError(int bit, boolean fatal, String words) {
    this.bit = bit;
    this.fatal = fatal;
    this.words = words;
  }
}
