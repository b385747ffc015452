package farslot.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.chance.Fuzz;
import farslot.store.Action;
import farslot.store.Bytes;
import farslot.store.Capacity;
import farslot.store.KeyValue;
import farslot.store.Transaction;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes that write, and are killed while they do (SIGKILL). */
class KillTest {
  private static final int KILLS = 24;
  @TempDir Path dir;

  /**
   * The process: counts on from what is there, on two keys at once, and says each one it is sure
   * of.
   */
  static final class Counter {
    private Counter() {}

    public static void main(String[] args) throws Exception {
      PrintStream out = System.out;
      try (FileStateStore store = open(Path.of(args[0]))) {
        for (long n = count(store, "/a") + 1; ; n++) {
          Bytes value = Bytes.utf8(n + " " + "x".repeat((int) (n % 700)));
          store.commit(Transaction.of(Action.put("/a", value), Action.put("/b", value)));
          out.println(n);
          out.flush();
        }
      }
    }
  }

  static FileStateStore open(Path dir) throws Exception {
    return FileStateStore.open(
        new DirectoryDisk(dir),
        new FileStoreOptions(
            Capacity.DEFAULT, 15_000, System::nanoTime, UUID::randomUUID, new Quiet()));
  }

  static long count(FileStateStore store, String key) throws Exception {
    String value = store.get(key).map(KeyValue::value).map(Bytes::utf8).orElse("0 ");
    return Long.parseLong(value.substring(0, value.indexOf(' ')));
  }

  @Test
  void whatAKilledProcessHadSaidIsThere() throws Exception {
    long seed = Fuzz.seed();
    Random random = new Random(seed);
    long said = 0;
    for (int i = 0; i < KILLS; i++) {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-Xmx64m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Counter.class.getName(),
                  dir.toString())
              .redirectError(Redirect.INHERIT)
              .start();
      try (BufferedReader lines = process.inputReader()) {
        int more = 1 + random.nextInt(80);
        for (int n = 0; n < more; n++) {
          said = next(lines, said, seed);
        }
        // Until now it has said this much; it goes on while it is being killed.
        // By its handle: Process.destroyForcibly would also close what is still to be read.
        process.toHandle().destroyForcibly();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          said = whole(line, said);
        }
      } finally {
        process.destroyForcibly();
      }
      try (FileStateStore store = open(dir)) {
        long count = count(store, "/a");
        assertThat(count).as("seed %d, kill %d", seed, i).isBetween(said, said + 1);
        assertThat(count(store, "/b")).isEqualTo(count);
        assertThat(store.revision()).isEqualTo(count);
        said = count;
      }
    }
  }

  private static long next(BufferedReader lines, long said, long seed) throws IOException {
    String line = lines.readLine();
    assertThat(line).as("seed %d: the process has ended after %d", seed, said).isNotNull();
    assertThat(Long.parseLong(line)).isEqualTo(said + 1);
    return said + 1;
  }

  /** The last line may be cut off. */
  private static long whole(String line, long said) {
    return line.equals(Long.toString(said + 1)) ? said + 1 : said;
  }

  @Test
  void aStoreIsLockedAgainstAnotherProcess() throws Exception {
    try (FileStateStore store = open(dir)) {
      assertThat(store.revision()).isZero();
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Counter.class.getName(),
                  dir.toString())
              .redirectErrorStream(true)
              .start();
      try (BufferedReader lines = process.inputReader()) {
        List<String> all = lines.lines().limit(50).toList();
        assertThat(all).anyMatch(each -> each.contains("is in use by another process"));
      } finally {
        process.destroyForcibly();
      }
    }
  }

  /**
   * That the file is written in place as the tests of tears have it: appended, never before its
   * end.
   */
  @Test
  void aLogOnlyGrows() throws Exception {
    try (FileStateStore store = open(dir);
        RandomAccessFile log = new RandomAccessFile(dir.resolve("log.1").toFile(), "r")) {
      store.commit(Transaction.of(Action.put("/a", Bytes.utf8("1"))));
      byte[] first = new byte[(int) log.length()];
      log.readFully(first);
      store.commit(Transaction.of(Action.put("/a", Bytes.utf8("2"))));
      byte[] again = new byte[first.length];
      log.seek(0);
      log.readFully(again);
      assertThat(again).isEqualTo(first);
      assertThat(log.length()).isGreaterThan(first.length);
    }
  }
}
