package farslot.store.file;

/**
 * Tells what a crash left unfinished from what has gone bad since.
 *
 * <p>A frame is written when the one before it is on the disk, and answered when it is there
 * itself. So a torn frame is the file's last one, and some of it is missing: the file ends before
 * it does, or a sector of it was never written and reads as zeros. Whatever has a whole frame
 * behind it, or misses nothing and still does not match its checksum, was once whole.
 */
final class Tear {
  /** What disks write as a whole, at least. */
  static final int SECTOR_BYTES = 512;

  private final Frames frames;
  private final byte[] bytes;
  private final int at;

  /**
   * @param bytes the whole file
   * @param at where no whole frame of the expected number stands
   */
  Tear(Frames frames, byte[] bytes, int at) {
    this.frames = frames;
    this.bytes = bytes;
    this.at = at;
  }

  /** What speaks against an unfinished write, in words; "" if it can only be that. */
  String damage() {
    int later = laterFrame();
    if (later >= 0) {
      return "a frame that was written later is whole, at byte " + later;
    }
    int length = frames.payloadBytes(bytes, at);
    if (length < 0) {
      boolean missing = missing(at, at + Frames.HEADER_BYTES);
      return missing ? "" : "what stands there is no frame's beginning";
    }
    return missing(at, (long) at + Frames.BYTES_AROUND + length)
        ? ""
        : "nothing of that frame is missing, and it does not match its checksum";
  }

  /** Whether some of what should be here was never written. */
  private boolean missing(long from, long end) {
    if (end > bytes.length) {
      return true;
    }
    for (long each = from; each < end; each = nextSector(each)) {
      if (zeros((int) each, (int) Math.min(end, nextSector(each)))) {
        return true;
      }
    }
    return false;
  }

  private static long nextSector(long at) {
    return (at / SECTOR_BYTES + 1) * SECTOR_BYTES;
  }

  private boolean zeros(int from, int end) {
    for (int i = from; i < end; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private int laterFrame() {
    for (int i = at + 1; i <= bytes.length - Frames.BYTES_AROUND; i++) {
      if (bytes[i] == (byte) (Frames.MAGIC >>> 24) && frames.whole(bytes, i)) {
        return i;
      }
    }
    return -1;
  }
}
