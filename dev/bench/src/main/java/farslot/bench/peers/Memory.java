package farslot.bench.peers;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file in memory, for servers that have no disk in memory of their own. */
final class Memory {
  private static final Path SHM = Path.of("/dev/shm");

  private Memory() {}

  /** Made, sparse; whoever asked deletes it. */
  static Path file() throws IOException {
    if (!Files.isWritable(SHM)) {
      throw new IOException(SHM + " is needed for a file in memory, and is not there");
    }
    Path file = Files.createTempFile(SHM, "farslot-bench", ".img");
    try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
      opened.setLength(Served.BYTES);
    }
    return file;
  }
}
