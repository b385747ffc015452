package farslot.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Logging to standard error, one line an event: time, level, what. */
final class Logs {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

  /** Held, so that its level is not lost with it. */
  private static final Logger OURS = Logger.getLogger("farslot");

  private Logs() {}

  /** Replaces whatever the JDK would do. */
  static void toStandardError(boolean verbose) {
    LogManager.getLogManager().reset();
    Handler handler = new ConsoleHandler();
    handler.setLevel(Level.ALL);
    handler.setFormatter(new OneLine());
    Logger.getLogger("").addHandler(handler);
    Logger.getLogger("").setLevel(Level.WARNING);
    OURS.setLevel(verbose ? Level.ALL : Level.INFO);
  }

  /** Only what went wrong. */
  static void quiet() {
    OURS.setLevel(Level.WARNING);
  }

  /** Nothing: what is simulated fails all the time. */
  static void off() {
    OURS.setLevel(Level.OFF);
  }

  private static final class OneLine extends Formatter {
    @Override
    public String format(LogRecord record) {
      Instant when = record.getInstant();
      String line =
          "%s %-5s %s"
              .formatted(TIME.format(when), level(record.getLevel()), formatMessage(record));
      Throwable thrown = record.getThrown();
      if (thrown == null) {
        return line + "\n";
      }
      StringBuilder text = new StringBuilder(line).append(": ").append(thrown).append('\n');
      if (record.getLevel().intValue() >= Level.SEVERE.intValue()) {
        for (StackTraceElement at : thrown.getStackTrace()) {
          text.append("    at ").append(at).append('\n');
        }
      }
      return text.toString();
    }

    private static String level(Level level) {
      if (level.intValue() >= Level.SEVERE.intValue()) {
        return "ERROR";
      }
      return level.intValue() >= Level.WARNING.intValue()
          ? "WARN"
          : level.intValue() >= Level.INFO.intValue() ? "INFO" : "DEBUG";
    }
  }
}
