package farslot.carrier;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import farslot.link.Credits;
import farslot.link.LinkAcceptor;
import farslot.link.LinkConfig;
import farslot.link.LinkEvent;
import farslot.link.LinkInitiator;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions over raw Ethernet: in order and exactly once, whatever the cable does. */
@Timeout(300)
class EthernetLinkTest {
  private static final int ROUNDS_MAX = 400;
  private static final int READS = 20_000;
  private static final long NOISE_BYTES = 16_384;

  private final List<String> events = new CopyOnWriteArrayList<>();
  private EthernetEnds ends;

  @AfterEach
  void close() {
    if (ends != null) {
      ends.close();
    }
  }

  /** An initiator, its function and its caller. */
  private record Server(LinkInitiator initiator, TcpLab.Caller caller) {}

  private TcpLab.Echo appliance() throws Exception {
    TcpLab.Echo echo = new TcpLab.Echo();
    EthernetEnds.on(
        ends.applianceLoop,
        () -> {
          LinkAcceptor acceptor =
              new LinkAcceptor(
                  LinkConfig.of("rack-1", 22).with(TcpLab.quick()),
                  request -> {
                    TcpLab.Echo own =
                        request.functionName().equals("echo") ? echo : new TcpLab.Echo();
                    own.stream = request.accept(own, 1, Credits.DEFAULT, TcpLab.IDENTITY);
                  },
                  this::note,
                  new SplittableRandom(1));
          Offering offering = new Offering("rack-1", 22, () -> List.of("echo"));
          EthernetAddress address = EthernetAddress.parse("eth:eth1");
          new EthernetListener(ends.applianceLoop, address, acceptor, offering);
          new LinkDriver(ends.applianceLoop, acceptor);
          return null;
        });
    return echo;
  }

  private Server server(String name, String function) throws Exception {
    TcpLab.Caller caller = new TcpLab.Caller();
    LinkInitiator initiator =
        EthernetEnds.on(
            ends.serverLoop,
            () -> {
              EthernetAddress address = EthernetAddress.parse("eth:eth1/rack-1");
              LinkInitiator made =
                  new LinkInitiator(
                      LinkConfig.of(name, name.hashCode()).with(TcpLab.quick()),
                      new EthernetDialer(ends.serverLoop, address),
                      this::note,
                      new SplittableRandom(2));
              new LinkDriver(ends.serverLoop, made);
              made.start(ends.serverLoop.nowNs());
              return made;
            });
    EthernetEnds.await(() -> isUp(initiator));
    EthernetEnds.on(
        ends.serverLoop,
        () -> {
          initiator.attach(function, 0, Credits.DEFAULT, caller, caller);
          return null;
        });
    EthernetEnds.await(() -> caller.stream != null);
    return new Server(initiator, caller);
  }

  private boolean isUp(LinkInitiator initiator) {
    try {
      return EthernetEnds.on(ends.serverLoop, () -> initiator.session().isPresent());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private void note(LinkEvent event) {
    events.add(event.words());
  }

  private void ask(TcpLab.Caller caller, long wanted) throws Exception {
    EthernetEnds.on(
        ends.serverLoop,
        () -> {
          caller.ask(wanted);
          return null;
        });
  }

  private void answered(TcpLab.Caller caller, long wanted) throws Exception {
    EthernetEnds.await(() -> caller.answered == wanted || caller.wrong != null);
    assertThat(caller.wrong).as("events: %s", events).isNull();
  }

  @Test
  void carriesASession() throws Exception {
    ends = new EthernetEnds(9000);
    TcpLab.Echo echo = appliance();
    Server server = server("server-1", "echo");
    ask(server.caller, 5000);
    answered(server.caller, 5000);
    assertThat(echo.requests).isEqualTo(5000);
    assertThat(events).anyMatch(event -> event.contains("ethernet eth1/"));
  }

  @Test
  void lossCostsTimeOnly() throws Exception {
    ends = new EthernetEnds(1500);
    TcpLab.Echo echo = appliance();
    Server server = server("server-1", "echo");
    for (Hosts.Host host : List.of(ends.appliance, ends.server)) {
      host.lose("eth1", 0.05);
    }
    ask(server.caller, 3000);
    answered(server.caller, 3000);
    assertThat(echo.requests).isEqualTo(3000);
    assertThat(server.caller.downs).isZero();
  }

  @Test
  void anInterfaceThatFlapsIsAPause() throws Exception {
    ends = new EthernetEnds(1500);
    TcpLab.Echo echo = appliance();
    Server server = server("server-1", "echo");
    ask(server.caller, 200_000);
    for (int i = 0; i < 3; i++) {
      Hosts.Host host = i % 2 == 0 ? ends.server : ends.appliance;
      host.ip("link set eth1 down");
      Thread.sleep(50);
      host.ip("link set eth1 up");
      long before = server.caller.answered;
      EthernetEnds.await(
          () -> server.caller.answered > before || server.caller.answered == 200_000);
    }
    answered(server.caller, 200_000);
    assertThat(echo.requests).isEqualTo(200_000);
    assertThat(server.caller.downs).isZero();
  }

  @Test
  void twoInitiatorsOfOneHostHaveSessionsOfTheirOwn() throws Exception {
    ends = new EthernetEnds(1500);
    appliance();
    Server one = server("server-1", "echo");
    Server other = server("server-2", "another");
    ask(one.caller, 3000);
    ask(other.caller, 3000);
    answered(one.caller, 3000);
    answered(other.caller, 3000);
  }

  @Test
  void steadyTrafficAllocatesNothing() throws Exception {
    ends = new EthernetEnds(1500);
    appliance();
    TcpLab.Caller caller = server("server-1", "echo").caller;
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long near = EthernetEnds.on(ends.serverLoop, () -> Thread.currentThread().threadId());
    long far = EthernetEnds.on(ends.applianceLoop, () -> Thread.currentThread().threadId());
    long least = Long.MAX_VALUE;
    for (int round = 1; round <= ROUNDS_MAX && least > NOISE_BYTES; round++) {
      long before = threads.getThreadAllocatedBytes(near) + threads.getThreadAllocatedBytes(far);
      ask(caller, (long) round * READS);
      answered(caller, (long) round * READS);
      long after = threads.getThreadAllocatedBytes(near) + threads.getThreadAllocatedBytes(far);
      least = Math.min(least, after - before);
    }
    assertThat(least).as("bytes for %d reads", READS).isLessThanOrEqualTo(NOISE_BYTES);
  }
}
