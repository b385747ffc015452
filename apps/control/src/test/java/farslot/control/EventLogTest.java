package farslot.control;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.link.LinkEvent;
import farslot.link.RefuseCode;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import org.junit.jupiter.api.Test;

class EventLogTest {
  private static final long S = 1_000_000_000L;
  private final List<String> lines = new ArrayList<>();
  private final long[] nowNs = {5 * S};
  private final EventLog log = new EventLog(new Lines(), () -> nowNs[0]);

  private final class Lines implements Logger {
    @Override
    public String getName() {
      return "lines";
    }

    @Override
    public boolean isLoggable(Level level) {
      return level != Level.DEBUG;
    }

    @Override
    public void log(Level level, ResourceBundle bundle, String message, Throwable thrown) {
      lines.add(level + " " + message);
    }

    @Override
    public void log(Level level, ResourceBundle bundle, String format, Object... parameters) {
      lines.add(level + " " + format);
    }
  }

  private void stranger(int port) {
    LinkEvent event =
        new LinkEvent.Refused("tcp 10.0.0.9:" + port, RefuseCode.MALFORMED, "what came is not");
    log.write(Level.INFO, event);
  }

  @Test
  void aFloodBecomesAFewLines() {
    for (int i = 0; i < 10_000; i++) {
      stranger(i);
    }
    assertThat(lines).hasSize(EventLog.BURST);
    for (int s = 0; s < 60; s++) {
      nowNs[0] += S;
      for (int i = 0; i < 100; i++) {
        stranger(i);
      }
    }
    assertThat(lines).hasSize(EventLog.BURST + 6);
    assertThat(lines.get(EventLog.BURST))
        .isEqualTo(
            "INFO refused tcp 10.0.0.9:0: what came is not (MALFORMED) (and 10892 more like this)");
  }

  @Test
  void othersAreNotHeldUp() {
    for (int i = 0; i < 100; i++) {
      stranger(i);
    }
    log.write(Level.WARNING, new LinkEvent.PathRemoved(1, "tcp a"));
    assertThat(lines.getLast()).isEqualTo("WARNING path 1 to tcp a removed");
    log.write(Level.DEBUG, new LinkEvent.PathAdded(1, "tcp a"));
    assertThat(lines).hasSize(EventLog.BURST + 1);
  }

  @Test
  void whatWasLeftOutIsToldAfterwards() {
    for (int i = 0; i < 50; i++) {
      stranger(i);
    }
    nowNs[0] += 60 * S;
    log.write(Level.INFO, new LinkEvent.PathAdded(1, "tcp a"));
    assertThat(lines)
        .hasSize(EventLog.BURST + 2)
        .contains(
            "INFO refused tcp 10.0.0.9:49: what came is not (MALFORMED) (and 41 more like this)");
    for (int i = 0; i < 50; i++) {
      stranger(i);
    }
    assertThat(lines).as("a series of its own").hasSize(2 * EventLog.BURST + 2);
  }

  @Test
  void kindsAreBounded() {
    for (int i = 0; i < 2000; i++) {
      String name = "x".repeat(1 + i % 1000) + "y".repeat(i / 1000);
      log.write(Level.INFO, new LinkEvent.PathAdded(i, name));
    }
    assertThat(lines).hasSize(2000);
    assertThat(log.kinds()).isEqualTo(EventLog.KINDS_MAX);
  }
}
