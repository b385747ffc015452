package farslot.carrier;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.link.Dialer;
import farslot.link.Rail;
import farslot.link.RailListener;
import farslot.linux.EventLoop;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of an attempt: where it comes from, and that it can be given up. */
class TcpDialerTest {
  private final EventLoop loop = new EventLoop("dialer", 0);
  private final BlockingQueue<String> dialled = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> accepted = new LinkedBlockingQueue<>();
  private TcpListener listener;

  @BeforeEach
  void listen() throws Exception {
    listener = new TcpListener(loop, "127.0.0.1:0", new Noted(accepted));
    loop.start();
  }

  @AfterEach
  void close() {
    loop.close();
  }

  @Test
  void comesFromTheAddressThatWasAskedFor() throws Exception {
    dial("127.0.0.1:" + listener.port() + "?from=127.0.0.5");
    assertThat(next(accepted)).startsWith("rail tcp 127.0.0.5:");
    assertThat(next(dialled)).startsWith("rail tcp 127.0.0.1:");
  }

  @Test
  void saysWhyItCannotComeFromThere() throws Exception {
    dial("127.0.0.1:" + listener.port() + "?from=192.0.2.1");
    assertThat(next(dialled)).contains("192.0.2.1", "EADDRNOTAVAIL");
    dial("127.0.0.1:" + listener.port() + "?from=::1");
    assertThat(next(dialled)).contains("no address of the same kind");
  }

  @Test
  void anAbandonedAttemptIsHeardOfNoMoreAndAnotherMayFollowAtOnce() throws Exception {
    BlockingQueue<String> abandoned = new LinkedBlockingQueue<>();
    TcpDialer dialer = new TcpDialer(loop, "127.0.0.1:" + listener.port());
    loop.execute(
        () -> {
          dialer.dial(new Noted(abandoned));
          dialer.abandon();
          dialer.abandon();
          dialer.dial(new Noted(dialled));
        });
    assertThat(next(dialled)).startsWith("rail tcp 127.0.0.1:");
    assertThat(next(accepted)).startsWith("rail");
    assertThat(dialled).isEmpty();
    assertThat(abandoned).isEmpty();
  }

  private void dial(String address) {
    loop.execute(() -> new TcpDialer(loop, address).dial(new Noted(dialled)));
  }

  private static String next(BlockingQueue<String> of) throws InterruptedException {
    String next = of.poll(120, TimeUnit.SECONDS);
    assertThat(next).isNotNull();
    return next;
  }

  /** Writes down what it is told. */
  private static final class Noted implements Dialer.Caller {
    private final BlockingQueue<String> notes;

    Noted(BlockingQueue<String> notes) {
      this.notes = notes;
    }

    @Override
    public RailListener onRail(Rail rail, long nowNs) {
      notes.add("rail " + rail.describe());
      rail.close("that is all");
      return null;
    }

    @Override
    public void onDialFailed(String cause, long nowNs) {
      notes.add(cause);
    }
  }
}
