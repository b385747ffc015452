package farslot.backend;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import farslot.function.CardConfig;
import java.util.Map;

/** What is true of files is true of them by io_uring past the page cache. */
class DirectStoreTest extends UringStoreTest {
  @Override
  BackEndFactory factory() throws Exception {
    try (BackEndFactory pool = new BackEndFactory(1)) {
      String path = dir.resolve("probe").toString();
      Map<String, Object> values = Map.of("file", path, "size", "1MiB", "direct", true);
      pool.block(new CardConfig("probe", values)).close();
    } catch (Exception e) {
      System.err.println("SKIPPED " + getClass().getSimpleName() + ": " + e.getMessage());
      assumeTrue(false, e.getMessage());
    }
    return super.factory();
  }

  @Override
  Map<String, ?> how() {
    return Map.of("io", "uring", "direct", true);
  }
}
