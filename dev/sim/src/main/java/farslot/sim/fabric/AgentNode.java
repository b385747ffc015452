package farslot.sim.fabric;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.Json;
import farslot.api.agent.AgentKind;
import farslot.api.agent.ApplianceOrders;
import farslot.api.agent.InitiatorOrders;
import farslot.api.agent.Orders;
import farslot.api.agent.Report;
import farslot.appliance.StateFiles;
import farslot.sim.Node;
import farslot.sim.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * An agent's process, and how it keeps in touch with its manager: as {@link
 * farslot.api.agent.AgentLoop} does it, which has threads.
 */
abstract class AgentNode extends Node {
  private static final long REPORT_EVERY_NS = 3_000 * World.MS;
  private static final long REPORT_APART_NS = 10 * World.MS;
  private static final long TIMEOUT_NS = 30_000 * World.MS;
  private static final long REPORT_TIMEOUT_NS = 5_000 * World.MS;
  private static final long PAUSE_NS = 100 * World.MS;
  private static final long PAUSE_NS_MAX = 2_000 * World.MS;
  private static final String FILE = "orders.json";

  /** A question under way. */
  private final class Question {
    private boolean over;
    private final Runnable lost = () -> world.after(World.MS, () -> fail(null));
    private final Consumer<ApiException> onFailure;

    Question(long timeoutNs, Consumer<ApiException> onFailure) {
      this.onFailure = onFailure;
      world.after(timeoutNs, () -> fail(null));
    }

    void end(Runnable then) {
      if (!over) {
        over = true;
        manager.forgetOnDeath(lost);
        turn(then);
      }
    }

    void fail(ApiException why) {
      if (!over) {
        over = true;
        manager.forgetOnDeath(lost);
        turn(() -> onFailure.accept(why));
      }
    }
  }

  private final AgentKind kind;
  final SplittableRandom random;
  private final ManagerNode manager;
  private final Way way;
  private final StateFiles files;
  private long revision;
  private boolean connected;
  private boolean found;
  private boolean listening;
  private boolean reporting;
  private boolean reportDue;
  private Orders toHand;
  private long pauseNs = PAUSE_NS;

  AgentNode(
      World world,
      String name,
      AgentKind kind,
      SplittableRandom random,
      ManagerNode manager,
      Way way,
      StateFiles files) {
    super(world, name, 0);
    this.kind = kind;
    this.random = random;
    this.manager = manager;
    this.way = way;
    this.files = files;
  }

  abstract Report report() throws InterruptedException;

  abstract void obey(Orders orders) throws InterruptedException;

  /** Begins with the orders that the disk has. */
  final void attend() {
    try {
      var kept = files.read(FILE);
      if (kept.isPresent()) {
        Orders orders =
            kind == AgentKind.APPLIANCE
                ? Json.readTolerantly(Json.parse(kept.get()), ApplianceOrders.class)
                : Json.readTolerantly(Json.parse(kept.get()), InitiatorOrders.class);
        revision = orders.revision();
        turn(() -> obeyNow(orders));
      }
    } catch (IOException | ApiException e) {
      world.judge.thrown(e);
    }
    world.after(random.nextInt(100) * World.MS, () -> turn(this::sendReport));
  }

  private void obeyNow(Orders orders) {
    try {
      obey(orders);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Something is not as it was reported. */
  final void changed() {
    if (!reportDue) {
      reportDue = true;
      world.after(REPORT_APART_NS, () -> turn(this::reportIfDue));
    }
  }

  private void reportIfDue() {
    if (reportDue && connected && !reporting) {
      sendReport();
    }
  }

  private void sendReport() {
    if (reporting) {
      return;
    }
    reporting = true;
    reportDue = false;
    Report report;
    try {
      report = report();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    Question question = new Question(REPORT_TIMEOUT_NS, this::reportLost);
    way.carry(
        () -> {
          if (!manager.isAlive()) {
            way.carry(() -> question.fail(null));
            return;
          }
          try {
            manager.report(report);
            way.carry(() -> question.end(this::reported));
          } catch (ApiException e) {
            way.carry(() -> question.fail(e));
          } catch (IOException | InterruptedException e) {
            world.judge.thrown(e);
          }
        });
  }

  private void reported() {
    reporting = false;
    connected = true;
    pauseNs = PAUSE_NS;
    handWaiting();
    listen();
    if (reportDue) {
      world.after(REPORT_APART_NS, () -> turn(this::reportIfDue));
    }
    world.after(REPORT_EVERY_NS, () -> turn(this::keepAlive));
  }

  private void keepAlive() {
    if (connected) {
      sendReport();
    }
  }

  private void reportLost(ApiException why) {
    reporting = false;
    lost(why);
    handWaiting();
    world.after(pause(), () -> turn(this::sendReport));
  }

  private void lost(ApiException why) {
    if (connected) {
      world.trace.say(name, "has lost its manager" + (why == null ? "" : ": " + why.getMessage()));
    }
    connected = false;
    found = false;
  }

  private long pause() {
    long ns = pauseNs / 2 + random.nextLong(pauseNs / 2 + 1);
    pauseNs = Math.min(PAUSE_NS_MAX, 2 * pauseNs);
    return ns;
  }

  private void listen() {
    if (listening || !connected) {
      return;
    }
    listening = true;
    long seen = found ? revision : 0;
    Question question = new Question(TIMEOUT_NS, this::listenLost);
    way.carry(
        () -> {
          if (!manager.isAlive()) {
            way.carry(() -> question.fail(null));
            return;
          }
          manager.onDeath(question.lost);
          try {
            manager.await(
                kind, name, seen, orders -> way.carry(() -> question.end(() -> heard(orders))));
          } catch (ApiException e) {
            way.carry(() -> question.fail(e));
          } catch (IOException | InterruptedException e) {
            world.judge.thrown(e);
          }
        });
  }

  private void heard(Orders orders) {
    listening = false;
    if (!found || orders.revision() != revision) {
      toHand = orders;
    }
    found = true;
    if (reporting) {
      return; // What is said before it is told from what is said after.
    }
    handWaiting();
    listen();
  }

  private void handWaiting() {
    if (toHand != null) {
      Orders orders = toHand;
      toHand = null;
      keep(orders);
      obeyNow(orders);
      revision = orders.revision();
      changed();
      listen();
    }
  }

  private void keep(Orders orders) {
    try {
      files.replace(FILE, Json.text(Json.tree(orders)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void listenLost(ApiException why) {
    listening = false;
    if (why != null && why.error() == ApiError.GONE) {
      found = false;
      changed();
    } else {
      lost(why);
      world.after(0, () -> turn(this::sendReport));
    }
    world.after(pause(), () -> turn(this::listen));
  }
}
