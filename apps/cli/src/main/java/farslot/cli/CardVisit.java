package farslot.cli;

import farslot.carrier.DataThread;
import farslot.carrier.Dialers;
import farslot.carrier.LinkDriver;
import farslot.carrier.LoopAgent;
import farslot.carrier.RailAddress;
import farslot.function.Agent;
import farslot.link.AttachListener;
import farslot.link.AttachRefusal;
import farslot.link.Credits;
import farslot.link.FunctionIdentity;
import farslot.link.LinkConfig;
import farslot.link.LinkEvent;
import farslot.link.LinkInitiator;
import farslot.link.LinkStream;
import farslot.linux.EventLoop;
import farslot.replay.Conversation;
import farslot.replay.Replay;
import farslot.replay.Report;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.NoSuchFileException;
import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * A short visit to one function of an appliance, as an initiator makes it, to play a conversation
 * to it. Everything on a data thread of its own.
 */
final class CardVisit implements AttachListener, AutoCloseable {
  private static final long SPIN_NS = 100_000;

  private final String function;
  private final EventLoop loop = new EventLoop("replay", SPIN_NS);
  private final DataThread data = new DataThread(loop);
  private final Agent agent = new LoopAgent(loop);
  private final LinkInitiator link;
  private final LinkDriver driver;
  private final CompletableFuture<Report> end = new CompletableFuture<>();
  private final Replay replay;
  private LinkStream stream;
  private boolean asked;

  /**
   * @param function the slot's name at the appliance
   */
  CardVisit(RailAddress address, String function, Conversation said, Replay.Options options) {
    this.function = function;
    SecureRandom random = new SecureRandom();
    String name = "replay-" + Integer.toHexString(random.nextInt());
    link =
        new LinkInitiator(
            LinkConfig.of(name, random.nextLong()),
            Dialers.of(loop, address),
            this::onEvent,
            random);
    driver = new LinkDriver(loop, link);
    replay = new Replay(said, options, agent, end::complete);
  }

  /**
   * Plays, and waits for the end.
   *
   * @throws ConnectException when the appliance does not answer
   * @throws NoSuchFileException when it has no such function
   * @throws FunctionRefusedException when the function is not to be had now
   */
  Report play() throws IOException, InterruptedException {
    loop.execute(() -> link.start(loop.nowNs()));
    data.start();
    try {
      return end.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    }
  }

  private void onEvent(LinkEvent event) {
    switch (event) {
      case LinkEvent.SessionUp up -> {
        if (!asked) {
          asked = true;
          link.attach(function, 0, Credits.DEFAULT, replay, this);
        }
      }
      case LinkEvent.DialFailed failed -> {
        if (!asked) {
          end.completeExceptionally(new ConnectException(failed.words()));
        }
      }
      case LinkEvent.SessionDown down -> replay.end(down.words());
      default -> {
        // Shorter troubles are the link's own to mend.
      }
    }
  }

  @Override
  public void onAttached(LinkStream attached, FunctionIdentity identity) {
    stream = attached;
    replay.begin(attached);
  }

  @Override
  public void onRefused(AttachRefusal code, String holder, String text) {
    String why = text + (holder.isEmpty() ? "" : " (held by " + holder + ")");
    end.completeExceptionally(
        code == AttachRefusal.NO_SUCH_FUNCTION
            ? new NoSuchFileException("function '" + function + "': " + why)
            : new FunctionRefusedException(code, "function '" + function + "': " + why));
  }

  @Override
  public void close() {
    data.stop(
        () -> {
          if (stream != null) {
            stream.detach("the replay has ended");
            link.flush(loop.nowNs());
          }
          link.close("the replay has ended", loop.nowNs());
          link.flush(loop.nowNs());
          driver.close();
        });
  }
}
