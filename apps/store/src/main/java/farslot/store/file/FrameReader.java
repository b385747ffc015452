package farslot.store.file;

import farslot.store.StoreDamagedException;
import farslot.store.engine.Entry;
import farslot.store.engine.EntryCodec;
import farslot.store.engine.EntryCodec.MalformedException;
import farslot.store.engine.Replay;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads one file of a store from its beginning. */
final class FrameReader {
  private final String path;
  private final DiskFile file;
  private final long size;
  private FileHeader header;
  private Frames frames;
  private long at = FileHeader.BYTES;
  private long number;

  /**
   * @param path how a person finds it
   */
  FrameReader(String path, DiskFile file) throws IOException {
    this.path = path;
    this.file = file;
    size = file.size();
  }

  /** Reads how the file begins; null if it is too short for that. */
  FileHeader header() throws IOException, StoreDamagedException {
    if (size < FileHeader.BYTES) {
      return null;
    }
    byte[] bytes = new byte[FileHeader.BYTES];
    file.read(0, bytes);
    String problem = FileHeader.check(bytes);
    if (!problem.isEmpty()) {
      throw damaged(problem);
    }
    header = FileHeader.decode(bytes);
    frames = new Frames(header);
    return header;
  }

  /** Where the last whole frame ends. */
  long end() {
    return at;
  }

  /** Whether all of the file has been read. */
  boolean atEnd() {
    return at == size;
  }

  /** Gives the entries of all whole frames from the first on. */
  void readInto(Replay replay) throws IOException, StoreDamagedException {
    while (next(replay)) {
      number++;
    }
  }

  private boolean next(Replay replay) throws IOException, StoreDamagedException {
    byte[] frame = frame();
    if (frame.length == 0 || !frames.whole(frame, 0) || Frames.number(frame, 0) != number + 1) {
      return false;
    }
    ByteBuffer payload =
        ByteBuffer.wrap(frame, Frames.HEADER_BYTES, frame.length - Frames.BYTES_AROUND);
    try {
      for (Entry entry : EntryCodec.read(payload)) {
        String problem = replay.take(entry);
        if (!problem.isEmpty()) {
          throw damaged(problem + ", at byte " + at);
        }
      }
    } catch (MalformedException e) {
      throw damaged(e.getMessage() + ", at byte " + at);
    }
    at += frame.length;
    return true;
  }

  /** As many bytes as the next frame should have; none if there is no such frame. */
  private byte[] frame() throws IOException {
    if (size - at < Frames.BYTES_AROUND) {
      return new byte[0];
    }
    byte[] head = new byte[Frames.HEADER_BYTES];
    file.read(at, head);
    int length = frames.payloadBytes(head, 0);
    if (length < 0 || size - at < Frames.BYTES_AROUND + length) {
      return new byte[0];
    }
    byte[] frame = new byte[Frames.BYTES_AROUND + length];
    file.read(at, frame);
    return frame;
  }

  /**
   * Judges what stands behind the last whole frame.
   *
   * @throws StoreDamagedException if it is not what a crash leaves
   */
  void requireTornOnly() throws IOException, StoreDamagedException {
    if (atEnd()) {
      return;
    }
    byte[] all = new byte[Math.toIntExact(size)];
    file.read(0, all);
    String problem = new Tear(frames, all, (int) at).damage();
    if (!problem.isEmpty()) {
      throw new StoreDamagedException(
          ("%s is damaged at byte %d: %s. Nothing was changed. Restore the directory from a backup;"
                  + " or, after copying it, give up what was recorded from there on:"
                  + " truncate -s %d %s")
              .formatted(path, at, problem, at, path));
    }
  }

  StoreDamagedException damaged(String problem) {
    return new StoreDamagedException(
        ("%s is damaged: %s. Nothing was changed. Restore the directory from a backup; or move it"
                + " away and begin with an empty one")
            .formatted(path, problem));
  }
}
