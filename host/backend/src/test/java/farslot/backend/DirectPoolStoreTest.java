package farslot.backend;

import java.util.Map;

/** What is true of files is true of them by threads past the page cache. */
class DirectPoolStoreTest extends DirectStoreTest {
  @Override
  Map<String, ?> how() {
    return Map.of("io", "pool", "direct", true);
  }
}
