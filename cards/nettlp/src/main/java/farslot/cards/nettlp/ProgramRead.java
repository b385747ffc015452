package farslot.cards.nettlp;

import farslot.pcie.TlpView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A read of the program, one for each of its tags. */
final class ProgramRead {
  private final MemorySegment header = Arena.ofAuto().allocate(16, Long.BYTES);

  /** The request as it came. */
  final TlpView request = new TlpView();

  /** Whether the server's memory has been asked and has not answered. */
  boolean waiting;

  private MemorySegment data;

  void begin(TlpView from) {
    MemorySegment.copy(from.segment(), from.headerOffset(), header, 0, from.headerBytes());
    request.wrap(header, 0, from.headerBytes());
    waiting = true;
  }

  /** Where the bytes go. */
  MemorySegment data(int bytes) {
    if (data == null || data.byteSize() < bytes) {
      data = Arena.ofAuto().allocate(Math.max(256, Integer.highestOneBit(bytes - 1) << 1), 8);
    }
    return data;
  }
}
