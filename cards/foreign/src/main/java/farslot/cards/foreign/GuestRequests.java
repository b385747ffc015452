package farslot.cards.foreign;

import farslot.function.ForeignDevice;
import farslot.function.TlpPort;
import farslot.function.endpoint.RegisterPieces;
import farslot.pcie.CompletionStatus;
import farslot.pcie.LittleEndian;
import farslot.pcie.TlpType;
import farslot.pcie.TlpView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * What the server wants of the device's BARs, passed on in the order in which it came, but that
 * reads may wait for earlier reads. Registers are asked for piece by piece, as a processor would:
 * devices know no other accesses. BARs that are memory are asked for as they come.
 */
final class GuestRequests implements ForeignDevice.ReadDone, ForeignDevice.WriteDone {
  /** Requests that wait at most: one for each tag that a server can have. */
  static final int REQUESTS_MAX = 1024;

  /** Pieces that the device owes at most: further reads wait. */
  private static final int PIECES_MAX = 1024;

  /** In a cookie, the piece's place in the request; above it the request's index. */
  private static final int PIECE_BITS = 16;

  private final ForeignDevice device;
  private final TlpPort server;
  private final int wholeBars;
  private final ForeignCounters counters;

  /** Null when there is none. */
  private final DeviceMirror mirror;

  private final List<GuestRequest> all = new ArrayList<>();
  private final MemorySegment value = Arena.ofAuto().allocate(8, Long.BYTES);
  private GuestRequest free;
  private GuestRequest waitingFirst;
  private GuestRequest waitingLast;
  private int piecesDue;
  private boolean asking;

  GuestRequests(
      ForeignDevice device,
      TlpPort server,
      int wholeBars,
      ForeignCounters counters,
      DeviceMirror mirror) {
    this.mirror = mirror;
    this.device = device;
    this.server = server;
    this.wholeBars = wholeBars;
    this.counters = counters;
  }

  void onMemoryRequest(TlpView request, int bar, long offset) {
    if (TlpType.isMemoryWrite(request.fmtType())) {
      counters.add(ForeignEvent.SERVER_WRITES);
      writeRuns(request, bar, offset, null);
    } else {
      counters.add(ForeignEvent.SERVER_READS);
      read(request, bar, offset, 0);
    }
  }

  void onIoRequest(TlpView request, int bar, long offset) {
    int lead = (int) request.firstByteAddress() & 3;
    if (request.fmtType() == TlpType.IORD) {
      counters.add(ForeignEvent.SERVER_READS);
      read(request, bar, offset, lead);
      return;
    }
    counters.add(ForeignEvent.SERVER_WRITES);
    GuestRequest write = begin(request, bar, offset, lead);
    if (write != null) {
      write.asked = write.bytes;
      write.due = 1; // Until all pieces are on their way.
      writeRuns(request, bar, offset, write);
      finish(write, true);
    }
  }

  /** A register, written by what the endpoint has taken out of a request. */
  void write(int bar, long offset, int bytes, long bits) {
    LittleEndian.i64(value, 0, bits);
    device.write(bar, offset, value, 0, bytes);
  }

  // Writes

  /**
   * @param answered who waits for the answers; null when nobody does
   */
  private void writeRuns(TlpView request, int bar, long offset, GuestRequest answered) {
    int bytes = request.enabledBytes();
    long at = request.dataOffset() + (request.firstByteAddress() & 3);
    for (int from = 0; from < bytes; ) {
      int end = RegisterPieces.runEnd(request, from, bytes);
      while (from < end) {
        int piece = piece(bar, offset + from, end - from);
        writePiece(request, bar, offset + from, at + from, piece, answered);
        from += piece;
      }
      from = RegisterPieces.nextRun(request, end, bytes);
    }
  }

  private void writePiece(
      TlpView request, int bar, long offset, long at, int bytes, GuestRequest answered) {
    if (mirror != null && mirror.holds(bar, offset, request.segment(), at, bytes)) {
      return;
    }
    if (answered == null) {
      device.write(bar, offset, request.segment(), at, bytes);
    } else {
      answered.due++;
      device.write(bar, offset, request.segment(), at, bytes, this, cookie(answered, 0));
    }
  }

  private int piece(int bar, long offset, int bytesLeft) {
    boolean whole = (wholeBars >> bar & 1) != 0;
    return whole ? bytesLeft : RegisterPieces.bytes(offset, bytesLeft);
  }

  @Override
  public void done(long cookie, boolean ok) {
    finish(all.get((int) (cookie >>> PIECE_BITS)), ok);
  }

  // Reads

  private void read(TlpView request, int bar, long offset, int lead) {
    GuestRequest read = begin(request, bar, offset, lead);
    if (read == null) {
      return;
    }
    if (waitingLast == null) {
      waitingFirst = read;
    } else {
      waitingLast.next = read;
    }
    waitingLast = read;
    ask();
  }

  private GuestRequest begin(TlpView request, int bar, long offset, int lead) {
    GuestRequest made = free;
    if (made != null) {
      free = made.next;
    } else if (all.size() < REQUESTS_MAX) {
      made = new GuestRequest(all.size());
      all.add(made);
    } else {
      counters.add(ForeignEvent.SERVER_REQUESTS_TOO_MANY);
      server.refuse(request, CompletionStatus.UR);
      return null;
    }
    made.begin(request, bar, offset, lead);
    return made;
  }

  /** Asks for what waits, as far as the device may owe answers. */
  private void ask() {
    if (asking) {
      return; // A device that answers at once; the loop below goes on.
    }
    asking = true;
    while (waitingFirst != null && piecesDue < PIECES_MAX) {
      GuestRequest read = waitingFirst;
      if (read.bytes == 0) {
        askNothing(read);
      } else {
        askPiece(read);
      }
      if (read.asked >= read.bytes) {
        waitingFirst = read.next;
        waitingLast = waitingFirst == null ? null : waitingLast;
        piecesDue--;
        finish(read, true);
      }
    }
    asking = false;
  }

  private void askPiece(GuestRequest read) {
    int from = read.asked;
    hold(read);
    int end = RegisterPieces.runEnd(read.request, from, read.bytes);
    int piece = piece(read.bar, read.offset + from, end - from);
    int next = from + piece;
    read.asked = next == end ? RegisterPieces.nextRun(read.request, end, read.bytes) : next;
    due(read);
    device.read(read.bar, read.offset + from, piece, this, cookie(read, read.lead + from));
  }

  /** A read of nothing flushes (2.2.5): it is answered when what came before has been done. */
  private void askNothing(GuestRequest read) {
    hold(read);
    due(read);
    device.read(ForeignDevice.REGION_CONFIG, 0, 4, this, cookie(read, 0));
  }

  /** Keeps a request from being finished while there is more of it to be asked for. */
  private void hold(GuestRequest read) {
    if (read.due == 0 && read.asked == 0) {
      due(read);
    }
  }

  private void due(GuestRequest read) {
    read.due++;
    piecesDue++;
  }

  private static long cookie(GuestRequest request, int piece) {
    return (long) request.index << PIECE_BITS | piece;
  }

  @Override
  public void done(long cookie, MemorySegment data, long at, int bytes) {
    GuestRequest read = all.get((int) (cookie >>> PIECE_BITS));
    piecesDue--;
    if (data != null && read.bytes > 0) {
      int to = (int) cookie & (1 << PIECE_BITS) - 1;
      MemorySegment.copy(data, at, read.data(), to, bytes);
      if (mirror != null) {
        mirror.onRead(read.bar, read.offset + to - read.lead, data, at, bytes);
      }
    }
    finish(read, data != null);
    ask();
  }

  /** One of the things that a request waits for has happened; answers it after the last. */
  private void finish(GuestRequest request, boolean ok) {
    request.failed |= !ok;
    if (--request.due > 0) {
      return;
    }
    if (!request.forgotten) {
      answer(request);
    }
    request.next = free;
    free = request;
  }

  private void answer(GuestRequest request) {
    if (request.failed) {
      counters.add(ForeignEvent.SERVER_REQUESTS_FAILED);
      server.refuse(request.request, CompletionStatus.UR);
    } else if (request.request.fmtType() == TlpType.IOWR) {
      server.complete(request.request);
    } else {
      server.complete(request.request, request.data(), 0);
    }
  }

  /** The server has forgotten what waits: what the device owes still comes, and is dropped. */
  void forget() {
    while (waitingFirst != null) {
      GuestRequest read = waitingFirst;
      waitingFirst = read.next;
      read.forgotten = true;
      if (read.due > 0) {
        piecesDue--;
        finish(read, true); // the hold
      } else {
        read.next = free;
        free = read;
      }
    }
    waitingLast = null;
    for (GuestRequest each : all) {
      each.forgotten = true;
    }
  }
}
