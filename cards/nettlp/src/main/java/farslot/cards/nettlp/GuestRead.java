package farslot.cards.nettlp;

import farslot.pcie.TlpView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A read of the server that the program is to answer. Pooled: as many exist as ever waited. */
final class GuestRead {
  private static final int HEADER_BYTES = 16;

  /** The request as it came, without data: completions are made from it. */
  final TlpView request = new TlpView();

  private final MemorySegment header = Arena.ofAuto().allocate(HEADER_BYTES, Long.BYTES);

  /** Null until a read that long was there. */
  private MemorySegment data;

  /** Towards the program; -1 while it waits for one. */
  int tag;

  long address;
  int bytes;

  /** Bytes that have come, of all pieces. */
  int received;

  /** Where the piece that is under way ends. */
  int pieceEnd;

  long deadlineNs;
  GuestRead next;

  void begin(TlpView from, long newDeadlineNs) {
    MemorySegment.copy(from.segment(), from.headerOffset(), header, 0, from.headerBytes());
    request.wrap(header, 0, from.headerBytes());
    tag = -1;
    address = request.firstByteAddress();
    bytes = request.enabledBytes();
    received = 0;
    pieceEnd = 0;
    deadlineNs = newDeadlineNs;
    next = null;
  }

  /** Where the bytes go: room for all of them. */
  MemorySegment data() {
    int wanted = Math.max(bytes, 1);
    if (data == null || data.byteSize() < wanted) {
      data = Arena.ofAuto().allocate(Math.max(64, Integer.highestOneBit(wanted - 1) << 1), 8);
    }
    return data;
  }
}
