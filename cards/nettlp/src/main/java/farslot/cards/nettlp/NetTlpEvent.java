package farslot.cards.nettlp;

/** What the card counts, from the start of the appliance on. */
enum NetTlpEvent {
  /** MWr of the server, passed on to the program. */
  SERVER_WRITES,
  /** MRd of the server, passed on. */
  SERVER_READS,
  /** Reads that the program did not answer in time; the server got UR. */
  SERVER_READS_TIMED_OUT,
  /** Reads that the program answered with something else than success, or poisoned. */
  SERVER_READS_REFUSED,
  /** Reads that found no program listening; the server got UR. */
  SERVER_READS_NOBODY,
  /** Reads beyond what can wait; the server got UR. */
  SERVER_READS_TOO_MANY,
  /** Datagrams for the program that could not be sent: lost, as NetTLP has it. */
  SENDS_LOST,
  /** The program's ports answered that nobody listens there. */
  PROGRAM_ABSENT,

  /** MWr of the program. */
  PROGRAM_WRITES,
  /** MRd of the program. */
  PROGRAM_READS,
  /** Reads that were answered with UR or CA: outside the server's DMA windows, or not permitted. */
  PROGRAM_READS_FAILED,
  /** Writes and reads of the program while the server has bus mastering off. */
  PROGRAM_NOT_BUS_MASTER,
  /** Reads with a tag that still waits for its completion: dropped. */
  PROGRAM_TAG_IN_USE,
  /** Questions asked about BAR 4, the device's number, MSI-X's table, and configuration space. */
  QUESTIONS,

  /** Dropped: no room for headers. */
  BAD_TOO_SHORT,
  /** Dropped: longer than any TLP. */
  BAD_TOO_LONG,
  /** Dropped: size, format and Length contradict each other. */
  BAD_LENGTH,
  /** Dropped: crosses a 4 KiB boundary. */
  BAD_CROSSES_PAGE,
  /** Dropped: malformed otherwise. */
  BAD_MALFORMED,
  /** Dropped: an address that claims to be translated. */
  BAD_ADDRESS_TYPE,
  /** Dropped: poisoned data. */
  BAD_POISONED,
  /** Dropped: neither memory request nor completion; answered with UR where that is due. */
  BAD_TYPE,
  /** Dropped: a tag, or a kind of TLP, that does not belong to the port. */
  BAD_PORT,
  /** Dropped: a completion for which nothing waits. */
  BAD_UNEXPECTED_COMPLETION,
  /** Dropped: a completion whose bytes are not the ones waited for. */
  BAD_WRONG_COMPLETION,
  /** Dropped: a question that there is not, or a write to configuration space. */
  BAD_QUESTION
}
