package farslot.bench.path;

/**
 * What is put on the path. A drive that is read writes to its server's memory.
 *
 * @param bytes useful bytes of one operation; up to a register's it is one
 * @param depth operations that are under way all the time
 */
public record Load(boolean write, int bytes, int depth) {
  private static final int RANDOM_BYTES = 4096;

  /** Reads the drive. */
  public static Load read(int bytes, int depth) {
    return new Load(false, bytes, depth);
  }

  /** Writes to the drive. */
  public static Load write(int bytes, int depth) {
    return new Load(true, bytes, depth);
  }

  /** Whether each goes anywhere; otherwise one after the other. */
  public boolean random() {
    return bytes == RANDOM_BYTES;
  }
}
