package farslot.cards.virtio;

import farslot.cards.virtio.spec.Blk;
import farslot.function.SerialIdentity;
import farslot.pcie.LittleEndian;
import java.lang.foreign.ValueLayout;

/**
 * What requests mean (5.2.6). Each step looks at a request of which nothing is pending and begins
 * what comes next. Data of any length go through one buffer, piece by piece.
 */
final class BlockCommands {
  private static final int RECEIVED = Request.BEGIN + 1;
  private static final int EXECUTE = Request.BEGIN + 2;
  private static final int WRITE = Request.BEGIN + 3;
  private static final int WRITTEN = Request.BEGIN + 4;
  private static final int READ = Request.BEGIN + 5;
  private static final int END = Request.BEGIN + 6;

  private final VirtioDevice device;

  /** What GET_ID answers. */
  private final SerialIdentity serial;

  BlockCommands(VirtioDevice device, SerialIdentity serial) {
    this.device = device;
    this.serial = serial;
  }

  /** Goes one step on. */
  void advance(Request r) {
    switch (r.phase) {
      case Request.BEGIN -> begin(r);
      case RECEIVED -> receiveFirst(r);
      case EXECUTE -> execute(r);
      case WRITE -> write(r);
      case WRITTEN -> written(r);
      case READ -> read(r);
      default -> r.complete();
    }
  }

  /** A chain without room for header and status is none that could be answered. */
  private void begin(Request r) {
    if (r.readBytes() < Blk.HEADER_BYTES || r.writeBytes() < Blk.STATUS_BYTES) {
      device.needsReset();
      return;
    }
    long data = Math.max(r.readBytes() - Blk.HEADER_BYTES, r.writeBytes() - Blk.STATUS_BYTES);
    r.phase = RECEIVED;
    if (data > 0) {
      r.wantBuffer(data);
    }
  }

  private static void receiveFirst(Request r) {
    long out = r.readBytes() - Blk.HEADER_BYTES;
    r.chunk = out == 0 ? 0 : (int) Math.min(out, r.buffer.capacity);
    r.phase = EXECUTE;
    r.receiveFirst();
  }

  private void execute(Request r) {
    r.phase = END;
    if (r.failed()) {
      return;
    }
    r.type = LittleEndian.i32(r.header, Blk.HEADER_TYPE);
    switch (r.type) {
      case Blk.T_IN -> beginRead(r);
      case Blk.T_OUT -> beginWrite(r);
      case Blk.T_FLUSH -> r.storeFlush();
      case Blk.T_GET_ID -> id(r);
      case Blk.T_DISCARD, Blk.T_WRITE_ZEROES -> ranges(r);
      default -> r.fail(Blk.S_UNSUPP);
    }
  }

  /** Whether the range is on the disk; else the request fails. */
  private boolean place(Request r, long bytes) {
    long sector = LittleEndian.i64(r.header, Blk.HEADER_SECTOR);
    r.total = bytes;
    r.position = sector << Blk.SECTOR_SHIFT;
    boolean whole = (bytes & (1 << Blk.SECTOR_SHIFT) - 1) == 0;
    if (whole && inside(sector, bytes >>> Blk.SECTOR_SHIFT)) {
      return true;
    }
    r.fail(Blk.S_IOERR);
    return false;
  }

  private boolean inside(long sector, long sectors) {
    return sector >= 0 && sectors <= device.sectors() && sector <= device.sectors() - sectors;
  }

  private void beginRead(Request r) {
    if (place(r, r.writeBytes() - Blk.STATUS_BYTES) && r.total > 0) {
      readChunk(r);
    }
  }

  private static void readChunk(Request r) {
    r.chunk = (int) Math.min(r.total - r.progress, r.buffer.capacity);
    r.phase = READ;
    r.storeRead();
  }

  private static void read(Request r) {
    if (r.failed()) {
      r.phase = END;
    } else if (r.send()) {
      r.phase = END;
      if (r.progress < r.total) {
        readChunk(r);
      }
    }
  }

  private void beginWrite(Request r) {
    if (device.readOnly()) {
      r.fail(Blk.S_IOERR); // 5.2.6.2
    } else if (place(r, r.readBytes() - Blk.HEADER_BYTES) && r.total > 0) {
      r.phase = WRITE;
    }
  }

  /** A piece of data has come. */
  private static void write(Request r) {
    if (r.failed()) {
      r.phase = END;
    } else {
      r.phase = WRITTEN;
      r.storeWrite();
    }
  }

  private static void written(Request r) {
    r.progress += r.chunk;
    if (r.failed() || r.progress == r.total) {
      r.phase = END;
    } else {
      r.chunk = (int) Math.min(r.total - r.progress, r.buffer.capacity);
      r.phase = WRITE;
      r.receiveNext();
    }
  }

  /** The serial number, zeroes behind it. */
  private void id(Request r) {
    String text = serial.text();
    r.chunk = (int) Math.min(Blk.ID_BYTES, r.writeBytes() - Blk.STATUS_BYTES);
    for (int i = 0; i < r.chunk; i++) {
      byte one = i < text.length() ? (byte) text.charAt(i) : 0;
      r.buffer.memory.set(ValueLayout.JAVA_BYTE, i, one);
    }
    if (r.chunk > 0) {
      r.total = r.chunk;
      r.phase = READ;
    }
  }

  /** DISCARD and WRITE_ZEROES carry ranges; all are looked at before the first is touched. */
  private void ranges(Request r) {
    long bytes = r.readBytes() - Blk.HEADER_BYTES;
    boolean some = bytes > 0 && bytes % Blk.RANGE_BYTES == 0;
    if (!some || bytes > (long) VirtioLimits.RANGES_MAX * Blk.RANGE_BYTES || device.readOnly()) {
      r.fail(Blk.S_IOERR);
      return;
    }
    for (int at = 0; at < bytes && !r.failed(); at += Blk.RANGE_BYTES) {
      check(r, at);
    }
    for (int at = 0; at < bytes && !r.failed(); at += Blk.RANGE_BYTES) {
      apply(r, at);
    }
  }

  private void check(Request r, int at) {
    int flags = LittleEndian.i32(r.buffer.memory, at + Blk.RANGE_FLAGS);
    int known = r.type == Blk.T_WRITE_ZEROES ? Blk.RANGE_UNMAP : 0;
    long sectors = LittleEndian.u32(r.buffer.memory, at + Blk.RANGE_COUNT);
    if ((flags & ~known) != 0) {
      r.fail(Blk.S_UNSUPP); // 5.2.6.2
    } else if (sectors > VirtioLimits.RANGE_SECTORS_MAX
        || !inside(LittleEndian.i64(r.buffer.memory, at + Blk.RANGE_SECTOR), sectors)) {
      r.fail(Blk.S_IOERR);
    }
  }

  private static void apply(Request r, int at) {
    long position = LittleEndian.i64(r.buffer.memory, at + Blk.RANGE_SECTOR) << Blk.SECTOR_SHIFT;
    long bytes = LittleEndian.u32(r.buffer.memory, at + Blk.RANGE_COUNT) << Blk.SECTOR_SHIFT;
    int flags = LittleEndian.i32(r.buffer.memory, at + Blk.RANGE_FLAGS);
    if (bytes == 0) {
      return;
    }
    if (r.type == Blk.T_DISCARD || (flags & Blk.RANGE_UNMAP) != 0) {
      r.storeDeallocate(position, bytes);
    } else {
      r.storeWriteZeroes(position, bytes);
    }
  }
}
