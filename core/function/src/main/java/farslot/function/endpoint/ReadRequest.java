package farslot.function.endpoint;

/** One MRd that waits for its completions. One object a tag, for ever. */
final class ReadRequest {
  final int tag;

  /** Whose part it is; null when a reset or a timeout has abandoned it. */
  ReadTransfer transfer;

  /** As it was sent: completions carry it back. */
  int requesterId;

  long address;

  /** Where in the transfer it begins. */
  int at;

  int bytes;
  int received;
  long deadlineNs;

  /** Neighbours in the order of deadlines. */
  ReadRequest older;

  ReadRequest younger;

  ReadRequest(int tag) {
    this.tag = tag;
  }

  /** Where the next completion must begin. */
  long nextAddress() {
    return address + received;
  }

  /** Bytes that completions still owe. */
  int left() {
    return bytes - received;
  }
}
