package farslot.backend;

import farslot.function.CardConfig;
import java.util.Map;
import java.util.Random;

/** A process that writes, flushes, says so, and waits to be killed. */
final class FlushAndDie {
  private FlushAndDie() {}

  static byte[] data() {
    byte[] data = new byte[8192];
    new Random(7).nextBytes(data);
    return data;
  }

  public static void main(String[] args) throws Exception {
    var factory = new BackEndFactory(1);
    var store = factory.block(new CardConfig("test", Map.of("file", args[0], "size", "1MiB")));
    StoreDriver driver = new StoreDriver(store);
    driver.write(4096, data(), false);
    driver.flush();
    driver.write((1 << 20) - 8192, data(), true);
    System.out.println("flushed");
    System.in.read();
  }
}
