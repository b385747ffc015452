package farslot.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.carrier.DataThread;
import farslot.carrier.Dialers;
import farslot.carrier.LinkDriver;
import farslot.carrier.RailAddress;
import farslot.link.AttachListener;
import farslot.link.AttachRefusal;
import farslot.link.Credits;
import farslot.link.FunctionIdentity;
import farslot.link.LinkConfig;
import farslot.link.LinkInitiator;
import farslot.link.LinkStream;
import farslot.linux.EventLoop;
import farslot.pcie.TlpIn;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A server that asks for functions over TCP, and does nothing with them. */
final class Peer implements AutoCloseable {
  static final long SECONDS = 120;

  private final EventLoop loop;
  private final DataThread data;
  private final LinkInitiator link;
  private final LinkDriver driver;

  /** What came of asking: a stream, or a refusal. */
  static final class Answer implements TlpIn, AttachListener {
    private final CompletableFuture<Answer> end = new CompletableFuture<>();
    volatile LinkStream stream;
    volatile AttachRefusal refusal;
    volatile String text = "";
    volatile boolean down;

    @Override
    public void onAttached(LinkStream up, FunctionIdentity identity) {
      stream = up;
      end.complete(this);
    }

    @Override
    public void onRefused(AttachRefusal code, String holder, String why) {
      refusal = code;
      text = why;
      end.complete(this);
    }

    @Override
    public void onTlp(MemorySegment segment, long offset, int tlpBytes) {}

    @Override
    public void onRoom() {}

    @Override
    public void onHotReset() {}

    @Override
    public void onDown() {
      down = true;
    }
  }

  Peer(String name, int port) {
    loop = new EventLoop(name, 0);
    data = new DataThread(loop);
    LinkConfig config = LinkConfig.of(name, new Random().nextLong());
    RailAddress address = RailAddress.parse("127.0.0.1:" + port);
    link =
        new LinkInitiator(
            config, List.of(Dialers.of(loop, address)), event -> {}, new SplittableRandom());
    driver = new LinkDriver(loop, link);
    loop.execute(() -> link.start(loop.nowNs()));
    data.start();
  }

  /** Asks once, as soon as there is a session. */
  Answer ask(String function, long epoch) throws Exception {
    Answer answer;
    do {
      Answer next = new Answer();
      loop.execute(() -> link.attach(function, epoch, Credits.DEFAULT, next, next));
      answer = next.end.get(SECONDS, TimeUnit.SECONDS);
      if (answer.refusal == AttachRefusal.NO_SESSION) {
        Thread.sleep(10);
      }
    } while (answer.refusal == AttachRefusal.NO_SESSION);
    return answer;
  }

  /** Asks until it is granted. */
  Answer have(String function, long epoch) throws Exception {
    Answer answer = ask(function, epoch);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (answer.refusal != null) {
      assertThat(System.nanoTime()).as(answer.text).isLessThan(end);
      Thread.sleep(10);
      answer = ask(function, epoch);
    }
    return answer;
  }

  static void await(String what, BooleanSupplier holds) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (!holds.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      Thread.sleep(10);
    }
  }

  @Override
  public void close() {
    data.stop(
        () -> {
          link.close("the test is over", loop.nowNs());
          link.flush(loop.nowNs());
          driver.close();
        });
  }
}
