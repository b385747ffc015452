package farslot.vfiouser;

import farslot.fabric.LocalFunction;
import farslot.vfiouser.wire.Inbox;
import farslot.vfiouser.wire.VfioUserMessage;
import farslot.vfiouser.wire.Wire;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * One access to the function under way: cut into what {@link LocalFunction} takes at once, one
 * piece after the other. Pieces may be done inside the call that starts them, so the steps are a
 * loop, not a recursion.
 */
final class RegionAccess implements LocalFunction.ReadDone, LocalFunction.WriteDone {
  private static final int DATA_BYTES_FIRST = LocalFunction.ACCESS_BYTES_MAX;

  private final LocalFunction function;
  private final Inbox inbox;
  private final Runnable onEnd;
  private ConfigFilter filter = ConfigFilter.none();

  /** Null when MSI-X is the client's affair. */
  private MsixRelay relay;

  private MemorySegment data = Arena.ofAuto().allocate(DATA_BYTES_FIRST, Long.BYTES);

  private boolean active;
  private boolean reading;
  private boolean pieceUnderWay;
  private boolean stepping;
  private int region;
  private long offset;
  private int bytes;
  private int done;
  private int piece;

  /** Stream position of what is written. */
  private long source;

  /** Of a REGION_WRITE_MULTI: entries still to come, and where the next one is. */
  private int entriesLeft;

  private long nextEntry;

  /** Tells this access from one that was given up. */
  private long serial;

  /**
   * @param onEnd called when an access is complete, perhaps from inside the call that starts it
   */
  RegionAccess(LocalFunction function, Inbox inbox, Runnable onEnd) {
    this.function = function;
    this.inbox = inbox;
    this.onEnd = onEnd;
  }

  void filter(ConfigFilter filter, MsixRelay relay) {
    this.filter = filter;
    this.relay = relay;
  }

  void read(int region, long offset, int bytes) {
    if (data.byteSize() < bytes) {
      data = Arena.ofAuto().allocate(bytes, Long.BYTES);
    }
    begin(true);
    target(region, offset, bytes, 0);
    step();
  }

  /**
   * @param source stream position of the data
   */
  void write(int region, long offset, int bytes, long source) {
    begin(false);
    target(region, offset, bytes, source);
    step();
  }

  /**
   * @param firstEntry stream position of a REGION_WRITE_MULTI's entries
   */
  void writeMulti(long firstEntry, int entries) {
    begin(false);
    entriesLeft = entries;
    nextEntry = firstEntry;
    target(0, 0, 0, 0);
    step();
  }

  int region() {
    return region;
  }

  long offset() {
    return offset;
  }

  int bytes() {
    return bytes;
  }

  /** What was read, from its start. */
  MemorySegment data() {
    return data;
  }

  /** The function takes writes again. */
  void resume() {
    step();
  }

  /** Gives the access up: what was not read yet is all-ones, what was not written never will be. */
  void giveUp() {
    active = false;
    if (reading) {
      data.asSlice(done, bytes - done).fill((byte) 0xFF);
    }
  }

  @Override
  public void done(long cookie, MemorySegment from, long at, int count) {
    if (!active || cookie != serial) {
      return;
    }
    MemorySegment.copy(from, at, data, done, count);
    if (region == LocalFunction.REGION_CONFIG) {
      filter.onRead(data, done, offset + done, count);
    }
    pieceDone();
  }

  @Override
  public void done(long cookie) {
    if (active && cookie == serial) {
      pieceDone();
    }
  }

  private void begin(boolean reading) {
    assert !active;
    active = true;
    pieceUnderWay = false;
    entriesLeft = 0;
    serial++;
    this.reading = reading;
  }

  private void target(int region, long offset, int bytes, long source) {
    this.region = region;
    this.offset = offset;
    this.bytes = bytes;
    this.source = source;
    done = 0;
  }

  private void pieceDone() {
    done += piece;
    pieceUnderWay = false;
    step();
  }

  private void step() {
    if (stepping) {
      return;
    }
    stepping = true;
    while (active && !pieceUnderWay && (done < bytes || nextTarget())) {
      if (!reading && !function.hasRoom()) {
        stepping = false;
        return;
      }
      startPiece();
    }
    stepping = false;
    if (active && !pieceUnderWay) {
      active = false;
      onEnd.run();
    }
  }

  /** A piece never crosses a 4 KiB boundary, as no request TLP may (PCIe 2.2.7). */
  private void startPiece() {
    long at = offset + done;
    int toBoundary = (int) (LocalFunction.ACCESS_BYTES_MAX - at % LocalFunction.ACCESS_BYTES_MAX);
    piece = Math.min(bytes - done, toBoundary);
    pieceUnderWay = true;
    if (reading) {
      function.read(region, at, piece, this, serial);
    } else if (region == LocalFunction.REGION_CONFIG && filter.drops(at, piece)) {
      done(serial);
    } else {
      long from = inbox.offset(source + done);
      int bytesNow = piece; // The next piece may begin inside the call.
      function.write(region, at, inbox.segment(), from, bytesNow, this, serial);
      if (relay != null) {
        relay.onWrite(region, at, inbox.segment(), from, bytesNow);
      }
    }
  }

  private boolean nextTarget() {
    if (entriesLeft == 0) {
      return false;
    }
    MemorySegment segment = inbox.segment();
    long entry = inbox.offset(nextEntry);
    target(
        segment.get(VfioUserMessage.U32, entry + Wire.ACCESS_REGION_AT),
        segment.get(VfioUserMessage.U64, entry + Wire.ACCESS_OFFSET_AT),
        segment.get(VfioUserMessage.U32, entry + Wire.ACCESS_COUNT_AT),
        nextEntry + Wire.MULTI_DATA_AT);
    nextEntry += Wire.MULTI_ENTRY_BYTES;
    entriesLeft--;
    return true;
  }
}
