package farslot.store.file;

import java.io.IOException;

/** Frames at the end of a file. */
final class LogFile implements AutoCloseable {
  private final DiskFile file;
  private final Frames frames;
  private long end = FileHeader.BYTES;
  private long lastNumber;
  private boolean broken;

  /**
   * @param file new, with its header
   */
  LogFile(DiskFile file, Frames frames) {
    this.file = file;
    this.frames = frames;
  }

  long bytes() {
    return end;
  }

  /**
   * Whether nobody can say any more what the disk has. When a sync fails, the kernel may take what
   * it could not write for written; so nothing is said with this file any more.
   */
  boolean broken() {
    return broken;
  }

  /** Nothing more is recorded here. */
  void abandon() {
    broken = true;
  }

  /** Adds a frame; on stable media when this returns. After an exception see {@link #broken}. */
  void append(byte[] payload) throws IOException {
    byte[] frame = frames.encode(lastNumber + 1, payload);
    write(frame);
    try {
      file.sync();
    } catch (IOException e) {
      broken = true;
      throw e;
    }
    end += frame.length;
    lastNumber++;
  }

  /** What could be written only in part, such as on a full disk, is taken away again. */
  private void write(byte[] frame) throws IOException {
    try {
      file.write(end, frame);
    } catch (IOException e) {
      try {
        file.truncate(end);
        file.sync();
      } catch (IOException again) {
        broken = true;
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
