package farslot.function;

/** What an endpoint counts, from power-on of the appliance: never reset, only growing. */
public enum EndpointCounter {
  /** Requests received: memory and I/O reads that became register reads. */
  REGISTER_READS,
  /** Memory and I/O writes that became register writes. */
  REGISTER_WRITES,
  CONFIG_READS,
  CONFIG_WRITES,
  /** Requests answered with UR, or dropped as UR when posted. */
  UNSUPPORTED_REQUESTS,
  MALFORMED_TLPS,
  POISONED_TLPS,
  MESSAGES_RECEIVED,
  /** MRd sent. */
  DMA_READS,
  DMA_READ_BYTES,
  /** MWr sent or parked, interrupts not included. */
  DMA_WRITES,
  DMA_WRITE_BYTES,
  /** Writes and interrupts that were dropped because bus mastering is off. */
  BUS_MASTER_OFF_DROPS,
  /** Reads refused because bus mastering is off. */
  BUS_MASTER_OFF_READS,
  /** MRd that the server answered with something else than SC. */
  DMA_READ_ERRORS,
  COMPLETION_TIMEOUTS,
  UNEXPECTED_COMPLETIONS,
  /** Completions of reads that a reset has abandoned. */
  ABANDONED_COMPLETIONS,
  INTERRUPTS_SENT,
  /** Interrupts that a mask held back. */
  INTERRUPTS_PENDED,
  /** TLPs that waited because a claim was refused. */
  PARKED_TLPS,
  /** TLPs lost because too many waited: the function fails with an internal error. */
  PARK_OVERFLOWS,
  ERROR_MESSAGES_SENT,
  RESETS
}
