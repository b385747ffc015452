package farslot.cards.foreign;

import farslot.pcie.LittleEndian;
import farslot.pcie.TlpView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A request of the server that the device is to answer. Pooled: as many exist as ever waited. */
final class GuestRequest {
  private static final int HEADER_BYTES = 16;

  /** The request as it came, without data: its completion is made from it. */
  final TlpView request = new TlpView();

  private final MemorySegment header = Arena.ofAuto().allocate(HEADER_BYTES, Long.BYTES);
  private MemorySegment data = Arena.ofAuto().allocate(64, Long.BYTES);

  /** Its place among all, for cookies. */
  final int index;

  int bar;
  long offset;

  /** Enabled bytes, from the first to the last. */
  int bytes;

  /** Where what was read begins in {@link #data}. */
  int lead;

  /** How far the device has been asked. */
  int asked;

  /** Pieces that the device has been asked for and has not answered. */
  int due;

  boolean failed;

  /** The server has forgotten it: it is not answered, only waited for. */
  boolean forgotten;

  GuestRequest next;

  GuestRequest(int index) {
    this.index = index;
  }

  void begin(TlpView from, int newBar, long newOffset, int newLead) {
    MemorySegment.copy(from.segment(), from.headerOffset(), header, 0, from.headerBytes());
    request.wrap(header, 0, from.headerBytes());
    bar = newBar;
    offset = newOffset;
    bytes = from.enabledBytes();
    lead = newLead;
    asked = 0;
    due = 0;
    failed = false;
    forgotten = false;
    next = null;
    int room = lead + Math.max(bytes, 4);
    if (data.byteSize() < room) {
      data = Arena.ofAuto().allocate(Integer.highestOneBit(room - 1) << 1, Long.BYTES);
    }
    LittleEndian.i64(data, 0, 0); // What is not enabled reads as 0.
  }

  MemorySegment data() {
    return data;
  }
}
