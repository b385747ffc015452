package farslot.cards.foreign;

/** What a foreign card counts. */
enum ForeignEvent {
  SERVER_READS,
  SERVER_WRITES,
  /** Reads, and writes that are answered, to which the device gave an error, or nothing in time. */
  SERVER_REQUESTS_FAILED,
  /** Refused at once, for more waited than any server has tags for. */
  SERVER_REQUESTS_TOO_MANY,
  /** Registers that were asked for together with the MSI-X table: answered with all-ones. */
  MIXED_READS,
  DEVICE_READS,
  DEVICE_READS_FAILED,
  DEVICE_WRITES,
  /** DMA that came while bus mastering was off. */
  DEVICE_NOT_BUS_MASTER,
  INTERRUPTS
}
