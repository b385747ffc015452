package farslot.backend;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import farslot.function.BlockStore;
import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.linux.ErrnoException;
import farslot.linux.EventLoop;
import java.lang.reflect.Proxy;
import java.util.Map;

/** What is true of files is true of them by io_uring, nothing answered inline. */
class UringStoreTest extends StoreTest {
  private EventLoop loop;
  private Thread thread;
  private LoopPort agent;

  @Override
  BackEndFactory factory() throws Exception {
    try {
      new KernelRing().close();
    } catch (ErrnoException e) {
      System.err.println("SKIPPED " + getClass().getSimpleName() + ": " + e.getMessage());
      assumeTrue(false, e.getMessage());
    }
    loop = new EventLoop("stores", 0);
    BackEndFactory factory = new BackEndFactory(loop);
    thread = loop.start();
    agent = new LoopPort(loop);
    return factory;
  }

  @Override
  void close() throws Exception {
    if (loop != null) {
      loop.close();
      thread.join();
      super.close();
    }
  }

  @Override
  Map<String, ?> how() {
    return Map.of("io", "uring", "inline", false);
  }

  @Override
  StoreDriver driver(BlockStore store) {
    return new StoreDriver(store, agent);
  }

  @Override
  BlockStore opened(CardConfig config) throws CardConfigException {
    BlockStore[] opened = new BlockStore[1];
    CardConfigException[] thrown = new CardConfigException[1];
    call(
        () -> {
          try {
            opened[0] = super.opened(config);
          } catch (CardConfigException e) {
            thrown[0] = e;
          }
        });
    if (thrown[0] != null) {
      throw thrown[0];
    }
    return opened[0] instanceof RamStore ? opened[0] : closedOnLoop(opened[0]);
  }

  private void call(Runnable task) {
    try {
      agent.call(task);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private BlockStore closedOnLoop(BlockStore store) {
    return (BlockStore)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {BlockStore.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("close")) {
                call(store::close);
                return null;
              }
              return method.invoke(store, arguments);
            });
  }
}
