package farslot.store.file;

import farslot.store.engine.Entry;
import farslot.store.engine.EntryCodec;
import farslot.store.engine.Snapshot;
import farslot.store.engine.State;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Writes a state as a file of frames. */
final class SnapshotFile implements Snapshot.Sink {
  private static final int FRAME_BYTES = 256 << 10;

  private final DiskFile file;
  private final Frames frames;
  private final ByteArrayOutputStream payload = new ByteArrayOutputStream();
  private long at = FileHeader.BYTES;
  private long number;

  private SnapshotFile(DiskFile file, Frames frames) {
    this.file = file;
    this.frames = frames;
  }

  /** Writes all of it; on stable media when this returns. */
  static void write(Disk disk, String name, FileHeader header, State state) throws IOException {
    try (DiskFile file = disk.create(name)) {
      file.write(0, header.encode());
      SnapshotFile snapshot = new SnapshotFile(file, new Frames(header));
      Snapshot.write(state, snapshot);
      snapshot.flush();
      file.sync();
    }
  }

  @Override
  public void take(Entry entry) throws IOException {
    EntryCodec.write(entry, payload);
    if (payload.size() >= FRAME_BYTES) {
      flush();
    }
  }

  private void flush() throws IOException {
    if (payload.size() > 0) {
      byte[] frame = frames.encode(++number, payload.toByteArray());
      file.write(at, frame);
      at += frame.length;
      payload.reset();
    }
  }
}
