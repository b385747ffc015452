package farslot.backend;

import farslot.function.BlockStore;
import farslot.function.CardConfig;
import farslot.linux.EventLoop;
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

  /** The image, and how it is used: {@code uring} or {@code pool}. */
  public static void main(String[] args) throws Exception {
    EventLoop loop = new EventLoop("killed", 0);
    BackEndFactory factory = new BackEndFactory(loop);
    Map<String, Object> values = Map.of("file", args[0], "size", "1MiB", "io", args[1]);
    BlockStore store = factory.block(new CardConfig("test", values));
    loop.start();
    StoreDriver driver = new StoreDriver(store, new LoopPort(loop));
    driver.write(4096, data(), false);
    driver.flush();
    driver.write((1 << 20) - 8192, data(), true);
    System.out.println("flushed");
    System.in.read();
  }
}
