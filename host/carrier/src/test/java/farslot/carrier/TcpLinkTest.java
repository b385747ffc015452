package farslot.carrier;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.link.FrameError;
import farslot.link.LinkState;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions over real sockets: they outlive their connections. */
@Timeout(300)
class TcpLinkTest {
  private static void ask(TcpLab lab, TcpLab.Caller caller, long wanted) throws Exception {
    lab.onInitiator(
        () -> {
          caller.ask(wanted);
          return null;
        });
  }

  private static void awaitAnswers(TcpLab lab, TcpLab.Caller caller, long wanted) throws Exception {
    lab.await(() -> caller.answered >= wanted || caller.wrong != null);
    assertThat(caller.wrong).isNull();
    assertThat(caller.answered).isEqualTo(wanted);
    assertThat(lab.echo.requests).isEqualTo(wanted);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:0", "localhost:0", ":0"})
  void carriesReadsAndTheirAnswers(String listenAt) throws Exception {
    try (TcpLab lab = new TcpLab(TcpLab.quick(), listenAt)) {
      TcpLab.Caller caller = lab.attach();
      ask(lab, caller, 20_000);
      awaitAnswers(lab, caller, 20_000);
    }
  }

  @Test
  void resetsDuringTrafficLoseNothing() throws Exception {
    try (TcpLab lab = new TcpLab()) {
      TcpLab.Caller caller = lab.attach();
      long wanted = 60_000;
      ask(lab, caller, wanted);
      for (int i = 1; i <= 5; i++) {
        long target = i * 8_000L;
        lab.await(() -> caller.answered >= target || caller.wrong != null);
        lab.proxy.cut();
      }
      awaitAnswers(lab, caller, wanted);
      assertThat(caller.downs + lab.echo.downs).isZero();
      assertThat(lab.events).anyMatch(e -> e.contains("resumed over"));
    }
  }

  @Test
  void aHalfOpenConnectionIsFoundAndReplaced() throws Exception {
    try (TcpLab lab = new TcpLab()) {
      TcpLab.Caller caller = lab.attach();
      ask(lab, caller, 1_000);
      awaitAnswers(lab, caller, 1_000);
      lab.proxy.stall(true);
      ask(lab, caller, 3_000);
      lab.await(() -> lab.events.stream().anyMatch(e -> e.contains("silent for")));
      lab.proxy.cut();
      lab.proxy.stall(false);
      awaitAnswers(lab, caller, 3_000);
      assertThat(caller.downs + lab.echo.downs).isZero();
    }
  }

  @Test
  void garbageInsideASessionEndsTheRailOnly() throws Exception {
    try (TcpLab lab = new TcpLab()) {
      TcpLab.Caller caller = lab.attach();
      ask(lab, caller, 500);
      awaitAnswers(lab, caller, 500);
      byte[] garbage = new byte[100];
      new Random(5).nextBytes(garbage);
      lab.proxy.inject(garbage);
      lab.await(() -> lab.events.stream().anyMatch(e -> e.contains("resumed over")));
      ask(lab, caller, 1_500);
      awaitAnswers(lab, caller, 1_500);
      assertThat(lab.onAppliance(() -> lab.acceptor.sessions().getFirst().counters()))
          .satisfies(c -> assertThat(c.malformedFrames(FrameError.MAGIC)).isEqualTo(1));
      assertThat(caller.downs + lab.echo.downs).isZero();
    }
  }

  @Test
  void pastTheHoldTimeStreamsGoDownAndANewSessionBegins() throws Exception {
    try (TcpLab lab = new TcpLab(TcpLab.quick().withHoldNs(300_000_000), "127.0.0.1:0")) {
      TcpLab.Caller caller = lab.attach();
      lab.proxy.stall(true);
      lab.await(() -> caller.downs == 1 && lab.echo.downs == 1);
      lab.proxy.cut();
      lab.proxy.stall(false);
      lab.await(() -> lab.events.stream().filter(e -> e.contains("is up over")).count() >= 4);
      List<LinkState> states =
          lab.onAppliance(() -> lab.acceptor.sessions().stream().map(s -> s.state()).toList());
      assertThat(states).contains(LinkState.L0);
    }
  }

  @Test
  void anUnreachableApplianceIsTriedAgainWithPauses() throws Exception {
    try (TcpLab lab = new TcpLab()) {
      lab.onAppliance(
          () -> {
            lab.listener.close();
            return null;
          });
      lab.proxy.close();
      lab.onInitiator(
          () -> {
            lab.initiator.start(lab.initiatorLoop.nowNs());
            return null;
          });
      lab.await(
          () -> lab.events.stream().filter(e -> e.startsWith("cannot reach tcp")).count() > 3);
      assertThat(lab.events).anyMatch(e -> e.contains("ECONNREFUSED"));
    }
  }
}
