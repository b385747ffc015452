package farslot.function.endpoint;

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
  /** FetchAdd, Swap and CAS sent. */
  ATOMIC_OPS,
  /** MWr sent or parked, interrupts not included. */
  DMA_WRITES,
  DMA_WRITE_BYTES,
  /** Ranges that the server has sent along, before anybody asked. */
  PUSHES_RECEIVED,
  /** Those dropped because too much was waiting to be read. */
  PUSHES_WITHOUT_ROOM,
  /** Times that the server has voided what it had pushed. */
  PUSH_REVOKES,
  /** Pieces of reads, each inside a page, that were answered from what was pushed. */
  PUSHED_READS,
  PUSHED_READ_BYTES,
  /** MRd sent although the server pushes. */
  PUSH_MISSES,
  /** Pushed bytes that nobody had read when they were overwritten, revoked or otherwise void. */
  PUSHED_BYTES_VOIDED,
  /** Pushed bytes that nobody has read in time. */
  PUSHED_BYTES_EXPIRED,
  /** Ranges of registers whose values were told to the server unasked. */
  EVENTS_SENT,
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
